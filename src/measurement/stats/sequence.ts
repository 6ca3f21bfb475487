import type { Interval } from './proportions.ts';

/** Sums of observations that came one after another: how many, their sum and the sum of their squares. */
export interface Running {
  readonly count: number;
  readonly sum: number;
  readonly squareSum: number;
}

/**
 * Variance scale of the mixture, ρ², that makes a sequence tightest after so many observations: (−2 ln α + ln(−2 ln α + 1)) / n
 * (I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, Annals of Statistics 2024, "Time-uniform central limit theory",
 * appendix on tuning).
 */
export function mixtureScale(tightestAt: number, alpha = 0.05): number {
  const log = -2 * Math.log(alpha);
  return (log + Math.log(log + 1)) / Math.max(tightestAt, 1);
}

/**
 * Asymptotic confidence sequence for a mean (planner.md A6; Waudby-Smith et al. 2024, theorem 2.2):
 *
 *     D̄ ± s √( 2 (t ρ² + 1)/(t² ρ²) · ln( √(t ρ² + 1)/α ) )
 *
 * It covers the mean at all times together with probability 1 − α, so that whoever looks every day is not fooled by chance. ρ² must
 * be chosen beforehand (`mixtureScale`). Infinite below two observations.
 */
export function confidenceSequence(
  { count, sum, squareSum }: Running,
  { scale, alpha = 0.05 }: { readonly scale: number; readonly alpha?: number },
): Interval {
  const estimate = count === 0 ? 0 : sum / count;
  if (count < 2) return { estimate, low: -Infinity, high: Infinity };
  const variance = Math.max(0, squareSum / count - estimate * estimate);
  const spread =
    Math.sqrt(variance) *
    Math.sqrt(
      ((2 * (count * scale + 1)) / (count * count * scale)) * Math.log(Math.sqrt(count * scale + 1) / alpha),
    );
  return { estimate, low: estimate - spread, high: estimate + spread };
}

/** How many observations, roughly, until a sequence of this variance leaves out zero if the effect is so large; null: beyond `most`. */
export function observationsNeeded(
  effect: number,
  variance: number,
  { scale, alpha = 0.05, most = 10_000_000 }: { scale: number; alpha?: number; most?: number },
): number | null {
  const isEnough = (count: number): boolean => {
    const { low } = confidenceSequence(
      { count, sum: Math.abs(effect) * count, squareSum: (variance + effect * effect) * count },
      { scale, alpha },
    );
    return low > 0;
  };
  if (effect === 0 || !isEnough(most)) return null;
  let [low, high] = [2, most];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * What one unit says of the effect of being treated: its outcome less what was expected of it beforehand, weighted by the chance of
 * the arm that it fell into (planner.md A4, A6: CUPED with a forecast known before the lot, inverse probability weights). Its mean is
 * the effect, whatever the forecast; a good forecast makes it vary less.
 */
export function effectOf(unit: {
  readonly isTreated: boolean;
  /** Probability of being treated, strictly between 0 and 1. */
  readonly chanceTreated: number;
  readonly outcome: number;
  readonly forecast: number;
}): number {
  const rest = unit.outcome - unit.forecast;
  return unit.isTreated ? rest / unit.chanceTreated : -rest / (1 - unit.chanceTreated);
}

/** CUPED (A. Deng, Y. Xu, R. Kohavi and T. Walker, WSDM 2013): slope of the outcome on a covariate known beforehand. */
export function cupedSlope(outcomes: readonly number[], covariates: readonly number[]): number {
  const [meanY, meanX] = [meanOf(outcomes), meanOf(covariates)];
  let covariance = 0;
  let variance = 0;
  for (const [place, x] of covariates.entries()) {
    covariance += (x - meanX) * (outcomes[place]! - meanY);
    variance += (x - meanX) ** 2;
  }
  return variance > 0 ? covariance / variance : 0;
}

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
