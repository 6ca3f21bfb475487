import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from './normal.ts';

describe('normal distribution', () => {
  it.each([
    [0, 0.5],
    [-1, 0.15865525393145705],
    [-1.959963984540054, 0.025],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416052e-24],
    [-20, 2.7536241186062337e-89],
  ])('has the tabulated value at %d (Abramowitz and Stegun 26.2, and its tail)', (x, value) => {
    expect(normalCdf(x) / value).toBeCloseTo(1, 8);
    expect(normalCdf(-x)).toBeCloseTo(1 - value, 14);
  });

  it('has quantiles that invert it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 9);
      }),
    );
    expect(normalQuantile(0.75)).toBeCloseTo(0.674489750196082, 12);
  });

  it('refuses what is no probability', () => {
    expect(() => normalQuantile(0)).toThrow(RangeError);
    expect(() => normalQuantile(1)).toThrow(RangeError);
  });
});
