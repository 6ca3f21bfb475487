import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { dayFromIso, dayInShort, dayInWords, isIsoDay, isoFromDay, weekdayInWords } from './day.ts';

describe('days', () => {
  it('are numbered as the calendar counts them, through leap years and centuries', () => {
    const epoch = Temporal.PlainDate.from('1970-01-01');
    for (let day = -200_000; day < 200_000; day += 137) {
      const iso = isoFromDay(day);
      expect(dayFromIso(iso)).toBe(day);
      expect(Temporal.PlainDate.from(iso).since(epoch).days).toBe(day);
    }
  });

  it.each([
    '2026-02-29',
    '2026-02-30',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '15/01/2026',
    '',
  ])('%s is not a day', (text) => {
    expect(isIsoDay(text)).toBe(false);
    expect(() => dayFromIso(text)).toThrow(RangeError);
  });

  it('are told in the words of each language, with the year when it is another', () => {
    const day = dayFromIso('2026-11-06');
    expect(dayInWords(day, 'it', dayFromIso('2026-01-01'))).toBe('6 novembre');
    expect(dayInWords(day, 'it', dayFromIso('2027-01-01'))).toBe('6 novembre 2026');
    expect(dayInWords(day, 'en')).toBe('6 November 2026');
    expect(dayInShort(day, 'it')).toBe('6 nov');
    expect(weekdayInWords(day, 'it')).toBe('venerdì 6 novembre');
    expect(weekdayInWords(day, 'en')).toBe('Friday 6 November');
  });
});
