import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { normalQuantile } from '../kernel/normal.ts';
import type { GapDistribution } from './gap.ts';
import { gapQuantile, gapSurvival, LONGEST_GAP_DAYS } from './gap.ts';

/** The window of a habit good opens at this share of the median gap (priors.md 1). */
export const WINDOW_OPENING = 0.7;

/** … and closes at this quantile of the gap. */
export const WINDOW_CLOSING_QUANTILE = 0.75;

/** A check-up is proposed three weeks before it is due and for a month after. */
export const INTERVAL_OPENING_DAYS = 21;
export const INTERVAL_CLOSING_DAYS = 30;

/** What has a fixed day of the year is proposed a month before, while there are still free places, and two weeks after. */
export const FIXED_OPENING_DAYS = 30;
export const FIXED_CLOSING_DAYS = 14;

/** Who bought up to this many days before a fixed day bought for that day. */
export const FIXED_SERVED_DAYS = 45;

/** Spread of ln gap around a date that people keep: a boiler's yearly service in priors.md 1. */
const DATED_SIGMA = 0.15;

/** How the need of a category returns. Days of the year are `MM-DD`. */
export type Habit =
  | { readonly kind: 'learned' }
  | { readonly kind: 'interval'; readonly days: number }
  | { readonly kind: 'fixed_dates'; readonly dates: readonly string[] };

/** Days on which to propose, both included. */
export interface DueWindow {
  readonly from: Day;
  readonly to: Day;
}

/**
 * The next fixed day for somebody who last bought on `lastDay`, not counting days that this purchase served. Days long
 * past do not count either: who let a season go by is asked again at the next. 29 February falls on 28 in other years.
 */
export function nextFixedDay(dates: readonly string[], lastDay: Day, today: Day): Day {
  const after = Math.max(lastDay + FIXED_SERVED_DAYS, today - FIXED_CLOSING_DAYS - 1);
  const year = Number(isoFromDay(after).slice(0, 4));
  const days = [year, year + 1].flatMap((y) => dates.map((date) => dayOfYear(y, date)));
  return Math.min(...days.filter((day) => day > after));
}

function dayOfYear(year: number, monthDay: string): Day {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return dayFromIso(`${year}-${monthDay === '02-29' && !isLeap ? '02-28' : monthDay}`);
}

/**
 * When the next purchase falls, by the category's habit: the learned distribution as it is, or one close around the date on
 * which the need returns.
 */
export function withHabit(
  learned: GapDistribution,
  habit: Habit,
  options: { lastDay: Day; today: Day },
): GapDistribution {
  if (habit.kind === 'learned') return learned;
  const gap =
    habit.kind === 'interval'
      ? habit.days
      : nextFixedDay(habit.dates, options.lastDay, options.today) - options.lastDay;
  return { m: Math.log(gap), sd: DATED_SIGMA };
}

/**
 * Days on which to propose. A learned need: from 0.7 × the median gap to its 75 % quantile after the last purchase; a
 * check-up or a fixed day: around its date. What the customer said still lasts moves the window at once: the running gap
 * is longer than `lastsUntil − lastDay`, so the end is the same quantile of the distribution cut off there.
 */
export function dueWindow(
  distribution: GapDistribution,
  options: { lastDay: Day; today: Day; habit: Habit; lastsUntil: Day | null },
): DueWindow {
  const { lastDay, habit, lastsUntil } = options;
  const window = plainWindow(distribution, options);
  if (lastsUntil === null || lastsUntil <= lastDay) return window;
  const from = Math.max(window.from, lastsUntil);
  if (habit.kind !== 'learned') return { from, to: Math.max(window.to, from + (window.to - window.from)) };
  const survival = (1 - WINDOW_CLOSING_QUANTILE) * gapSurvival(distribution, lastsUntil - lastDay);
  const gap = Math.exp(distribution.m - distribution.sd * normalQuantile(Math.max(survival, 1e-12)));
  return { from, to: Math.max(from, lastDay + Math.round(Math.min(gap, LONGEST_GAP_DAYS))) };
}

function plainWindow(
  distribution: GapDistribution,
  { lastDay, today, habit }: { lastDay: Day; today: Day; habit: Habit },
): DueWindow {
  if (habit.kind === 'interval') {
    const date = lastDay + habit.days;
    return { from: date - INTERVAL_OPENING_DAYS, to: date + INTERVAL_CLOSING_DAYS };
  }
  if (habit.kind === 'fixed_dates') {
    const date = nextFixedDay(habit.dates, lastDay, today);
    return { from: date - FIXED_OPENING_DAYS, to: date + FIXED_CLOSING_DAYS };
  }
  const limit = (days: number): Day => lastDay + Math.round(Math.min(days, LONGEST_GAP_DAYS));
  const from = limit(WINDOW_OPENING * Math.exp(distribution.m));
  return { from, to: Math.max(from, limit(gapQuantile(distribution, WINDOW_CLOSING_QUANTILE))) };
}
