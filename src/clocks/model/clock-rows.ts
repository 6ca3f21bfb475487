import type { RenewalState } from '../rules.ts';
import { DECAY_DAYS, DISCOUNT } from '../rules.ts';
import { countFaded, fadePlace, fadeRow, lnWhole } from './tables.ts';

/** So many latest gaps are kept one by one, for the clock's own distribution. */
export const RECENT_GAPS = 8;

/**
 * A row of memory for each clock or customer, its whole numbers first and its sums after them: a purchase of one among
 * millions then needs one page and three lines of memory, where a column for each number would need seventeen.
 */
export const ROW_BYTES = 160;
/** Steps from row to row among whole numbers, and among sums. */
export const FACTS = ROW_BYTES / Int32Array.BYTES_PER_ELEMENT;
export const SUMS = ROW_BYTES / Float64Array.BYTES_PER_ELEMENT;

/** Where the latest gaps of a row begin: gap k stands in place k mod 8 of them, 0 where there is none yet. */
export const RECENT = 8;

/** Room made at first where nobody knows how much is needed. */
const FIRST_ROWS = 16;

const FIRST_DAY = 0;
const LAST_DAY = 1;
const PURCHASES = 2;
const CUSTOMER = 3;
const CATEGORY = 4;
const VISITS_AT_FIRST = 5;
const VISITS_AT_LAST = 6;

const LOG_GAPS = 8; // the first sum after sixteen whole numbers
const LOG_GAP_SQUARES = 9;
const DISCOUNTED_GAPS = 10;
const DISCOUNTED_LOG_GAPS = 11;
const DISCOUNTED_LOG_GAP_SQUARES = 12;
const QUANTITY = 13;
const LAST_QUANTITY = 14;
const DECAYED = 15;

const F15 = fadePlace(15);
const F30 = fadePlace(30);
const F60 = fadePlace(60);
const F120 = fadePlace(120);
const F240 = fadePlace(240);

/** A clock as it is stored. */
export interface StoredClock {
  readonly firstDay: number;
  readonly lastDay: number;
  readonly purchases: number;
  readonly visitsAtFirst: number;
  readonly visitsAtLast: number;
  readonly logGapSum: number;
  readonly discountedGaps: number;
  readonly discountedLogGapSum: number;
  readonly discountedLogGapSquareSum: number;
  readonly quantitySum: number;
  readonly lastQuantity: number;
  /** In the order of DECAY_DAYS. */
  readonly decayed: readonly number[];
  readonly recentGaps: readonly number[];
}

/**
 * Statistics of every clock (clocks.md 5.1), a row each. Days are local day numbers, sums are of natural logarithms of days,
 * decayed counts are as of the last purchase day.
 */
export class ClockRows {
  /** Clocks with a purchase so far; there may be room for more. */
  count = 0;
  facts: Int32Array;
  #sums: Float64Array;

  constructor(size: number) {
    const rows = new ArrayBuffer(size * ROW_BYTES);
    this.facts = new Int32Array(rows);
    this.#sums = new Float64Array(rows);
  }

  get bytes(): number {
    return this.facts.byteLength;
  }

  /** Reads something of each line of memory of a row: of no meaning, but near afterwards. */
  look(clock: number): number {
    const at = clock * SUMS;
    return (
      this.#sums[at]! + this.#sums[at + LOG_GAPS]! + this.#sums[at + DECAYED]! + this.#sums[at + SUMS - 1]!
    );
  }

  /** Begins the next clock with its first purchase day. */
  start(customer: number, category: number, day: number, visits: number): void {
    const [at, sumsAt] = [this.count * FACTS, this.count * SUMS];
    const { facts } = this;
    this.count++;
    facts[at + FIRST_DAY] = day;
    facts[at + LAST_DAY] = day;
    facts[at + PURCHASES] = 1;
    facts[at + CUSTOMER] = customer;
    facts[at + CATEGORY] = category;
    facts[at + VISITS_AT_FIRST] = visits;
    for (let scale = 0; scale < DECAY_DAYS.length; scale++) this.#sums[sumsAt + DECAYED + scale] = 1;
  }

  /** Folds a further purchase day, later than the last (clocks.md 5.1). */
  addGap(clock: number, day: number): void {
    const [at, sumsAt] = [clock * FACTS, clock * SUMS];
    const facts = this.facts;
    const sums = this.#sums;
    const gap = day - facts[at + LAST_DAY]!;
    const seen = facts[at + PURCHASES]! - 1;
    const logGap = lnWhole(gap);
    const square = logGap * logGap;
    facts[at + LAST_DAY] = day;
    facts[at + PURCHASES] = seen + 2;
    facts[at + RECENT + (seen & (RECENT_GAPS - 1))] = gap;
    sums[sumsAt + LOG_GAPS]! += logGap;
    sums[sumsAt + LOG_GAP_SQUARES]! += square;
    sums[sumsAt + DISCOUNTED_GAPS] = DISCOUNT * sums[sumsAt + DISCOUNTED_GAPS]! + 1;
    sums[sumsAt + DISCOUNTED_LOG_GAPS] = DISCOUNT * sums[sumsAt + DISCOUNTED_LOG_GAPS]! + logGap;
    sums[sumsAt + DISCOUNTED_LOG_GAP_SQUARES] =
      DISCOUNT * sums[sumsAt + DISCOUNTED_LOG_GAP_SQUARES]! + square;
    const fade = fadeRow(gap);
    countFaded(sums, sumsAt + DECAYED, fade + F15);
    countFaded(sums, sumsAt + DECAYED + 1, fade + F30);
    countFaded(sums, sumsAt + DECAYED + 2, fade + F60);
    countFaded(sums, sumsAt + DECAYED + 3, fade + F120);
    countFaded(sums, sumsAt + DECAYED + 4, fade + F240);
  }

  /** What was bought on a clock's last purchase day, and the customer's count of visits on it. */
  setLast(clock: number, quantity: number, visits: number): void {
    this.facts[clock * FACTS + VISITS_AT_LAST] = visits;
    this.#sums[clock * SUMS + QUANTITY]! += quantity;
    this.#sums[clock * SUMS + LAST_QUANTITY] = quantity;
  }

  /** Appends a clock as it is stored; makes room for it where there is none. */
  add(customer: number, category: number, stored: StoredClock): void {
    if ((this.count + 1) * ROW_BYTES > this.facts.byteLength) this.#grow();
    this.start(customer, category, stored.firstDay, stored.visitsAtFirst);
    const [at, sumsAt] = [(this.count - 1) * FACTS, (this.count - 1) * SUMS];
    this.facts[at + LAST_DAY] = stored.lastDay;
    this.facts[at + PURCHASES] = stored.purchases;
    this.facts[at + VISITS_AT_LAST] = stored.visitsAtLast;
    this.facts.set(stored.recentGaps, at + RECENT);
    this.#sums[sumsAt + LOG_GAPS] = stored.logGapSum;
    this.#sums[sumsAt + DISCOUNTED_GAPS] = stored.discountedGaps;
    this.#sums[sumsAt + DISCOUNTED_LOG_GAPS] = stored.discountedLogGapSum;
    this.#sums[sumsAt + DISCOUNTED_LOG_GAP_SQUARES] = stored.discountedLogGapSquareSum;
    this.#sums[sumsAt + QUANTITY] = stored.quantitySum;
    this.#sums[sumsAt + LAST_QUANTITY] = stored.lastQuantity;
    this.#sums.set(stored.decayed, sumsAt + DECAYED);
  }

  #grow(): void {
    const rows = new ArrayBuffer(Math.max(this.facts.byteLength * 2, FIRST_ROWS * ROW_BYTES));
    const facts = new Int32Array(rows);
    facts.set(this.facts);
    this.facts = facts;
    this.#sums = new Float64Array(rows);
  }

  customer(clock: number): number {
    return this.facts[clock * FACTS + CUSTOMER]!;
  }

  category(clock: number): number {
    return this.facts[clock * FACTS + CATEGORY]!;
  }

  firstDay(clock: number): number {
    return this.facts[clock * FACTS + FIRST_DAY]!;
  }

  lastDay(clock: number): number {
    return this.facts[clock * FACTS + LAST_DAY]!;
  }

  purchases(clock: number): number {
    return this.facts[clock * FACTS + PURCHASES]!;
  }

  /** The customer's count of visit days on the first purchase day, that day included. */
  visitsAtFirst(clock: number): number {
    return this.facts[clock * FACTS + VISITS_AT_FIRST]!;
  }

  /** The same on the last purchase day. */
  visitsAtLast(clock: number): number {
    return this.facts[clock * FACTS + VISITS_AT_LAST]!;
  }

  logGapSum(clock: number): number {
    return this.#sums[clock * SUMS + LOG_GAPS]!;
  }

  logGapSquareSum(clock: number): number {
    return this.#sums[clock * SUMS + LOG_GAP_SQUARES]!;
  }

  discountedGaps(clock: number): number {
    return this.#sums[clock * SUMS + DISCOUNTED_GAPS]!;
  }

  discountedLogGapSum(clock: number): number {
    return this.#sums[clock * SUMS + DISCOUNTED_LOG_GAPS]!;
  }

  discountedLogGapSquareSum(clock: number): number {
    return this.#sums[clock * SUMS + DISCOUNTED_LOG_GAP_SQUARES]!;
  }

  quantitySum(clock: number): number {
    return this.#sums[clock * SUMS + QUANTITY]!;
  }

  lastQuantity(clock: number): number {
    return this.#sums[clock * SUMS + LAST_QUANTITY]!;
  }

  /** What the renewal clock reads of a clock on a day: its discounted gaps and the silence since. */
  renewalState(clock: number, day: number): RenewalState {
    return {
      gaps: this.discountedGaps(clock),
      logGapSum: this.discountedLogGapSum(clock),
      silenceDays: day - this.lastDay(clock),
    };
  }

  /** The latest gaps in days, in no order. */
  recentGaps(clock: number): Int32Array {
    const at = clock * FACTS + RECENT;
    return this.facts.subarray(at, at + Math.min(this.purchases(clock) - 1, RECENT_GAPS));
  }

  /** Count of purchases that fades at one of the speeds of DECAY_DAYS. */
  decayed(clock: number, scale: number): number {
    return this.#sums[clock * SUMS + DECAYED + scale]!;
  }
}
