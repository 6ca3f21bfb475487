import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digamma, incompleteBeta, logAddExp, logBeta, logGamma } from './gamma.ts';

describe('gamma function and its kin', () => {
  it.each([
    [0.5, 0.5723649429247001],
    [1, 0],
    [1.5, -0.12078223763524522],
    [2, 0],
    [10, 12.801827480081469],
    [100, 359.1342053695754],
    [0.001, 6.907178885383853],
  ])('has the tabulated logarithm at %d (Abramowitz and Stegun 6.1, tables 6.1 and 6.4)', (x, value) => {
    expect(Math.abs(logGamma(x) - value)).toBeLessThan(1e-13 * Math.max(1, Math.abs(value)));
  });

  it.each([
    [1, -0.5772156649015329],
    [0.5, -1.9635100260214235],
    [2, 0.42278433509846713],
    [10, 2.251752589066721],
    [0.01, -100.56088545786868],
  ])('has the tabulated digamma at %d (Abramowitz and Stegun 6.3, tables 6.1 and 6.3)', (x, value) => {
    expect(Math.abs(digamma(x) - value)).toBeLessThan(1e-13 * Math.max(1, Math.abs(value)));
  });

  it('has a digamma that is the slope of ln Γ', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 500, noNaN: true }), (x) => {
        const step = 1e-4 * x;
        const slope = (logGamma(x + step) - logGamma(x - step)) / (2 * step);
        expect(Math.abs(digamma(x) - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
      }),
    );
  });

  it('refuses what has no logarithm', () => {
    expect(() => logGamma(0)).toThrow(RangeError);
    expect(() => digamma(-1)).toThrow(RangeError);
  });

  it('has B(2, 3) = 1/12', () => {
    expect(logBeta(2, 3)).toBeCloseTo(-Math.log(12), 13);
  });

  it.each([
    [0.5, 2, 2, 0.5],
    [0.25, 1, 3, 1 - 0.75 ** 3],
    [0.3, 2, 1, 0.09],
    // Binomial tail, DLMF 8.17.5: I_p(k, n − k + 1) = P(at least k of n).
    [0.1, 3, 8, 0.0701908264],
    [0.9, 20, 3, 0.6200409384],
  ])('has I_%d(%d, %d) = %d (DLMF 8.17)', (x, a, b, value) => {
    expect(incompleteBeta(x, a, b)).toBeCloseTo(value, 7);
  });

  it('has an incomplete beta that is symmetric and rises from 0 to 1', () => {
    const shape = fc.double({ min: 0.2, max: 80, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.99, noNaN: true }), shape, shape, (x, a, b) => {
        const value = incompleteBeta(x, a, b);
        expect(value + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 11);
        expect(incompleteBeta(x + 0.005, a, b)).toBeGreaterThanOrEqual(value - 1e-12);
      }),
    );
    expect(incompleteBeta(0, 1, 1)).toBe(0);
    expect(incompleteBeta(1, 1, 1)).toBe(1);
  });

  it('adds exponentials without overflow', () => {
    expect(logAddExp(1000, 1000)).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logAddExp(-Infinity, -3)).toBe(-3);
    expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity);
  });
});
