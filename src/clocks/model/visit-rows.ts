import { FACTS, RECENT, RECENT_GAPS, ROW_BYTES, SUMS } from './clock-rows.ts';
import { countFaded, fadePlace, fadeRow, lnWhole } from './tables.ts';

/** Time constants in days of the decayed counts of visits (clocks.md 5.4, features 7–9). */
export const VISIT_DECAY_DAYS = [15, 30, 90] as const;

/** Time constants in days of the decayed counts of all a customer buys. */
export const BASKET_DECAY_DAYS = [30, 90] as const;

const FIRST_DAY = 0;
const LAST_DAY = 1;
const VISITS = 2;
const PURCHASES = 3;
const LAST_BASKET = 4;
const CLOCKS = 5;
const REPEATED_CLOCKS = 6;

const LOG_GAPS = 8; // the first sum after sixteen whole numbers
const LOG_GAP_SQUARES = 9;
const DECAYED = 10;
const DECAYED_PURCHASES = DECAYED + VISIT_DECAY_DAYS.length;

const F15 = fadePlace(15);
const F30 = fadePlace(30);
const F90 = fadePlace(90);

/** A customer's visits as they are stored; its clocks are counted apart. */
export interface StoredVisits {
  readonly visits: number;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly purchases: number;
  readonly lastBasket: number;
  readonly logGapSum: number;
  readonly logGapSquareSum: number;
  /** In the order of VISIT_DECAY_DAYS. */
  readonly decayed: readonly number[];
  /** In the order of BASKET_DECAY_DAYS. */
  readonly decayedPurchases: readonly number[];
  readonly recentGaps: readonly number[];
}

/** Statistics of every customer's visit days, a row each. Decayed counts are as of the last visit. */
export class VisitRows {
  readonly count: number;
  readonly facts: Int32Array;
  readonly #sums: Float64Array;

  constructor(size: number) {
    this.count = size;
    const rows = new ArrayBuffer(size * ROW_BYTES);
    this.facts = new Int32Array(rows);
    this.#sums = new Float64Array(rows);
  }

  get bytes(): number {
    return this.facts.byteLength;
  }

  /** Reads something of each line of memory of a row: of no meaning, but near afterwards. */
  look(customer: number): number {
    const at = customer * SUMS;
    return this.#sums[at]! + this.#sums[at + LOG_GAPS]! + this.#sums[at + DECAYED_PURCHASES + 1]!;
  }

  /** Folds a purchase of one category on a day; further categories of the day are the same visit. Days never go back. */
  add(customer: number, day: number): void {
    const [at, sumsAt] = [customer * FACTS, customer * SUMS];
    const facts = this.facts;
    const sums = this.#sums;
    const seen = facts[at + VISITS]!;
    const gap = seen === 0 ? 0 : day - facts[at + LAST_DAY]!;
    facts[at + PURCHASES]!++;
    const fade = fadeRow(gap);
    countFaded(sums, sumsAt + DECAYED_PURCHASES, fade + F30);
    countFaded(sums, sumsAt + DECAYED_PURCHASES + 1, fade + F90);
    if (seen > 0 && gap === 0) {
      facts[at + LAST_BASKET]!++;
      return;
    }
    facts[at + VISITS] = seen + 1;
    facts[at + LAST_BASKET] = 1;
    facts[at + LAST_DAY] = day;
    countFaded(sums, sumsAt + DECAYED, fade + F15);
    countFaded(sums, sumsAt + DECAYED + 1, fade + F30);
    countFaded(sums, sumsAt + DECAYED + 2, fade + F90);
    if (seen === 0) {
      facts[at + FIRST_DAY] = day;
      return;
    }
    const logGap = lnWhole(gap);
    facts[at + RECENT + ((seen - 1) & (RECENT_GAPS - 1))] = gap;
    sums[sumsAt + LOG_GAPS]! += logGap;
    sums[sumsAt + LOG_GAP_SQUARES]! += logGap * logGap;
  }

  /** Counts a clock begun by a customer. */
  addClock(customer: number): void {
    this.facts[customer * FACTS + CLOCKS]!++;
  }

  /** Counts a clock that saw its second purchase. */
  addRepeatedClock(customer: number): void {
    this.facts[customer * FACTS + REPEATED_CLOCKS]!++;
  }

  /** Writes a customer's visits as they are stored. */
  set(customer: number, stored: StoredVisits): void {
    const [at, sumsAt] = [customer * FACTS, customer * SUMS];
    this.facts[at + FIRST_DAY] = stored.firstDay;
    this.facts[at + LAST_DAY] = stored.lastDay;
    this.facts[at + VISITS] = stored.visits;
    this.facts[at + PURCHASES] = stored.purchases;
    this.facts[at + LAST_BASKET] = stored.lastBasket;
    this.facts.set(stored.recentGaps, at + RECENT);
    this.#sums[sumsAt + LOG_GAPS] = stored.logGapSum;
    this.#sums[sumsAt + LOG_GAP_SQUARES] = stored.logGapSquareSum;
    this.#sums.set(stored.decayed, sumsAt + DECAYED);
    this.#sums.set(stored.decayedPurchases, sumsAt + DECAYED_PURCHASES);
  }

  visits(customer: number): number {
    return this.facts[customer * FACTS + VISITS]!;
  }

  firstDay(customer: number): number {
    return this.facts[customer * FACTS + FIRST_DAY]!;
  }

  lastDay(customer: number): number {
    return this.facts[customer * FACTS + LAST_DAY]!;
  }

  /** Purchase days over all categories. */
  purchases(customer: number): number {
    return this.facts[customer * FACTS + PURCHASES]!;
  }

  /** Categories bought on the last visit. */
  lastBasket(customer: number): number {
    return this.facts[customer * FACTS + LAST_BASKET]!;
  }

  clocks(customer: number): number {
    return this.facts[customer * FACTS + CLOCKS]!;
  }

  /** Clocks with a second purchase. */
  repeatedClocks(customer: number): number {
    return this.facts[customer * FACTS + REPEATED_CLOCKS]!;
  }

  logGapSum(customer: number): number {
    return this.#sums[customer * SUMS + LOG_GAPS]!;
  }

  logGapSquareSum(customer: number): number {
    return this.#sums[customer * SUMS + LOG_GAP_SQUARES]!;
  }

  /** Count of visits that fades at one of the speeds of VISIT_DECAY_DAYS. */
  decayed(customer: number, scale: number): number {
    return this.#sums[customer * SUMS + DECAYED + scale]!;
  }

  /** Count of purchases over all categories that fades at one of the speeds of BASKET_DECAY_DAYS. */
  decayedPurchases(customer: number, scale: number): number {
    return this.#sums[customer * SUMS + DECAYED_PURCHASES + scale]!;
  }
}
