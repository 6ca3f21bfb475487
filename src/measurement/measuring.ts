import type { Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { lastMeasurableDay } from './effects.ts';
import * as queries from './measuring-queries.ts';
import { PROGRAMME_WINDOW_DAYS, WINDOW_DAYS } from './rules.ts';

/** Days measured anew every time: sales and returns come late. */
const REMEASURED_DAYS = 45;

/**
 * Counts what decisions and programmes showed whose windows are over, by day, so that results are a few rows. Days are counted anew for
 * six weeks, because sales and returns come late; a day is not counted before the sales of its whole window were loaded.
 */
export function measureReturns(
  database: Database,
  { today, timeZone }: { readonly today: Day; readonly timeZone: string },
): Promise<{ decisionsUntil: string | null; programmesUntil: string | null }> {
  return database.transaction(async (transaction) => {
    const decisions = await lastMeasurableDay(transaction, today, WINDOW_DAYS);
    const programmes = await lastMeasurableDay(transaction, today, 0);
    const first = await queries.selectLastMeasured(transaction);
    if (decisions !== null)
      await queries.measureDecisions(transaction, {
        from: startOf(first.decisions, decisions),
        to: isoFromDay(decisions),
        windowDays: WINDOW_DAYS,
        timeZone,
      });
    if (programmes !== null)
      await queries.measureProgrammes(transaction, {
        from: startOf(first.programmes, programmes),
        to: isoFromDay(programmes),
        windowDays: PROGRAMME_WINDOW_DAYS,
        timeZone,
      });
    return {
      decisionsUntil: decisions === null ? null : isoFromDay(decisions),
      programmesUntil: programmes === null ? null : isoFromDay(programmes),
    };
  });
}

/** From which day on to count: what is not counted yet, and the last weeks anew; everything at first. */
function startOf(lastMeasured: string | null, until: Day): string {
  if (lastMeasured === null) return isoFromDay(0);
  return isoFromDay(Math.min(until - REMEASURED_DAYS, dayFromIso(lastMeasured) + 1));
}
