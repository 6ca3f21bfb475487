/** What other features do with clocks: fold sales into them, ask which are due, fit them, hear what customers say. */
export { listCategoryClocks, loadCategoryClock, overrideHabit, overrideMedian } from './categories.ts';
export { countDueClocks, loadContactClocks } from './due.ts';
export { fitParameters } from './fitting.ts';
export { applyPurchases, deleteClocks, rebuildClocks } from './folding.ts';
export { forgetLines, forgetOldLines } from './retention.ts';
export { loadClockQuality } from './quality.ts';
export { countOrphans as countOrphanClocks } from './check-queries.ts';
export { fitClocks, fitClocksFirst, fitClocksWeekly } from './weekly-fit.ts';
export type { UpcomingClocks } from './upcoming.ts';
export { loadDueClocks, loadUpcomingClocks } from './upcoming.ts';
export { recordClockWord } from './words.ts';
export type { ClockWord } from './words.ts';
