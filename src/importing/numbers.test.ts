import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NumberFormat } from './numbers.ts';
import { centsOf, detectNumberFormat, hasLostPrecision, isNumberColumn, parseNumber } from './numbers.ts';

describe('how a column writes its numbers', () => {
  it.each<[NumberFormat, string[]]>([
    ['comma', ['1.234,56', '12,5', '1.049']],
    ['comma', ['1.234', '2.500', '-14,95']],
    ['comma', ['1234', '17', '']],
    ['comma', ['1.234', '1.500']],
    ['comma', ['1.234.567']],
    ['dot', ['49.90', '14.95', '1,234.50']],
    ['dot', ['0.350', '1.250']],
    ['dot', ['8.1', '36.81', '29.9']],
    ['mixed', ['12,50', '12.50']],
  ])('is %s for %j', (format, cells) => {
    expect(detectNumberFormat(cells)).toBe(format);
  });

  it('is a column of numbers only when every filled cell is one', () => {
    expect(isNumberColumn(['12,50', '', '€ 3'])).toBe(true);
    expect(isNumberColumn(['12,50', 'gratis'])).toBe(false);
    expect(isNumberColumn(['', ' '])).toBe(false);
  });
});

describe('a number in a cell', () => {
  it.each<[string, NumberFormat, number]>([
    ['1.234,56', 'comma', 1234.56],
    ['1234,56', 'comma', 1234.56],
    ['1.234', 'comma', 1234],
    ['1.234', 'dot', 1.234],
    ['1.234.567,8', 'comma', 1234567.8],
    ['14,95-', 'comma', -14.95],
    ['(14,95)', 'comma', -14.95],
    ['(€ 14,95)', 'comma', -14.95],
    ['− 14,95', 'comma', -14.95],
    ['-€ 14,95', 'comma', -14.95],
    ['€ 12,50', 'comma', 12.5],
    ['12,50 €', 'comma', 12.5],
    ['EUR 12,50', 'comma', 12.5],
    ['1 234,56', 'comma', 1234.56],
    ['1\u00a0234,56', 'comma', 1234.56],
    ["1'234.56", 'dot', 1234.56],
    ['+3', 'comma', 3],
    [',50', 'comma', 0.5],
    ['0012', 'comma', 12],
    ['1,234.56', 'dot', 1234.56],
    ['1.234,56', 'mixed', 1234.56],
    ['1,234.56', 'mixed', 1234.56],
  ])('%j written with %s is %d', (cell, format, value) => {
    expect(parseNumber(cell, format)).toBe(value);
  });

  it.each<[string, NumberFormat]>([
    ['', 'comma'],
    ['-', 'comma'],
    ['gratis', 'comma'],
    ['12,', 'comma'],
    ['1,2,3', 'comma'],
    ['12.50', 'comma'],
    ['12,50', 'dot'],
    ['1.23,45', 'comma'],
    ['12.34.56', 'comma'],
    ['1.234', 'mixed'],
    ['1,234', 'mixed'],
    ['--5', 'comma'],
    ['1e5', 'comma'],
    ['8,00123E+12', 'comma'],
    ['12 %', 'comma'],
    ['∞', 'dot'],
  ])('%j is none where numbers are written with %s', (cell, format) => {
    expect(parseNumber(cell, format)).toBeNaN();
  });

  it('comes back from every way of writing it', () => {
    const cents = fc.integer({ min: -999_999_999, max: 999_999_999 });
    const style = fc.constantFrom('plain', 'grouped', 'trailing', 'brackets', 'euro');
    fc.assert(
      fc.property(cents, style, fc.constantFrom<NumberFormat>('comma', 'dot'), (value, written, format) => {
        const cell = write(value, written, format);
        expect(centsOf(parseNumber(cell, format))).toBe(value === 0 ? 0 : value);
        // The same cell is never read as another number where the other sign is the decimal one.
        const other = parseNumber(cell, format === 'comma' ? 'dot' : 'comma');
        expect(Number.isNaN(other) || centsOf(other) === value).toBe(true);
      }),
    );
  });

  it('of any text is a number or none, without an exception', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom<NumberFormat>('comma', 'dot', 'mixed'),
        (text, format) => {
          expect(typeof parseNumber(text, format)).toBe('number');
        },
      ),
    );
  });
});

function write(cents: number, style: string, format: NumberFormat): string {
  const [decimal, group] = format === 'comma' ? [',', '.'] : ['.', ','];
  const size = Math.abs(cents);
  const whole = String(Math.floor(size / 100));
  const fraction = String(size % 100).padStart(2, '0');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  const sign = cents < 0 ? '-' : '';
  switch (style) {
    case 'grouped':
      return `${sign}${grouped}${decimal}${fraction}`;
    case 'trailing':
      return `${whole}${decimal}${fraction}${sign}`;
    case 'brackets':
      return cents < 0 ? `(${grouped}${decimal}${fraction})` : `${grouped}${decimal}${fraction}`;
    case 'euro':
      return `€ ${sign}${grouped}${decimal}${fraction}`;
    default:
      return `${sign}${whole}${decimal}${fraction}`;
  }
}

describe('amounts in cents', () => {
  it.each([
    [1.005, 101],
    [14.945, 1495],
    [-14.945, -1495],
    [0.285, 29],
    [20_000_000, 2_000_000_000],
    [0, 0],
  ])('%d is %d', (amount, cents) => {
    expect(centsOf(amount)).toBe(cents);
  });
});

describe('a long code that a spreadsheet shortened', () => {
  it.each(['8,00123E+12', '8.00123E+12', '2,9E+12', ' 8E+12 '])('%j is recognised', (cell) => {
    expect(hasLostPrecision(cell)).toBe(true);
  });
  it.each(['8001230000012', 'E12', 'CR050', '8,5', ''])('%j is none', (cell) => {
    expect(hasLostPrecision(cell)).toBe(false);
  });
});
