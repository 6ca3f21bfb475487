import { loadLanguage } from './language.ts';
import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import * as queries from './queries.ts';
import type { ClockFacts, Habit, RenewalParameters, RenewalScore, SeenClock } from './rules.ts';
import { describeClock, explainClock, scoreClock } from './rules.ts';
import type { ContactClock } from './schema.ts';
import type { ScoredClocks } from './scoring.ts';
import { loadScoredClocks } from './scoring.ts';
import type { StoredClocks } from './stored-clocks.ts';

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
  const scored = await loadScoredClocks(
    connection,
    { contactIds: [contactId] },
    { day: today, refresh: false },
  );
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

/** Describes scored clocks by their numbers, as seen on the day of their scores. */
export function describer(scored: ScoredClocks, day: Day): (clock: number) => ClockFacts & RenewalScore {
  const { lastsUntil, clocks } = scored.stored;
  const categories = seenCategories(scored);
  const predict = predictor(scored, day);
  return (clock) => ({
    ...describeClock(seenClock(clocks, clock), categories[clocks.category(clock)]!, day, lastsUntil[clock]),
    probability: predict(clock),
  });
}

/** Chance of a purchase within 14 days for scored clocks by their numbers, as seen on the day of their scores. */
export function predictor(scored: ScoredClocks, day: Day): (clock: number) => number {
  const { lastsUntil, clocks } = scored.stored;
  const { probabilities } = scored;
  const categories = seenCategories(scored);
  return (clock) => {
    const category = categories[clocks.category(clock)]!;
    const promised = lastsUntil[clock]!;
    // The layer learned from purchases: what the person said, and needs that come on fixed days, it does not know.
    if (category.habit.kind !== 'learned' || promised !== null || !probabilities)
      return scoreClock(seenClock(clocks, clock), category, day, promised).probability;
    return probabilities[clock]!;
  };
}

interface SeenCategory {
  readonly name: string;
  readonly parameters: RenewalParameters;
  readonly habit: Habit;
}

const seenCategories = ({ categories }: ScoredClocks): SeenCategory[] =>
  categories.map((row) => ({ name: row.name, parameters: row, habit: queries.habitOf(row) }));

const seenClock = (clocks: StoredClocks['clocks'], clock: number): SeenClock => ({
  lastDay: clocks.lastDay(clock),
  purchaseCount: clocks.purchases(clock),
  discountedGapCount: clocks.discountedGaps(clock),
  discountedLogGapSum: clocks.discountedLogGapSum(clock),
});

/** A stored clock seen on a day, by its renewal parameters alone. */
export function describeRow(row: queries.ClockRow, today: Day): ClockFacts & RenewalScore {
  const category = { name: row.category_name, parameters: row, habit: queries.habitOf(row) };
  const lastsUntil = row.lasts_until === null ? null : dayFromIso(row.lasts_until);
  return describeClock(queries.stateOf(row), category, today, lastsUntil);
}
