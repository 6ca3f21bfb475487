import { describe, expect, it } from 'vitest';
import {
  EMAIL_COST_CENTS,
  between,
  chanceStillOpen,
  meanReceiptCents,
  slotShare,
  totalOf,
  upliftOf,
  valueTerms,
  worthAhead,
} from './rules.ts';

describe('uplift', () => {
  it('is largest at p = 1 − θ^(−1/(θ−1)) and nothing at 0 and 1 (planner.md A2)', () => {
    const theta = Math.exp(0.14);
    const best = 1 - theta ** (-1 / (theta - 1));
    expect(best).toBeCloseTo(0.606, 3);
    for (const p of [0.05, 0.3, 0.5, 0.7, 0.95]) expect(upliftOf(p, 0.14)).toBeLessThan(upliftOf(best, 0.14));
    expect(upliftOf(0, 0.14)).toBe(0);
    expect(upliftOf(1, 0.14)).toBe(0);
  });
});

describe('value', () => {
  it('breaks even for an e-mail at an extra visit in 0.4 % of cases (priors.md 2)', () => {
    const at = (uplift: number): number =>
      totalOf(
        valueTerms({
          uplift,
          meanReceiptCents: 4000,
          marginShare: 0.35,
          costCents: EMAIL_COST_CENTS,
          leaving: 0.0025,
        }),
      );
    expect(at(0.0035)).toBeLessThan(0);
    expect(at(0.004)).toBeGreaterThan(0);
  });

  it('draws one receipt towards the shop and trusts a hundred', () => {
    expect(meanReceiptCents(10_000, 1, 4000)).toBe(5500);
    expect(meanReceiptCents(1_000_000, 100, 4000)).toBeCloseTo(9825, 0);
    expect(meanReceiptCents(-500, 0, 4000)).toBe(4000);
  });
});

describe('a message put off', () => {
  const anchors = [0, 7, 14, 21];

  it('is only worth what it is if nothing was bought by then', () => {
    const chance = (): number => 0.3;
    expect(chanceStillOpen(anchors, chance, 0)).toBe(1);
    expect(chanceStillOpen(anchors, chance, 14)).toBeCloseTo(0.7, 12);
    expect(chanceStillOpen(anchors, chance, 21)).toBeCloseTo(0.7 ** 1.5, 12);
    expect(worthAhead(100, 0, 1)).toBe(100);
    expect(worthAhead(100, 10, 0.7)).toBeCloseTo(68.6, 10);
  });

  it('has the chance of its day, between the days that are known', () => {
    const known = [0.1, 0.2, 0.4, 0.3];
    const at = (day: number): number => between(anchors, (anchor) => known[anchor]!, day);
    expect([0, 7, 14, 21, 30].map(at)).toEqual([0.1, 0.2, 0.4, 0.3, 0.3]);
    expect(at(3.5)).toBeCloseTo(0.15, 12);
    expect(at(17.5)).toBeCloseTo(0.35, 12);
  });

  it('takes a place from the days beyond the horizon in proportion to how likely it would be needed', () => {
    const share = (daysAhead: number, max: number, days: number, needs: number): number =>
      slotShare({ daysAhead, horizonDays: 42, cap: { max, days }, needs });
    expect(share(0, 1, 14, 5), 'its window ends before').toBe(0);
    expect(share(35, 1, 14, 1)).toBeCloseTo(0.5 * (1 - Math.exp(-1 / 3)), 12);
    // Half of 84 days lie beyond; 6 needs expected there: P(N ≥ 4) = 1 − 61 e^−6.
    expect(share(0, 4, 84, 3)).toBeCloseTo(0.5 * (1 - 61 * Math.exp(-6)), 12);
    expect(share(0, 4, 84, 30)).toBeCloseTo(0.5, 9);
  });
});
