import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { describer, predictor } from './due.ts';
import type { DueClock } from './rules.ts';
import { ANCHOR_DAYS } from './rules.ts';
import type { ScoredClocks } from './scoring.ts';
import { loadScoredClocks, scoreOn } from './scoring.ts';

/** Clocks whose window meets a span of days, in the order of contact and category, each with what it says of the days to come. */
export interface UpcomingClocks {
  readonly count: number;
  readonly contactId: Float64Array;
  readonly categoryId: Int32Array;
  readonly dueFrom: Int32Array;
  readonly dueTo: Int32Array;
  readonly lastDay: Int32Array;
  /**
   * Chance of a purchase within 14 days of each anchor day, given that none came until then; one for each anchor, one clock after the
   * other.
   */
  readonly probabilities: Float32Array;
  /** Everything about one of them, as seen today. */
  describe(clock: number): DueClock;
}

/** Whose clocks: everybody's, or those of some contacts; of how many days. */
export interface UpcomingScope {
  readonly days: number;
  readonly contactIds: readonly number[] | null;
}

/** Loads the clocks whose window meets the `days` days from `day` on, with their chances from the anchor days on. */
export async function loadUpcomingClocks(
  connection: Connection,
  day: Day,
  scope: UpcomingScope,
  anchors: readonly number[] = ANCHOR_DAYS,
): Promise<UpcomingClocks> {
  const span = { from: day, to: day + scope.days - 1 };
  const scored = await loadScoredClocks(
    connection,
    scope.contactIds ? { contactIds: scope.contactIds } : { dueIn: span },
    { day, refresh: scope.contactIds === null },
  );
  const chosen = chooseUpcoming(scored, span);
  const { clocks, contactIds, dueFrom, dueTo } = scored.stored;
  const categoryOf = (clock: number): number => scored.categories[clocks.category(clock)]!.category_id;
  const describe = describer(scored, day);
  return {
    count: chosen.length,
    contactId: Float64Array.from(chosen, (clock) => contactIds[clocks.customer(clock)]!),
    categoryId: Int32Array.from(chosen, categoryOf),
    dueFrom: Int32Array.from(chosen, (clock) => dueFrom[clock]!),
    dueTo: Int32Array.from(chosen, (clock) => dueTo[clock]!),
    lastDay: Int32Array.from(chosen, (clock) => clocks.lastDay(clock)),
    probabilities: probabilitiesOf(
      scored,
      chosen,
      anchors.map((ahead) => day + ahead),
    ),
    describe(place) {
      const clock = chosen[place]!;
      return {
        ...describe(clock),
        contactId: contactIds[clocks.customer(clock)]!,
        categoryId: categoryOf(clock),
        firstDay: clocks.firstDay(clock),
        lastQuantity: clocks.lastQuantity(clock),
        dueFrom: dueFrom[clock]!,
        dueTo: dueTo[clock]!,
      };
    },
  };
}

/** The clocks that may be proposed on a day. */
export async function loadDueClocks(connection: Connection, day: Day): Promise<DueClock[]> {
  const upcoming = await loadUpcomingClocks(connection, day, { days: 1, contactIds: null }, []);
  return Array.from({ length: upcoming.count }, (_, clock) => upcoming.describe(clock));
}

/** Numbers of the clocks with a window in the span, in the order of contact and category. */
function chooseUpcoming({ stored, categories }: ScoredClocks, span: { from: Day; to: Day }): Int32Array {
  const { clocks, contactIds, dueFrom, dueTo } = stored;
  const found: number[] = [];
  for (let clock = 0; clock < clocks.count; clock++)
    if (
      dueFrom[clock]! <= span.to &&
      dueTo[clock]! >= span.from &&
      categories[clocks.category(clock)]!.is_clock_active
    )
      found.push(clock);
  return Int32Array.from(found).sort(
    (one, other) =>
      contactIds[clocks.customer(one)]! - contactIds[clocks.customer(other)]! ||
      categories[clocks.category(one)]!.category_id - categories[clocks.category(other)]!.category_id,
  );
}

function probabilitiesOf(scored: ScoredClocks, chosen: Int32Array, days: readonly Day[]): Float32Array {
  const found = new Float32Array(chosen.length * days.length);
  for (const [anchor, day] of days.entries()) {
    const predict = predictor(scoreOn(scored, day), day);
    for (let place = 0; place < chosen.length; place++)
      found[place * days.length + anchor] = predict(chosen[place]!);
  }
  return found;
}
