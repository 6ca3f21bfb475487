import { describe, expect, it } from 'vitest';
import { dayFromIso, isoFromDay } from './day.ts';
import { easterOf, isHoliday } from './holidays.ts';

describe('holidays', () => {
  it('know Easter of well-known years', () => {
    const known = ['1961-04-02', '2000-04-23', '2008-03-23', '2011-04-24', '2024-03-31', '2026-04-05', '2027-03-28', '2038-04-25']; // prettier-ignore
    expect(known.map((iso) => isoFromDay(easterOf(Number(iso.slice(0, 4)))))).toEqual(known);
  });

  it('are those of Italy, Saint Francis from 2026 on, and the patron where there is one', () => {
    const is = (iso: string, patron = ''): boolean => isHoliday(dayFromIso(iso), patron);
    expect(['2026-01-06', '2026-04-05', '2026-04-06', '2026-08-15', '2026-10-04', '2026-12-26'].every((day) => is(day))).toBe(true);
    expect(['2025-10-04', '2026-04-04', '2026-04-07', '2026-12-07'].some((day) => is(day))).toBe(false);
    expect([is('2026-12-07', '12-07'), is('2026-06-24', '12-07')]).toEqual([true, false]);
  }); // prettier-ignore
});
