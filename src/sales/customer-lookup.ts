import { allocateContactIds, findOwners, insertContactsInBulk } from '../contacts/actions.ts';
import { identityKey, normaliseCode, normaliseEmail, parsePhones } from '../contacts/rules.ts';
import type { Connection } from '../database/connection.ts';
import { ownText } from '../importing/actions.ts';
import { cutText } from '../kernel/text.ts';
import type { CustomerKind } from './line-reader.ts';

const NAME_MAX = 120;

/** What a till does not tell about a customer. */
const noFacts = {
  firstName: '',
  companyName: '',
  language: 'it' as const,
  birthDate: null,
  street: '',
  postcode: '',
  city: '',
  province: '',
  preferredChannel: null,
  note: '',
  attributes: {},
};

interface Pending {
  readonly index: number;
  readonly kind: CustomerKind;
  readonly value: string;
  readonly original: string;
  readonly name: string;
}

/**
 * The customers of an import by a small index. A key nobody has yet becomes a contact with that identity and no
 * consent. A key that is no e-mail or phone number after all names nobody.
 */
export class CustomerLookup {
  readonly #indexes: Record<CustomerKind, Map<string, number>> = {
    card: new Map(),
    code: new Map(),
    email: new Map(),
    phone: new Map(),
  };
  readonly #contactIds: number[] = [];
  readonly #kinds: CustomerKind[] = [];
  readonly #now: Date;
  #pending: Pending[] = [];
  createdCount = 0;

  constructor(now: Date) {
    this.#now = now;
  }

  /** Index of a customer named by a key as written; -1 for a key that names nobody. */
  indexOf(kind: CustomerKind, written: string, name: string): number {
    const known = this.#indexes[kind].get(written);
    if (known !== undefined) return known;
    const value = normaliseKey(kind, written);
    const index = value === null ? -1 : this.#contactIds.push(0) - 1;
    this.#indexes[kind].set(ownText(written), index);
    if (value !== null) {
      this.#kinds.push(kind);
      this.#pending.push({ index, kind, value, original: written, name });
    }
    return index;
  }

  contactId(index: number): number {
    return this.#contactIds[index] ?? 0;
  }

  kind(index: number): CustomerKind {
    return this.#kinds[index] ?? 'code';
  }

  /** Gives every index met so far its contact. */
  async resolve(connection: Connection): Promise<void> {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    await this.#lookUp(connection, pending);
    const fresh = new Map<string, Pending>();
    for (const entry of pending) {
      if (this.#contactIds[entry.index] === 0) fresh.set(identityKey(entry.kind, entry.value), entry);
    }
    if (fresh.size === 0) return;
    this.createdCount += fresh.size;
    await this.#create(connection, [...fresh.values()]);
    await this.#lookUp(connection, pending);
  }

  /** A till's name field holds first and last name in either order, so it is kept whole as the last name. */
  async #create(connection: Connection, customers: readonly Pending[]): Promise<void> {
    const contactIds = await allocateContactIds(connection, customers.length);
    await insertContactsInBulk(
      connection,
      customers.map(({ kind, value, original, name }, position) => ({
        contactId: contactIds[position] ?? 0,
        facts: { ...noFacts, lastName: cutText(titleCase(name), NAME_MAX) },
        storeId: null,
        identities: [{ kind, value, original, verifiedAt: null, verifiedBy: null }],
      })),
      this.#now,
    );
  }

  async #lookUp(connection: Connection, pending: readonly Pending[]): Promise<void> {
    const found = await findOwners(connection, pending);
    for (const entry of pending) {
      const contactId = found.get(identityKey(entry.kind, entry.value));
      if (contactId !== undefined) this.#contactIds[entry.index] = contactId;
    }
  }
}

/** The form in which a key is unique, or null when it is not what it claims to be. */
export function normaliseKey(kind: CustomerKind, written: string): string | null {
  if (kind === 'email') return normaliseEmail(written);
  if (kind === 'phone') return parsePhones(written)[0]?.e164 ?? null;
  return normaliseCode(written) || null;
}

/** "D'ANGELO LUCÌA" -> "D'Angelo Lucìa"; a name with small letters was written with care and stays. */
function titleCase(name: string): string {
  if (/\p{Ll}/u.test(name)) return name;
  return name
    .toLowerCase()
    .replace(/(^|[\s'’-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}
