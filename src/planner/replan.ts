import { todayOf } from '../business/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { loadPressure } from '../pressure/actions.ts';
import { computePlan } from './compute.ts';
import type { PlanDependencies, PlanLimits } from './facts.ts';
import { campaignLimit, dayLimit } from './limit-names.ts';
import { loadChannelTerms } from './plan-channels.ts';
import { selectPlanned } from './queries.ts';
import * as requests from './replan-queries.ts';
import { storePlan } from './store.ts';

/** So many contacts are planned anew in one transaction: it holds the nightly plan up for a moment only. */
const CONTACTS_AT_ONCE = 200;
/** … and so many times in a row: others of the same worker wait, and the next minute goes on. */
const TIMES_IN_A_ROW = 20;

/**
 * Plans anew for whoever has bought, said something, withdrawn or become unreachable since the plan of today was made. Without a plan of
 * today there is nothing to do: the next one sees it all.
 */
export async function replanChanged(
  dependencies: PlanDependencies & { readonly database: Database },
  now: Date,
): Promise<{ contacts: number }> {
  const { database } = dependencies;
  const day = await todayOf(database, now);
  let contacts = 0;
  for (let time = 0; time < TIMES_IN_A_ROW; time++) {
    const replanned = await database.transaction(async (transaction) => {
      await requests.shareLockPlan(transaction);
      const contactIds = await requests.takeRequests(transaction, CONTACTS_AT_ONCE);
      if (contactIds.length > 0) await replanContacts(transaction, dependencies, contactIds, { day, now });
      return contactIds.length;
    });
    contacts += replanned;
    if (replanned < CONTACTS_AT_ONCE) break;
  }
  return { contacts };
}

/**
 * Makes the plan of some contacts anew, at the prices of today's plan and within what it left of its limits; everybody else's stays.
 * In the caller's transaction. Returns whether there was a plan of the day to change.
 */
export async function replanContacts(
  transaction: Connection,
  dependencies: PlanDependencies,
  changed: readonly number[],
  { day, now }: { readonly day: Day; readonly now: Date },
): Promise<boolean> {
  const [run, { pressure }] = await Promise.all([
    requests.lockRun(transaction, isoFromDay(day)),
    loadPressure(transaction),
    requests.endWithoutDisk(transaction),
  ]);
  if (!run) return false;
  const contactIds = pressure.isPerHousehold
    ? await requests.selectHousemates(transaction, changed)
    : changed;
  const plan = await computePlan(transaction, dependencies, {
    day,
    contactIds,
    pressure,
    shopMeanReceiptCents: run.mean_receipt_cents,
    limits: await withOwnBack(transaction, run.limits as PlanLimits, { day, contactIds }),
  });
  await storePlan(transaction, plan, { day, now, contactIds });
  if (Object.keys(plan.limits).length > 0)
    await requests.updateRunLimits(transaction, isoFromDay(day), plan.limits);
  return true;
}

/** What is left of the limits when these contacts give back what was planned for them. */
async function withOwnBack(
  connection: Connection,
  limits: PlanLimits,
  { day, contactIds }: { day: Day; contactIds: readonly number[] },
): Promise<PlanLimits> {
  if (Object.keys(limits).length === 0) return limits;
  const [planned, slots] = await Promise.all([
    selectPlanned(connection, isoFromDay(day), contactIds),
    requests.selectSlots(connection, contactIds),
  ]);
  const back: Record<string, { price: number; left: number }> = { ...limits };
  const give = (name: string, amount: number): void => {
    const known = back[name];
    if (known) back[name] = { ...known, left: known.left + amount };
  };
  const open = [
    ...planned.map((row) => ({ ...row, daysAhead: 0 })),
    ...slots.map((row) => ({ ...row, daysAhead: dayFromIso(row.planned_for) - day })),
  ];
  const terms = await loadChannelTerms(
    connection,
    open.map(({ channel }) => channel),
  );
  for (const { channel, source, daysAhead, store_id: storeId } of open) {
    give(dayLimit(terms.limitName(channel, storeId), daysAhead), 1);
    give(campaignLimit(source, 'messages'), 1);
    give(campaignLimit(source, 'least'), -1);
    give(campaignLimit(source, 'cents'), terms.costCents(channel));
  }
  return back;
}
