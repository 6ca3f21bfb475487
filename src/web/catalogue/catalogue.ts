import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { it } from './it.ts';
import { localeOf } from '../parts/locale.ts';

/** Starts the message catalogue in Italian, or in English where the browser speaks it; the shop's own language follows with the session. */
export function startCatalogue(): void {
  void i18next.use(initReactI18next).init({
    lng: navigator.language.startsWith('en') ? 'en' : 'it',
    fallbackLng: 'it',
    keySeparator: '.',
    interpolation: { escapeValue: false },
    resources: { it: { translation: it }, en: { translation: en } },
  });
  document.documentElement.lang = i18next.language;
  // Italian leaves 5339 without its point unless it is asked for.
  i18next.services.formatter?.add('number', (value: number, language) =>
    new Intl.NumberFormat(localeOf(language ?? 'it'), { useGrouping: 'always' }).format(value),
  );
}

/** Speaks a language from now on, in the page and to screen readers. */
export function speak(language: 'it' | 'en'): void {
  document.documentElement.lang = language;
  if (i18next.language !== language) void i18next.changeLanguage(language);
}
