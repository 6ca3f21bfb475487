import { loadBusiness, loadPlanSettings, loadTimeZone } from '../business/actions.ts';
import type { Connection } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, instantOfDay, isoFromDay } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { wholeMoneyInWords } from '../kernel/money.ts';
import { numberInWords } from '../kernel/number.ts';
import type { MessageClass } from '../pressure/rules.ts';
import type { ArmRow } from './queries.ts';
import * as queries from './queries.ts';
import {
  controlProbability,
  controlShare,
  drawBucket,
  drawDecision,
  isMeasured,
  MONTH_DAYS,
  WINDOW_DAYS,
} from './rules.ts';
import type { Results } from './schema.ts';
import { welchDifference } from './stats/means.ts';
import type { Interval } from './stats/proportions.ts';
import { newcombeDifference, scaled } from './stats/proportions.ts';

/** Below these numbers no figure is shown: it could be anything. */
const TREATED_MIN = 50;
const CONTROL_MIN = 10;

export type { Effects } from './effects.ts';
export { learnFromDecisions, loadEffects } from './effects.ts';
export { measureReturns } from './measuring.ts';
export { exportDecisions, loadEffectResults } from './sequences.ts';

export interface Assignment {
  readonly assignment: 'treated' | 'control';
  /** Probability with which the lot that decided fell on this side. */
  readonly probability: number;
  readonly assignedBy: 'programme' | 'decision' | 'exempt' | 'not_measured';
}

/**
 * The coin at release. The household's bucket of the year is drawn once by a keyed lot and stored; nobody is in control two
 * years running. Of everybody else's messages a share is turned into a no-send, each by a lot of its own (planner.md A3). Classes that
 * are not measured, and people whom the shop exempted, are always written to.
 */
export async function assignAtRelease(
  transaction: Connection,
  message: {
    contactId: number;
    messageId: number;
    householdId: number;
    messageClass: MessageClass;
    isExempt: boolean;
    day: Day;
  },
  { key, exploration, now }: { readonly key: Buffer; readonly exploration: number; readonly now: Date },
): Promise<Assignment> {
  if (!isMeasured(message.messageClass))
    return { assignment: 'treated', probability: 1, assignedBy: 'not_measured' };
  if (message.isExempt) return { assignment: 'treated', probability: 1, assignedBy: 'exempt' };
  const year = Number(isoFromDay(message.day).slice(0, 4));
  const { isControl, probability } = await lotOf(transaction, message.householdId, year, key, now);
  if (isControl) return { assignment: 'control', probability, assignedBy: 'programme' };
  const isNoSend = drawDecision(key, message.contactId, message.messageId) < exploration;
  return {
    assignment: isNoSend ? 'control' : 'treated',
    probability: isNoSend ? exploration : 1 - exploration,
    assignedBy: 'decision',
  };
}

/** The household's lot of the year, with the probability of control that it had when it fell. */
async function lotOf(
  transaction: Connection,
  householdId: number,
  year: number,
  key: Buffer,
  now: Date,
): Promise<{ isControl: boolean; probability: number }> {
  const stored = await queries.selectBucket(transaction, householdId, year);
  if (stored) return { isControl: stored.is_control, probability: stored.control_probability };
  const lastYear = await queries.selectBucket(transaction, householdId, year - 1);
  const share = controlShare(await queries.countContacts(transaction));
  const probability = controlProbability(
    share,
    lastYear ? (lastYear.is_control ? 'control' : 'treated') : 'not drawn',
  );
  const bucket = drawBucket(key, householdId, year);
  const isControl = bucket < probability;
  await queries.insertBucket(transaction, { householdId, year, bucket, isControl, probability, now });
  return { isControl, probability };
}

/** Who came back on a day after a message that reached them: for Oggi, without any claim about why. */
export async function loadReturns(
  connection: Connection,
  day: Day,
): Promise<{ customers: number; totalCents: number }> {
  const timeZone = await loadTimeZone(connection);
  const row = await queries.selectReturns(connection, {
    day: isoFromDay(day),
    from: instantOfDay(day - WINDOW_DAYS, '00:00', timeZone),
    to: instantOfDay(day, '00:00', timeZone),
  });
  return { customers: row.customers, totalCents: row.total_cents };
}

/** Treated against control in a period, all together and by source, with intervals and in words. Days are YYYY-MM-DD, both included. */
export async function loadResults(
  connection: Connection,
  period: { from: string; to: string; today: string },
  timeZone: string,
): Promise<Results> {
  const language = (await loadBusiness(connection))?.language ?? 'it';
  const { marginShare } = await loadPlanSettings(connection);
  const range = {
    from: instantOfDay(dayFromIso(period.from), '00:00', timeZone),
    to: instantOfDay(dayFromIso(period.to) + 1, '00:00', timeZone),
    complete: instantOfDay(dayFromIso(period.today) - WINDOW_DAYS, '00:00', timeZone),
    windowDays: WINDOW_DAYS,
    timeZone,
  };
  const arms = await queries.selectArms(connection, range);
  const all = compare(arms.filter((row) => row.source === null));
  const sources = groupBySource(arms.filter((row) => row.source !== null));
  const costs = await queries.selectCosts(connection, range.from, range.to);
  const monthlyMarginCents =
    all.verdict === 'too_early'
      ? null
      : perMonth(all, marginShare, dayFromIso(period.to) - dayFromIso(period.from) + 1);
  return {
    from: period.from,
    to: period.to,
    windowDays: WINDOW_DAYS,
    headline: headlineOf(all.verdict, monthlyMarginCents, language),
    marginSentence: marginInWords(all.verdict, monthlyMarginCents, language),
    verdict: all.verdict,
    treated: all.treated,
    control: all.control,
    difference: all.difference,
    monthlyMarginCents,
    comparison: compareInWords(all, language),
    costs: { messages: costs.messages, costCents: costs.cost_cents },
    marginShare,
    sources: sources.map((result) => ({ ...result, sentence: compareInWords(result, language) })),
  };
}

interface Comparison {
  readonly treated: Results['treated'];
  readonly control: Results['control'];
  readonly difference: Interval | null;
  readonly spend: Interval;
  readonly verdict: Results['verdict'];
  readonly messagesNeeded: number | null;
}

function compare(rows: readonly ArmRow[]): Comparison {
  const treated = rows.find((row) => row.assignment === 'treated');
  const control = rows.find((row) => row.assignment === 'control');
  const arms = { treated: armOf(treated), control: armOf(control) };
  const missing =
    Math.max(TREATED_MIN - arms.treated.customers, 0) + Math.max(CONTROL_MIN - arms.control.customers, 0);
  const difference = newcombeDifference(shareOf(arms.treated), shareOf(arms.control));
  const spend = welchDifference(sampleOf(treated), sampleOf(control));
  if (missing > 0) return { ...arms, difference: null, spend, verdict: 'too_early', messagesNeeded: missing };
  const verdict = difference.low > 0 ? 'works' : difference.high < 0 ? 'worse' : 'no_difference';
  return { ...arms, difference: scaled(difference, 100), spend, verdict, messagesNeeded: null };
}

function armOf(row: ArmRow | undefined): Results['treated'] {
  const customers = row?.customers ?? 0;
  const returned = row?.returned ?? 0;
  return { customers, returned, per100: customers === 0 ? 0 : (100 * returned) / customers };
}

const shareOf = (arm: Results['treated']) => ({ successes: arm.returned, trials: arm.customers });

const sampleOf = (row: ArmRow | undefined) => ({
  count: row?.customers ?? 0,
  sum: row?.spend_sum ?? 0,
  squareSum: row?.spend_square_sum ?? 0,
});

/** Extra margin of a month: difference in spend within the window, times the treated, times the margin. */
function perMonth(all: Comparison, marginShare: number, days: number): Interval {
  return scaled(all.spend, (all.treated.customers * marginShare * MONTH_DAYS) / Math.max(days, 1));
}

function groupBySource(rows: readonly ArmRow[]) {
  const groups = Map.groupBy(rows, (row) => row.source ?? '');
  return [...groups].map(([source, own]) => ({
    source,
    name: own[0]?.name ?? '',
    kind: own[0]?.kind ?? ('clock' as const),
    ...compare(own),
  }));
}

/** Money stands in the headline only when those who receive really return more; else the verdict comes first. */
function headlineOf(verdict: Results['verdict'], margin: Interval | null, language: Language): string {
  if (verdict === 'too_early' || !margin) return sentence('results.too_early', language);
  if (verdict === 'works') return sentence('results.headline', language, moneyOf(margin, language));
  return sentence(`results.headline_${verdict}`, language);
}

function marginInWords(verdict: Results['verdict'], margin: Interval | null, language: Language): string {
  if (!margin || verdict === 'works') return '';
  // Money that seems to differ while the visits do not would contradict the verdict on one and the same screen.
  if (verdict === 'no_difference' && (margin.low > 0 || margin.high < 0)) return '';
  return sentence('results.margin', language, moneyOf(margin, language));
}

const moneyOf = (margin: Interval, language: Language) => ({
  estimate: wholeMoneyInWords(margin.estimate, language),
  low: wholeMoneyInWords(margin.low, language),
  high: wholeMoneyInWords(margin.high, language),
});

/** The two groups in counts: "Su 100 che ricevono tornano in 41, su 100 che non ricevono in 35." */
function compareInWords(comparison: Comparison, language: Language): string {
  const { treated, control, difference } = comparison;
  if (!difference) return sentence('results.needed', language, { count: comparison.messagesNeeded ?? 0 });
  const number = (value: number): string => numberInWords(value, language);
  return sentence('results.comparison', language, {
    treated: number(treated.customers),
    treatedReturned: number(treated.per100),
    control: number(control.customers),
    controlReturned: number(control.per100),
    low: number(difference.low),
    high: number(difference.high),
  });
}
