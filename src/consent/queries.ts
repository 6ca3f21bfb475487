import type { Connection } from '../database/connection.ts';
import type { ConsentEvent, ConsentState, Purpose } from './rules.ts';

export interface EventInsert {
  readonly contact_id: number;
  readonly purpose: Purpose;
  readonly action: 'granted' | 'withdrawn';
  readonly channels: readonly string[];
  readonly text_hash: string | null;
  readonly language: string;
  readonly method: string;
  readonly store_id: number | null;
  readonly operator_id: number | null;
  readonly occurred_at: Date;
  readonly evidence: unknown;
}

/** Keeps each text shown once, by the hash of its words. */
export async function insertTexts(
  { raw }: Connection,
  texts: readonly { hash: string; language: string; body: string }[],
  now: Date,
): Promise<void> {
  if (texts.length === 0) return;
  await raw`
    insert into consent_text (text_hash, language, body, first_used_at)
    select decode(t.hash, 'hex'), t.language, t.body, ${now}::timestamptz
    from jsonb_to_recordset(${raw.json(texts)}) as t (hash text, language text, body text)
    on conflict (text_hash) do nothing`;
}

/** Appends to the ledger; nothing in the product updates or deletes these rows. */
export async function insertEvents(
  { raw }: Connection,
  events: readonly EventInsert[],
  recordedAt: Date,
): Promise<void> {
  await raw`
    insert into consent_event (recorded_at, contact_id, purpose, action, channels, text_hash, language, method, store_id, operator_id, occurred_at, evidence)
    select ${recordedAt}::timestamptz, e.contact_id, e.purpose, e.action, array(select jsonb_array_elements_text(e.channels)), decode(e.text_hash, 'hex'), e.language,
      e.method, e.store_id, e.operator_id, e.occurred_at, e.evidence
    from jsonb_to_recordset(${raw.json(events as never)}) as e (contact_id bigint, purpose text, action text, channels jsonb, text_hash text,
      language text, method text, store_id integer, operator_id integer, occurred_at timestamptz, evidence jsonb)`;
}

export interface LedgerRow extends ConsentEvent {
  readonly contactId: number;
}

/** The ledger of some contacts, in the order of recording. */
export async function selectLedger({ raw }: Connection, contactIds: readonly number[]): Promise<LedgerRow[]> {
  const rows = await raw<
    {
      contact_id: number;
      consent_event_id: number;
      purpose: Purpose;
      action: 'granted' | 'withdrawn';
      channels: string[];
      occurred_at: Date;
      recorded_at: Date;
    }[]
  >`
    select contact_id, consent_event_id, purpose, action, channels, occurred_at, recorded_at from consent_event
    where contact_id = any(${contactIds}) order by contact_id, consent_event_id`;
  return rows.map((row) => ({
    contactId: row.contact_id,
    consentEventId: row.consent_event_id,
    purpose: row.purpose,
    action: row.action,
    channels: row.channels,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
  }));
}

export interface StateRow extends ConsentState {
  readonly contactId: number;
  readonly purpose: Purpose;
}

export async function selectStates({ raw }: Connection, contactIds: readonly number[]): Promise<StateRow[]> {
  return raw<StateRow[]>`
    select contact_id as "contactId", purpose, state, channels, since from consent_state where contact_id = any(${contactIds}) order by contact_id, purpose`;
}

/** Writes the derived states. */
export async function upsertStates({ raw }: Connection, rows: readonly StateRow[]): Promise<void> {
  if (rows.length === 0) return;
  await raw`
    insert into consent_state (contact_id, purpose, state, channels, since)
    select s."contactId", s.purpose, s.state, array(select jsonb_array_elements_text(s.channels)), s.since
    from jsonb_to_recordset(${raw.json(rows as never)}) as s ("contactId" bigint, purpose text, state text, channels jsonb, since timestamptz)
    on conflict (contact_id, purpose) do update set state = excluded.state, channels = excluded.channels, since = excluded.since`;
}

/** Puts an address on the list of those never to be written to. */
export async function insertSuppression(
  { raw }: Connection,
  hash: Buffer,
  reason: string,
  now: Date,
): Promise<void> {
  await raw`insert into suppression (address_hash, reason, suppressed_at) values (${hash}, ${reason}, ${now}) on conflict (address_hash) do nothing`;
}

export async function selectSuppressed({ raw }: Connection, hashes: readonly Buffer[]): Promise<Buffer[]> {
  const texts = hashes.map((hash) => hash.toString('hex'));
  const rows = await raw<{ address_hash: Buffer }[]>`
    select s.address_hash from suppression s join unnest(${texts}::text[]) as h (hash) on s.address_hash = decode(h.hash, 'hex')`;
  return rows.map((row) => row.address_hash);
}

/** Contacts with anything in the ledger or a state, in order, a page at a time. */
export async function selectContactsAfter(
  { raw }: Connection,
  after: number,
  limit: number,
): Promise<number[]> {
  const rows = await raw<{ contact_id: number }[]>`
    select contact_id from (select contact_id from consent_event union select contact_id from consent_state) known
    where contact_id > ${after} order by contact_id limit ${limit}`;
  return rows.map((row) => row.contact_id);
}
