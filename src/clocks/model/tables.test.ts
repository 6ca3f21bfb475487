import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../kernel/normal.ts';
import { Fade, ln, lnOdds, logistic, lnWhole, phi, rootOfLnRatio } from './tables.ts';

describe('the functions from tables', () => {
  it('are as exact as they say', () => {
    for (let x = -7.9; x < 7.9; x += 0.0137) expect(Math.abs(phi(x) - normalCdf(x))).toBeLessThan(3e-8);
    for (let x = 1e-6; x < 1e6; x *= 1.37) expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(7e-5);
    for (let x = 1e-7; x < 1e4; x *= 1.37)
      expect(Math.abs(rootOfLnRatio(x) - Math.sqrt(Math.log1p(x) / x))).toBeLessThan(1e-6);
    expect(rootOfLnRatio(0)).toBe(1);
    for (let x = -20; x <= 20; x += 0.0137) {
      expect(Math.abs(logistic(x) * (1 + Math.exp(-x)) - 1)).toBeLessThan(2e-6);
      expect(logistic(x)).toBeCloseTo(1 - logistic(-x), 9);
    }
    expect(logistic(-100)).toBeGreaterThan(0);
    expect(logistic(100)).toBeLessThan(1);
    for (const whole of [1, 2, 30, 4095, 4096, 100_000]) expect(lnWhole(whole)).toBe(Math.log(whole));
    expect(lnWhole(0)).toBe(Math.log(0.5));
  });

  it('fade counts by whole days as e^(−days/scale) does', () => {
    const fade = new Fade(30);
    for (const days of [0, 1, 30, 4095, 4096, 1e6]) expect(fade.after(days)).toBe(Math.exp(-days / 30));
  });

  it('keep ln odds inside ±13.8', () => {
    expect(lnOdds(0)).toBeCloseTo(-13.8155, 3);
    expect(lnOdds(Infinity)).toBeCloseTo(13.8155, 3);
    expect(lnOdds(NaN)).toBeCloseTo(-13.8155, 3);
    expect(lnOdds(0.25)).toBeCloseTo(Math.log(0.25), 3);
  });
});
