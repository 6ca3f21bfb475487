import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { studentQuantile, welchDifference } from './means.ts';
import { newcombeDifference, wilsonInterval } from './proportions.ts';

const share = (successes: number, trials: number) => ({ successes, trials });
const sampleOf = (values: readonly number[]) => ({
  count: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  squareSum: values.reduce((sum, value) => sum + value * value, 0),
});

describe('one proportion', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])(
    'has the score interval of Newcombe 1998 (Statistics in Medicine 17, 857), table I: %d of %d',
    (r, n, low, high) => {
      const interval = wilsonInterval(share(r, n));
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    },
  );

  it('without a trial can be anything', () => {
    expect(wilsonInterval(share(0, 0))).toEqual({ estimate: 0, low: 0, high: 1 });
  });
});

describe('two proportions', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10: the examples (a) to (h).
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])(
    'have the hybrid score interval of Newcombe 1998, table II: %d of %d against %d of %d',
    (a, m, b, n, low, high) => {
      const interval = newcombeDifference(share(a, m), share(b, n));
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
      expect(interval.estimate).toBeCloseTo(a / m - b / n, 12);
    },
  );

  it('turned round give the interval turned round', () => {
    const one = newcombeDifference(share(41, 100), share(7, 20));
    const other = newcombeDifference(share(7, 20), share(41, 100));
    expect(other.low).toBeCloseTo(-one.high, 12);
    expect(other.high).toBeCloseTo(-one.low, 12);
  });

  it.each([
    [300, 30, 0.35, 0.35],
    [300, 30, 0.41, 0.35],
    [1000, 100, 0.08, 0.05],
  ])('cover the truth in 95 of 100 shops with %d written to and %d left out', (treated, control, p, q) => {
    const random = seededRandom(`coverage ${treated} ${p}`);
    const draw = (trials: number, chance: number): number => {
      let successes = 0;
      for (let index = 0; index < trials; index += 1) if (random.next() < chance) successes += 1;
      return successes;
    };
    const shops = 1500;
    let covered = 0;
    for (let shop = 0; shop < shops; shop += 1) {
      const { low, high } = newcombeDifference(
        share(draw(treated, p), treated),
        share(draw(control, q), control),
      );
      if (low <= p - q && p - q <= high) covered += 1;
    }
    expect(covered / shops).toBeGreaterThan(0.935);
    expect(covered / shops).toBeLessThan(0.975);
  });
});

describe('Student’s quantile', () => {
  // Two-sided 95 % and 99 % points of Student's t, as in every table.
  it.each([
    [4, 2.776, 4.604],
    [5, 2.571, 4.032],
    [10, 2.228, 3.169],
    [20, 2.086, 2.845],
    [30, 2.042, 2.75],
    [60, 2, 2.66],
    [120, 1.98, 2.617],
  ])('with %d degrees of freedom is that of the tables', (freedom, at975, at995) => {
    expect(Math.abs(studentQuantile(0.975, freedom) - at975)).toBeLessThan(0.002);
    expect(Math.abs(studentQuantile(0.995, freedom) - at995)).toBeLessThan(freedom < 10 ? 0.06 : 0.002);
    expect(studentQuantile(0.025, freedom)).toBeCloseTo(-studentQuantile(0.975, freedom), 10);
  });

  it('is the normal one without end of freedom', () => {
    expect(studentQuantile(0.975, 1e9)).toBeCloseTo(1.959964, 6);
  });
});

describe('the difference of two means', () => {
  it('has Welch’s degrees of freedom: two samples worked out by hand', () => {
    // Means 3 and 5, variances 2.5 and 10: s² = 2.5/5 + 10/5 = 2.5, freedom = 2.5² / (0.5²/4 + 2²/4) = 5.882.
    const interval = welchDifference(sampleOf([1, 2, 3, 4, 5]), sampleOf([1, 3, 5, 7, 9]));
    expect(interval.estimate).toBe(-2);
    const spread = studentQuantile(0.975, 2.5 ** 2 / (0.25 / 4 + 4 / 4)) * Math.sqrt(2.5);
    expect(interval.high - interval.estimate).toBeCloseTo(spread, 12);
    expect(spread).toBeGreaterThan(2.447 * Math.sqrt(2.5));
    expect(spread).toBeLessThan(2.571 * Math.sqrt(2.5));
  });

  it('from one observation can be anything, and of what never varies is exact', () => {
    expect(welchDifference(sampleOf([5]), sampleOf([1, 2]))).toEqual({
      estimate: 3.5,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
    expect(welchDifference(sampleOf([3, 3]), sampleOf([1, 1]))).toEqual({ estimate: 2, low: 2, high: 2 });
  });

  it('covers the truth in 95 of 100 shops, skewed spending and unequal groups included', () => {
    const random = seededRandom('welch coverage');
    // A third buys; spending is log-normal around 40 euro.
    const spend = (): number => (random.next() < 1 / 3 ? Math.exp(3.5 + 0.6 * random.normal()) : 0);
    const shops = 1500;
    let covered = 0;
    for (let shop = 0; shop < shops; shop += 1) {
      const { low, high } = welchDifference(
        sampleOf(Array.from({ length: 300 }, spend)),
        sampleOf(Array.from({ length: 60 }, spend)),
      );
      if (low <= 0 && 0 <= high) covered += 1;
    }
    expect(covered / shops).toBeGreaterThan(0.93);
    expect(covered / shops).toBeLessThan(0.97);
  });
});
