import type { NewConsentEvent } from '../consent/actions.ts';
import { recordConsentEvents } from '../consent/actions.ts';
import type { Connection } from '../database/connection.ts';
import type { Reject, Row } from '../importing/actions.ts';
import { dayFromIso, instantOfDay } from '../kernel/day.ts';
import { allocateContactIds, searchTextOfContact } from './actions.ts';
import { factsOf } from './facts.ts';
import { selectKnownConsents } from './import-queries.ts';
import type { ContactMapping } from './import-schema.ts';
import type { ContactReader, ContactReading } from './import-row.ts';
import type { ContactFactsRow } from './queries.ts';
import * as queries from './queries.ts';
import { identityKey } from './rules.ts';
import type { ContactInput } from './schema.ts';
import { contactInputSchema } from './schema.ts';

/** What an import has counted so far, and the rows it could not take. */
export interface Tally {
  read: number;
  accepted: number;
  updated: number;
  unchanged: number;
  consents: number;
  withoutEvidence: number;
  readonly rejects: Reject[];
}

export const newTally = (): Tally => ({
  read: 0,
  accepted: 0,
  updated: 0,
  unchanged: 0,
  consents: 0,
  withoutEvidence: 0,
  rejects: [],
});

interface BatchContext {
  readonly reader: ContactReader;
  readonly mapping: ContactMapping;
  readonly timeZone: string;
  readonly operatorId: number | null;
  readonly now: Date;
  readonly tally: Tally;
}

type Understood = Extract<ContactReading, { ok: true }>;

/** A row with the contact it belongs to. */
interface Placed {
  readonly contactId: number;
  readonly isNew: boolean;
  readonly reading: Understood;
}

/** Takes one batch of rows in: whose each is, what it states, what was answered. */
export async function importBatch(
  transaction: Connection,
  rows: readonly Row[],
  context: BatchContext,
): Promise<void> {
  const readings = rows.map((row) => ({ row, reading: context.reader.read(row.cells) }));
  context.tally.read += rows.length;
  const placed = await placeRows(transaction, readings, context);
  const changed = await writeFacts(transaction, placed, context);
  await queries.insertIdentities(
    transaction,
    placed.flatMap(({ contactId, reading }) =>
      reading.identities.map((identity) => ({
        ...identity,
        contactId,
        ...verificationOf(identity.kind, reading, context),
      })),
    ),
    context.now,
  );
  context.tally.accepted += placed.filter(({ isNew }) => isNew).length;
  context.tally.updated += placed.filter(({ isNew, contactId }) => !isNew && changed.has(contactId)).length;
  context.tally.unchanged += placed.filter(
    ({ isNew, contactId }) => !isNew && !changed.has(contactId),
  ).length;
  await writeConsents(transaction, placed, context);
}

/** Finds whose each row is, by any of its identities; rows whose identities belong to two people are rejected. */
async function placeRows(
  transaction: Connection,
  readings: readonly { row: Row; reading: ContactReading }[],
  context: BatchContext,
): Promise<Placed[]> {
  const keys = readings.flatMap(({ reading }) =>
    reading.ok ? reading.identities.map(({ kind, value }) => identityKey(kind, value)) : [],
  );
  const owners = await queries.selectOwners(transaction, keys);
  const fresh = (await allocateContactIds(transaction, readings.length)).reverse(); // taken from the end
  const placed: Placed[] = [];
  for (const { row, reading } of readings) {
    if (!reading.ok) {
      context.tally.rejects.push({
        lineNumber: row.lineNumber,
        reason: reading.reason,
        field: reading.field,
        cells: row.cells,
      });
      continue;
    }
    const found = new Set(
      reading.identities.flatMap(({ kind, value }) => owners.get(identityKey(kind, value)) ?? []),
    );
    if (found.size > 1) {
      context.tally.rejects.push({
        lineNumber: row.lineNumber,
        reason: 'belongs_to_two_people',
        field: 'email',
        cells: row.cells,
      });
      continue;
    }
    const [known] = found;
    const contactId = known ?? fresh.pop() ?? 0;
    for (const { kind, value } of reading.identities) owners.set(identityKey(kind, value), contactId);
    placed.push({ contactId, isNew: known === undefined, reading });
  }
  return placed;
}

/** Adds new people and updates the facts that the file states; returns who changed. */
async function writeFacts(
  transaction: Connection,
  placed: readonly Placed[],
  context: BatchContext,
): Promise<Set<number>> {
  const stored = new Map(
    (
      await queries.selectContacts(
        transaction,
        placed.map(({ contactId }) => contactId),
      )
    ).map((row) => [row.contact_id, row]),
  );
  const facts = new Map<number, ContactInput>();
  const identities = new Map<number, { value: string }[]>();
  const changed = new Set<number>();
  for (const { contactId, reading } of placed) {
    const before = facts.get(contactId) ?? storedFacts(stored.get(contactId), context.mapping);
    const after = {
      ...before,
      ...reading.facts,
      attributes: { ...before.attributes, ...reading.facts.attributes },
    };
    if (JSON.stringify(after) !== JSON.stringify(before)) changed.add(contactId);
    facts.set(contactId, after);
    identities.set(contactId, [...(identities.get(contactId) ?? []), ...reading.identities]);
  }
  const rows = [...facts].map(([contactId, input]) => ({
    ...input,
    contactId,
    storeId: null,
    searchText: searchTextOfContact(input, identities.get(contactId) ?? []),
  }));
  await queries.insertContacts(
    transaction,
    rows.filter(({ contactId }) => !stored.has(contactId)),
    context.now,
  );
  await queries.updateContacts(
    transaction,
    rows.filter(({ contactId }) => stored.has(contactId) && changed.has(contactId)),
    context.now,
  );
  return changed;
}

/** An address on a signed sheet counts as verified (law.md CON-6); others wait for a code. */
function verificationOf(
  kind: string,
  reading: Understood,
  context: BatchContext,
): { verifiedAt: Date | null; verifiedBy: string | null } {
  if (kind === 'card' || kind === 'code') return { verifiedAt: context.now, verifiedBy: 'counter' };
  const isSigned =
    reading.evidence?.method === 'paper' && reading.consents.some(({ action }) => action === 'granted');
  return isSigned
    ? {
        verifiedAt: instantOfDay(dayFromIso(reading.evidence.date), '12:00', context.timeZone),
        verifiedBy: 'signed_sheet',
      }
    : { verifiedAt: null, verifiedBy: null };
}

async function writeConsents(
  transaction: Connection,
  placed: readonly Placed[],
  context: BatchContext,
): Promise<void> {
  const known = await selectKnownConsents(
    transaction,
    placed.map(({ contactId }) => contactId),
  );
  const saidNo = new Set(
    [...known].flatMap((key) => {
      const [contactId, purpose, action] = key.split(' ');
      return action === 'withdrawn' ? [`${contactId} ${purpose}`] : [];
    }),
  );
  const events: NewConsentEvent[] = [];
  for (const { contactId, reading } of placed) {
    if (reading.consents.some(({ action }) => action === 'granted') && reading.evidence === null)
      context.tally.withoutEvidence += 1;
    for (const consent of reading.consents) {
      // A no needs no evidence: it takes nothing that was not given.
      if (reading.evidence === null && consent.action === 'granted') continue;
      const occurredAt = reading.evidence
        ? instantOfDay(dayFromIso(reading.evidence.date), '12:00', context.timeZone)
        : context.now;
      const key = `${contactId} ${consent.purpose} ${consent.action} ${occurredAt.toISOString()}`;
      const person = `${contactId} ${consent.purpose}`;
      if (known.has(key) || (reading.evidence === null && saidNo.has(person))) continue;
      known.add(key);
      if (consent.action === 'withdrawn') saidNo.add(person);
      events.push({
        ...consent,
        contactId,
        text: context.mapping.evidence?.text || null,
        language: context.mapping.defaultLanguage,
        method: reading.evidence?.method ?? 'import',
        operatorId: context.operatorId,
        occurredAt,
        evidence: { reference: reading.evidence?.reference ?? '' },
      });
    }
  }
  context.tally.consents += events.length;
  await recordConsentEvents(transaction, events, context.now);
}

function storedFacts(row: ContactFactsRow | undefined, mapping: ContactMapping): ContactInput {
  return row ? factsOf(row) : contactInputSchema.parse({ language: mapping.defaultLanguage });
}
