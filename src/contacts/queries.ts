import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import type { ContactInput } from './schema.ts';

export interface ListRow {
  readonly contact_id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
  readonly city: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly last_day: string | null;
  readonly marketing: string | null;
}

/**
 * One page of contacts by number, the newest first. A search is a prefix query on the words of `search_text` (GIN index);
 * keyset paging, so that the hundredth page costs what the first does.
 */
export function selectPage(
  { raw }: Connection,
  options: { prefixQuery: string | null; before: number | null; limit: number },
): Promise<ListRow[]> {
  const matches =
    options.prefixQuery === null
      ? raw`true`
      : raw`to_tsvector('simple', c.search_text) @@ to_tsquery('simple', ${options.prefixQuery})`;
  return raw<ListRow[]>`
    with page as (
      select c.* from contact c where ${matches} and (${options.before}::bigint is null or c.contact_id < ${options.before}::bigint)
      order by c.contact_id desc limit ${options.limit})
    select p.contact_id, p.first_name, p.last_name, p.company_name, p.city, a.last_day, s.state as marketing,
      (select value from contact_identity i where i.contact_id = p.contact_id and i.kind = 'email' order by value limit 1) as email,
      (select value from contact_identity i where i.contact_id = p.contact_id and i.kind = 'phone' order by value limit 1) as phone
    from page p left join contact_activity a using (contact_id)
    left join consent_state s on s.contact_id = p.contact_id and s.purpose = 'marketing'
    order by p.contact_id desc`;
}

export async function countMatches({ raw }: Connection, prefixQuery: string | null): Promise<number> {
  const [row] =
    prefixQuery === null
      ? await raw<{ total: number }[]>`select count(*) as total from contact`
      : await raw<
          { total: number }[]
        >`select count(*) as total from contact where to_tsvector('simple', search_text) @@ to_tsquery('simple', ${prefixQuery})`;
  return row?.total ?? 0;
}

/** Numbers for new contacts, handed out in a block. */
export async function allocateIds({ raw }: Connection, count: number): Promise<number[]> {
  const rows = await raw<
    { id: number }[]
  >`select nextval(pg_get_serial_sequence('contact', 'contact_id')) as id from generate_series(1, ${count}::integer)`;
  return rows.map((row) => row.id);
}

export interface ContactInsert extends ContactInput {
  readonly contactId: number;
  readonly storeId: number | null;
  readonly searchText: string;
}

export async function insertContacts(
  { raw }: Connection,
  contacts: readonly ContactInsert[],
  now: Date,
): Promise<void> {
  if (contacts.length === 0) return;
  await raw`
    insert into contact (contact_id, household_id, store_id, kind, first_name, last_name, company_name, language, birth_date, street, postcode, city, province,
      preferred_channel, note, attributes, search_text, created_at, updated_at)
    select c."contactId", c."contactId", c."storeId", case when c."companyName" = '' then 'person' else 'company' end, c."firstName", c."lastName", c."companyName",
      c.language, c."birthDate", c.street, c.postcode, c.city, c.province, c."preferredChannel", c.note, c.attributes, c."searchText", ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${raw.json(contacts as never)}) as c ("contactId" bigint, "storeId" integer, "firstName" text, "lastName" text, "companyName" text,
      language text, "birthDate" date, street text, postcode text, city text, province text, "preferredChannel" text, note text, attributes jsonb, "searchText" text)`;
}

export async function updateContacts(
  { raw }: Connection,
  contacts: readonly Omit<ContactInsert, 'storeId'>[],
  now: Date,
): Promise<void> {
  if (contacts.length === 0) return;
  await raw`
    update contact t set kind = case when c."companyName" = '' then 'person' else 'company' end, first_name = c."firstName", last_name = c."lastName",
      company_name = c."companyName", language = c.language, birth_date = c."birthDate", street = c.street, postcode = c.postcode, city = c.city,
      province = c.province, preferred_channel = c."preferredChannel", note = c.note, attributes = c.attributes, search_text = c."searchText", updated_at = ${now}
    from jsonb_to_recordset(${raw.json(contacts)}) as c ("contactId" bigint, "firstName" text, "lastName" text, "companyName" text,
      language text, "birthDate" date, street text, postcode text, city text, province text, "preferredChannel" text, note text, attributes jsonb, "searchText" text)
    where t.contact_id = c."contactId"`;
}

export interface IdentityInsert {
  readonly contactId: number;
  readonly kind: string;
  readonly value: string;
  readonly original: string;
  readonly verifiedAt: Date | null;
  readonly verifiedBy: string | null;
}

/** Adds identities; the key table says whose each one is, and only the owner's are written. Returns the keys that are somebody else's. */
export async function insertIdentities(
  { raw }: Connection,
  identities: readonly IdentityInsert[],
  now: Date,
): Promise<string[]> {
  if (identities.length === 0) return [];
  const rows = raw`jsonb_to_recordset(${raw.json(identities as never)}) as i ("contactId" bigint, kind text, value text, original text, "verifiedAt" timestamptz, "verifiedBy" text)`;
  await raw`insert into identity_key (identity_key, contact_id) select i.kind || ':' || i.value, min(i."contactId") from ${rows} group by 1 on conflict (identity_key) do nothing`;
  await raw`
    insert into contact_identity (contact_id, kind, value, original, verified_at, verified_by, created_at)
    select distinct on (i."contactId", i.kind, i.value) i."contactId", i.kind, i.value, i.original, i."verifiedAt", i."verifiedBy", ${now}::timestamptz
    from ${rows} join identity_key k on k.identity_key = i.kind || ':' || i.value and k.contact_id = i."contactId"
    on conflict (contact_id, kind, value) do update set
      verified_at = coalesce(contact_identity.verified_at, excluded.verified_at), verified_by = coalesce(contact_identity.verified_by, excluded.verified_by)`;
  const taken = await raw<{ identity_key: string }[]>`
    select distinct k.identity_key from ${rows} join identity_key k on k.identity_key = i.kind || ':' || i.value and k.contact_id <> i."contactId"`;
  return taken.map((row) => row.identity_key);
}

/** Whose these identity keys are. */
export async function selectOwners(
  { raw }: Connection,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const rows = await raw<
    { identity_key: string; contact_id: number }[]
  >`select identity_key, contact_id from identity_key where identity_key = any(${keys})`;
  return new Map(rows.map((row) => [row.identity_key, row.contact_id]));
}

export interface ContactFactsRow {
  readonly contact_id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
  readonly language: string;
  readonly birth_date: string | null;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly province: string;
  readonly preferred_channel: string | null;
  readonly note: string;
  readonly attributes: Record<string, string>;
  readonly created_at: Date;
}

export function selectContacts(
  { raw }: Connection,
  contactIds: readonly number[],
): Promise<ContactFactsRow[]> {
  return raw<ContactFactsRow[]>`
    select contact_id, first_name, last_name, company_name, language, birth_date, street, postcode, city, province, preferred_channel, note, attributes, created_at
    from contact where contact_id = any(${contactIds})`;
}

export interface IdentityRow {
  readonly contact_id: number;
  readonly kind: 'email' | 'phone' | 'card' | 'code';
  readonly value: string;
  readonly verified_at: Date | null;
  readonly unreachable_at: Date | null;
}

export function selectIdentities({ raw }: Connection, contactIds: readonly number[]): Promise<IdentityRow[]> {
  return raw<IdentityRow[]>`
    select contact_id, kind, value, verified_at, unreachable_at from contact_identity where contact_id = any(${contactIds}) order by contact_id, kind, value`;
}

export async function selectActivity({ raw }: Connection, contactId: number) {
  const [row] = await raw<
    {
      last_day: string;
      total_cents: number;
      first_day: string | null;
      visit_count: number | null;
      log_gap_sum: number | null;
    }[]
  >`
    select last_day, total_cents, first_day, visit_count, log_gap_sum from contact_activity where contact_id = ${contactId}`;
  return row;
}

/** Latest receipts of a contact with their lines by category, by the primary key of the contact. */
export function selectPurchases({ raw }: Connection, contactId: number, limit: number) {
  return raw<
    {
      receipt_id: number;
      sold_on: string;
      total_cents: number;
      category_name: string;
      quantity: number;
      cents: number;
    }[]
  >`
    with latest as (select receipt_id, sold_on, total_cents from sale_receipt where contact_id = ${contactId} order by sold_on desc, receipt_id desc limit ${limit})
    select r.receipt_id, r.sold_on, r.total_cents, g.name as category_name, sum(l.quantity)::float8 as quantity, sum(l.total_cents) as cents
    from latest r join sale_line l on l.contact_id = ${contactId} and l.receipt_id = r.receipt_id join category g using (category_id)
    group by r.receipt_id, r.sold_on, r.total_cents, g.name order by r.sold_on desc, r.receipt_id desc, g.name`;
}

export function selectMessages({ raw }: Connection, contactId: number, limit: number) {
  return raw<
    {
      plan_day: string;
      channel: Channel;
      status: string;
      reason: string;
      subject: string;
      opening: string;
      about: string;
      said: { outcome: string; note: string } | null;
    }[]
  >`
    select m.plan_day, m.channel, m.status, m.reason, m.subject, m.opening, coalesce(n.name, g.name, '') as about,
      (select v.detail from message_event v where v.contact_id = m.contact_id and v.message_id = m.message_id and v.kind = 'called'
        order by v.occurred_at desc, v.message_event_id desc limit 1) as said
    from message m left join category g on g.category_id = m.category_id left join campaign n on n.campaign_id = m.campaign_id
    where m.contact_id = ${contactId} and m.status not in ('planned', 'lapsed') order by m.plan_day desc, m.message_id desc limit ${limit}`;
}

export function selectConsentEvents({ raw }: Connection, contactId: number, limit: number) {
  return raw<
    {
      purpose: 'marketing' | 'profiling';
      action: 'granted' | 'withdrawn';
      channels: string[];
      method: string;
      occurred_at: Date;
      evidence: unknown;
    }[]
  >`
    select purpose, action, channels, method, occurred_at, evidence from consent_event where contact_id = ${contactId}
    order by occurred_at desc, consent_event_id desc limit ${limit}`;
}

export function selectConsentStates({ raw }: Connection, contactId: number) {
  return raw<{ purpose: 'marketing' | 'profiling'; state: 'granted' | 'withdrawn'; channels: string[] }[]>`
    select purpose, state, channels from consent_state where contact_id = ${contactId}`;
}

/** Messages that the last plan foresees for later days. */
export function selectUpcoming({ raw }: Connection, contactId: number, today: string) {
  return raw<{ planned_for: string; channel: string; reason: string; about: string }[]>`
    select d.planned_for, d.channel, d.reason, coalesce(g.name, n.name, '') as about
    from planned_slot d left join category g on g.category_id = d.category_id left join campaign n on n.campaign_id = d.campaign_id
    where d.contact_id = ${contactId} and d.planned_for > ${today} order by d.planned_for`;
}

export function selectDecisions({ raw }: Connection, contactId: number, limit: number) {
  return raw<{ plan_day: string; verdict: string; reason: string; about: string }[]>`
    select d.plan_day, d.verdict, d.reason, coalesce(g.name, n.name, '') as about
    from candidate d left join category g on g.category_id = d.category_id left join campaign n on n.campaign_id = d.campaign_id
    where d.contact_id = ${contactId} order by d.plan_day desc, d.source limit ${limit}`;
}
