import { loadBusiness } from '../business/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { NewConsentEvent } from '../consent/actions.ts';
import { recordConsentEvents } from '../consent/actions.ts';
import { Failure } from '../kernel/failure.ts';
import { requestReplan } from '../pressure/actions.ts';
import { factsOf } from './facts.ts';
import type { IdentityInsert } from './queries.ts';
import * as queries from './queries.ts';
import {
  identityKey,
  searchWords,
  spokenNumbers,
  normaliseCode,
  normaliseEmail,
  parsePhones,
  searchTextOf,
  initialsOf,
  nameOf,
} from './rules.ts';
import type { ContactInput, ContactRow } from './schema.ts';
import { contactInputSchema } from './schema.ts';

export { loadProfile } from './profile.ts';

const PAGE_SIZE = 50;

/** Numbers for new contacts, handed out in a block before they are inserted. */
export function allocateContactIds(connection: Connection, count: number): Promise<number[]> {
  return queries.allocateIds(connection, count);
}

/** One page of contacts that match every word of a search, the newest first. */
export async function searchContacts(
  connection: Connection,
  options: { search: string; after: number },
): Promise<{ contacts: ContactRow[]; next: number | null; total: number }> {
  const words = searchWords(options.search);
  const prefixQuery = words.length === 0 ? null : words.map((word) => `${word}:*`).join(' & ');
  const rows = await queries.selectPage(connection, {
    prefixQuery,
    before: options.after === 0 ? null : options.after,
    limit: PAGE_SIZE,
  });
  const last = rows.at(-1);
  return {
    contacts: rows.map((row) => {
      const name = nameOf(row);
      return {
        contactId: row.contact_id,
        name,
        initials: initialsOf(name),
        city: row.city,
        email: row.email ?? '',
        phone: row.phone ?? '',
        lastVisit: row.last_day,
        mayBeWrittenTo: row.marketing === 'granted',
      };
    }),
    next: rows.length === PAGE_SIZE && last ? last.contact_id : null,
    total: await queries.countMatches(connection, prefixQuery),
  };
}

/** An identity in its one form. Failures: `email_wrong`, `phone_wrong`. */
export function normaliseIdentity(kind: string, text: string): string {
  if (kind === 'email') {
    const email = normaliseEmail(text);
    if (!email) throw new Failure('email_wrong', { params: { value: text } });
    return email;
  }
  if (kind === 'phone') {
    const [phone] = parsePhones(text);
    if (!phone) throw new Failure('phone_wrong', { params: { value: text } });
    return phone.e164;
  }
  return normaliseCode(text);
}

/** Adds a contact with its identities. Failure `identity_taken` when one belongs to somebody else. */
export async function createContact(
  database: Database,
  input: ContactInput & { identities: readonly { kind: string; value: string }[] },
  now: Date,
): Promise<number> {
  return database.transaction(async (transaction) => {
    const [contactId = 0] = await queries.allocateIds(transaction, 1);
    const identities = input.identities.map(({ kind, value }): IdentityInsert => ({
      contactId,
      kind,
      value: normaliseIdentity(kind, value),
      original: value,
      verifiedAt: null,
      verifiedBy: null,
    }));
    const facts = contactInputSchema.parse(input);
    await queries.insertContacts(
      transaction,
      [{ ...facts, contactId, storeId: null, searchText: searchTextOfContact(facts, identities) }],
      now,
    );
    const taken = await queries.insertIdentities(transaction, identities, now);
    if (taken.length > 0)
      throw new Failure('identity_taken', { status: 409, params: { value: taken.join(', ') } });
    return contactId;
  });
}

/** Changes a contact's facts. Failure `not_found`. */
export async function updateContact(
  database: Database,
  contactId: number,
  input: ContactInput,
  now: Date,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const [before] = await queries.selectContacts(transaction, [contactId]);
    if (!before) throw new Failure('not_found', { status: 404 });
    const identities = await queries.selectIdentities(transaction, [contactId]);
    await queries.updateContacts(
      transaction,
      [{ ...input, contactId, searchText: searchTextOfContact(input, identities) }],
      now,
    );
    await requestReplan(transaction, [contactId], now);
  });
}

/** Adds a number, an address, a card or a code to a contact. Failures `not_found`, `email_wrong`, `phone_wrong`, `identity_taken`. */
export async function addIdentity(
  database: Database,
  contactId: number,
  { kind, value }: { readonly kind: string; readonly value: string },
  now: Date,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const [row] = await queries.selectContacts(transaction, [contactId]);
    if (!row) throw new Failure('not_found', { status: 404 });
    const added = { contactId, kind, value: normaliseIdentity(kind, value), original: value };
    const unverified = { ...added, verifiedAt: null, verifiedBy: null };
    const taken = await queries.insertIdentities(transaction, [unverified], now);
    if (taken.length > 0) throw new Failure('identity_taken', { status: 409, params: { value } });
    const identities = await queries.selectIdentities(transaction, [contactId]);
    const facts = factsOf(row);
    const searchText = searchTextOfContact(facts, identities);
    await queries.updateContacts(transaction, [{ ...facts, contactId, searchText }], now);
    await requestReplan(transaction, [contactId], now);
  });
}

/** Words by which a contact is found. */
export function searchTextOfContact(
  facts: Pick<ContactInput, 'firstName' | 'lastName' | 'companyName' | 'city'>,
  identities: readonly { value: string }[],
): string {
  return searchTextOf([
    facts.firstName,
    facts.lastName,
    facts.companyName,
    facts.city,
    ...identities.flatMap(({ value }) => [value, ...spokenNumbers(value)]),
  ]);
}

/** Whose identities these are, by key. */
export function findOwners(
  connection: Connection,
  identities: readonly { kind: string; value: string }[],
): Promise<Map<string, number>> {
  return queries.selectOwners(
    connection,
    identities.map(({ kind, value }) => identityKey(kind, value)),
  );
}

/** Records what a contact said at the counter, by phone or on paper. */
export async function recordContactConsent(
  database: Database,
  event: Omit<NewConsentEvent, 'text' | 'language' | 'occurredAt' | 'evidence'> & { reference: string },
  now: Date,
): Promise<void> {
  const language = (await loadBusiness(database))?.language ?? 'it';
  const { reference, ...rest } = event;
  await database.transaction((transaction) =>
    recordConsentEvents(
      transaction,
      [{ ...rest, text: null, language, occurredAt: now, evidence: { reference } }],
      now,
    ),
  );
}

/** A contact to be added with others, its identities in their one form. */
export interface BulkContact {
  readonly contactId: number;
  readonly facts: ContactInput;
  readonly storeId: number | null;
  readonly identities: readonly Omit<IdentityInsert, 'contactId'>[];
}

/** Adds many contacts set-based. Their numbers come from `allocateContactIds`; identities of others are left to them. */
export async function insertContactsInBulk(
  transaction: Connection,
  contacts: readonly BulkContact[],
  now: Date,
): Promise<void> {
  await queries.insertContacts(
    transaction,
    contacts.map(({ contactId, facts, storeId, identities }) => ({
      ...facts,
      contactId,
      storeId,
      searchText: searchTextOfContact(facts, identities),
    })),
    now,
  );
  await queries.insertIdentities(
    transaction,
    contacts.flatMap(({ contactId, identities }) =>
      identities.map((identity) => ({ ...identity, contactId })),
    ),
    now,
  );
}
