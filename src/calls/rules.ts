import type { Day } from '../kernel/day.ts';
import { dayOfInstant, instantOfDay } from '../kernel/day.ts';
import type { OpeningHours } from '../pressure/rules.ts';
import { hoursOn } from '../pressure/rules.ts';

/** What becomes of a call, as the one who made it says. */
export const callOutcomes = ['spoken', 'no_answer', 'call_back', 'not_interested', 'do_not_call'] as const;

export type CallOutcome = (typeof callOutcomes)[number];

/** Who does not answer is called again on another day, so many times. */
export const TRIES_AGAIN = 2;

/** A customer who asks to be called again is called within so many days. */
export const CALL_BACK_DAYS = 14;

/** When one may call on a day, as instants; null where not at all. */
export function callHours(
  day: Day,
  opening: OpeningHours,
  timeZone: string,
): { readonly from: Date; readonly until: Date } | null {
  const hours = hoursOn('phone', day, opening);
  return (
    hours && {
      from: instantOfDay(day, hours.from, timeZone),
      until: instantOfDay(day, hours.until, timeZone),
    }
  );
}

/** The first moment after a day at which one may call, within a week; null where there is none. */
export function nextCallDay(day: Day, opening: OpeningHours, timeZone: string): Date | null {
  for (let next = day + 1; next <= day + 7; next++) {
    const hours = callHours(next, opening, timeZone);
    if (hours) return hours.from;
  }
  return null;
}

/** What follows from nobody answering: another day, or no more. */
export function afterNoAnswer(
  errand: { readonly tries: number; readonly send_before: Date },
  next: Date | null,
): { readonly dueAt: Date; readonly tries: number } | null {
  const tries = errand.tries + 1;
  if (tries > TRIES_AGAIN || next === null || next >= errand.send_before) return null;
  return { dueAt: next, tries };
}

/** Whether a wished moment can be kept: in hours in which one may call, to come, and not too far off. */
export function judgeCallBack(
  wished: Date,
  {
    now,
    opening,
    timeZone,
  }: { readonly now: Date; readonly opening: OpeningHours; readonly timeZone: string },
):
  | { readonly ok: true; readonly until: Date }
  | { readonly ok: false; readonly because: 'hours' | 'too_far' } {
  const day = dayOfInstant(wished, timeZone);
  if (day > dayOfInstant(now, timeZone) + CALL_BACK_DAYS) return { ok: false, because: 'too_far' };
  const hours = callHours(day, opening, timeZone);
  if (!hours || wished < hours.from || wished >= hours.until || wished <= now)
    return { ok: false, because: 'hours' };
  return { ok: true, until: hours.until };
}
