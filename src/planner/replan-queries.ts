import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import { PLAN_LOCK } from './queries.ts';

/** Lets others plan single contacts at the same time, and waits for a plan of everybody. */
export async function shareLockPlan(transaction: Connection): Promise<void> {
  await transaction.raw`select pg_advisory_xact_lock_shared(${PLAN_LOCK})`;
}

/** Takes some contacts that wait to be planned anew off the list; each is taken by one only. */
export async function takeRequests({ raw }: Connection, limit: number): Promise<number[]> {
  const rows = await raw<{ contact_id: number }[]>`
    delete from replan_request where contact_id in (
      select contact_id from replan_request order by requested_at, contact_id limit ${limit} for update skip locked)
    returning contact_id`;
  return rows.map((row) => row.contact_id).sort((one, other) => one - other);
}

/** A plan of everybody knows whatever was asked for before it began; whoever is asking at this moment waits for the next minute. */
export async function deleteRequests({ raw }: Connection, before: Date): Promise<void> {
  await raw`
    delete from replan_request where contact_id in (
      select contact_id from replan_request where requested_at < ${before} for update skip locked)`;
}

/** Contacts with all of their households. */
export async function selectHousemates(
  { raw }: Connection,
  contactIds: readonly number[],
): Promise<number[]> {
  const rows = await raw<{ contact_id: number }[]>`
    select contact_id from contact where household_id in (select household_id from contact where contact_id = any(${contactIds})) order by contact_id`;
  return rows.map((row) => row.contact_id);
}

/**
 * Lets the transaction end without waiting for the disk. A power cut may then take it back, but whole: the request that it answers is there again and is
 * answered once more.
 */
export async function endWithoutDisk({ raw }: Connection): Promise<void> {
  await raw`set local synchronous_commit to off`;
}

/** What the plan of a day left of its limits; one plans from it at a time. */
export async function lockRun(
  { raw }: Connection,
  day: string,
): Promise<{ limits: unknown; mean_receipt_cents: number | null } | undefined> {
  const [row] = await raw<{ limits: unknown; mean_receipt_cents: number | null }[]>`
    select limits, mean_receipt_cents from plan_run where plan_day = ${day} for update`;
  return row;
}

export async function updateRunLimits({ raw }: Connection, day: string, limits: object): Promise<void> {
  await raw`update plan_run set limits = ${JSON.stringify(limits)}::text::jsonb where plan_day = ${day}`;
}

export interface SlotRow {
  readonly source: string;
  readonly channel: Channel;
  readonly planned_for: string;
  readonly store_id: number | null;
}

/** What is foreseen for some contacts. */
export function selectSlots({ raw }: Connection, contactIds: readonly number[]): Promise<SlotRow[]> {
  return raw<SlotRow[]>`
    select s.source, s.channel, s.planned_for, c.store_id from planned_slot s join contact c using (contact_id) where contact_id = any(${contactIds})`;
}
