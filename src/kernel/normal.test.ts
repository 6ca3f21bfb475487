import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logNormalCdf, normalCdf, normalHazard, normalQuantile } from './normal.ts';

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

  it.each([
    [3, -0.0013508099647481938],
    [-1, -1.841021645009264],
    [-5, -15.064998393988727],
    [-10, -53.23128515051247],
    [-20, -203.91715537109727],
    [-37, -689.0305855768908],
    [-100, -5005.524208694205],
    [-1000, -500007.826694812],
  ])(
    'has the logarithm of the lower tail at %d, far beyond where Φ underflows (values of SciPy 1.11, log_ndtr)',
    (x, value) => {
      expect(Math.abs(logNormalCdf(x) / value - 1)).toBeLessThan(1e-13);
    },
  );

  it('has a hazard that is the slope of −ln Φ(−x), between x and x + 1/x (Gordon 1941)', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 60, noNaN: true }), (x) => {
        const slope = (logNormalCdf(-x + 1e-4) - logNormalCdf(-x - 1e-4)) / 2e-4;
        expect(Math.abs(normalHazard(x) - slope)).toBeLessThan(1e-6 * (1 + Math.abs(x)));
        if (x <= 0) return;
        expect(normalHazard(x)).toBeGreaterThan(x);
        expect(normalHazard(x)).toBeLessThan(x + 1 / x + 1e-12);
      }),
    );
    expect(normalHazard(0)).toBeCloseTo(Math.sqrt(2 / Math.PI), 14);
  });
});
