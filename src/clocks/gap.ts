import type { Day } from '../kernel/day.ts';
import { normalCdf, normalQuantile } from '../kernel/normal.ts';

/** Beyond this a window is "not in our lifetime", and a date would overflow. */
export const LONGEST_GAP_DAYS = 36_500;

/** Days over which "probability of a purchase" is meant. */
export const HORIZON_DAYS = 14;

/** Gaps and silences below half a day count as half a day (clocks.md 5.7). */
export const SHORTEST_GAP_DAYS = 0.5;

/**
 * Renewal parameters of a category (clocks.md 5.2): ln gap ~ N(θ, σ²), θ ~ N(μ, σ²/κ) per customer; after each purchase
 * the customer leaves the category with probability φ ~ Beta(a, b).
 */
export interface RenewalParameters {
  readonly mu: number;
  readonly sigma: number;
  readonly kappa: number;
  readonly a: number;
  readonly b: number;
}

/** The clock's predictive distribution of the next gap: ln gap ~ N(m, sd²), days. */
export interface GapDistribution {
  readonly m: number;
  readonly sd: number;
}

/** Predictive distribution from the discounted sums: m = (κμ + L̃)/(κ + x̃), sd = σ √(1 + 1/(κ + x̃)) (clocks.md 5.2). */
export function gapDistribution(
  clock: { discountedGapCount: number; discountedLogGapSum: number },
  parameters: RenewalParameters,
): GapDistribution {
  const weight = parameters.kappa + clock.discountedGapCount;
  return {
    m: (parameters.kappa * parameters.mu + clock.discountedLogGapSum) / weight,
    sd: parameters.sigma * Math.sqrt(1 + 1 / weight),
  };
}

/** S(t) = Φ(−(ln max(t, ½) − m)/sd): probability that the gap is longer than t days. */
export function gapSurvival(distribution: GapDistribution, days: number): number {
  return normalCdf(-(Math.log(Math.max(days, SHORTEST_GAP_DAYS)) - distribution.m) / distribution.sd);
}

/** Gap in days that is exceeded with probability 1 − q. */
export function gapQuantile({ m, sd }: GapDistribution, q: number): number {
  return Math.exp(m + sd * normalQuantile(q));
}

/** Probability of a purchase in (t, t + horizon] and of not having left the category, t days after the last purchase. */
export interface RenewalScore {
  readonly probability: number;
  readonly alive: number;
}

/**
 * p_ren and alive of clocks.md 5.2. One-time buyers need no special case: x = 0. Who said that it still lasts until
 * `promisedDays` after the last purchase has not left, and the gap is longer than that: S is cut off there.
 */
export function renewalScore(
  distribution: GapDistribution,
  options: {
    readonly gapCount: number;
    readonly silenceDays: number;
    readonly promisedDays?: number | null;
    readonly horizonDays?: number;
    readonly parameters: RenewalParameters;
  },
): RenewalScore {
  const { a, b } = options.parameters;
  const horizonEnd = options.silenceDays + (options.horizonDays ?? HORIZON_DAYS);
  const promised = options.promisedDays ?? null;
  const start = Math.max(options.silenceDays, promised ?? 0);
  const left = promised === null ? a : 0;
  const stayed = b + options.gapCount;
  const now = gapSurvival(distribution, start);
  const later = gapSurvival(distribution, Math.max(start, horizonEnd));
  const weight = left + stayed * now + 1e-300;
  const probability = Math.min(Math.max((stayed * (now - later)) / weight, 1e-7), 1 - 1e-7);
  return { probability, alive: (stayed * now) / weight };
}

/** How many gaps a clock has seen and the sum of their ln days (plain or discounted alike), and the days since its last purchase. */
export interface RenewalState {
  readonly gaps: number;
  readonly logGapSum: number;
  readonly silenceDays: number;
}

/** p_ren of clocks.md 5.2 for any horizon, straight from the sums of a clock. */
export function renewalProbability(
  { gaps, logGapSum, silenceDays }: RenewalState,
  parameters: RenewalParameters,
  horizonDays: number,
): number {
  const sums = { discountedGapCount: gaps, discountedLogGapSum: logGapSum };
  const distribution = gapDistribution(sums, parameters);
  return renewalScore(distribution, { gapCount: gaps, silenceDays, horizonDays, parameters }).probability;
}

/**
 * Day by which the alive customer buys with probability q, given silence until today: S(t+u) = (1−q)·S(t), solved by
 * inverting Φ (clocks.md 5.2). Never before today.
 */
export function conditionalDay(distribution: GapDistribution, lastDay: Day, today: Day, q: number): Day {
  const silence = Math.max(today - lastDay, 0);
  const remaining = (1 - q) * gapSurvival(distribution, silence);
  if (remaining < 1e-300) return today;
  const gap = Math.exp(distribution.m + distribution.sd * -normalQuantile(Math.min(remaining, 1 - 1e-12)));
  return Math.max(today, lastDay + Math.round(Math.min(gap, LONGEST_GAP_DAYS)));
}

/** A prior as medians and spread become parameters: κ prior gaps of weight, sd of a new customer = σ √(1 + 1/κ). */
export function parametersFromPrior(prior: { medianDays: number; sigma: number }): RenewalParameters {
  return {
    mu: Math.log(prior.medianDays),
    sigma: prior.sigma / Math.sqrt(1 + 1 / PRIOR_KAPPA),
    kappa: PRIOR_KAPPA,
    a: PRIOR_A,
    b: PRIOR_B,
  };
}

/** Defaults of the fit's centre (clocks.md 5.3): how many gaps the habit of others weighs, and drop-out. */
export const PRIOR_KAPPA = 1;
export const PRIOR_A = 0.5;
export const PRIOR_B = 4;
