import type { Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay } from '../kernel/day.ts';
import * as queries from './queries.ts';

/** For so long it can be said why somebody was not written to. What led to a message is kept as long as the message. */
const VERDICT_DAYS = 30;

/** Forgets verdicts older than a month that led to no message; day by day, so that it may be cut off and go on. */
export async function forgetVerdicts(
  database: Database,
  today: Day,
  now: Date,
): Promise<{ days: number; verdicts: number }> {
  const days = await queries.selectRememberedDays(database, isoFromDay(today - VERDICT_DAYS));
  let verdicts = 0;
  for (const day of days)
    verdicts += await database.transaction(async (transaction) => {
      await queries.lockPlan(transaction);
      await queries.markForgotten(transaction, day, now);
      return queries.deleteUndecided(transaction, day, null);
    });
  return { days: days.length, verdicts };
}
