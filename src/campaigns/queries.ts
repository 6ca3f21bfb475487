import type { Connection } from '../database/connection.ts';
import type { Audience } from './schema.ts';

export interface CampaignRow {
  readonly campaign_id: number;
  readonly name: string;
  readonly class: 'promotion' | 'care' | 'promise';
  readonly starts_on: string;
  readonly ends_on: string;
  readonly audience: Audience;
  readonly template_id: number;
  readonly subject: string;
  readonly body: string;
  readonly mode: 'suggest' | 'automatic' | 'automatic_unless_refused';
  readonly announces_reduction: boolean;
  readonly lowest_price_30_cents: number | null;
  readonly expected_uplift: number;
  readonly cancelled_at: Date | null;
  readonly tags: string[];
  readonly max_messages: number | null;
  readonly min_messages: number | null;
  readonly budget_cents: number | null;
}

const columns = [
  'campaign_id', 'name', 'class', 'starts_on', 'ends_on', 'audience', 'template_id', 'subject', 'body', 'mode',
  'announces_reduction', 'lowest_price_30_cents', 'expected_uplift', 'cancelled_at',
  'tags', 'max_messages', 'min_messages', 'budget_cents',
] as const; // prettier-ignore

export async function selectCampaigns(connection: Connection): Promise<CampaignRow[]> {
  return (await connection.query
    .selectFrom('campaign')
    .select(columns)
    .orderBy('starts_on', 'desc')
    .orderBy('campaign_id', 'desc')
    .execute()) as CampaignRow[];
}

export async function selectCampaign(
  connection: Connection,
  campaignId: number,
): Promise<CampaignRow | undefined> {
  return (await connection.query
    .selectFrom('campaign')
    .select(columns)
    .where('campaign_id', '=', campaignId)
    .executeTakeFirst()) as CampaignRow | undefined;
}

/** Campaigns that may propose on some day from the first to the last, in order of their number. */
export async function selectCampaignsBetween(
  connection: Connection,
  first: string,
  last: string,
): Promise<CampaignRow[]> {
  return (await connection.query
    .selectFrom('campaign')
    .select(columns)
    .where('starts_on', '<=', last)
    .where('ends_on', '>=', first)
    .where('cancelled_at', 'is', null)
    .orderBy('campaign_id')
    .execute()) as CampaignRow[];
}

/**
 * Contacts of an audience. Buyers of a category are told from item clocks, hence only with consent to profiling
 * (law.md CON-5). With `reachableOnly`, those who said yes to marketing: what a count before sending should show.
 */
export async function selectAudience(
  { raw }: Connection,
  audience: Audience,
  contactIds: readonly number[] | null = null,
): Promise<number[]> {
  const rows =
    audience.kind === 'everyone'
      ? await raw<{ contact_id: number }[]>`
          select contact_id from contact where ${contactIds}::bigint[] is null or contact_id = any(${contactIds}) order by contact_id`
      : await raw<{ contact_id: number }[]>`
          select distinct contact_id from clock where category_id = any(${audience.categoryIds})
            and (${contactIds}::bigint[] is null or contact_id = any(${contactIds})) order by contact_id`;
  return rows.map((row) => row.contact_id);
}

/** Messages of a campaign that have left, or were left out by lot, or are approved, and what they cost. */
export async function selectCampaignUse(
  { raw }: Connection,
  campaignId: number,
): Promise<{ messages: number; cost_cents: number }> {
  const [row] = await raw<{ messages: number; cost_cents: number }[]>`
    select count(*) as messages, coalesce(sum(cost_cents), 0) as cost_cents from message
    where campaign_id = ${campaignId} and status in ('approved', 'sending', 'handed', 'sent', 'withheld', 'unknown')`;
  return row ?? { messages: 0, cost_cents: 0 };
}

/** Messages of each campaign that the last plan foresees for later days. */
export function selectForeseen({ raw }: Connection): Promise<{ campaign_id: number; messages: number }[]> {
  return raw<{ campaign_id: number; messages: number }[]>`
    select campaign_id, count(*) as messages from planned_slot where campaign_id is not null group by campaign_id`;
}

/** What the plan of a day said of each campaign's people who are not written to today, counted. */
export function selectVerdicts(
  { raw }: Connection,
  day: string,
): Promise<{ campaign_id: number; reason: string; people: number }[]> {
  return raw<{ campaign_id: number; reason: string; people: number }[]>`
    select campaign_id, reason, count(*) as people from candidate
    where plan_day = ${day} and verdict <> 'planned' and campaign_id is not null group by campaign_id, reason`;
}

/** How many of an audience said yes to marketing and have an e-mail address. */
export async function countReachable(connection: Connection, audience: Audience): Promise<number> {
  const { raw } = connection;
  const member =
    audience.kind === 'everyone'
      ? raw`true`
      : raw`exists (select from clock k where k.contact_id = c.contact_id and k.category_id = any(${audience.categoryIds}))`;
  const [row] = await raw<{ reachable: number }[]>`
    select count(*) as reachable from contact c
    join consent_state s on s.contact_id = c.contact_id and s.purpose = 'marketing' and s.state = 'granted'
      and (s.channels = '{}' or 'email' = any(s.channels))
    where ${member} and exists (select from contact_identity i where i.contact_id = c.contact_id and i.kind = 'email' and i.unreachable_at is null)`;
  return row?.reachable ?? 0;
}

export interface CampaignCounts {
  readonly campaign_id: number;
  readonly planned: number;
  readonly approved: number;
  readonly sent: number;
  readonly withheld: number;
}

export async function selectCampaignCounts(connection: Connection): Promise<CampaignCounts[]> {
  return connection.raw<CampaignCounts[]>`
    select campaign_id, count(*) filter (where status = 'planned') as planned, count(*) filter (where status in ('approved', 'sending', 'handed')) as approved,
      count(*) filter (where status in ('sent', 'unknown')) as sent, count(*) filter (where status = 'withheld') as withheld
    from message where campaign_id is not null group by campaign_id`;
}

export interface CampaignValues {
  readonly name: string;
  readonly class: string;
  readonly starts_on: string;
  readonly ends_on: string;
  readonly audience: Audience;
  readonly subject: string;
  readonly body: string;
  readonly mode: string;
  readonly announces_reduction: boolean;
  readonly lowest_price_30_cents: number | null;
  readonly tags: string[];
  readonly max_messages: number | null;
  readonly min_messages: number | null;
  readonly budget_cents: number | null;
}

export async function insertCampaign(
  connection: Connection,
  values: CampaignValues & { template_id: number; created_at: Date },
): Promise<number> {
  const row = await connection.query
    .insertInto('campaign')
    .values(values)
    .returning('campaign_id')
    .executeTakeFirstOrThrow();
  return row.campaign_id;
}

export async function updateCampaign(
  connection: Connection,
  campaignId: number,
  values: CampaignValues,
): Promise<void> {
  await connection.query.updateTable('campaign').set(values).where('campaign_id', '=', campaignId).execute();
}

export async function markCancelled(connection: Connection, campaignId: number, now: Date): Promise<void> {
  await connection.query
    .updateTable('campaign')
    .set({ cancelled_at: now })
    .where('campaign_id', '=', campaignId)
    .where('cancelled_at', 'is', null)
    .execute();
}

/** Contacts of a campaign's messages that have not left: they are cancelled with it. */
export async function selectOpenRecipients(
  connection: Connection,
  campaignId: number,
): Promise<{ contact_id: number; message_id: number }[]> {
  return connection.raw<{ contact_id: number; message_id: number }[]>`
    select contact_id, message_id from message where campaign_id = ${campaignId} and status in ('planned', 'approved', 'handed')`;
}

export async function selectCategoryNames(
  connection: Connection,
  categoryIds: readonly number[],
): Promise<string[]> {
  const rows = await connection.query
    .selectFrom('category')
    .select('name')
    .where('category_id', 'in', [...categoryIds])
    .orderBy('name')
    .execute();
  return rows.map((row) => row.name);
}

/** Labels of every campaign, past ones too. */
export async function selectCampaignTags(connection: Connection): Promise<Map<number, string[]>> {
  const rows = await connection.query.selectFrom('campaign').select(['campaign_id', 'tags']).execute();
  return new Map(rows.map((row) => [row.campaign_id, row.tags]));
}
