import { describe, expect, it } from 'vitest';
import { elideArticles, fillSentence, languageFrom } from './language.ts';

describe('Italian articles before days', () => {
  it.each([
    ['l’ultima volta il 8 maggio', 'l’ultima volta l’8 maggio'],
    ['Dal 11 maggio al 8 giugno', 'Dall’11 maggio all’8 giugno'],
    ['messaggio del 8 maggio 2026', 'messaggio dell’8 maggio 2026'],
  ])('elide: %s', (written, spoken) => {
    expect(elideArticles(written)).toBe(spoken);
  });
  it.each(['il 18 maggio', 'il 80 maggio', 'dal 1 al 7 maggio', 'il 8.30'])('stay: %s', (written) => {
    expect(elideArticles(written)).toBe(written);
  });
});

describe('languages', () => {
  it('speak Italian unless English is wished', () => {
    expect(['en-GB,en;q=0.9', 'EN', 'it-IT', 'fr', null, undefined].map(languageFrom)).toEqual([
      'en',
      'en',
      'it',
      'it',
      'it',
      'it',
    ]);
  });
  it('leave a placeholder without a value visible', () => {
    expect(fillSentence('{a} e {b}', { a: 1 })).toBe('1 e {b}');
  });
});
