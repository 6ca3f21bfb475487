import type { Language } from './language.ts';

/** A number as people write it, with a real minus sign: "1.234,5", "−2". */
export function numberInWords(value: number, language: Language, fractionDigits = 0): string {
  return new Intl.NumberFormat(language === 'it' ? 'it-IT' : 'en-GB', {
    maximumFractionDigits: fractionDigits,
  })
    .format(value)
    .replace('-', '−');
}
