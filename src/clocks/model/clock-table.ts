import { DECAY_DAYS, DISCOUNT } from '../rules.ts';
import type { PurchaseHistory } from './purchase-history.ts';
import { daySpan } from './purchase-history.ts';
import { Fade, lnWhole } from './tables.ts';

/** Time constants in days of the decayed counts of visits (clocks.md 5.4, features 7–9). */
export const VISIT_DECAY_DAYS = [15, 30, 90] as const;

/** Time constants in days of the decayed counts of all a customer buys, and of all that is bought of a category. */
export const BASKET_DECAY_DAYS = [30, 90] as const;
export const CATEGORY_DECAY_DAYS = [15, 30, 120] as const; // also kept per clock, so that a category's are their sums

/** How each of these counts fades, in the same order. */
export const clockFades = DECAY_DAYS.map((scale) => new Fade(scale));
export const visitFades = VISIT_DECAY_DAYS.map((scale) => new Fade(scale));
export const basketFades = BASKET_DECAY_DAYS.map((scale) => new Fade(scale));
export const categoryFades = CATEGORY_DECAY_DAYS.map((scale) => new Fade(scale));

/** So many latest gaps are kept one by one, for the clock's own distribution. */
export const RECENT_GAPS = 8;

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
  /** Interleaved: the latest gaps in days, gap k of a clock in place k mod 8; 0 where there is none yet. */
  readonly recentGaps: Int32Array;
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
  /** Interleaved: the latest gaps between visits, as for clocks. */
  readonly recentGaps: Int32Array;
  /** Purchase days over all categories: of the customer's life, of the last visit, and decayed (BASKET_DECAY_DAYS). */
  readonly purchases: Int32Array;
  readonly lastBasket: Int32Array;
  readonly decayedPurchases: Float64Array;
  /** Clocks of the customer, and those with a second purchase. */
  readonly clocks: Int32Array;
  readonly repeatedClocks: Int32Array;
}

/** Statistics of every category. Decayed counts are as of its last purchase day. */
export interface CategoryColumns {
  readonly count: number;
  readonly clocks: Int32Array;
  readonly lastDay: Int32Array;
  /** Interleaved: three decayed counts of purchase days per category, in the order of CATEGORY_DECAY_DAYS. */
  readonly decayed: Float64Array;
}

/** What is known of a shop at the end of a day. */
export interface ClockTable {
  readonly clocks: ClockColumns;
  readonly visits: VisitColumns;
  readonly categories: CategoryColumns;
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
    recentGaps: new Int32Array(size * RECENT_GAPS),
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
    recentGaps: new Int32Array(size * RECENT_GAPS),
    purchases: new Int32Array(size),
    lastBasket: new Int32Array(size),
    decayedPurchases: new Float64Array(size * BASKET_DECAY_DAYS.length),
    clocks: new Int32Array(size),
    repeatedClocks: new Int32Array(size),
  };
}

function createCategoryColumns(size: number): CategoryColumns {
  return {
    count: size,
    clocks: new Int32Array(size),
    lastDay: new Int32Array(size).fill(NEVER),
    decayed: new Float64Array(size * CATEGORY_DECAY_DAYS.length),
  };
}

/** A table with room for so many clocks, customers and categories. */
export const createClockTable = (sizes: {
  readonly clocks: number;
  readonly customers: number;
  readonly categories: number;
}): ClockTable => ({
  clocks: createClockColumns(sizes.clocks),
  visits: createVisitColumns(sizes.customers),
  categories: createCategoryColumns(sizes.categories),
});

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
    this.table = createClockTable({
      clocks: clockCount,
      customers: history.customerCount,
      categories: history.categoryCount,
    });
  }

  /** Folds every purchase day up to `day`, that day included. Days never go back. */
  advanceTo(day: number): ClockTable {
    const { history, clockOf, table } = this;
    for (; this.#next < clockOf.length && history.day[this.#next]! <= day; this.#next++) {
      const event = this.#next;
      foldEvent(table, {
        clock: clockOf[event]!,
        customer: history.customer[event]!,
        category: history.category[event]!,
        day: history.day[event]!,
        quantity: history.quantity[event]!,
      });
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

interface PurchaseEvent {
  readonly clock: number;
  readonly customer: number;
  readonly category: number;
  readonly day: number;
  readonly quantity: number;
}

function foldEvent({ clocks, visits, categories }: ClockTable, event: PurchaseEvent): void {
  const { clock, customer } = event;
  foldVisit(visits, customer, event.day);
  foldCategory(categories, event.category, event.day);
  if (clock === clocks.count) {
    startClock(clocks, event);
    clocks.visitsAtFirst[clock] = visits.visits[customer]!;
    visits.clocks[customer]!++;
    categories.clocks[event.category]!++;
  } else {
    if (clocks.purchases[clock] === 1) visits.repeatedClocks[customer]!++;
    foldGap(clocks, clock, event.day);
  }
  clocks.quantitySum[clock]! += event.quantity;
  clocks.lastQuantity[clock] = event.quantity;
  clocks.visitsAtLast[clock] = visits.visits[customer]!;
}

function startClock(clocks: ClockColumns, { clock, customer, category, day }: PurchaseEvent): void {
  clocks.count = clock + 1;
  clocks.customer[clock] = customer;
  clocks.category[clock] = category;
  clocks.firstDay[clock] = day;
  clocks.lastDay[clock] = day;
  clocks.purchases[clock] = 1;
  const from = clock * DECAY_DAYS.length;
  clocks.decayed.fill(1, from, from + DECAY_DAYS.length);
}

function foldGap(clocks: ClockColumns, clock: number, day: number): void {
  const gap = day - clocks.lastDay[clock]!;
  const logGap = lnWhole(gap);
  clocks.lastDay[clock] = day;
  clocks.purchases[clock]!++;
  clocks.logGapSum[clock]! += logGap;
  clocks.logGapSquareSum[clock]! += logGap * logGap;
  clocks.discountedGaps[clock] = DISCOUNT * clocks.discountedGaps[clock]! + 1;
  clocks.discountedLogGapSum[clock] = DISCOUNT * clocks.discountedLogGapSum[clock]! + logGap;
  clocks.discountedLogGapSquareSum[clock] =
    DISCOUNT * clocks.discountedLogGapSquareSum[clock]! + logGap * logGap;
  clocks.recentGaps[clock * RECENT_GAPS + ((clocks.purchases[clock]! - 2) % RECENT_GAPS)] = gap;
  countDecayed(clocks.decayed, clock, clockFades, gap);
}

/** Fades the decayed counts of one row by some days and counts one more. */
function countDecayed(counts: Float64Array, row: number, scales: readonly Fade[], days: number): void {
  for (let scale = 0; scale < scales.length; scale++) {
    const index = row * scales.length + scale;
    counts[index] = counts[index]! * scales[scale]!.after(days) + 1;
  }
}

/** A customer's purchase of a category on a day; further categories of the day are the same visit. */
function foldVisit(visits: VisitColumns, customer: number, day: number): void {
  const gap = day - visits.lastDay[customer]!;
  visits.purchases[customer]!++;
  countDecayed(visits.decayedPurchases, customer, basketFades, gap);
  if (gap === 0) {
    visits.lastBasket[customer]!++;
    return;
  }
  visits.lastBasket[customer] = 1;
  visits.lastDay[customer] = day;
  countDecayed(visits.decayed, customer, visitFades, gap);
  if (visits.visits[customer]!++ === 0) {
    visits.firstDay[customer] = day;
    return;
  }
  const logGap = lnWhole(gap);
  visits.logGapSum[customer]! += logGap;
  visits.logGapSquareSum[customer]! += logGap * logGap;
  visits.recentGaps[customer * RECENT_GAPS + ((visits.visits[customer]! - 2) % RECENT_GAPS)] = gap;
}

function foldCategory(categories: CategoryColumns, category: number, day: number): void {
  const gap = day - categories.lastDay[category]!;
  countDecayed(categories.decayed, category, categoryFades, gap);
  categories.lastDay[category] = day;
}

/** The statistics of all a history holds. */
export function foldHistory(history: PurchaseHistory): ClockTable {
  return new HistoryFold(history).advanceTo(daySpan(history)?.last ?? 0);
}
