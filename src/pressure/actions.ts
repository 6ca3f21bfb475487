import { loadBusiness, loadOpening, loadPlanSettings } from '../business/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import { groupsOf, GROUPS_MAX } from './groups.ts';
import type { OpeningHours } from './hours.ts';
import { openingHours } from './hours.ts';
import type { ContactWish, Pressure } from './limits.ts';
import * as queries from './queries.ts';
import type { PressureInput, PressureState, WishInput } from './schema.ts';
import { pressureSchema } from './schema.ts';
import { describePressure } from './words.ts';

export { requestReplan } from './queries.ts';

/** The pressure rules in force, and the number of their version: 0 while nobody has changed them. */
export async function loadPressure(
  connection: Connection,
): Promise<{ readonly pressure: PressureInput; readonly version: number; readonly changedAt: Date | null }> {
  const row = await queries.selectPressure(connection);
  return {
    pressure: pressureSchema.parse(row?.rules ?? {}),
    version: row?.version ?? 0,
    changedAt: row?.created_at ?? null,
  };
}

/** The hours in which the shop writes and calls, with the days of rest of some rules. */
export async function loadOpeningHours(
  connection: Connection,
  { quiet }: Pick<Pressure, 'quiet'>,
): Promise<OpeningHours> {
  const { patronDay } = await loadOpening(connection);
  return openingHours(await loadPlanSettings(connection), { patronDay, quiet });
}

export async function loadPressureState(connection: Connection): Promise<PressureState> {
  const { pressure, version, changedAt } = await loadPressure(connection);
  const language = (await loadBusiness(connection))?.language ?? 'it';
  return {
    ...pressure,
    version,
    changedAt: changedAt?.toISOString() ?? null,
    sentences: describePressure(pressure, language),
  };
}

/** Keeps new rules as a new version; the plan of tonight is the first to follow them. Failure `pressure_too_many`. */
export async function savePressure(
  database: Database,
  rules: Pressure,
  { now, operatorId }: { readonly now: Date; readonly operatorId: number | null },
): Promise<void> {
  refuseTooMany(rules);
  await database.transaction((transaction) =>
    queries.insertPressure(transaction, { rules, now, operatorId }),
  );
}

/** Refuses rules that tell more kinds of messages apart than a plan can. Failure `pressure_too_many`. */
export function refuseTooMany(rules: Pressure): void {
  if (groupsOf(rules).scopes.length > GROUPS_MAX)
    throw new Failure('pressure_too_many', { params: { max: GROUPS_MAX } });
}

/** What customers asked for, by contact: everybody who asked for anything, or some of them. */
export async function loadWishes(
  connection: Connection,
  contactIds: readonly number[] | null = null,
): Promise<Map<number, ContactWish>> {
  const rows = await queries.selectWishes(connection, contactIds);
  return new Map(
    rows.map((row) => [
      row.contact_id,
      {
        cap:
          row.max_messages === null || row.per_days === null
            ? null
            : { max: row.max_messages, days: row.per_days },
        pausedUntil: row.paused_until === null ? null : dayFromIso(row.paused_until),
        topics: row.topics,
      },
    ]),
  );
}

/** Who rests on a day because something was brought back, among some contacts or all. */
export async function loadResting(
  connection: Connection,
  { restAfterReturnDays }: Pressure,
  { day, contactIds }: { readonly day: Day; readonly contactIds: readonly number[] | null },
): Promise<Set<number>> {
  if (restAfterReturnDays === 0) return new Set();
  return queries.selectReturners(connection, isoFromDay(day - restAfterReturnDays + 1), contactIds);
}

/** A contact's wish as the API tells it. Failure `not_found`. */
export async function loadWish(connection: Connection, contactId: number): Promise<WishInput> {
  await requireContact(connection, contactId);
  const wish = (await loadWishes(connection, [contactId])).get(contactId);
  return {
    cap: wish?.cap ?? null,
    pausedUntil: typeof wish?.pausedUntil === 'number' ? isoFromDay(wish.pausedUntil) : null,
    topics: [...(wish?.topics ?? [])],
  };
}

/** Keeps a wish; it binds from the next plan and the next last look on. Failure `not_found`. */
export async function saveWish(
  connection: Connection,
  contactId: number,
  wish: WishInput,
  now: Date,
): Promise<void> {
  await requireContact(connection, contactId);
  await queries.upsertWish(connection, {
    contact_id: contactId,
    max_messages: wish.cap?.max ?? null,
    per_days: wish.cap?.days ?? null,
    paused_until: wish.pausedUntil,
    topics: wish.topics,
    updated_at: now,
  });
  await queries.requestReplan(connection, [contactId], now);
}

async function requireContact(connection: Connection, contactId: number): Promise<void> {
  if (!(await queries.contactExists(connection, contactId))) throw new Failure('not_found', { status: 404 });
}
