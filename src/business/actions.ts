import { hash, verify } from '@node-rs/argon2';
import type { Connection, Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayOfInstant } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import { newToken, tokenHash } from '../kernel/secret.ts';
import * as queries from './queries.ts';
import type {
  Business,
  CallSettings,
  LetterSettings,
  NewOperator,
  Operator,
  PlanSettings,
  RetentionSettings,
} from './schema.ts';
import {
  callSettingsSchema,
  letterSettingsSchema,
  planSettingsSchema,
  retentionSettingsSchema,
} from './schema.ts';

const SESSION_DAYS = 30;
const MS_PER_DAY = 86_400_000;

/** Caps and hours of priors.md 4 and law.md HRS-1: what a shop starts with. */
export const defaultPlanSettings: PlanSettings = {
  mode: 'suggest',
  refuseUntilHour: 12,
  sendFrom: '10:30',
  sendUntil: '17:30',
  maxEmailsPerDay: null,
  marginShare: 0.35,
};

/** Default of law.md RET-1: items for a year, and nothing of them afterwards. */
export const defaultRetentionSettings: RetentionSettings = {
  itemMonths: 12,
  reason: '',
  keepSnapshot: false,
};

/** Letters are off until the shop wants them. Postage and paper of priors.md 2. */
export const defaultLetterSettings: LetterSettings = {
  isOn: false,
  envelope: 'window_right',
  sender: '',
  paperCents: 20,
  postageCents: 130,
  maxPerDay: 20,
  leadDays: 3,
  toCustomersWhoSaidNothing: false,
};

/** Calls are off until the shop wants them. Three to four minutes of somebody's time (priors.md 2). */
export const defaultCallSettings: CallSettings = { isOn: false, costCents: 145 };

/** Of shops that have not said theirs yet. */
const DEFAULT_TIME_ZONE = 'Europe/Rome';

/** The time zone that the shop's days are counted in. */
export async function loadTimeZone(connection: Connection): Promise<string> {
  return (await queries.selectBusiness(connection))?.time_zone ?? DEFAULT_TIME_ZONE;
}

/** The shop's local day at an instant. */
export async function todayOf(connection: Connection, now: Date): Promise<Day> {
  return dayOfInstant(now, await loadTimeZone(connection));
}

/** The business as the API shows it, or null before the set-up. */
export async function loadBusiness(
  connection: Connection,
): Promise<(Business & { isDemonstration: boolean; currency: string }) | null> {
  const row = await queries.selectBusiness(connection);
  if (!row) return null;
  return {
    name: row.name,
    legalName: row.legal_name,
    address: row.address,
    vatNumber: row.vat_number,
    email: row.email,
    phone: row.phone,
    sectors: row.sectors as Business['sectors'],
    language: row.language as Business['language'],
    timeZone: row.time_zone,
    formOfAddress: row.form_of_address as Business['formOfAddress'],
    signature: row.signature,
    brandColour: row.brand_colour,
    isDemonstration: row.is_demonstration,
    currency: row.currency,
  };
}

/** The business, or the Failure `not_set_up` that says where to begin. */
export async function requireBusiness(
  connection: Connection,
  url = 'http://localhost:3000',
): Promise<NonNullable<Awaited<ReturnType<typeof loadBusiness>>>> {
  const business = await loadBusiness(connection);
  if (!business) throw new Failure('not_set_up', { status: 409, params: { url } });
  return business;
}

/** How the daily plan behaves: what the owner chose over the defaults. */
export async function loadPlanSettings(connection: Connection): Promise<PlanSettings> {
  return planSettingsSchema.parse({ ...defaultPlanSettings, ...(await loadChosen(connection, 'plan')) });
}

/** How long items bought are kept: what the owner chose over the defaults. */
export async function loadRetentionSettings(connection: Connection): Promise<RetentionSettings> {
  return retentionSettingsSchema.parse({
    ...defaultRetentionSettings,
    ...(await loadChosen(connection, 'retention')),
  });
}

/** Whether and how letters are written and customers called: what the owner chose over the defaults, read at once. */
export async function loadHandSettings(
  connection: Connection,
): Promise<{ readonly letters: LetterSettings; readonly calls: CallSettings }> {
  const chosen = await queries.selectSettings(connection, ['letters', 'calls']);
  return {
    letters: letterSettingsSchema.parse({ ...defaultLetterSettings, ...(chosen.get('letters') ?? {}) }),
    calls: callSettingsSchema.parse({ ...defaultCallSettings, ...(chosen.get('calls') ?? {}) }),
  };
}

/** Who works in the shop and may sign in. */
export async function listOperators(connection: Connection): Promise<Operator[]> {
  return (await queries.selectOperators(connection)).map((row) => ({
    operatorId: row.operator_id,
    name: row.name,
    email: row.email,
    role: row.role as Operator['role'],
    storeId: row.store_id,
    callsPerDay: row.calls_per_day,
  }));
}

/** Numbers of the stores, in their order. */
export async function listStoreIds(connection: Connection): Promise<number[]> {
  return (await queries.selectStores(connection)).map((store) => store.store_id);
}

/** An assistant with a password of their own. Failures `operator_exists` when the e-mail has one, `not_found` for the store. */
export async function addAssistant(connection: Connection, wish: NewOperator, now: Date): Promise<void> {
  await requireStore(connection, wish.storeId);
  const isNew = await queries.insertOperator(connection, {
    ...wish,
    email: wish.email.trim().toLowerCase(),
    passwordHash: await hash(wish.password),
    now,
  });
  if (!isNew) throw new Failure('operator_exists', { status: 409, params: { email: wish.email } });
}

async function requireStore(connection: Connection, storeId: number | null): Promise<void> {
  if (storeId !== null && !(await listStoreIds(connection)).includes(storeId))
    throw new Failure('not_found', { status: 404 });
}

/** Where somebody works and how many customers they call a day. Failure `not_found`. */
export async function changeOperator(
  connection: Connection,
  operatorId: number,
  change: Pick<Operator, 'storeId' | 'callsPerDay'>,
): Promise<void> {
  await requireStore(connection, change.storeId);
  if (!(await queries.updateOperator(connection, operatorId, change)))
    throw new Failure('not_found', { status: 404 });
}

/** What the owner chose of a setting; nothing where all is left as it was. */
const loadChosen = async (connection: Connection, name: string): Promise<object> =>
  ((await queries.selectSetting(connection, name)) as object | undefined) ?? {};

/** Creates the owner of a new shop with an argon2id hash. Refused (`already_set_up`) when there is one. */
export async function createOwner(
  transaction: Connection,
  owner: { name: string; email: string; password: string },
  now: Date,
): Promise<number> {
  await queries.lockOwnership(transaction);
  if (await queries.hasOwner(transaction)) throw new Failure('already_set_up', { status: 409 });
  const row = await transaction.query
    .insertInto('operator')
    .values({
      name: owner.name,
      email: owner.email.trim().toLowerCase(),
      password_hash: await hash(owner.password),
      role: 'owner',
      created_at: now,
    })
    .returning('operator_id')
    .executeTakeFirstOrThrow();
  return row.operator_id;
}

/** Checks a password and opens a session; returns the token for the cookie. Failure `wrong_sign_in` tells no more than that. */
export async function signIn(
  database: Database,
  email: string,
  password: string,
  now: Date,
): Promise<string> {
  const operator = await queries.selectOperatorByEmail(database, email.trim().toLowerCase());
  const isRight = await verify(operator?.password_hash ?? (await hashOfNobody()), password).catch(
    () => false,
  );
  if (!operator || !isRight) throw new Failure('wrong_sign_in', { status: 401 });
  return openSession(database, operator.operator_id, now);
}

let nobody: Promise<string> | undefined;

/** A hash nobody knows the password of, so that an unknown e-mail takes as long as a wrong password. */
function hashOfNobody(): Promise<string> {
  nobody ??= hash(newToken());
  return nobody;
}

/** Opens a session for the owner of a demonstration shop without a password. */
export async function enterDemonstration(database: Database, now: Date): Promise<string> {
  const business = await queries.selectBusiness(database);
  const owner = await database.query
    .selectFrom('operator')
    .select('operator_id')
    .where('role', '=', 'owner')
    .executeTakeFirst();
  if (!business?.is_demonstration || !owner) throw new Failure('not_demonstration', { status: 403 });
  return openSession(database, owner.operator_id, now);
}

async function openSession(database: Database, operatorId: number, now: Date): Promise<string> {
  const token = newToken();
  await queries.insertSession(
    database,
    tokenHash(token),
    operatorId,
    now,
    new Date(now.getTime() + SESSION_DAYS * MS_PER_DAY),
  );
  return token;
}

/** A named setting as stored, or undefined. */
export function loadSetting(connection: Connection, name: string): Promise<unknown> {
  return queries.selectSetting(connection, name);
}

/** Saves a named setting. */
export function saveSetting(
  connection: Connection,
  name: string,
  value: unknown,
  operatorId: number | null,
  now: Date,
): Promise<void> {
  return queries.upsertSetting(connection, name, value, operatorId, now);
}

export { isBeingSetUp, whileSettingUp } from './setting-up.ts';

/** On which days (YYYY-MM-DD) every store is closed, when nobody is invited, and the feast of the patron (MM-DD or empty). */
export async function loadOpening(
  connection: Connection,
): Promise<{ readonly isClosedOn: (day: string) => boolean; readonly patronDay: string }> {
  const stores = await queries.selectStores(connection);
  const closures = stores.map((store) => store.closures as { from: string; to: string }[]);
  return {
    isClosedOn: (day) =>
      closures.length > 0 && closures.every((own) => own.some(({ from, to }) => from <= day && day <= to)),
    patronDay: stores[0]?.patron_day ?? '',
  };
}

/** Who signed in with a session token, or null. */
export async function findSessionOperator(connection: Connection, token: string, now: Date) {
  const row = await queries.selectSessionOperator(connection, tokenHash(token), now);
  return row
    ? { operatorId: row.operator_id, name: row.name, role: row.role as 'owner' | 'manager' | 'assistant' }
    : null;
}
