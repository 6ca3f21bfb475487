import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { renewalScore } from './gap.ts';
import { dueWindow, nextFixedDay, withHabit } from './window.ts';

const day = dayFromIso;
const tyres = { kind: 'fixed_dates', dates: ['11-15', '04-15'] } as const;
const parameters = { mu: Math.log(33), sigma: 0.5, kappa: 1, a: 0.5, b: 4 };
const monthly = { m: Math.log(30), sd: 0.5 };

describe('a need on fixed days of the year', () => {
  const next = (last: string, today: string): string =>
    isoFromDay(nextFixedDay(tyres.dates, day(last), day(today)));

  it('is the next one that the last purchase did not serve', () => {
    expect(next('2026-04-10', '2026-04-20')).toBe('2026-11-15');
    expect(next('2026-03-20', '2026-03-21')).toBe('2026-11-15');
    expect(next('2026-02-01', '2026-02-02')).toBe('2026-04-15');
    expect(next('2026-11-20', '2026-11-21')).toBe('2027-04-15');
  });

  it('comes again after a season that the person let go by', () => {
    expect(next('2025-04-10', '2025-11-29')).toBe('2025-11-15');
    expect(next('2025-04-10', '2025-12-01')).toBe('2026-04-15');
  });

  it('falls on 28 February where there is no 29', () => {
    expect(isoFromDay(nextFixedDay(['02-29'], day('2026-06-01'), day('2026-06-02')))).toBe('2027-02-28');
    expect(isoFromDay(nextFixedDay(['02-29'], day('2027-06-01'), day('2027-06-02')))).toBe('2028-02-29');
  });

  it('is proposed from a month before it to two weeks after, and expected close to it', () => {
    const options = { lastDay: day('2026-04-10'), today: day('2026-05-01') };
    const distribution = withHabit(monthly, tyres, options);
    expect(Math.exp(distribution.m)).toBeCloseTo(day('2026-11-15') - day('2026-04-10'), 6);
    const window = dueWindow(distribution, { ...options, habit: tyres, lastsUntil: null });
    expect([isoFromDay(window.from), isoFromDay(window.to)]).toEqual(['2026-10-16', '2026-11-29']);
  });
});

describe('a check-up', () => {
  it('is proposed from three weeks before it is due to a month after', () => {
    const habit = { kind: 'interval', days: 180 } as const;
    const options = { lastDay: 0, today: 0, habit, lastsUntil: null };
    expect(dueWindow(withHabit(monthly, habit, options), options)).toEqual({ from: 159, to: 210 });
  });
});

describe('the customer’s own word', () => {
  const options = { lastDay: 0, today: 25, habit: { kind: 'learned' } as const };

  it('opens the window on the day named and moves its end by the distribution cut off there', () => {
    const before = dueWindow(monthly, { ...options, lastsUntil: null });
    const after = dueWindow(monthly, { ...options, lastsUntil: 40 });
    expect(before).toEqual({ from: 21, to: 42 });
    expect(after.from).toBe(40);
    // 1 − Φ((ln 40 − ln 30)/0.5) = 0.2825; a quarter of it is left at ln 30 + 0.5 × 1.473, day 62.7.
    expect(after.to).toBe(63);
  });

  it('never opens earlier and never closes earlier, whatever was said', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 6, noNaN: true }),
        fc.integer({ min: 1, max: 400 }),
        (m, until) => {
          const distribution = { m, sd: 0.6 };
          const before = dueWindow(distribution, { ...options, lastsUntil: null });
          const after = dueWindow(distribution, { ...options, lastsUntil: until });
          expect(after.from).toBeGreaterThanOrEqual(Math.max(before.from, until));
          expect(after.to).toBeGreaterThanOrEqual(before.to);
          expect(after.to).toBeGreaterThanOrEqual(after.from);
        },
      ),
    );
  });

  it('is a censored observation: nobody who says it still lasts has left, and before that day nothing is needed', () => {
    const score = (promisedDays: number | null, horizonDays: number) =>
      renewalScore(monthly, { gapCount: 0, silenceDays: 25, promisedDays, horizonDays, parameters });
    expect(score(null, 14).alive).toBeLessThan(0.95);
    expect(score(40, 14).alive).toBe(1);
    expect(score(40, 14).probability).toBe(1e-7);
    // P(gap ≤ 55 | gap > 40) = (S(40) − S(55))/S(40), S(t) = Φ(−(ln t − ln 30)/0.5)
    expect(score(40, 30).probability).toBeCloseTo(1 - 0.11271 / 0.282518, 4);
  });
});
