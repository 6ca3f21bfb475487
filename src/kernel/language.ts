/** Languages of the product: Italian first. */
export type Language = 'it' | 'en';

/** Sentences of one part of the product, by key, in every language. Placeholders are `{name}`. */
export type Sentences = Readonly<Record<Language, Readonly<Record<string, string>>>>;

/** The language to speak, given a wish such as an Accept-Language header or a stored code. */
export function languageFrom(wish: string | null | undefined): Language {
  return wish?.trim().toLowerCase().startsWith('en') ? 'en' : 'it';
}

/** Fills `{name}` placeholders. A placeholder without a value stays visible, so that a test can find it. */
export function fillSentence(sentence: string, params: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : String(value);
  });
}

/** Italian articles before the 8th and the 11th of a month, which begin with a vowel when spoken: "il 8 maggio" is "l’8 maggio". */
export function elideArticles(text: string): string {
  const elided: Readonly<Record<string, string>> = { il: 'l’', al: 'all’', dal: 'dall’', del: 'dell’' };
  return text.replace(/\b(il|al|dal|del) (?=(?:8|11) \p{L})/giu, (_whole, article: string) => {
    const short = elided[article.toLowerCase()] ?? '';
    const isCapital = article !== article.toLowerCase();
    return isCapital ? short.charAt(0).toUpperCase() + short.slice(1) : short;
  });
}
