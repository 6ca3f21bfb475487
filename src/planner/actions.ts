import { loadBusiness } from '../business/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay } from '../kernel/day.ts';
import { withoutDay } from '../kernel/reason.ts';
import type { ComputedPlan } from './compute.ts';
import { computePlan } from './compute.ts';
import type { PlanDependencies as Secrets } from './facts.ts';
import { HORIZON_DAYS, periodOf, periodStarts } from './horizon.ts';
import * as queries from './queries.ts';
import { deleteRequests } from './replan-queries.ts';
import type { PlanCounts, PlanReport } from './schema.ts';
import { storePlan } from './store.ts';
import { describeMessages } from './words.ts';

export { approveByMode, approveDay, modesDue } from './approval.ts';
export { countOrphans as countOrphanCandidates } from './check-queries.ts';
export { replanChanged, replanContacts } from './replan.ts';
export type { MessageFacts } from './words.ts';
export { explainMessage } from './words.ts';
export { forgetVerdicts } from './retention.ts';

export interface PlanDependencies extends Secrets {
  readonly database: Database;
}

/**
 * Plans the days ahead, seen from a day: proposes from clocks and campaigns, passes every candidate through the gates, chooses for every
 * contact what is sent on which day, and stores today's messages, one verdict for each candidate that is due, and what is foreseen
 * later. Undecided messages of the day are replaced, decided ones stay with the candidate that led to them. The same data and day
 * give the same plan, with the same message numbers.
 */
export async function planDay(dependencies: PlanDependencies, day: Day, now: Date): Promise<PlanCounts> {
  const counts = await dependencies.database.transaction(async (transaction) => {
    await queries.lockPlan(transaction);
    await queries.lapseEarlierPlans(transaction, isoFromDay(day), now);
    const plan = await computePlan(transaction, dependencies, { day, contactIds: null });
    const candidates = await storePlan(transaction, plan, { day, now, contactIds: null });
    await deleteRequests(transaction, now);
    return recordRun(transaction, plan, { day, now, candidates });
  });
  await queries.analysePlan(dependencies.database);
  return counts;
}

/**
 * The nightly plan of a day, for a slot of the clock: nothing when the day was planned since. Whoever has read the proposals
 * does not find others a moment later.
 */
export async function planDayFor(
  dependencies: PlanDependencies,
  day: Day,
  { slot, now }: { readonly slot: Date; readonly now: Date },
): Promise<PlanCounts | null> {
  const plannedAt = await queries.selectPlannedAt(dependencies.database, isoFromDay(day));
  return plannedAt !== null && plannedAt >= slot ? null : planDay(dependencies, day, now);
}

/** Plans a day and tells its undecided messages, each with its explanation: what a person asks for, not the nightly work. */
export async function planAndReport(
  dependencies: PlanDependencies,
  day: Day,
  now: Date,
): Promise<PlanReport> {
  const counts = await planDay(dependencies, day, now);
  const messages = await queries.selectPlannedForReport(dependencies.database, isoFromDay(day));
  const language = (await loadBusiness(dependencies.database))?.language ?? 'it';
  return { ...counts, messages: describeMessages(messages, day, language) };
}

async function recordRun(
  transaction: Connection,
  plan: ComputedPlan,
  run: { day: Day; now: Date; candidates: readonly { readonly verdict: string; readonly reason: string }[] },
): Promise<PlanCounts> {
  const { allocation, pressureVersion } = plan;
  const verdicts = countBy(run.candidates, (candidate) => candidate.verdict);
  const reasons = countBy(
    run.candidates.filter((candidate) => candidate.verdict !== 'planned'),
    (candidate) => withoutDay(candidate.reason),
  );
  const certificate = { valueCents: allocation.value, boundCents: allocation.bound };
  const days = daysOf(plan, run.day);
  await queries.upsertPlanRun(transaction, {
    day: isoFromDay(run.day),
    now: run.now,
    candidates: run.candidates.length,
    verdicts,
    reasons,
    pressureVersion,
    ...certificate,
    days,
    limits: plan.limits,
    meanReceiptCents: plan.shopMeanReceiptCents,
  });
  return {
    date: isoFromDay(run.day),
    candidates: run.candidates.length,
    verdicts,
    reasons,
    ...certificate,
    horizonDays: HORIZON_DAYS,
    gap: allocation.gap,
    days,
  };
}

/** Messages and their value by the day on which each period of the plan begins. */
function daysOf({ verdicts }: ComputedPlan, day: Day): PlanCounts['days'] {
  const days = periodStarts.map((ahead) => ({ day: isoFromDay(day + ahead), messages: 0, valueCents: 0 }));
  for (const { slot, valueCents } of verdicts) {
    const own = slot && days[periodOf(slot.daysAhead)];
    if (!own) continue;
    own.messages += 1;
    own.valueCents += valueCents;
  }
  return days;
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b, 'en')));
}
