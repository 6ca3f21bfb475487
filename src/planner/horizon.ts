/** A plan looks ahead so many days: daily at first, then by weeks (planner.md B10). */
export const HORIZON_DAYS = 42;
const DAILY = 14;
const WEEK = 7;

/** First day from today of each period of the plan: each of the first 14 days, then weeks. */
export const periodStarts: readonly number[] = [
  ...Array.from({ length: DAILY }, (_, day) => day),
  ...Array.from({ length: (HORIZON_DAYS - DAILY) / WEEK }, (_, week) => DAILY + WEEK * week),
];

/** How many days a period has. */
export const periodLength = (period: number): number => (period < DAILY ? 1 : WEEK);

/** The period in which a day from today lies. */
export const periodOf = (daysAhead: number): number =>
  daysAhead < DAILY ? daysAhead : DAILY + Math.floor((daysAhead - DAILY) / WEEK);
