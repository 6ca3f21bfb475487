import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Connection } from '../database/connection.ts';
import type { CustomerKind } from './line-reader.ts';
import { insertCustomers, selectIdentities } from './customer-queries.ts';

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
    this.#indexes[kind].set(written, index);
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
      if (this.#contactIds[entry.index] === 0) fresh.set(identityKey(entry), entry);
    }
    if (fresh.size === 0) return;
    this.createdCount += await insertCustomers(
      connection,
      [...fresh].map(([key, { kind, value, original, name }]) => ({ key, kind, value, original, name })),
      this.#now,
    );
    await this.#lookUp(connection, pending);
  }

  async #lookUp(connection: Connection, pending: readonly Pending[]): Promise<void> {
    const found = await selectIdentities(connection, pending.map(identityKey));
    for (const entry of pending) {
      const contactId = found.get(identityKey(entry));
      if (contactId !== undefined) this.#contactIds[entry.index] = contactId;
    }
  }
}

function identityKey(entry: { kind: CustomerKind; value: string }): string {
  return `${entry.kind}:${entry.value}`;
}

/** The form in which a key is unique, or null when it is not what it claims to be. */
export function normaliseKey(kind: CustomerKind, written: string): string | null {
  if (kind === 'card' || kind === 'code') return written.replace(/\s+/g, ' ').trim() || null;
  if (kind === 'email') {
    const email = written.trim().toLowerCase();
    return /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]{2,}$/.test(email) ? email : null;
  }
  const phone = parsePhoneNumberFromString(written, 'IT');
  return phone?.isValid() ? phone.number : null;
}
