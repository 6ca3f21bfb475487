/** An amount of money in whole cents. */
export type Cents = number;

/** An amount in words of the language, such as "12,50 €". */
export function moneyInWords(cents: Cents, language: string, currency = 'EUR'): string {
  return formatter(language === 'it' ? 'it-IT' : 'en-IE', currency).format(cents / 100);
}

const formatters = new Map<string, Intl.NumberFormat>();

/** Making a formatter takes a hundred times as long as using it: each is kept. */
function formatter(locale: string, currency: string): Intl.NumberFormat {
  const name = `${locale} ${currency}`;
  const known = formatters.get(name);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, { style: 'currency', currency });
  formatters.set(name, made);
  return made;
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
