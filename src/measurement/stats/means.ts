import { normalQuantile } from '../../kernel/normal.ts';
import type { Interval } from './proportions.ts';

/** What is kept of a sample: size, sum and sum of squares. */
export interface Sample {
  readonly count: number;
  readonly sum: number;
  readonly squareSum: number;
}

/**
 * Difference of two means with unequal variances: B. L. Welch (Biometrika 1947). The quantile is Student's by the
 * Cornish-Fisher expansion (R. A. Fisher and E. A. Cornish 1960) at Welch's degrees of freedom.
 */
export function welchDifference(treated: Sample, control: Sample, confidence = 0.95): Interval {
  const estimate = meanOf(treated) - meanOf(control);
  if (treated.count < 2 || control.count < 2)
    return { estimate, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const first = varianceOf(treated) / treated.count;
  const second = varianceOf(control) / control.count;
  const variance = first + second;
  if (variance === 0) return { estimate, low: estimate, high: estimate };
  const freedom = variance ** 2 / (first ** 2 / (treated.count - 1) + second ** 2 / (control.count - 1));
  const spread = studentQuantile(0.5 + confidence / 2, freedom) * Math.sqrt(variance);
  return { estimate, low: estimate - spread, high: estimate + spread };
}

const meanOf = (sample: Sample): number => (sample.count === 0 ? 0 : sample.sum / sample.count);

const varianceOf = (sample: Sample): number =>
  Math.max(0, (sample.squareSum - sample.sum ** 2 / sample.count) / (sample.count - 1));

/** Student's t quantile; its 97.5 % point to 0.002 from 4 degrees of freedom on (M. Abramowitz and I. Stegun 1964, 26.7.5). */
export function studentQuantile(p: number, freedom: number): number {
  const z = normalQuantile(p);
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160;
  return z + g1 / freedom + g2 / freedom ** 2 + g3 / freedom ** 3 + g4 / freedom ** 4;
}
