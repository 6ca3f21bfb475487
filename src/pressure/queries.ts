import type { Connection } from '../database/connection.ts';

export interface PressureVersionRow {
  readonly version: number;
  readonly rules: unknown;
  readonly created_at: Date;
}

/** The latest version of the rules, if they were ever changed. */
export async function selectPressure({ raw }: Connection): Promise<PressureVersionRow | undefined> {
  const [row] = await raw<PressureVersionRow[]>`
    select version, rules, created_at from pressure_version order by version desc limit 1`;
  return row;
}

/** Adds a version; two who change the rules at once come one after the other. */
export async function insertPressure(
  { raw }: Connection,
  change: { rules: object; now: Date; operatorId: number | null },
): Promise<void> {
  await raw`lock table pressure_version in share row exclusive mode`;
  await raw`
    insert into pressure_version (version, rules, created_at, created_by)
    select coalesce(max(version), 0) + 1, ${raw.json(change.rules as never)}, ${change.now}, ${change.operatorId} from pressure_version`;
}

/** Asks for a new plan of some contacts. In the order of contacts, so that two who ask never wait for each other crosswise. */
export async function requestReplan(
  { raw }: Connection,
  contactIds: readonly number[],
  now: Date,
): Promise<void> {
  if (contactIds.length === 0) return;
  await raw`
    insert into replan_request (contact_id, requested_at) select distinct id, ${now}::timestamptz from unnest(${contactIds}::bigint[]) id order by id
    on conflict (contact_id) do update set requested_at = excluded.requested_at`;
}

/** Contacts that brought something back on a day or after, among some or all. Index sale_receipt_day. */
export async function selectReturners(
  { raw }: Connection,
  since: string,
  contactIds: readonly number[] | null,
): Promise<Set<number>> {
  const rows = await raw<{ contact_id: number }[]>`
    select distinct contact_id from sale_receipt where sold_on >= ${since} and total_cents < 0
      and (${contactIds}::bigint[] is null or contact_id = any(${contactIds}))`;
  return new Set(rows.map((row) => row.contact_id));
}

export async function contactExists({ raw }: Connection, contactId: number): Promise<boolean> {
  return (await raw`select from contact where contact_id = ${contactId}`).length > 0;
}

export interface WishRow {
  readonly contact_id: number;
  readonly max_messages: number | null;
  readonly per_days: number | null;
  readonly paused_until: string | null;
  readonly topics: string[];
}

/** Wishes of everybody who has any, or of some contacts. */
export function selectWishes({ raw }: Connection, contactIds: readonly number[] | null): Promise<WishRow[]> {
  return raw<WishRow[]>`
    select contact_id, max_messages, per_days, paused_until, topics from contact_wish
    where ${contactIds}::bigint[] is null or contact_id = any(${contactIds})`;
}

export async function upsertWish(
  { raw }: Connection,
  wish: WishRow & { readonly updated_at: Date },
): Promise<void> {
  await raw`
    insert into contact_wish (contact_id, max_messages, per_days, paused_until, topics, updated_at)
    values (${wish.contact_id}, ${wish.max_messages}, ${wish.per_days}, ${wish.paused_until}, ${wish.topics}, ${wish.updated_at})
    on conflict (contact_id) do update set max_messages = excluded.max_messages, per_days = excluded.per_days,
      paused_until = excluded.paused_until, topics = excluded.topics, updated_at = excluded.updated_at`;
}
