/** The manner of writing days and numbers that goes with a language of the product; English as in Europe. */
export const localeOf = (language: string): string => (language === 'en' ? 'en-GB' : 'it-IT');
