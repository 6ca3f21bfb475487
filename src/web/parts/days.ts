import { useTranslation } from 'react-i18next';
import { localeOf } from './locale.ts';

/** Days of the API (YYYY-MM-DD) as a person reads them. */
export function useDays(): {
  dayAndMonth(iso: string): string;
  short(iso: string): string;
  long(iso: string): string;
} {
  const { i18n } = useTranslation();
  const format = (iso: string, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(localeOf(i18n.language), { ...options, timeZone: 'UTC' }).format(new Date(iso));
  return {
    dayAndMonth: (iso) => format(iso, { day: 'numeric', month: 'short' }),
    short: (iso) => format(iso, { day: 'numeric', month: 'short', year: '2-digit' }),
    long: (iso) => format(iso, { day: 'numeric', month: 'long', year: 'numeric' }),
  };
}
