import type { PostalRow } from '../contacts/rules.ts';
import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { instantOfDay, isoFromDay } from '../kernel/day.ts';
import type { MessageClass, PersonRow, RegisterRow } from '../pressure/rules.ts';

export interface CandidatePersonRow extends PersonRow {
  readonly contact_id: number;
  readonly household_id: number;
  readonly preferred_channel: string | null;
  readonly store_id: number | null;
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
  readonly total_cents: number | null;
  readonly visit_count: number | null;
}

/** What the gates and the value need of each candidate's person: co-located joins, one pass. */
export function selectPeople(
  connection: Connection,
  contactIds: readonly number[],
): Promise<CandidatePersonRow[]> {
  return connection.raw<CandidatePersonRow[]>`
    with address as (
      select distinct on (contact_id) contact_id, value, verified_at, unreachable_at
      from contact_identity where kind = 'email' and contact_id = any(${contactIds})
      order by contact_id, unreachable_at nulls first, verified_at nulls last, value)
    select c.contact_id, c.household_id, c.preferred_channel, c.store_id, c.first_name, c.last_name, c.company_name, c.birth_date, m.state as marketing, m.channels, p.state as profiling,
      e.value as address, e.verified_at is not null as is_verified, e.unreachable_at is not null as is_unreachable,
      a.total_cents, a.visit_count
    from contact c
    left join consent_state m on m.contact_id = c.contact_id and m.purpose = 'marketing'
    left join consent_state p on p.contact_id = c.contact_id and p.purpose = 'profiling'
    left join contact_activity a on a.contact_id = c.contact_id
    left join address e on e.contact_id = c.contact_id
    where c.contact_id = any(${contactIds})`;
}

/** Everybody in some households. */
export function selectMembers(
  { raw }: Connection,
  households: readonly number[],
): Promise<{ contact_id: number; household_id: number }[]> {
  return raw<{ contact_id: number; household_id: number }[]>`
    select contact_id, household_id from contact where household_id = any(${households})`;
}

export async function selectSensitiveCategories({ query }: Connection): Promise<Set<number>> {
  const rows = await query
    .selectFrom('category')
    .select('category_id')
    .where('is_sensitive', '=', true)
    .execute();
  return new Set(rows.map((row) => row.category_id));
}

export interface ReleasedRow {
  readonly contact_id: number;
  readonly household_id: number;
  readonly class: MessageClass;
  readonly channel: Channel;
  readonly campaign_id: number | null;
  readonly tags: string[];
  readonly released_at: Date;
}

/** Messages that count against the caps and were released since a moment. */
export function selectReleasedSince({ raw }: Connection, since: Date): Promise<ReleasedRow[]> {
  return raw<ReleasedRow[]>`
    select m.contact_id, c.household_id, m.class, m.channel, m.campaign_id, coalesce(n.tags, '{}') as tags, m.released_at
    from message m join contact c using (contact_id) left join campaign n on n.campaign_id = m.campaign_id
    where m.released_at >= ${since} and m.status not in ('expired', 'cancelled', 'refused') and m.class in ('care', 'promotion', 'promise')`;
}

/** Mean receipt of the shop in cents, over identified customers whose visits are counted. */
export async function selectShopMeanReceiptCents(connection: Connection): Promise<number | null> {
  const [row] = await connection.raw<{ mean: number | null }[]>`
    select sum(total_cents)::float8 / nullif(sum(visit_count), 0) as mean from contact_activity where visit_count is not null`;
  return row?.mean ?? null;
}

export interface TakenRow {
  readonly channel: Channel;
  readonly store_id: number | null;
  readonly days_ahead: number;
  readonly messages: number;
}

/**
 * Places of the channels' days that are taken: today's by what is approved and waits or was released since the day began, and of the
 * calls' days by those to be made again.
 */
export function selectTaken({ raw }: Connection, day: Day, timeZone: string): Promise<TakenRow[]> {
  const today = isoFromDay(day);
  const [start, end] = [instantOfDay(day, '00:00', timeZone), instantOfDay(day + 1, '00:00', timeZone)];
  return raw<TakenRow[]>`
    select channel, store_id, 0 as days_ahead, count(*) as messages from message
    where (status in ('approved', 'sending') and released_at is null) or released_at >= ${start} group by channel, store_id
    union all
    select m.channel, m.store_id, greatest(0, (e.due_at at time zone ${timeZone})::date - ${today}::date), count(*)
    from errand e join message m using (contact_id, message_id)
    where e.channel = 'phone' and m.status = 'handed' and (m.released_at < ${start} or e.due_at >= ${end}) group by 1, 2, 3`;
}

/** Postal addresses of some contacts, and whether each has ever bought. */
export function selectPostalAddresses(
  { raw }: Connection,
  contactIds: readonly number[],
): Promise<(PostalRow & { contact_id: number; has_bought: boolean })[]> {
  return raw<(PostalRow & { contact_id: number; has_bought: boolean })[]>`
    select c.contact_id, c.first_name, c.last_name, c.company_name, c.street, c.postcode, c.city, c.province, c.country,
      a.contact_id is not null as has_bought
    from contact c left join contact_activity a using (contact_id) where c.contact_id = any(${contactIds}) and c.street <> ''`;
}

export interface NumberRow
  extends RegisterRow, Pick<PersonRow, 'address' | 'is_verified' | 'is_unreachable'> {
  readonly contact_id: number;
}

/** A number of each of some contacts, one that works before one that does not, with what the opposition register said of it. */
export function selectNumbers({ raw }: Connection, contactIds: readonly number[]): Promise<NumberRow[]> {
  return raw<NumberRow[]>`
    with number as (
      select distinct on (contact_id) contact_id, value as address, verified_at is not null as is_verified,
        unreachable_at is not null as is_unreachable, register_checked_on, is_in_register
      from contact_identity where kind = 'phone' and contact_id = any(${contactIds})
      order by contact_id, unreachable_at nulls first, verified_at nulls last, value)
    select n.*, (select max(e.occurred_at)::date from consent_event e where e.contact_id = n.contact_id and e.purpose = 'marketing'
      and e.action = 'granted' and (e.channels = '{}' or 'phone' = any(e.channels))) as agreed_to_calls_on
    from number n`;
}
