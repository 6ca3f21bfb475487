import { normalQuantile } from '../../kernel/normal.ts';

/** An estimate with its interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** An estimate and its interval, both multiplied. */
export const scaled = (interval: Interval, factor: number): Interval => ({
  estimate: interval.estimate * factor,
  low: interval.low * factor,
  high: interval.high * factor,
});

/** A count of successes among trials. */
export interface Share {
  readonly successes: number;
  readonly trials: number;
}

/** Wilson's score interval for one proportion (E. B. Wilson, JASA 1927). */
export function wilsonInterval({ successes, trials }: Share, confidence = 0.95): Interval {
  if (trials === 0) return { estimate: 0, low: 0, high: 1 };
  const z = normalQuantile(0.5 + confidence / 2);
  const p = successes / trials;
  const centre = p + (z * z) / (2 * trials);
  const spread = z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return { estimate: p, low: (centre - spread) / scale, high: (centre + spread) / scale };
}

/** Difference of two proportions with the hybrid score interval (R. G. Newcombe, Statistics in Medicine 1998, method 10). */
export function newcombeDifference(treated: Share, control: Share, confidence = 0.95): Interval {
  const first = wilsonInterval(treated, confidence);
  const second = wilsonInterval(control, confidence);
  const estimate = first.estimate - second.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(first.estimate - first.low, second.high - second.estimate),
    high: estimate + Math.hypot(first.high - first.estimate, second.estimate - second.low),
  };
}
