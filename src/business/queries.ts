import type { Connection } from '../database/connection.ts';
import type { Business, Store } from './schema.ts';

export interface OperatorRow {
  readonly operator_id: number;
  readonly name: string;
  readonly email: string;
  readonly role: 'owner' | 'manager' | 'assistant';
  readonly password_hash: string;
}

/** The business, or undefined before the set-up. */
export function selectBusiness(connection: Connection) {
  return connection.query.selectFrom('business').selectAll().executeTakeFirst();
}

export function selectStores(connection: Connection) {
  return connection.query.selectFrom('store').selectAll().orderBy('store_id').execute();
}

const OWNERSHIP_LOCK = 0x6f776e65; // "owne"

/** One at a time may become the owner, whichever process asks; released with the transaction. */
export async function lockOwnership({ raw }: Connection): Promise<void> {
  await raw`select pg_advisory_xact_lock(${OWNERSHIP_LOCK})`;
}

export async function hasOwner(connection: Connection): Promise<boolean> {
  const owner = await connection.query
    .selectFrom('operator')
    .select('operator_id')
    .where('role', '=', 'owner')
    .executeTakeFirst();
  return owner !== undefined;
}

export async function selectOperatorByEmail(
  connection: Connection,
  email: string,
): Promise<OperatorRow | undefined> {
  return (await connection.query
    .selectFrom('operator')
    .select(['operator_id', 'name', 'email', 'role', 'password_hash'])
    .where('email', '=', email)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()) as OperatorRow | undefined;
}

/** Everybody who may sign in, in the order in which they came. */
export function selectOperators(connection: Connection) {
  return connection.query
    .selectFrom('operator')
    .select(['operator_id', 'name', 'email', 'role', 'store_id', 'calls_per_day'])
    .where('disabled_at', 'is', null)
    .orderBy('operator_id')
    .execute();
}

/** Adds an assistant; false when somebody has the e-mail already. */
export async function insertOperator(
  connection: Connection,
  operator: {
    readonly name: string;
    readonly email: string;
    readonly passwordHash: string;
    readonly storeId: number | null;
    readonly callsPerDay: number;
    readonly now: Date;
  },
): Promise<boolean> {
  const row = await connection.query
    .insertInto('operator')
    .values({
      name: operator.name,
      email: operator.email,
      password_hash: operator.passwordHash,
      role: 'assistant',
      store_id: operator.storeId,
      calls_per_day: operator.callsPerDay,
      created_at: operator.now,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('operator_id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function updateOperator(
  connection: Connection,
  operatorId: number,
  change: { readonly storeId: number | null; readonly callsPerDay: number },
): Promise<boolean> {
  const result = await connection.query
    .updateTable('operator')
    .set({ store_id: change.storeId, calls_per_day: change.callsPerDay })
    .where('operator_id', '=', operatorId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** The operator behind a session cookie that has not expired. */
export async function selectSessionOperator(connection: Connection, tokenHash: Buffer, now: Date) {
  return connection.query
    .selectFrom('operator_session')
    .innerJoin('operator', 'operator.operator_id', 'operator_session.operator_id')
    .select(['operator.operator_id', 'operator.name', 'operator.role', 'operator_session.expires_at'])
    .where('operator_session.token_hash', '=', tokenHash)
    .where('operator_session.expires_at', '>', now)
    .where('operator.disabled_at', 'is', null)
    .executeTakeFirst();
}

export async function insertSession(
  connection: Connection,
  tokenHash: Buffer,
  operatorId: number,
  now: Date,
  expiresAt: Date,
): Promise<void> {
  await connection.query.deleteFrom('operator_session').where('expires_at', '<', now).execute();
  await connection.query
    .insertInto('operator_session')
    .values({ token_hash: tokenHash, operator_id: operatorId, created_at: now, expires_at: expiresAt })
    .execute();
}

export async function deleteSession(connection: Connection, tokenHash: Buffer): Promise<void> {
  await connection.query.deleteFrom('operator_session').where('token_hash', '=', tokenHash).execute();
}

/** A named setting as stored, or undefined. */
export async function selectSetting(connection: Connection, name: string): Promise<unknown> {
  const row = await connection.query
    .selectFrom('setting')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value;
}

/** Some named settings, as stored. */
export async function selectSettings(
  connection: Connection,
  names: readonly string[],
): Promise<Map<string, unknown>> {
  const rows = await connection.query
    .selectFrom('setting')
    .select(['name', 'value'])
    .where('name', 'in', [...names])
    .execute();
  return new Map(rows.map((row) => [row.name, row.value]));
}

export async function upsertSetting(
  connection: Connection,
  name: string,
  value: unknown,
  operatorId: number | null,
  now: Date,
): Promise<void> {
  const json = JSON.stringify(value);
  await connection.raw`
    insert into setting (name, value, changed_at, changed_by) values (${name}, ${json}::text::jsonb, ${now}, ${operatorId})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by`;
}

export async function updateBusiness(connection: Connection, business: Business): Promise<void> {
  await connection.query
    .updateTable('business')
    .set({
      name: business.name,
      legal_name: business.legalName,
      address: business.address,
      vat_number: business.vatNumber,
      email: business.email,
      phone: business.phone,
      sectors: business.sectors,
      language: business.language,
      time_zone: business.timeZone,
      form_of_address: business.formOfAddress,
      signature: business.signature,
      brand_colour: business.brandColour,
    })
    .execute();
}

export async function updateStore(
  connection: Connection,
  storeId: number,
  store: Omit<Store, 'storeId'>,
): Promise<void> {
  await connection.query
    .updateTable('store')
    .set({
      name: store.name,
      city: store.city,
      province: store.province,
      region: store.region,
      patron_day: store.patronDay,
      closures: store.closures,
    })
    .where('store_id', '=', storeId)
    .execute();
}

export async function insertBusiness(connection: Connection, business: Business, now: Date): Promise<void> {
  await connection.query
    .insertInto('business')
    .values({ business_id: 1, name: business.name, created_at: now })
    .execute();
  await updateBusiness(connection, business);
}

export async function insertStore(
  connection: Connection,
  store: Omit<Store, 'storeId'> & { code: string },
): Promise<number> {
  const row = await connection.query
    .insertInto('store')
    .values({
      code: store.code,
      name: store.name,
      city: store.city,
      province: store.province,
      region: store.region,
      patron_day: store.patronDay,
      closures: store.closures,
    })
    .returning('store_id')
    .executeTakeFirstOrThrow();
  return row.store_id;
}
