import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayFromIso, dayOfInstant, isoFromDay } from '../kernel/day.ts';
import type { DateFormat } from './dates.ts';
import { LocalInstants, detectDateFormat, parseDate, parseTime } from './dates.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('how a column writes its days', () => {
  it.each<[DateFormat | null, string[]]>([
    ['day_first', ['03/10/2026', '12/10/2026']],
    ['day_first', ['03/10/2026', '25/10/2026']],
    ['day_first', ['3.10.26', '25.10.26 10.44']],
    ['month_first', ['10/03/2026', '10/25/2026']],
    ['iso', ['2026-10-03', '20261025']],
    ['serial', ['46298', '46299,45']],
    ['day_first', ['46298', '25/10/2026', '']],
    ['mixed', ['25/10/2026', '10/25/2026']],
    ['day_first', ['25/10/2026', '99/99/2026']],
    [null, ['Rossi', 'Bianchi']],
    [null, ['', ' ']],
    [null, ['12', '1183']],
  ])('is %s for %j', (format, cells) => {
    expect(detectDateFormat(cells)).toBe(format);
  });
});

describe('a day in a cell', () => {
  it.each<[string, DateFormat, string]>([
    ['03/10/2026', 'day_first', '2026-10-03'],
    ['3/10/2026', 'day_first', '2026-10-03'],
    ['03.10.2026', 'day_first', '2026-10-03'],
    ['03-10-2026', 'day_first', '2026-10-03'],
    ['03 10 2026', 'day_first', '2026-10-03'],
    ['03/10/26', 'day_first', '2026-10-03'],
    ['03/10/69', 'day_first', '2069-10-03'],
    ['03/10/70', 'day_first', '1970-10-03'],
    ['10/03/2026', 'month_first', '2026-10-03'],
    ['25/10/2026', 'mixed', '2026-10-25'],
    ['10/25/2026', 'mixed', '2026-10-25'],
    ['10/10/2026', 'mixed', '2026-10-10'],
    ['2026-10-03', 'day_first', '2026-10-03'],
    ['2026/10/3', 'day_first', '2026-10-03'],
    ['20261003', 'day_first', '2026-10-03'],
    ['46298', 'serial', '2026-10-03'],
    ['46298', 'day_first', '2026-10-03'],
    [' 03/10/2026 ', 'day_first', '2026-10-03'],
    ['29/02/2028', 'day_first', '2028-02-29'],
  ])('%j, %s, is %s', (cell, format, iso) => {
    const read = parseDate(cell, format);
    expect(typeof read === 'string' ? read : isoFromDay(read.day)).toBe(iso);
  });

  it.each<[string, DateFormat, string]>([
    ['', 'day_first', 'date_missing'],
    ['10/25/2026', 'day_first', 'date_other_format'],
    ['25/10/2026', 'month_first', 'date_other_format'],
    ['31/31/2026', 'day_first', 'date_unreadable'],
    ['10/99/2026', 'day_first', 'date_unreadable'],
    ['29/02/2027', 'day_first', 'date_unreadable'],
    ['31/04/2026', 'day_first', 'date_unreadable'],
    ['00/10/2026', 'day_first', 'date_unreadable'],
    ['03/10/2026', 'mixed', 'date_ambiguous'],
    ['ieri', 'day_first', 'date_unreadable'],
    ['12345', 'serial', 'date_unreadable'],
    ['03/10/2026 alle tre', 'day_first', 'date_unreadable'],
    ['2026-13-01', 'iso', 'date_unreadable'],
  ])('%j, %s, is refused as %s', (cell, format, problem) => {
    expect(parseDate(cell, format)).toBe(problem);
  });

  it('reads its time too, with or without an offset', () => {
    expect(parseDate('03/10/2026 10.44', 'day_first')).toMatchObject({
      milliseconds: 10 * HOUR + 44 * MINUTE,
    });
    expect(parseDate('03.10.2026, 10:44', 'day_first')).toMatchObject({
      milliseconds: 10 * HOUR + 44 * MINUTE,
    });
    expect(parseDate('2026-10-03T08:44:00Z', 'iso')).toMatchObject({ offsetMinutes: 0 });
    expect(parseDate('2026-10-03 10:44:00 +0200', 'iso')).toMatchObject({ offsetMinutes: 120 });
    expect(parseDate('46298,5', 'serial')).toMatchObject({ milliseconds: 12 * HOUR });
  });

  it('comes back from every way of writing it', () => {
    const days = fc.integer({ min: dayFromIso('1990-01-01'), max: dayFromIso('2060-12-31') });
    fc.assert(
      fc.property(days, fc.constantFrom('/', '.', '-'), (day, sign) => {
        const [year = '', month = '', dayOfMonth = ''] = isoFromDay(day).split('-');
        const dayFirst = [dayOfMonth, month, year].join(sign);
        const monthFirst = [month, dayOfMonth, year].join(sign);
        expect(parseDate(dayFirst, 'day_first')).toMatchObject({ day });
        expect(parseDate(monthFirst, 'month_first')).toMatchObject({ day });
        expect(parseDate(String(day + 25_569), 'serial')).toMatchObject({ day });
        // In a column of both formats a cell has its one day or is refused; it is never another day.
        for (const cell of [dayFirst, monthFirst]) {
          const read = parseDate(cell, 'mixed');
          expect(read === 'date_ambiguous' || (typeof read === 'object' && read.day === day)).toBe(true);
        }
      }),
    );
  });

  it('of any text is a day or a reason, without an exception', () => {
    const formats = fc.constantFrom<DateFormat>('day_first', 'month_first', 'iso', 'serial', 'mixed');
    const almost = fc.stringMatching(/^\d{1,5}[-/. ]\d{1,2}[-/. ]\d{2,4}[ T]?[\d:.]{0,8}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), almost), formats, (text, format) => {
        const read = parseDate(text, format);
        expect(typeof read === 'string' || Number.isInteger(read.day)).toBe(true);
      }),
    );
  });
});

describe('a time in a cell', () => {
  it.each([
    ['10.44', 10 * HOUR + 44 * MINUTE],
    ['10:44:05', 10 * HOUR + 44 * MINUTE + 5000],
    ['9h30', 9 * HOUR + 30 * MINUTE],
    ['6:30 pm', 18 * HOUR + 30 * MINUTE],
    ['12:15 AM', 15 * MINUTE],
    ['0,447222', 10 * HOUR + 44 * MINUTE],
    ['1899-12-30 10:44:00', 10 * HOUR + 44 * MINUTE],
    ['25:00', null],
    ['10.75', null],
    ['mattina', null],
  ])('%j is %s', (cell, milliseconds) => {
    expect(parseTime(cell)).toBe(milliseconds);
  });
});

describe('local time in Rome', () => {
  const rome = new LocalInstants('Europe/Rome');
  const instantOf = (iso: string, milliseconds: number): string =>
    new Date(rome.instantOf(dayFromIso(iso), milliseconds)).toISOString();

  it('is two hours ahead in summer and one in winter', () => {
    expect(instantOf('2026-10-03', 10 * HOUR + 44 * MINUTE)).toBe('2026-10-03T08:44:00.000Z');
    expect(instantOf('2026-11-03', 10 * HOUR)).toBe('2026-11-03T09:00:00.000Z');
  });

  it('takes the first of the doubled hours in October and moves the missing one in March forward', () => {
    expect(instantOf('2026-10-25', 2 * HOUR + 30 * MINUTE)).toBe('2026-10-25T00:30:00.000Z');
    expect(instantOf('2026-10-25', 3 * HOUR)).toBe('2026-10-25T02:00:00.000Z');
    expect(instantOf('2026-03-29', 2 * HOUR + 30 * MINUTE)).toBe('2026-03-29T01:30:00.000Z');
    expect(instantOf('2026-03-29', 3 * HOUR)).toBe('2026-03-29T01:00:00.000Z');
  });

  it('puts an instant with an offset on its local day', () => {
    const read = parseDate('2026-10-03T23:30:00Z', 'iso');
    if (typeof read === 'string') throw new Error(read);
    expect(isoFromDay(rome.resolve(read, null, dayOfInstant).day)).toBe('2026-10-04');
  });

  it('takes noon where a file has no time, so that the day is right', () => {
    const read = parseDate('25/10/2026', 'day_first');
    if (typeof read === 'string') throw new Error(read);
    expect(new Date(rome.resolve(read, null, dayOfInstant).instant).toISOString()).toBe(
      '2026-10-25T11:00:00.000Z',
    );
  });
});
