import { DECAY_DAYS, DISCOUNT } from '../rules.ts';
import type { PurchaseHistory } from './purchase-history.ts';
import { daySpan } from './purchase-history.ts';

/** Time constants in days of the decayed counts of visits (clocks.md 5.4, features 7–9). */
export const VISIT_DECAY_DAYS = [15, 30, 90] as const;

/** Statistics of every clock (clocks.md 5.1), one entry per clock. Decayed counts are as of the last purchase day. */
export interface ClockColumns {
  /** Clocks with a purchase so far; the columns may be longer. */
  count: number;
  readonly customer: Int32Array;
  readonly category: Int32Array;
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  readonly purchases: Int32Array;
  readonly logGapSum: Float64Array;
  readonly logGapSquareSum: Float64Array;
  readonly discountedGaps: Float64Array;
  readonly discountedLogGapSum: Float64Array;
  readonly discountedLogGapSquareSum: Float64Array;
  /** Interleaved: five decayed counts per clock, in the order of DECAY_DAYS. */
  readonly decayed: Float64Array;
  readonly quantitySum: Float64Array;
  readonly lastQuantity: Float64Array;
  /** The customer's count of visit days on the first and on the last purchase day, that day included. */
  readonly visitsAtFirst: Int32Array;
  readonly visitsAtLast: Int32Array;
}

/** Statistics of every customer's visit days. Decayed counts are as of the last visit. */
export interface VisitColumns {
  readonly count: number;
  readonly visits: Int32Array;
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  readonly logGapSum: Float64Array;
  readonly logGapSquareSum: Float64Array;
  /** Interleaved: three decayed counts per customer, in the order of VISIT_DECAY_DAYS. */
  readonly decayed: Float64Array;
}

/** What is known of a shop at the end of a day. */
export interface ClockTable {
  readonly categoryCount: number;
  readonly clocks: ClockColumns;
  readonly visits: VisitColumns;
}

const NEVER = -2_147_483_648;

function createClockColumns(size: number): ClockColumns {
  return {
    count: 0,
    customer: new Int32Array(size),
    category: new Int32Array(size),
    firstDay: new Int32Array(size),
    lastDay: new Int32Array(size),
    purchases: new Int32Array(size),
    logGapSum: new Float64Array(size),
    logGapSquareSum: new Float64Array(size),
    discountedGaps: new Float64Array(size),
    discountedLogGapSum: new Float64Array(size),
    discountedLogGapSquareSum: new Float64Array(size),
    decayed: new Float64Array(size * DECAY_DAYS.length),
    quantitySum: new Float64Array(size),
    lastQuantity: new Float64Array(size),
    visitsAtFirst: new Int32Array(size),
    visitsAtLast: new Int32Array(size),
  };
}

function createVisitColumns(size: number): VisitColumns {
  return {
    count: size,
    visits: new Int32Array(size),
    firstDay: new Int32Array(size),
    lastDay: new Int32Array(size).fill(NEVER),
    logGapSum: new Float64Array(size),
    logGapSquareSum: new Float64Array(size),
    decayed: new Float64Array(size * VISIT_DECAY_DAYS.length),
  };
}

/**
 * Number of the clock of every purchase day, from 0 in the order of first purchases: the clocks that exist on a day are
 * the first so many.
 */
export function numberClocks(history: PurchaseHistory): { clockOf: Int32Array; clockCount: number } {
  const { customer, category, categoryCount } = history;
  const numbers = new Map<number, number>();
  const clockOf = new Int32Array(customer.length);
  for (let event = 0; event < customer.length; event++) {
    const key = customer[event]! * categoryCount + category[event]!;
    let clock = numbers.get(key);
    if (clock === undefined) numbers.set(key, (clock = numbers.size));
    clockOf[event] = clock;
  }
  return { clockOf, clockCount: numbers.size };
}

/**
 * Folds a history forward, day by day, into the statistics of its clocks: what is read on a day was known on that day.
 * The same sums as `foldPurchase` of rules.ts keeps, in columns, with the plain second moment that the fit needs.
 */
export class HistoryFold {
  readonly table: ClockTable;
  readonly history: PurchaseHistory;
  /** Number of the clock of every purchase day of the history. */
  readonly clockOf: Int32Array;
  #next = 0;

  constructor(history: PurchaseHistory) {
    this.history = history;
    const { clockOf, clockCount } = numberClocks(history);
    this.clockOf = clockOf;
    this.table = {
      categoryCount: history.categoryCount,
      clocks: createClockColumns(clockCount),
      visits: createVisitColumns(history.customerCount),
    };
  }

  /** Folds every purchase day up to `day`, that day included. Days never go back. */
  advanceTo(day: number): ClockTable {
    const { history, clockOf, table } = this;
    for (; this.#next < clockOf.length && history.day[this.#next]! <= day; this.#next++) {
      const event = this.#next;
      const today = history.day[event]!;
      const customer = history.customer[event]!;
      const clock = clockOf[event]!;
      foldVisit(table.visits, customer, today);
      if (clock === table.clocks.count) {
        startClock(table.clocks, clock, customer, history.category[event]!, today);
        table.clocks.visitsAtFirst[clock] = table.visits.visits[customer]!;
      } else foldGap(table.clocks, clock, today);
      table.clocks.quantitySum[clock]! += history.quantity[event]!;
      table.clocks.lastQuantity[clock] = history.quantity[event]!;
      table.clocks.visitsAtLast[clock] = table.visits.visits[customer]!;
    }
    return table;
  }

  /** Per clock that exists: 1 where the history holds a further purchase day in (day, day + horizon], else 0. */
  labelsAfter(day: number, horizonDays: number): Uint8Array {
    const { history, clockOf, table } = this;
    const labels = new Uint8Array(table.clocks.count);
    for (let event = this.#next; event < clockOf.length; event++) {
      if (history.day[event]! > day + horizonDays) break;
      const clock = clockOf[event]!;
      if (clock < labels.length) labels[clock] = 1;
    }
    return labels;
  }
}

function startClock(
  clocks: ClockColumns,
  clock: number,
  customer: number,
  category: number,
  day: number,
): void {
  clocks.count = clock + 1;
  clocks.customer[clock] = customer;
  clocks.category[clock] = category;
  clocks.firstDay[clock] = day;
  clocks.lastDay[clock] = day;
  clocks.purchases[clock] = 1;
  for (let scale = 0; scale < DECAY_DAYS.length; scale++)
    clocks.decayed[clock * DECAY_DAYS.length + scale] = 1;
}

function foldGap(clocks: ClockColumns, clock: number, day: number): void {
  const gap = day - clocks.lastDay[clock]!;
  const logGap = Math.log(gap);
  clocks.lastDay[clock] = day;
  clocks.purchases[clock]!++;
  clocks.logGapSum[clock]! += logGap;
  clocks.logGapSquareSum[clock]! += logGap * logGap;
  clocks.discountedGaps[clock] = DISCOUNT * clocks.discountedGaps[clock]! + 1;
  clocks.discountedLogGapSum[clock] = DISCOUNT * clocks.discountedLogGapSum[clock]! + logGap;
  clocks.discountedLogGapSquareSum[clock] =
    DISCOUNT * clocks.discountedLogGapSquareSum[clock]! + logGap * logGap;
  for (let scale = 0; scale < DECAY_DAYS.length; scale++) {
    const index = clock * DECAY_DAYS.length + scale;
    clocks.decayed[index] = clocks.decayed[index]! * Math.exp(-gap / DECAY_DAYS[scale]!) + 1;
  }
}

/** A customer's visit on a day; further purchases of the day are the same visit. */
function foldVisit(visits: VisitColumns, customer: number, day: number): void {
  const gap = day - visits.lastDay[customer]!;
  if (gap === 0) return;
  const isFirst = visits.visits[customer] === 0;
  if (isFirst) visits.firstDay[customer] = day;
  else {
    const logGap = Math.log(gap);
    visits.logGapSum[customer]! += logGap;
    visits.logGapSquareSum[customer]! += logGap * logGap;
  }
  visits.lastDay[customer] = day;
  visits.visits[customer]!++;
  for (let scale = 0; scale < VISIT_DECAY_DAYS.length; scale++) {
    const index = customer * VISIT_DECAY_DAYS.length + scale;
    const faded = isFirst ? 0 : visits.decayed[index]! * Math.exp(-gap / VISIT_DECAY_DAYS[scale]!);
    visits.decayed[index] = faded + 1;
  }
}

/** The statistics of all a history holds. */
export function foldHistory(history: PurchaseHistory): ClockTable {
  return new HistoryFold(history).advanceTo(daySpan(history)?.last ?? 0);
}
