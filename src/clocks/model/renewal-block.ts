import type { RenewalParameters } from '../rules.ts';
import { FACTS, RECENT, RECENT_GAPS } from './clock-rows.ts';
import { lnOdds, lnWhole, phi, rootOfLnRatio } from './tables.ts';

/**
 * So many clocks are computed at a time, one quantity after the other, so that each loop is short and its columns stay in
 * the nearest memory.
 */
export const BLOCK = 128;

/** One number per clock of a block. */
export const blockColumn = (): Float64Array => new Float64Array(BLOCK);

/** Numbers of one clock among packed parameters: μ, σ, κ, a, b. */
const PARAMETERS = 5;

/** Where the silence of each clock stands in the predictive distribution of ln gap, N(m, sd²) of clocks.md 5.2. */
export interface Predictive {
  readonly m: Float64Array;
  readonly perDeviation: Float64Array;
  /** S(t) and S(t + h): chances that the gap is longer than the silence now and at the end of the horizon. */
  readonly now: Float64Array;
  readonly later: Float64Array;
}

export const createPredictive = (): Predictive => ({
  m: blockColumn(),
  perDeviation: blockColumn(),
  now: blockColumn(),
  later: blockColumn(),
});

/** What is known on a day of a block of clocks, or of the visits of a block of customers. */
export class RenewalBlock {
  count = 0;
  /** Parameters of several renewal clocks side by side. */
  readonly packed: Float64Array;
  /** Place of the clock's parameters among the packed ones, counted in clocks. */
  readonly parameters = new Int32Array(BLOCK);
  readonly silenceDays = new Int32Array(BLOCK);
  readonly purchases = new Int32Array(BLOCK);
  readonly gaps = blockColumn();
  readonly logGapSum = blockColumn();
  readonly logGapSquareSum = blockColumn();
  /** Row of the clock, or of the customer, where its latest gaps stand. */
  readonly row = new Int32Array(BLOCK);
  readonly lnNow = blockColumn();
  readonly lnLater = blockColumn();

  constructor(parameters: readonly RenewalParameters[]) {
    this.packed = Float64Array.from(
      parameters.flatMap(({ mu, sigma, kappa, a, b }) => [mu, sigma, kappa, a, b]),
    );
  }

  /** Logarithms of the silence, now and at the end of the horizon. */
  takeLogarithms(horizonDays: number): void {
    const { count, silenceDays, lnNow, lnLater } = this;
    for (let i = 0; i < count; i++) {
      lnNow[i] = lnWhole(silenceDays[i]!);
      lnLater[i] = lnWhole(silenceDays[i]! + horizonDays);
    }
  }
}

/**
 * The predictive distribution of each clock from so many gaps and the sum of their ln days (plain or discounted), and S(t),
 * S(t + h) of clocks.md 5.2. Columns are handed over one by one: functions that meet one kind of object only run much faster.
 */
export function predict(
  block: RenewalBlock,
  gaps: Float64Array,
  logGapSum: Float64Array,
  { m, perDeviation, now, later }: Predictive,
): void {
  const { count, packed, parameters, lnNow, lnLater } = block;
  for (let i = 0; i < count; i++) {
    const at = parameters[i]! * PARAMETERS;
    const kappa = packed[at + 2]!;
    const share = 1 / (kappa + gaps[i]!);
    const mean = (kappa * packed[at]! + logGapSum[i]!) * share;
    const inverse = 1 / (packed[at + 1]! * Math.sqrt(1 + share));
    m[i] = mean;
    perDeviation[i] = inverse;
    now[i] = phi((mean - lnNow[i]!) * inverse);
    later[i] = phi((mean - lnLater[i]!) * inverse);
  }
}

/** ln odds of a purchase within the horizon with drop-out: p_ren of clocks.md 5.2 from x, S(t) and S(t + h). */
export function renewalLogits(
  block: RenewalBlock,
  gaps: Float64Array,
  now: Float64Array,
  later: Float64Array,
  out: Float64Array,
): void {
  const { count, packed, parameters } = block;
  for (let i = 0; i < count; i++) {
    const at = parameters[i]! * PARAMETERS;
    const stayed = packed[at + 4]! + gaps[i]!;
    out[i] = lnOdds((stayed * (now[i]! - later[i]!)) / (packed[at + 3]! + stayed * later[i]!));
  }
}

/** Degrees of freedom and squared scale of the prior of a clock's own variance, in units of the category's σ². */
const SPREAD_FREEDOM = 4;
const SPREAD_SCALE = 0.8;

/**
 * ln odds of a purchase within the horizon when the clock's variance is its own: σ_i² scaled-inverse-χ² around the
 * category's, so that the predictive of ln gap is Student's t with ν = 4 + x degrees of freedom (the conjugate normal model:
 * Gelman et al., Bayesian Data Analysis, 3rd edition, 3.3), with drop-out as in clocks.md 5.2. A regular customer's odds
 * rise steeply when the day comes, an irregular one's hardly.
 */
export function ownSpreadLogits(
  block: RenewalBlock,
  { m }: Predictive,
  scratch: OwnSpread,
  out: Float64Array,
): void {
  const { count, packed, parameters, gaps, logGapSum, logGapSquareSum } = block;
  const { perDeviation, freedom, now, later } = scratch;
  for (let i = 0; i < count; i++) {
    const at = parameters[i]! * PARAMETERS;
    const [mu, sigma, kappa] = [packed[at]!, packed[at + 1]!, packed[at + 2]!];
    const x = gaps[i]!;
    const share = 1 / (kappa + x);
    const mean = x > 0 ? logGapSum[i]! / x : mu;
    const away = mean - mu;
    const around = logGapSquareSum[i]! - x * mean * mean;
    const squares = (around > 0 ? around : 0) + kappa * x * share * away * away;
    const nu = SPREAD_FREEDOM + x;
    freedom[i] = nu;
    perDeviation[i] = Math.sqrt(
      nu / ((SPREAD_FREEDOM * SPREAD_SCALE * sigma * sigma + squares) * (1 + share)),
    );
  }
  survive(block, m, block.lnNow, scratch, now);
  survive(block, m, block.lnLater, scratch, later);
  renewalLogits(block, gaps, now, later, out);
}

/** What the clock with its own spread computes on its way. */
export interface OwnSpread {
  readonly perDeviation: Float64Array;
  readonly freedom: Float64Array;
  readonly now: Float64Array;
  readonly later: Float64Array;
}

export const createOwnSpread = (): OwnSpread => ({
  perDeviation: blockColumn(),
  freedom: blockColumn(),
  now: blockColumn(),
  later: blockColumn(),
});

/** Chance that Student's t leaves the gap longer than a time given by its logarithm. */
function survive(
  { count }: RenewalBlock,
  m: Float64Array,
  lnTime: Float64Array,
  { perDeviation, freedom }: OwnSpread,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) out[i] = studentCdf((m[i]! - lnTime[i]!) * perDeviation[i]!, freedom[i]!);
}

/**
 * Distribution function of Student's t by the normal: D. L. Wallace, "Bounds on normal approximations to Student's and the
 * chi-square distributions", 1959. Within 0.002 from four degrees of freedom on, and rising: enough for a feature.
 */
export function studentCdf(t: number, freedom: number): number {
  // ±√(ν ln(1 + t²/ν)) written as a multiple of t: its sign then needs no branch.
  return phi((t * rootOfLnRatio((t * t) / freedom) * (8 * freedom + 1)) / (8 * freedom + 3));
}

/** How many gaps the category's distribution weighs against the clock's own, and the width of each own gap in ln days. */
const OWN_GAPS_PRIOR = 2;
const PER_OWN_GAP_WIDTH = 1 / 0.25;

/**
 * ln odds of a purchase within the horizon when the clock's latest gaps are its distribution: a log-normal kernel at each of
 * them, mixed with the predictive of the renewal clock as a Dirichlet process mixes its base with what was seen (Ferguson
 * 1973). It sees what no curve does: two cadences, weekly multiples, a longest gap that was never passed.
 */
export function ownGapsLogits(
  block: RenewalBlock,
  predictive: Predictive,
  facts: Int32Array,
  out: Float64Array,
): void {
  const { count, packed, parameters, purchases, row, lnNow, lnLater } = block;
  for (let i = 0; i < count; i++) {
    const at = parameters[i]! * PARAMETERS;
    const [logNow, logLater] = [lnNow[i]!, lnLater[i]!];
    let now = OWN_GAPS_PRIOR * predictive.now[i]!;
    let later = OWN_GAPS_PRIOR * predictive.later[i]!;
    const kept = Math.min(purchases[i]! - 1, RECENT_GAPS);
    const from = row[i]! * FACTS + RECENT;
    for (let index = from; index < from + kept; index++) {
      const logGap = lnWhole(facts[index]!);
      now += phi((logGap - logNow) * PER_OWN_GAP_WIDTH);
      later += phi((logGap - logLater) * PER_OWN_GAP_WIDTH);
    }
    const stayed = (packed[at + 4]! + purchases[i]! - 1) / (OWN_GAPS_PRIOR + kept);
    out[i] = lnOdds((stayed * (now - later)) / (packed[at + 3]! + stayed * later));
  }
}
