import { DECAY_DAYS } from '../rules.ts';
import { ClockRows } from './clock-rows.ts';
import type { PurchaseHistory } from './purchase-history.ts';
import { daySpan } from './purchase-history.ts';
import { Fade, countFaded, fadePlace, fadeRow } from './tables.ts';
import { BASKET_DECAY_DAYS, VISIT_DECAY_DAYS, VisitRows } from './visit-rows.ts';

/** Time constants in days of the decayed counts of all that is bought of a category; each is also kept per clock, so that a category's are their sums. */
export const CATEGORY_DECAY_DAYS = [15, 30, 120] as const;

/** How each of the decayed counts fades, in the same order. */
export const clockFades = DECAY_DAYS.map((scale) => new Fade(scale));
export const visitFades = VISIT_DECAY_DAYS.map((scale) => new Fade(scale));
export const basketFades = BASKET_DECAY_DAYS.map((scale) => new Fade(scale));
export const categoryFades = CATEGORY_DECAY_DAYS.map((scale) => new Fade(scale));

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
  readonly clocks: ClockRows;
  readonly visits: VisitRows;
  readonly categories: CategoryColumns;
}

/** Categories of which nothing was sold yet. */
export const createCategoryColumns = (size: number): CategoryColumns => ({
  count: size,
  clocks: new Int32Array(size),
  lastDay: new Int32Array(size),
  decayed: new Float64Array(size * CATEGORY_DECAY_DAYS.length),
});

/** A table with room for so many clocks, customers and categories. */
export const createClockTable = (sizes: {
  readonly clocks: number;
  readonly customers: number;
  readonly categories: number;
}): ClockTable => ({
  clocks: new ClockRows(sizes.clocks),
  visits: new VisitRows(sizes.customers),
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

/** So many purchases are looked at before they are folded. */
const AHEAD = 128;
/** What was looked at ends here: nobody reads it, but it counts as used. */
const looked = new Float64Array(1);

/**
 * Folds a history forward, day by day, into the statistics of its clocks: what is read on a day was known on that day.
 * The same sums as `foldPurchase` of rules.ts keeps, in rows, with the plain second moment that the fit needs.
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
    const days = this.history.day;
    while (this.#next < days.length && days[this.#next]! <= day) {
      const end = Math.min(this.#next + AHEAD, days.length);
      this.#lookAhead(this.#next, end);
      for (; this.#next < end && days[this.#next]! <= day; this.#next++) this.#fold(this.#next);
    }
    return this.table;
  }

  /** Rows of large shops lie far apart: looked at one after the other, they are fetched together instead of each when its turn comes. */
  #lookAhead(from: number, end: number): void {
    const { clocks, visits } = this.table;
    const { customer } = this.history;
    let seen = 0;
    for (let event = from; event < end; event++)
      seen += visits.look(customer[event]!) + clocks.look(this.clockOf[event]!);
    looked[0] = seen;
  }

  #fold(event: number): void {
    const { clocks, visits, categories } = this.table;
    const customer = this.history.customer[event]!;
    const category = this.history.category[event]!;
    const day = this.history.day[event]!;
    const clock = this.clockOf[event]!;
    visits.add(customer, day);
    countCategory(categories, category, day);
    if (clock === clocks.count) {
      clocks.start(customer, category, day, visits.visits(customer));
      visits.addClock(customer);
      categories.clocks[category]!++;
    } else {
      if (clocks.purchases(clock) === 1) visits.addRepeatedClock(customer);
      clocks.addGap(clock, day);
    }
    clocks.setLast(clock, this.history.quantity[event]!, visits.visits(customer));
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

const F15 = fadePlace(15);
const F30 = fadePlace(30);
const F120 = fadePlace(120);

function countCategory({ clocks, lastDay, decayed }: CategoryColumns, category: number, day: number): void {
  const fade = fadeRow(clocks[category] === 0 ? 0 : day - lastDay[category]!);
  const at = category * CATEGORY_DECAY_DAYS.length;
  countFaded(decayed, at, fade + F15);
  countFaded(decayed, at + 1, fade + F30);
  countFaded(decayed, at + 2, fade + F120);
  lastDay[category] = day;
}

/** The statistics of all a history holds. */
export function foldHistory(history: PurchaseHistory): ClockTable {
  return new HistoryFold(history).advanceTo(daySpan(history)?.last ?? 0);
}
