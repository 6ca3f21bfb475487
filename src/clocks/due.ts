import { loadLanguage } from './language.ts';
import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import * as queries from './queries.ts';
import type { ClockFacts, DueClock, Habit, RenewalParameters, RenewalScore } from './rules.ts';
import { describeClock, explainClock } from './rules.ts';
import type { ContactClock } from './schema.ts';
import type { ScoredClocks } from './scoring.ts';
import { loadScoredClocks } from './scoring.ts';

/**
 * Clocks whose window contains the day on which a message would arrive, scored, in order of contact and category.
 * `leadDays`: how long the channel takes; a letter leaves some days before.
 */
export async function loadDueClocks(connection: Connection, day: Day, leadDays = 0): Promise<DueClock[]> {
  const dueOn = day + leadDays;
  const scored = await loadScoredClocks(connection, { dueOn }, { day, refresh: true });
  const { clocks, contactIds, dueFrom, dueTo } = scored.stored;
  const describe = describer(scored, day);
  const due: DueClock[] = [];
  for (let clock = 0; clock < clocks.count; clock++) {
    const category = scored.categories[clocks.category(clock)]!;
    if (dueFrom[clock]! > dueOn || dueTo[clock]! < dueOn || !category.is_clock_active) continue;
    due.push({
      ...describe(clock),
      contactId: contactIds[clocks.customer(clock)]!,
      categoryId: category.category_id,
      firstDay: clocks.firstDay(clock),
      lastQuantity: clocks.lastQuantity(clock),
      dueFrom: dueFrom[clock]!,
      dueTo: dueTo[clock]!,
    });
  }
  return due.sort((one, other) => one.contactId - other.contactId || one.categoryId - other.categoryId);
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
  const scored = await loadScoredClocks(connection, { contactId }, { day: today, refresh: false });
  const { clocks, dueFrom } = scored.stored;
  const describe = describer(scored, today);
  const nearestFirst = Array.from({ length: clocks.count }, (_, clock) => clock).sort(
    (one, other) => dueFrom[one]! - dueFrom[other]! || clocks.category(one) - clocks.category(other),
  );
  return nearestFirst.map((clock) => {
    const facts = describe(clock);
    const category = scored.categories[clocks.category(clock)]!;
    return {
      categoryId: category.category_id,
      name: category.name,
      purchaseCount: facts.purchaseCount,
      lastDay: isoFromDay(facts.lastDay),
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

/** Describes scored clocks by their numbers, as seen on a day. */
function describer(
  { stored, categories, probabilities }: ScoredClocks,
  day: Day,
): (clock: number) => ClockFacts & RenewalScore {
  const { clocks, lastsUntil } = stored;
  const described = categories.map((row): { name: string; parameters: RenewalParameters; habit: Habit } => ({
    name: row.name,
    parameters: row,
    habit: queries.habitOf(row),
  }));
  return (clock) => {
    const category = described[clocks.category(clock)]!;
    const state = {
      lastDay: clocks.lastDay(clock),
      purchaseCount: clocks.purchases(clock),
      discountedGapCount: clocks.discountedGaps(clock),
      discountedLogGapSum: clocks.discountedLogGapSum(clock),
    };
    const promised = lastsUntil[clock]!;
    const facts = describeClock(state, category, day, promised);
    // The layer learned from purchases: what the person said, and needs that come on fixed days, it does not know.
    if (category.habit.kind !== 'learned' || promised !== null || !probabilities) return facts;
    return { ...facts, probability: probabilities[clock]! };
  };
}

/** A stored clock seen on a day, by its renewal parameters alone. */
export function describeRow(row: queries.ClockRow, today: Day): ClockFacts & RenewalScore {
  const category = { name: row.category_name, parameters: row, habit: queries.habitOf(row) };
  const lastsUntil = row.lasts_until === null ? null : dayFromIso(row.lasts_until);
  return describeClock(queries.stateOf(row), category, today, lastsUntil);
}
