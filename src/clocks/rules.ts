import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayInWords } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { normalCdf, normalQuantile } from '../kernel/normal.ts';

/** Discount per event of the gap sums (clocks.md 5.1). */
export const DISCOUNT = 0.85;

/** Time constants in days of the decayed purchase counts. */
export const DECAY_DAYS = [15, 30, 60, 120, 240] as const;

/** The window of a habit good opens at this share of the median gap (priors.md 1). */
export const WINDOW_OPENING = 0.7;

/** … and closes at this quantile of the gap. */
export const WINDOW_CLOSING_QUANTILE = 0.75;

/** Beyond this a window is "not in our lifetime", and a date would overflow. */
export const LONGEST_GAP_DAYS = 36_500;

/** Days over which "probability of a purchase" is meant. */
export const HORIZON_DAYS = 14;

const BAND = [0.1, 0.9] as const;
const SHORTEST_GAP_DAYS = 0.5;
const OWN_RHYTHM_PURCHASES = 3;

/** Statistics of one contact × category (clocks.md 5.1). Days are local day numbers, sums are of natural logarithms. */
export interface ClockState {
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly purchaseCount: number;
  readonly logGapSum: number;
  readonly discountedGapCount: number;
  readonly discountedLogGapSum: number;
  readonly discountedLogGapSquareSum: number;
  readonly decayed: readonly number[];
  readonly quantitySum: number;
  readonly lastQuantity: number;
}

/**
 * Folds one purchase day into a clock, in O(1) (clocks.md 5.1). `day` must not precede the last one; a second purchase
 * on the last day only adds quantity. A null state is a first purchase.
 */
export function foldPurchase(state: ClockState | null, day: Day, quantity: number): ClockState {
  if (state === null) return firstPurchase(day, quantity);
  if (day < state.lastDay) throw new RangeError('purchases are folded in the order of their days');
  if (day === state.lastDay) {
    return {
      ...state,
      quantitySum: state.quantitySum + quantity,
      lastQuantity: state.lastQuantity + quantity,
    };
  }
  const gap = day - state.lastDay;
  const logGap = Math.log(gap);
  return {
    firstDay: state.firstDay,
    lastDay: day,
    purchaseCount: state.purchaseCount + 1,
    logGapSum: state.logGapSum + logGap,
    discountedGapCount: DISCOUNT * state.discountedGapCount + 1,
    discountedLogGapSum: DISCOUNT * state.discountedLogGapSum + logGap,
    discountedLogGapSquareSum: DISCOUNT * state.discountedLogGapSquareSum + logGap * logGap,
    decayed: state.decayed.map((count, index) => count * Math.exp(-gap / (DECAY_DAYS[index] ?? 1)) + 1),
    quantitySum: state.quantitySum + quantity,
    lastQuantity: quantity,
  };
}

function firstPurchase(day: Day, quantity: number): ClockState {
  return {
    firstDay: day,
    lastDay: day,
    purchaseCount: 1,
    logGapSum: 0,
    discountedGapCount: 0,
    discountedLogGapSum: 0,
    discountedLogGapSquareSum: 0,
    decayed: DECAY_DAYS.map(() => 1),
    quantitySum: quantity,
    lastQuantity: quantity,
  };
}

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

/** p_ren and alive of clocks.md 5.2. One-time buyers need no special case: x = 0. */
export function renewalScore(
  distribution: GapDistribution,
  options: { gapCount: number; silenceDays: number; horizonDays?: number; parameters: RenewalParameters },
): RenewalScore {
  const { a, b } = options.parameters;
  const stayed = b + options.gapCount;
  const now = gapSurvival(distribution, options.silenceDays);
  const later = gapSurvival(distribution, options.silenceDays + (options.horizonDays ?? HORIZON_DAYS));
  const weight = a + stayed * now + 1e-300;
  const probability = Math.min(Math.max((stayed * (now - later)) / weight, 1e-7), 1 - 1e-7);
  return { probability, alive: (stayed * now) / weight };
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

/** Days on which to propose: from 0.7 × the median gap to its 75 % quantile after the last purchase (priors.md 1). */
export function dueWindow(distribution: GapDistribution, lastDay: Day): { from: Day; to: Day } {
  const from = lastDay + Math.round(WINDOW_OPENING * Math.exp(distribution.m));
  return {
    from,
    to: Math.max(from, lastDay + Math.round(gapQuantile(distribution, WINDOW_CLOSING_QUANTILE))),
  };
}

/** What is said about a clock: shown on Oggi and the profile, and kept with a message as its reason. */
export interface ClockFacts {
  readonly categoryName: string;
  readonly purchaseCount: number;
  readonly lastDay: Day;
  readonly typicalGapDays: number;
  /** Band that holds the next purchase 8 times out of 10, given silence until today. */
  readonly likelyFrom: Day;
  readonly likelyTo: Day;
  readonly medianDay: Day;
  /** Whether the person's own gaps speak, or still the habit of others. */
  readonly ownRhythm: boolean;
}

/** A clock whose window is open, with its score. */
export interface DueClock extends ClockFacts {
  readonly contactId: number;
  readonly categoryId: number;
  readonly firstDay: Day;
  readonly lastQuantity: number;
  readonly dueFrom: Day;
  readonly dueTo: Day;
  readonly probability: number;
  readonly alive: number;
}

/** The facts of a clock on a day. */
export function describeClock(
  clock: ClockState,
  categoryName: string,
  parameters: RenewalParameters,
  today: Day,
): ClockFacts & RenewalScore {
  const distribution = gapDistribution(clock, parameters);
  const score = renewalScore(distribution, {
    gapCount: clock.discountedGapCount,
    silenceDays: Math.max(today - clock.lastDay, 0),
    parameters,
  });
  return {
    ...score,
    categoryName,
    purchaseCount: clock.purchaseCount,
    lastDay: clock.lastDay,
    typicalGapDays: Math.max(1, Math.round(Math.exp(distribution.m))),
    likelyFrom: conditionalDay(distribution, clock.lastDay, today, BAND[0]),
    likelyTo: conditionalDay(distribution, clock.lastDay, today, BAND[1]),
    medianDay: conditionalDay(distribution, clock.lastDay, today, 0.5),
    ownRhythm: clock.purchaseCount >= OWN_RHYTHM_PURCHASES,
  };
}

/** A clock in words: "Compra capsule ogni 34 giorni circa; l’ultima volta il 3 ottobre; finirà verso il 6 novembre." */
export function explainClock(facts: ClockFacts, language: Language, today: Day): string {
  const key =
    facts.purchaseCount === 1
      ? 'clock.one_purchase'
      : facts.medianDay <= today
        ? 'clock.overdue'
        : 'clock.rhythm';
  return sentence(key, language, {
    category: facts.categoryName.toLocaleLowerCase(language),
    count: facts.purchaseCount,
    gap: facts.typicalGapDays,
    last: dayInWords(facts.lastDay, language, today),
    expected: dayInWords(facts.medianDay, language, today),
  });
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
