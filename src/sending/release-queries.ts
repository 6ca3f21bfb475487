import type { PostalRow } from '../contacts/rules.ts';
import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import type { MessageClass, PersonRow, RegisterRow } from '../pressure/rules.ts';
import type { MessageReference } from './queries.ts';

export interface ReleaseRow extends PersonRow, RegisterRow, PostalRow {
  readonly contact_id: number;
  readonly message_id: number;
  readonly store_id: number | null;
  readonly source: string;
  readonly class: MessageClass;
  readonly channel: Channel;
  readonly category_id: number | null;
  readonly campaign_id: number | null;
  readonly tags: string[];
  readonly audience_categories: number[];
  readonly status: string;
  readonly facts: unknown;
  readonly send_before: Date;
  readonly value_cents: number;
  /** Set when the coin fell at an earlier attempt. */
  readonly assignment: 'treated' | 'control' | null;
  readonly assignment_probability: number | null;
  readonly assigned_by: string | null;
  readonly household_id: number;
  readonly is_exempt: boolean;
  readonly last_bought_on: string | null;
  readonly is_sensitive: boolean;
  readonly is_campaign_cancelled: boolean;
  readonly announces_reduction: boolean;
  readonly has_lowest_price: boolean;
  readonly uses_purchases: boolean;
  readonly has_bought: boolean;
}

/**
 * Everything the last look needs of one message, its row locked: all of it belongs to one contact. The contact is locked
 * too, with the household where it counts as one, so that of two messages the second sees the first.
 */
export async function lockForRelease(
  { raw }: Connection,
  message: MessageReference,
  ofHousehold: boolean,
): Promise<ReleaseRow | undefined> {
  await (ofHousehold
    ? raw`select 1 from contact where household_id = (select household_id from contact where contact_id = ${message.contactId}) order by contact_id for no key update`
    : raw`select 1 from contact where contact_id = ${message.contactId} for no key update`);
  await raw`select 1 from message where contact_id = ${message.contactId} and message_id = ${message.messageId} for update`;
  const [row] = await raw<ReleaseRow[]>`
    select m.contact_id, m.message_id, m.store_id, m.source, m.class, m.channel, m.category_id, m.campaign_id, m.status, m.facts, m.send_before, m.value_cents,
      m.assignment, m.assignment_probability, m.assigned_by, c.household_id, c.is_exempt_from_control as is_exempt, c.birth_date,
      c.first_name, c.last_name, c.company_name, c.street, c.postcode, c.city, c.province, c.country, s.state as marketing, s.channels, p.state as profiling,
      i.value as address, i.register_checked_on, i.is_in_register, i.verified_at is not null as is_verified, i.unreachable_at is not null as is_unreachable, k.last_day as last_bought_on,
      coalesce(g.is_sensitive, false) as is_sensitive, coalesce(n.cancelled_at is not null, false) as is_campaign_cancelled,
      coalesce(n.announces_reduction, false) as announces_reduction, coalesce(n.lowest_price_30_cents is not null, false) as has_lowest_price,
      m.channel = 'letter' and exists (select from contact_activity a where a.contact_id = m.contact_id) as has_bought,
      case when m.channel = 'phone' then (select max(e.occurred_at)::date from consent_event e where e.contact_id = m.contact_id and e.purpose = 'marketing' and e.action = 'granted'
        and (e.channels = '{}' or 'phone' = any(e.channels))) end as agreed_to_calls_on,
      (m.category_id is not null or coalesce(n.audience ->> 'kind' = 'buyers', false)) as uses_purchases,
      coalesce(n.tags, '{}') as tags, coalesce((select array_agg(id::integer) from jsonb_array_elements_text(n.audience -> 'categoryIds') id), '{}') as audience_categories
    from message m join contact c using (contact_id)
    left join consent_state s on s.contact_id = m.contact_id and s.purpose = 'marketing'
    left join consent_state p on p.contact_id = m.contact_id and p.purpose = 'profiling'
    left join lateral (select value, verified_at, unreachable_at, register_checked_on, is_in_register from contact_identity
      where contact_id = ${message.contactId} and kind = case m.channel when 'phone' then 'phone' else 'email' end
      order by unreachable_at nulls first, verified_at nulls last, value limit 1) i on true
    left join clock k on k.contact_id = m.contact_id and k.category_id = m.category_id
    left join category g on g.category_id = m.category_id
    left join campaign n on n.campaign_id = m.campaign_id
    where m.contact_id = ${message.contactId} and m.message_id = ${message.messageId}`;
  return row;
}

export interface PastRow {
  readonly class: MessageClass;
  readonly channel: Channel;
  readonly campaign_id: number | null;
  readonly tags: string[];
  readonly released_at: Date;
}

/** Messages since a moment that count against the caps, besides the one about to leave: of the contact, or of its household. */
export function selectPastMessages(
  { raw }: Connection,
  message: { readonly contact_id: number; readonly message_id: number; readonly household_id: number },
  options: { readonly since: Date; readonly ofHousehold: boolean },
): Promise<PastRow[]> {
  const members = options.ofHousehold
    ? raw`contact_id in (select contact_id from contact where household_id = ${message.household_id})`
    : raw`contact_id = ${message.contact_id}`;
  return raw<PastRow[]>`
    select m.class, m.channel, m.campaign_id, coalesce(n.tags, '{}') as tags, m.released_at
    from message m left join campaign n on n.campaign_id = m.campaign_id
    where ${members} and message_id <> ${message.message_id} and released_at >= ${options.since} and m.status not in ('expired', 'cancelled', 'refused') and m.class in ('care', 'promotion', 'promise')`;
}
