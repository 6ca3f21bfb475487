import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assert, assertUnreachable } from './assert.ts';
import { ManualClock } from './clock.ts';
import {
  dayFromIso,
  dayInShort,
  dayInWords,
  dayOfInstant,
  instantOfDay,
  isIsoDay,
  isoFromDay,
  weekdayOf,
} from './day.ts';
import { Failure } from './failure.ts';
import { moneyInWords } from './money.ts';
import { keyedLot, seededRandom } from './random.ts';
import { addressHash, keyFingerprint, newToken, seal, tokenHash, unseal } from './secret.ts';
import { foldName } from './text.ts';

const rome = 'Europe/Rome';

describe('a day', () => {
  it('is counted from 1970, there and back', () => {
    expect([dayFromIso('1970-01-01'), dayFromIso('2000-03-01'), dayFromIso('1969-12-31')]).toEqual([
      0, 11_017, -1,
    ]);
    fc.assert(fc.property(fc.integer({ min: -100_000, max: 100_000 }), (day) => {
      expect(dayFromIso(isoFromDay(day))).toBe(day);
      expect(weekdayOf(day + 7)).toBe(weekdayOf(day));
    })); // prettier-ignore
    expect(weekdayOf(dayFromIso('2026-11-24'))).toBe(2);
    expect(weekdayOf(dayFromIso('1969-12-28'))).toBe(7);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-1-1', '24/11/2026', '', '2026-11-24T00:00'])(
    'is not %j',
    (text) => {
      expect(isIsoDay(text)).toBe(false);
      expect(() => dayFromIso(text)).toThrow(RangeError);
    },
  );

  it('is the one of the shop, not of the computer', () => {
    expect(isoFromDay(dayOfInstant(new Date('2026-11-23T22:59:59Z'), rome))).toBe('2026-11-23');
    expect(isoFromDay(dayOfInstant(new Date('2026-11-23T23:00:00Z'), rome))).toBe('2026-11-24');
    expect(isoFromDay(dayOfInstant(new Date('2026-07-01T22:00:00Z'), rome))).toBe('2026-07-02');
  });

  it.each([
    ['2026-03-29', '02:30', '2026-03-29T01:30:00.000Z'],
    ['2026-03-29', '10:30', '2026-03-29T08:30:00.000Z'],
    ['2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25', '10:30', '2026-10-25T09:30:00.000Z'],
    ['2026-11-24', '00:00', '2026-11-23T23:00:00.000Z'],
  ])('%s at %s in Rome is %s, also when the clocks change', (day, time, instant) => {
    expect(instantOfDay(dayFromIso(day), time, rome).toISOString()).toBe(instant);
  });

  it('is said in the language, with its year when it is another', () => {
    const today = dayFromIso('2026-11-24');
    expect(dayInWords(dayFromIso('2026-11-06'), 'it', today)).toBe('6 novembre');
    expect(dayInWords(dayFromIso('2025-11-06'), 'it', today)).toBe('6 novembre 2025');
    expect(dayInWords(dayFromIso('2026-11-06'), 'en', today)).toBe('6 November');
    expect(dayInShort(dayFromIso('2026-11-06'), 'it')).toBe('6 nov');
  });
});

describe('money', () => {
  it('is said as people of the language write it', () => {
    expect(moneyInWords(123_456, 'it').replace(/\s/g, ' ')).toBe('1234,56 €');
    expect(moneyInWords(-50, 'en')).toBe('-€0.50');
    expect(moneyInWords(0, 'it').replace(/\s/g, ' ')).toBe('0,00 €');
  });
});

describe('chance', () => {
  it('from a seed is the same on every machine: fixed first numbers', () => {
    const random = seededRandom('bentornato');
    const numbers = [random.next(), random.next(), random.next()];
    const again = seededRandom('bentornato');
    expect([again.next(), again.next(), again.next()]).toEqual(numbers);
    expect(seededRandom('altro').next()).not.toBe(numbers[0]);
  });

  it('is uniform, normal and fair', () => {
    const random = seededRandom('shape');
    const size = 20_000;
    const uniform = Array.from({ length: size }, () => random.next());
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(5 / Math.sqrt(12 * size));
    const normal = Array.from({ length: size }, () => random.normal());
    expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(size));
    expect(Math.abs(mean(normal.map((value) => value ** 2)) - 1)).toBeLessThan(5 * Math.sqrt(2 / size));
    const counts = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < size; draw += 1)
      counts[random.integer(5)] = (counts[random.integer(5)] ?? 0) + 1;
    expect(() => random.pick([])).toThrow(RangeError);
    expect(['a', 'b']).toContain(random.pick(['a', 'b']));
  });

  it('by lot depends on the key and on every part of the name, kept apart', () => {
    const key = Buffer.alloc(32, 1);
    expect(keyedLot(key, 'control', 12, 2026)).toBe(keyedLot(key, 'control', 12, 2026));
    expect(keyedLot(key, 'control', 1, 22026)).not.toBe(keyedLot(key, 'control', 12, 2026));
    expect(keyedLot(Buffer.alloc(32, 2), 'control', 12, 2026)).not.toBe(keyedLot(key, 'control', 12, 2026));
    const lots = Array.from({ length: 5_000 }, (_, index) => keyedLot(key, 'control', index, 2026));
    expect(lots.every((lot) => lot >= 0 && lot < 1)).toBe(true);
    expect(Math.abs(lots.filter((lot) => lot < 0.1).length / 5_000 - 0.1)).toBeLessThan(
      5 * Math.sqrt(0.09 / 5_000),
    );
  });
});

describe('a secret', () => {
  const key = Buffer.alloc(32, 1);
  it('sealed comes back with its key, and looks different each time', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      expect(unseal(key, seal(key, text))).toBe(text);
    })); // prettier-ignore
    expect(seal(key, 'a')).not.toBe(seal(key, 'a'));
    expect(Buffer.from(seal(key, 'parola d’ordine'), 'base64').toString('latin1')).not.toContain('parola');
  });

  it('does not open with another key, nor after one bit was changed', () => {
    const sealed = Buffer.from(seal(key, 'parola'), 'base64');
    for (const index of [0, 12, 28, sealed.length - 1]) {
      const damaged = Buffer.from(sealed);
      damaged[index] = (damaged[index] ?? 0) ^ 1;
      expect(() => unseal(key, damaged.toString('base64'))).toThrow(Failure);
    }
    expect(() => unseal(Buffer.alloc(32, 2), sealed.toString('base64'))).toThrow(Failure);
    expect(() => unseal(key, '')).toThrow(Failure);
  });

  it('of an address is recognised again and shows nothing; tokens are never the same', () => {
    expect(addressHash(key, 'email', 'a@example.it')).toEqual(addressHash(key, 'email', 'a@example.it'));
    expect(addressHash(key, 'email', 'a@example.it')).not.toEqual(addressHash(key, 'phone', 'a@example.it'));
    const tokens = new Set(Array.from({ length: 200 }, newToken));
    expect(tokens.size).toBe(200);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{27}$/);
    expect(tokenHash('a')).not.toEqual(tokenHash('b'));
    expect(keyFingerprint(key)).toMatch(/^[0-9a-f]{16}$/);
    expect(keyFingerprint(key)).not.toBe(keyFingerprint(Buffer.alloc(32, 2)));
  });
});

describe('a name', () => {
  it('folds to one form, and folding again changes nothing', () => {
    expect(foldName('D’ANGELO  Lucìa')).toBe('dangelo lucia');
    expect(foldName("d'angelo lucia")).toBe('dangelo lucia');
    expect(foldName('  S.p.A. (nuova) ')).toBe('spa nuova');
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(foldName(foldName(text))).toBe(foldName(text));
    })); // prettier-ignore
  });
});

describe('what must hold', () => {
  it('is said when it does not', () => {
    expect(() => assert(false, 'the sum is right')).toThrow('assertion failed: the sum is right');
    expect(() => assert(1, 'anything')).not.toThrow();
    expect(() => assertUnreachable({ kind: 'new' } as never)).toThrow('{"kind":"new"}');
    expect(new Failure('not_found', { status: 404, params: { a: 1 } })).toMatchObject({
      code: 'not_found',
      status: 404,
      params: { a: 1 },
    });
    expect(new Failure('x').status).toBe(400);
  });

  it('stands still until it is moved: the clock of the tests', () => {
    const clock = new ManualClock(new Date('2026-11-24T09:00:00Z'));
    clock.now().setFullYear(1999);
    expect(clock.now().toISOString()).toBe('2026-11-24T09:00:00.000Z');
    clock.advance(-1000);
    expect(clock.now().toISOString()).toBe('2026-11-24T08:59:59.000Z');
    clock.moveTo(new Date(0));
    expect(clock.now().getTime()).toBe(0);
  });
});
