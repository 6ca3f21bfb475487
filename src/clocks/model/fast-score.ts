/**
 * The twelve-weight score of clocks.md 5.4 and 8 over typed arrays: eleven features and the intercept, 36 bytes per clock,
 * logarithms of whole days and the normal distribution from tables. For planning over millions of clocks where the full
 * features are too much; what it loses is in bench/clock-speed.ts.
 */
import { normalCdf } from '../../kernel/normal.ts';
import type { RenewalParameters } from '../rules.ts';

/** Clocks packed for scoring: 36 bytes each. Decayed counts are as of the last purchase day. */
export interface PackedClocks {
  readonly count: number;
  readonly purchases: Uint16Array;
  readonly discountedGaps: Float32Array;
  readonly discountedLogGapSum: Float32Array;
  readonly lastDay: Int32Array;
  readonly firstDay: Int32Array;
  readonly decayed30: Float32Array;
  readonly decayed120: Float32Array;
  readonly logQuantityRatio: Float32Array;
  readonly category: Uint16Array;
  readonly customer: Uint32Array;
}

/** What a clock's category and customer add to its score on a day, looked up by number. */
export interface DayTerms {
  readonly day: number;
  readonly horizonDays: number;
  readonly parameters: readonly RenewalParameters[];
  /** Logit of the category's rate now, by category, already weighted. */
  readonly categoryTerm: Float64Array;
  /** Visit clock and recent visits, by customer, already weighted. */
  readonly customerTerm: Float64Array;
}

/** Weights on the features as they are (not standardised), in the order of the twelve-weight core. */
export interface CoreWeights {
  readonly intercept: number;
  readonly clock: number;
  readonly z: number;
  readonly decayed30: number;
  readonly decayed120: number;
  readonly count: number;
  readonly oneTimer: number;
  readonly silence: number;
  readonly quantity: number;
}

const LOG_DAYS = 4096;
const PHI_STEPS_PER_UNIT = 1024;
const PHI_LIMIT = 8;
const COUNT_FLOOR = 0.02;

/** ln of whole days below 4,096 and Φ on [−8, 8] in 16,384 steps, linear between: errors about 1e-7 (clocks.md 5.7). */
const logTable = Float64Array.from({ length: LOG_DAYS + 1 }, (_, day) => Math.log(Math.max(day, 0.5)));
const phiTable = Float64Array.from({ length: 2 * PHI_LIMIT * PHI_STEPS_PER_UNIT + 2 }, (_, step) =>
  normalCdf(step / PHI_STEPS_PER_UNIT - PHI_LIMIT),
);

/** Φ(x) from the table, x kept inside ±7.99. */
export function tabulatedCdf(x: number): number {
  const place = (Math.min(Math.max(x, -7.99), 7.99) + PHI_LIMIT) * PHI_STEPS_PER_UNIT;
  const step = place | 0;
  const low = phiTable[step]!;
  return low + (place - step) * (phiTable[step + 1]! - low);
}

const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);
const MANTISSA_BITS = 13;
const mantissaTable = Float64Array.from({ length: 1 << MANTISSA_BITS }, (_, step) =>
  Math.log(1 + (step + 0.5) / (1 << MANTISSA_BITS)),
);

/** ln x for positive x by exponent and a table of 8,192 mantissas: error below 7e-5, for features only. */
export function tabulatedLog(x: number): number {
  floats[0] = x;
  const word = bits[0]!;
  return (
    ((word >> 23) - 127) * Math.LN2 +
    mantissaTable[(word >> (23 - MANTISSA_BITS)) & ((1 << MANTISSA_BITS) - 1)]!
  );
}

/**
 * Scores packed clocks on a day. The logit of the renewal probability is ln(stay (S(t) − S(t+h))) − ln(a + stay S(t+h)); what
 * depends on the customer or the category alone comes added up in `terms`. The logistic function is exact.
 */
export function scorePacked(
  clocks: PackedClocks,
  terms: DayTerms,
  weights: CoreWeights,
  scores: Float32Array,
): void {
  const { day, horizonDays } = terms;
  const categories = packParameters(terms.parameters);
  const [fade30, fade120] = [fadeTable(30), fadeTable(120)];
  const counts = Float64Array.from({ length: 65_536 }, (_, n) => weights.count * Math.log(Math.max(n, 1)));
  counts[1]! += weights.oneTimer;
  for (let clock = 0; clock < clocks.count; clock++) {
    const silence = Math.min(day - clocks.lastDay[clock]!, LOG_DAYS - horizonDays);
    const category = clocks.category[clock]!;
    const at = category * PARAMETERS;
    const gaps = clocks.discountedGaps[clock]!;
    const inverse = 1 / (categories[at + 2]! + gaps);
    const m = (categories[at]! + clocks.discountedLogGapSum[clock]!) * inverse;
    const perDeviation = 1 / (categories[at + 1]! * Math.sqrt(1 + inverse));
    const z = (logTable[silence]! - m) * perDeviation;
    const later = tabulatedCdf((m - logTable[silence + horizonDays]!) * perDeviation);
    const stay = categories[at + 4]! + gaps;
    const odds = (stay * (tabulatedCdf(-z) - later)) / (categories[at + 3]! + stay * later);
    const sum =
      weights.intercept +
      weights.clock * tabulatedLog(Math.min(Math.max(odds, ODDS_MIN), ODDS_MAX)) +
      weights.z * Math.min(Math.max(z, -6), 6) +
      weights.decayed30 * tabulatedLog(clocks.decayed30[clock]! * fade30[silence]! + COUNT_FLOOR) +
      weights.decayed120 * tabulatedLog(clocks.decayed120[clock]! * fade120[silence]! + COUNT_FLOOR) +
      counts[clocks.purchases[clock]!]! +
      weights.silence * logTable[silence + 1]! +
      weights.quantity * clocks.logQuantityRatio[clock]! +
      terms.categoryTerm[category]! +
      terms.customerTerm[clocks.customer[clock]!]!;
    scores[clock] = 1 / (1 + Math.exp(-sum));
  }
}

const ODDS_MIN = 1e-6;
const ODDS_MAX = 1e6;
const PARAMETERS = 5;

/** κμ, σ, κ, a, b of every category, side by side. */
const packParameters = (parameters: readonly RenewalParameters[]): Float64Array =>
  Float64Array.from(parameters.flatMap(({ mu, sigma, kappa, a, b }) => [kappa * mu, sigma, kappa, a, b]));

/** e^(−t/τ) by whole days of silence. */
const fadeTable = (scaleDays: number): Float64Array =>
  Float64Array.from({ length: LOG_DAYS + 1 }, (_, day) => Math.exp(-day / scaleDays));

/** The same score with the functions of Math and the normal distribution, clock by clock: what the tables are measured by. */
export function scorePlainly(
  clocks: PackedClocks,
  clock: number,
  terms: DayTerms,
  weights: CoreWeights,
): number {
  const silence = terms.day - clocks.lastDay[clock]!;
  const category = clocks.category[clock]!;
  const { mu, sigma, kappa, a, b } = terms.parameters[category]!;
  const gaps = clocks.discountedGaps[clock]!;
  const m = (kappa * mu + clocks.discountedLogGapSum[clock]!) / (kappa + gaps);
  const sd = sigma * Math.sqrt(1 + 1 / (kappa + gaps));
  const z = (Math.log(Math.max(silence, 0.5)) - m) / sd;
  const now = normalCdf(-z);
  const later = normalCdf((m - Math.log(silence + terms.horizonDays)) / sd);
  const odds = ((b + gaps) * (now - later)) / (a + (b + gaps) * later);
  const n = clocks.purchases[clock]!;
  const sum =
    weights.intercept +
    weights.clock * Math.log(Math.min(Math.max(odds, ODDS_MIN), ODDS_MAX)) +
    weights.z * Math.min(Math.max(z, -6), 6) +
    weights.decayed30 * Math.log(clocks.decayed30[clock]! * Math.exp(-silence / 30) + COUNT_FLOOR) +
    weights.decayed120 * Math.log(clocks.decayed120[clock]! * Math.exp(-silence / 120) + COUNT_FLOOR) +
    weights.count * Math.log(n) +
    (n === 1 ? weights.oneTimer : 0) +
    weights.silence * Math.log(1 + silence) +
    weights.quantity * clocks.logQuantityRatio[clock]! +
    terms.categoryTerm[category]! +
    terms.customerTerm[clocks.customer[clock]!]!;
  return 1 / (1 + Math.exp(-sum));
}
