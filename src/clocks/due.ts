import { loadLanguage } from './language.ts';
import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import * as queries from './queries.ts';
import type { ClockFacts, DueClock, RenewalScore } from './rules.ts';
import { describeClock, explainClock } from './rules.ts';
import type { ContactClock } from './schema.ts';
import { loadScorer } from './scoring.ts';

/**
 * Clocks whose window contains the day on which a message would arrive, scored, in order of contact and category.
 * `leadDays`: how long the channel takes; a letter leaves some days before.
 */
export async function loadDueClocks(connection: Connection, day: Day, leadDays = 0): Promise<DueClock[]> {
  const rows = await queries.selectDueClocks(connection, isoFromDay(day + leadDays));
  const layer = await scoreByLayer(connection, rows, { day, refresh: true });
  return rows.map((row, index) => {
    const state = queries.stateOf(row);
    return {
      ...describe(row, day, layer?.[index]),
      contactId: row.contact_id,
      categoryId: row.category_id,
      firstDay: state.firstDay,
      lastQuantity: state.lastQuantity,
      dueFrom: dayFromIso(row.due_from),
      dueTo: dayFromIso(row.due_to),
    };
  });
}

/** For how many contacts a window opens on a day. */
export function countDueClocks(connection: Connection, day: Day): Promise<number> {
  return queries.countOpening(connection, isoFromDay(day));
}

/** A contact's clocks for the profile, the nearest need first. */
export async function loadContactClocks(
  connection: Connection,
  contactId: number,
  today: Day,
): Promise<ContactClock[]> {
  const language = await loadLanguage(connection);
  const rows = await queries.selectContactClocks(connection, contactId);
  const layer = await scoreByLayer(connection, rows, { day: today, refresh: false });
  return rows.map((row, index) => {
    const facts = describe(row, today, layer?.[index]);
    return {
      categoryId: row.category_id,
      name: row.category_name,
      purchaseCount: row.purchase_count,
      lastDay: row.last_day,
      likelyFrom: isoFromDay(facts.likelyFrom),
      medianDay: isoFromDay(facts.medianDay),
      likelyTo: isoFromDay(facts.likelyTo),
      ownRhythm: facts.ownRhythm,
      probability: facts.probability,
      alive: facts.alive,
      sentence: explainClock(facts, language, today),
    };
  });
}

/** Probabilities of the layer in the order of the rows; null until a model was fitted. */
async function scoreByLayer(
  connection: Connection,
  rows: readonly queries.ScoredClockRow[],
  { day, refresh }: { day: Day; refresh: boolean },
): Promise<Float64Array | null> {
  if (rows.length === 0) return null;
  const score = await loadScorer(connection, day, { refresh });
  return score?.(rows) ?? null;
}

/** The layer learned from purchases: what the person said, and needs that come on fixed days, it does not know. */
function describe(row: queries.ClockRow, today: Day, layer: number | undefined): ClockFacts & RenewalScore {
  const facts = describeRow(row, today);
  if (layer === undefined || row.habit !== 'learned' || row.lasts_until !== null) return facts;
  return { ...facts, probability: layer };
}

/** A stored clock seen on a day, by its renewal parameters alone. */
export function describeRow(row: queries.ClockRow, today: Day): ClockFacts & RenewalScore {
  const category = { name: row.category_name, parameters: row, habit: queries.habitOf(row) };
  const lastsUntil = row.lasts_until === null ? null : dayFromIso(row.lasts_until);
  return describeClock(queries.stateOf(row), category, today, lastsUntil);
}
