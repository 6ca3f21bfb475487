import type { ClockRows } from './clock-rows.ts';

const RATE_PSEUDO_CLOCKS = 20;

/** Clocks of a category that existed a fortnight ago, and those of them that bought since. */
export interface RecentCounts {
  readonly existing: Float64Array;
  readonly positive: Float64Array;
}

/**
 * Share of a category's clocks that bought in the last `horizon` days, shrunk to the shop's by 20 clocks (feature 20): what
 * sells now, known on the day.
 */
export function ratesOf({ existing, positive }: RecentCounts): Float64Array {
  const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
  const shopRate = sum(existing) === 0 ? 0 : sum(positive) / sum(existing);
  return existing.map(
    (count, category) => (positive[category]! + RATE_PSEUDO_CLOCKS * shopRate) / (count + RATE_PSEUDO_CLOCKS),
  );
}

/** The same from a table that holds every clock of the shop. */
export function recentRates(
  clocks: ClockRows,
  options: { readonly day: number; readonly horizonDays: number; readonly categoryCount: number },
): Float64Array {
  const start = options.day - options.horizonDays;
  const existing = new Float64Array(options.categoryCount);
  const positive = new Float64Array(options.categoryCount);
  for (let clock = 0; clock < clocks.count; clock++) {
    if (clocks.firstDay(clock) > start) continue;
    existing[clocks.category(clock)]!++;
    if (clocks.lastDay(clock) > start) positive[clocks.category(clock)]!++;
  }
  return ratesOf({ existing, positive });
}
