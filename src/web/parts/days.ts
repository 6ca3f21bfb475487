import { useTranslation } from 'react-i18next';
import { localeOf } from './locale.ts';

/** Days of the API (YYYY-MM-DD) as a person reads them. */
export function useDays(): {
  dayAndMonth(iso: string): string;
  short(iso: string): string;
  long(iso: string): string;
  /** Name of an ISO weekday: 1 is Monday. */
  weekday(number: number): string;
} {
  const { i18n } = useTranslation();
  const format = (iso: string, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(localeOf(i18n.language), { ...options, timeZone: 'UTC' }).format(new Date(iso));
  return {
    dayAndMonth: (iso) => format(iso, { day: 'numeric', month: 'short' }),
    short: (iso) => format(iso, { day: 'numeric', month: 'short', year: '2-digit' }),
    weekday: (number) => format(`2024-01-0${number}`, { weekday: 'long' }), // 1 January 2024 was a Monday
    long: (iso) => format(iso, { day: 'numeric', month: 'long', year: 'numeric' }),
  };
}
