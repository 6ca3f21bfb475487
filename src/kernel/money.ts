/** An amount of money in whole cents. */
export type Cents = number;

/** An amount in words of the language, such as "12,50 €". */
export function moneyInWords(cents: Cents, language: string, currency = 'EUR'): string {
  return new Intl.NumberFormat(language === 'it' ? 'it-IT' : 'en-IE', { style: 'currency', currency }).format(
    cents / 100,
  );
}

/** An estimated amount in whole euros, such as "251 €": cents would claim a precision that it does not have. */
export function wholeMoneyInWords(cents: number, language: string, currency = 'EUR'): string {
  return new Intl.NumberFormat(language === 'it' ? 'it-IT' : 'en-IE', {
    style: 'currency',
    currency,
    maximumFractionDigits: 0,
  })
    .format(cents / 100)
    .replace('-', '−');
}
