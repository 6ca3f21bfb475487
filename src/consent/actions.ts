import { createHash } from 'node:crypto';
import { deleteClocks, rebuildClocks } from '../clocks/actions.ts';
import type { Connection } from '../database/connection.ts';
import { addressHash } from '../kernel/secret.ts';
import { requestReplan } from '../pressure/actions.ts';
import { cancelOpenMessages } from '../sending/cancel.ts';
import type { LedgerRow, StateRow } from './queries.ts';
import * as queries from './queries.ts';
import type { Purpose } from './rules.ts';
import { deriveState } from './rules.ts';

/** How a person said yes or no. */
export type ConsentMethod =
  | 'paper'
  | 'counter'
  | 'web'
  | 'code'
  | 'phone'
  | 'import'
  | 'preference_page'
  | 'one_click'
  | 'reply'
  | 'demonstration';

/** What one consent event records (law.md CON-7). */
export interface NewConsentEvent {
  readonly contactId: number;
  readonly purpose: Purpose;
  readonly action: 'granted' | 'withdrawn';
  /** Empty: every channel. */
  readonly channels: readonly string[];
  /** The exact words shown, or null where none were (a one-click unsubscribe). */
  readonly text: string | null;
  readonly language: string;
  readonly method: ConsentMethod;
  readonly storeId?: number | null;
  readonly operatorId?: number | null;
  readonly occurredAt: Date;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/**
 * Appends events to the ledger and derives the state, in the caller's transaction. Profiling granted builds the item
 * clocks from the lines still kept; withdrawn, they go with the messages they led to. Marketing withdrawn cancels what is
 * planned or queued, at once.
 */
export async function recordConsentEvents(
  transaction: Connection,
  events: readonly NewConsentEvent[],
  recordedAt: Date,
): Promise<void> {
  if (events.length === 0) return;
  const texts = new Map<string, { hash: string; language: string; body: string }>();
  const rows = events.map((event) => {
    const hash = event.text === null ? null : createHash('sha256').update(event.text).digest('hex');
    if (hash !== null && event.text !== null)
      texts.set(hash, { hash, language: event.language, body: event.text });
    return {
      contact_id: event.contactId,
      purpose: event.purpose,
      action: event.action,
      channels: event.channels,
      text_hash: hash,
      language: event.language,
      method: event.method,
      store_id: event.storeId ?? null,
      operator_id: event.operatorId ?? null,
      occurred_at: event.occurredAt,
      evidence: event.evidence,
    };
  });
  await queries.insertTexts(transaction, [...texts.values()], recordedAt);
  await queries.insertEvents(transaction, rows, recordedAt);
  await deriveStates(transaction, [...new Set(events.map((event) => event.contactId))], recordedAt);
}

async function deriveStates(
  transaction: Connection,
  contactIds: readonly number[],
  now: Date,
): Promise<void> {
  const before = new Map(
    (await queries.selectStates(transaction, contactIds)).map((row) => [keyOf(row), row]),
  );
  const after = derive(await queries.selectLedger(transaction, contactIds));
  await queries.upsertStates(transaction, after);
  const changed = after.filter((row) => describesChange(before.get(keyOf(row)), row));
  const profiling = changed.filter(
    (row) => row.purpose === 'profiling' && before.get(keyOf(row))?.state !== row.state,
  );
  const changedContacts = [...new Set(changed.map((row) => row.contactId))];
  await requestReplan(transaction, changedContacts, now);
  await rebuildClocks(transaction, contactsOf(profiling, 'granted'), now);
  const unprofiled = contactsOf(profiling, 'withdrawn');
  await deleteClocks(transaction, unprofiled);
  await cancelOpenMessages(
    transaction,
    unprofiled,
    { chosenBy: 'purchases', reason: 'profiling.not_granted' },
    now,
  );
  for (const row of changed.filter(({ purpose }) => purpose === 'marketing')) {
    const stillAllowed =
      row.state === 'withdrawn' ? 'none' : row.channels.length === 0 ? 'all' : row.channels;
    if (stillAllowed !== 'all')
      await cancelOpenMessages(
        transaction,
        [row.contactId],
        { stillAllowed, reason: 'consent.marketing_withdrawn' },
        now,
      );
  }
}

const keyOf = (row: { contactId: number; purpose: Purpose }): string => `${row.contactId} ${row.purpose}`;

const describesChange = (before: StateRow | undefined, after: StateRow): boolean =>
  before === undefined
    ? true
    : before.state !== after.state || before.channels.join() !== after.channels.join();

const contactsOf = (rows: readonly StateRow[], state: StateRow['state']): number[] =>
  rows.filter((row) => row.state === state).map((row) => row.contactId);

/** The derived states of a ledger, the same that the database keeps. */
export function derive(ledger: readonly LedgerRow[]): StateRow[] {
  const groups = Map.groupBy(ledger, keyOf);
  return [...groups.values()].flatMap((events) => {
    const [first] = events;
    const state = deriveState(events);
    return first && state ? [{ contactId: first.contactId, purpose: first.purpose, ...state }] : [];
  });
}

/** Puts an address on the list of those never to be written to, as a keyed hash (law.md RGT-2). */
export async function suppressAddress(
  transaction: Connection,
  address: { kind: string; value: string },
  reason: 'unsubscribed' | 'hard_bounce' | 'complaint' | 'erased' | 'objection',
  key: Buffer,
  now: Date,
): Promise<void> {
  await queries.insertSuppression(transaction, addressHash(key, address.kind, address.value), reason, now);
}

/** Which of these address hashes are suppressed, as hexadecimal text. */
export async function suppressedAmong(
  connection: Connection,
  hashes: readonly Buffer[],
): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  return new Set((await queries.selectSuppressed(connection, hashes)).map((hash) => hash.toString('hex')));
}

const CHECKED_AT_ONCE = 5_000;

/** How many stored states differ from what the ledger says; none, unless something wrote past the rules. */
export async function countStateMismatches(connection: Connection): Promise<number> {
  let mismatches = 0;
  let after = 0;
  for (;;) {
    const contactIds = await queries.selectContactsAfter(connection, after, CHECKED_AT_ONCE);
    const last = contactIds.at(-1);
    if (last === undefined) return mismatches;
    after = last;
    const stored = new Set((await queries.selectStates(connection, contactIds)).map(stateKeyOf));
    const derived = derive(await queries.selectLedger(connection, contactIds)).map(stateKeyOf);
    const agreeing = derived.filter((key) => stored.has(key)).length;
    mismatches += Math.max(stored.size, derived.length) - agreeing;
  }
}

const stateKeyOf = (row: StateRow): string =>
  `${keyOf(row)} ${row.state} ${row.channels.join()} ${row.since.toISOString()}`;
