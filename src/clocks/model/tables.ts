/**
 * Logarithms, Φ and exponential fading from tables (clocks.md 5.7): features of millions of clocks are computed from whole
 * days, where a table is exact, and from values whose last digits no weight can tell.
 */
import { normalCdf } from '../../kernel/normal.ts';
import { SHORTEST_GAP_DAYS } from '../rules.ts';

/** Days (eleven years) and counts up to here are looked up. */
const WHOLE_MAX = 4096;

const lnTable = Float64Array.from({ length: WHOLE_MAX }, (_, whole) =>
  Math.log(Math.max(whole, SHORTEST_GAP_DAYS)),
);

/** ln of a whole number of days or purchases; 0 counts as a half (clocks.md 5.7). Exact. */
export const lnWhole = (whole: number): number => (whole < WHOLE_MAX ? lnTable[whole]! : Math.log(whole));

const PHI_STEPS_PER_UNIT = 1024;
const PHI_LIMIT = 8;
const phiTable = Float64Array.from({ length: 2 * PHI_LIMIT * PHI_STEPS_PER_UNIT + 2 }, (_, step) =>
  normalCdf(step / PHI_STEPS_PER_UNIT - PHI_LIMIT),
);

/** Φ(x), linear between 16,384 steps, x kept inside ±7.99: within 3e-8. */
export function phi(x: number): number {
  const place = (Math.min(Math.max(x, -7.99), 7.99) + PHI_LIMIT) * PHI_STEPS_PER_UNIT;
  const step = place | 0;
  const low = phiTable[step]!;
  return low + (place - step) * (phiTable[step + 1]! - low);
}

const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);
const MANTISSA_BITS = 13;
const FLOAT_MANTISSA_BITS = 23;
const FLOAT_BIAS = 127;
const mantissaTable = Float64Array.from({ length: 1 << MANTISSA_BITS }, (_, step) =>
  Math.log(1 + (step + 0.5) / (1 << MANTISSA_BITS)),
);

/** ln x for positive x by exponent and a table of 8,192 mantissas: within 7e-5. */
export function ln(x: number): number {
  floats[0] = x;
  const word = bits[0]!;
  return (
    ((word >> FLOAT_MANTISSA_BITS) - FLOAT_BIAS) * Math.LN2 +
    mantissaTable[(word >> (FLOAT_MANTISSA_BITS - MANTISSA_BITS)) & ((1 << MANTISSA_BITS) - 1)]!
  );
}

const RATIO_STEPS_PER_UNIT = 256;
const RATIO_LIMIT = 64;
const lnRatio = (x: number): number => (x === 0 ? 1 : Math.sqrt(Math.log1p(x) / x));
const ratioTable = Float64Array.from({ length: RATIO_LIMIT * RATIO_STEPS_PER_UNIT + 2 }, (_, step) =>
  lnRatio(step / RATIO_STEPS_PER_UNIT),
);

/** √(ln(1 + x)/x) for x ≥ 0, 1 at 0, linear between 256 steps a unit up to 64: within 1e-6. */
export function rootOfLnRatio(x: number): number {
  if (x >= RATIO_LIMIT) return lnRatio(x);
  const place = x * RATIO_STEPS_PER_UNIT;
  const step = place | 0;
  const low = ratioTable[step]!;
  return low + (place - step) * (ratioTable[step + 1]! - low);
}

const LOGISTIC_STEPS_PER_UNIT = 256;
const LOGISTIC_LIMIT = 20;
const logisticTable = Float64Array.from(
  { length: 2 * LOGISTIC_LIMIT * LOGISTIC_STEPS_PER_UNIT + 2 },
  (_, step) => 1 / (1 + Math.exp(LOGISTIC_LIMIT - step / LOGISTIC_STEPS_PER_UNIT)),
);

/** 1/(1 + e^(−x)), linear between 256 steps a unit, x kept inside ±20: within 2e-6 of itself and of its complement. */
export function logistic(x: number): number {
  const place =
    (Math.min(Math.max(x, -LOGISTIC_LIMIT), LOGISTIC_LIMIT) + LOGISTIC_LIMIT) * LOGISTIC_STEPS_PER_UNIT;
  const step = place | 0;
  const low = logisticTable[step]!;
  return low + (place - step) * (logisticTable[step + 1]! - low);
}

const ODDS_MIN = 1e-6;
const ODDS_MAX = 1e6;

/** ln odds kept inside ±13.8, a probability between 1e-6 and 1 − 1e-6 (clocks.md 5.4); not a number counts as the least. */
export const lnOdds = (odds: number): number => ln(odds > ODDS_MIN ? Math.min(odds, ODDS_MAX) : ODDS_MIN);

/** What is left of a decayed count after whole days: e^(−days/scale). Exact. */
export class Fade {
  readonly #scaleDays: number;
  readonly #table: Float64Array;

  constructor(scaleDays: number) {
    this.#scaleDays = scaleDays;
    this.#table = Float64Array.from({ length: WHOLE_MAX }, (_, days) => Math.exp(-days / scaleDays));
  }

  after(days: number): number {
    return days < WHOLE_MAX ? this.#table[days]! : Math.exp(-days / this.#scaleDays);
  }
}

/** All time constants in days at which a count fades. What is left after a day at each of them stands side by side. */
const FADING_DAYS: readonly number[] = [15, 30, 60, 90, 120, 240];
const FADING_PLACES = 8;
const fadeRows = Float64Array.from({ length: (WHOLE_MAX + 1) * FADING_PLACES }, (_, place) =>
  Math.exp(-Math.floor(place / FADING_PLACES) / (FADING_DAYS[place % FADING_PLACES] ?? 1)),
);

/** Place of a time constant in a row of what is left: added to `fadeRow`, it says how a count fades. */
export const fadePlace = (scaleDays: number): number => FADING_DAYS.indexOf(scaleDays);

/** Where the row of so many days stands. Valid until the next call: days that no row holds are computed into the last one. */
export function fadeRow(days: number): number {
  if (days < WHOLE_MAX) return days * FADING_PLACES;
  for (const [place, scaleDays] of FADING_DAYS.entries())
    fadeRows[WHOLE_MAX * FADING_PLACES + place] = Math.exp(-days / scaleDays);
  return WHOLE_MAX * FADING_PLACES;
}

/** Fades the count at a place and counts one more. */
export function countFaded(counts: Float64Array, at: number, fade: number): void {
  counts[at] = counts[at]! * fadeRows[fade]! + 1;
}
