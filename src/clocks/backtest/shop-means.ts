import type { ClockRows } from '../model/clock-rows.ts';
import type { ClockTable } from '../model/clock-table.ts';

const PSEUDO_GAPS = 20;
const PSEUDO_CLOCKS = 10;
const LONG_GAP_DAYS = 30;

/** Means of a shop and its categories on the day the baselines are fitted (clocks.md 4). */
export interface ShopMeans {
  /** Mean gap of the shop in days. */
  readonly shopGapDays: number;
  /** Mean gap by category, shrunk to the shop's by 20 gaps. */
  readonly gapDays: Float64Array;
  /** Mean gap by category as counted, the shop's where there is none: what the vendors' rules use. */
  readonly plainGapDays: Float64Array;
  /** Share of clocks with a second purchase, shrunk to the shop's by 10 clocks: Buy It Again's repeat probability. */
  readonly repeatShare: Float64Array;
  readonly clocks: Int32Array;
  readonly repeatedClocks: Int32Array;
  /** Mean and standard deviation of ln gap by category, with 20 gaps of the shop. */
  readonly logMean: Float64Array;
  readonly logDeviation: Float64Array;
  /** Customers of the category with at least three purchases: the vendors' floors. */
  readonly regulars: Int32Array;
}

/** Sums over the clocks of each category, and over all of them in the last place. */
function sumByCategory(
  { clocks, categories }: ClockTable,
  value: (clocks: ClockRows, clock: number) => number,
): Float64Array {
  const sums = new Float64Array(categories.count + 1);
  for (let clock = 0; clock < clocks.count; clock++) {
    const amount = value(clocks, clock);
    sums[clocks.category(clock)]! += amount;
    sums[categories.count]! += amount;
  }
  return sums;
}

/** Computes the means of a table as it stands. */
export function computeShopMeans(table: ClockTable): ShopMeans {
  const count = table.categories.count;
  const gaps = sumByCategory(table, (of, clock) => of.purchases(clock) - 1);
  const days = sumByCategory(table, (of, clock) => of.lastDay(clock) - of.firstDay(clock));
  const logs = sumByCategory(table, (of, clock) => of.logGapSum(clock));
  const squares = sumByCategory(table, (of, clock) => of.logGapSquareSum(clock));
  const clocks = sumByCategory(table, () => 1);
  const repeated = sumByCategory(table, (of, clock) => (of.purchases(clock) > 1 ? 1 : 0));
  const regulars = sumByCategory(table, (of, clock) => (of.purchases(clock) > 2 ? 1 : 0));
  const total = Math.max(gaps[count]!, 1);
  const shopGapDays = gaps[count] === 0 ? LONG_GAP_DAYS : days[count]! / total;
  const share = clocks[count] === 0 ? 0 : repeated[count]! / clocks[count]!;
  const byCategory = (value: (category: number) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, category) => value(category));
  const logMean = byCategory(
    (c) => (logs[c]! + (PSEUDO_GAPS * logs[count]!) / total) / (gaps[c]! + PSEUDO_GAPS),
  );
  return {
    shopGapDays,
    gapDays: byCategory((c) => (days[c]! + PSEUDO_GAPS * shopGapDays) / (gaps[c]! + PSEUDO_GAPS)),
    plainGapDays: byCategory((c) => (gaps[c] === 0 ? shopGapDays : days[c]! / gaps[c]!)),
    repeatShare: byCategory((c) => (repeated[c]! + PSEUDO_CLOCKS * share) / (clocks[c]! + PSEUDO_CLOCKS)),
    clocks: Int32Array.from(clocks.subarray(0, count)),
    repeatedClocks: Int32Array.from(repeated.subarray(0, count)),
    regulars: Int32Array.from(regulars.subarray(0, count)),
    logMean,
    logDeviation: byCategory((c) => {
      const second = (squares[c]! + (PSEUDO_GAPS * squares[count]!) / total) / (gaps[c]! + PSEUDO_GAPS);
      return Math.sqrt(Math.max(second - logMean[c]! ** 2, 1e-4));
    }),
  };
}
