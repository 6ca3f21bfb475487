import type { Connection } from '../database/connection.ts';
import { foldName } from '../kernel/text.ts';

/** Contacts by identity key. */
export async function selectIdentities(
  connection: Connection,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const rows = await connection.raw<{ identity_key: string; contact_id: number }[]>`
    select identity_key, contact_id from identity_key where identity_key = any(${keys as string[]})`;
  return new Map(rows.map((row) => [row.identity_key, row.contact_id]));
}

/** A customer whom the till knows by a key and perhaps a name. */
export interface NewCustomer {
  readonly key: string;
  readonly kind: string;
  readonly value: string;
  readonly original: string;
  readonly name: string;
}

/**
 * Creates contacts that a till names, without any consent. The key is taken first: whoever took it meanwhile keeps it.
 * A till's name field holds first and last name in either order, so it is kept whole as the last name.
 */
export async function insertCustomers(
  connection: Connection,
  customers: readonly NewCustomer[],
  now: Date,
): Promise<number> {
  const { raw } = connection;
  const taken = await raw<{ identity_key: string; contact_id: number }[]>`
    insert into identity_key (identity_key, contact_id)
    select key, nextval(pg_get_serial_sequence('contact', 'contact_id'))
    from unnest(${customers.map(({ key }) => key)}::text[]) as fresh (key)
    on conflict (identity_key) do nothing
    returning identity_key, contact_id`;
  if (taken.length === 0) return 0;
  const byKey = new Map(customers.map((customer) => [customer.key, customer]));
  const rows = taken.flatMap(({ identity_key: key, contact_id: contactId }) => {
    const customer = byKey.get(key);
    return customer ? [{ contactId, ...customer, name: titleCase(customer.name) }] : [];
  });
  await raw`
    insert into contact (contact_id, household_id, last_name, search_text, created_at, updated_at)
    select contact_id, contact_id, name, search_text, ${now}, ${now}
    from unnest(${rows.map(({ contactId }) => contactId)}::bigint[], ${rows.map(({ name }) => name)}::text[],
      ${rows.map(({ name, value }) => `${foldName(name)} ${value}`.trim())}::text[])
      as fresh (contact_id, name, search_text)`;
  await raw`
    insert into contact_identity (contact_id, kind, value, original, created_at)
    select contact_id, kind, value, original, ${now}
    from unnest(${rows.map(({ contactId }) => contactId)}::bigint[], ${rows.map(({ kind }) => kind)}::text[],
      ${rows.map(({ value }) => value)}::text[], ${rows.map(({ original }) => original)}::text[])
      as fresh (contact_id, kind, value, original)`;
  return rows.length;
}

/** "D'ANGELO LUCÌA" -> "D'Angelo Lucìa"; a name with small letters was written with care and stays. */
function titleCase(name: string): string {
  if (/\p{Ll}/u.test(name)) return name;
  return name
    .toLowerCase()
    .replace(/(^|[\s'’-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}
