import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import type { ScoringModel } from './model/clock-model.ts';
import { scoreClocks } from './model/clock-model.ts';
import type { StoredClock } from './model/clock-rows.ts';
import type { ClockTable } from './model/clock-table.ts';
import { CATEGORY_DECAY_DAYS, createClockTable } from './model/clock-table.ts';
import type { StoredVisits } from './model/visit-rows.ts';
import { ratesOf } from './model/category-rates.ts';
import type { ScoringCategoryRow } from './model-queries.ts';
import { refreshRates, selectAdoptedModel, selectRateDay, selectScoringCategories } from './model-queries.ts';
import type { ScoredClockRow } from './queries.ts';
import { HORIZON_DAYS } from './rules.ts';
import { scoringModelOf } from './weekly-fit.ts';

/** Scores clocks as they are stored. */
export type Scorer = (rows: readonly ScoredClockRow[]) => Float64Array;

/**
 * The layer of the model in use on a day: probabilities of a purchase within 14 days. Null until a model was adopted.
 * `refresh` counts anew how the categories sell, once a day; without it the last count is read.
 */
export async function loadScorer(
  connection: Connection,
  day: Day,
  { refresh }: { readonly refresh: boolean },
): Promise<Scorer | null> {
  const adopted = await selectAdoptedModel(connection);
  if (!adopted) return null;
  const counted = await selectRateDay(connection);
  if (counted === null || (refresh && counted !== isoFromDay(day)))
    await refreshRates(connection, isoFromDay(day), HORIZON_DAYS);
  const categories = await selectScoringCategories(connection);
  const ids = categories.map((row) => row.category_id);
  const model = withParameters(scoringModelOf(adopted.document, ids), categories);
  const rates = ratesOf({
    existing: Float64Array.from(categories, (row) => row.existing_count),
    positive: Float64Array.from(categories, (row) => row.positive_count),
  });
  const numbers = new Map(ids.map((id, number) => [id, number]));
  return (rows) => scoreClocks(model, tableOf(rows, categories, { numbers, day }), day, rates);
}

/** What the owner said since the fit moved the parameters in use. */
function withParameters(model: ScoringModel, categories: readonly ScoringCategoryRow[]): ScoringModel {
  const { renewal } = model;
  return {
    ...model,
    renewal: { ...renewal, categories: categories.map((parameters) => ({ parameters, atBound: [] })) },
  };
}

/** Stored clocks in the columns that the model reads. Categories hold the whole shop's sums. */
function tableOf(
  rows: readonly ScoredClockRow[],
  categories: readonly ScoringCategoryRow[],
  { numbers, day }: { numbers: ReadonlyMap<number, number>; day: Day },
): ClockTable {
  const customers = new Map<number, number>();
  for (const { contact_id: contact } of rows)
    if (!customers.has(contact)) customers.set(contact, customers.size);
  const table = createClockTable({
    clocks: rows.length,
    customers: customers.size,
    categories: categories.length,
  });
  for (const [number, row] of categories.entries()) {
    table.categories.clocks[number] = row.clock_count;
    table.categories.lastDay[number] = day;
    table.categories.decayed.set(
      [row.decayed_15, row.decayed_30, row.decayed_120],
      number * CATEGORY_DECAY_DAYS.length,
    );
  }
  for (const row of rows) {
    const customer = customers.get(row.contact_id) ?? 0;
    table.clocks.add(storedClock(row, { customer, category: numbers.get(row.category_id) ?? 0 }));
    table.visits.set(customer, storedVisits(row));
  }
  return table;
}

const storedClock = (row: ScoredClockRow, of: { customer: number; category: number }): StoredClock => ({
  ...of,
  firstDay: dayFromIso(row.first_day),
  lastDay: dayFromIso(row.last_day),
  purchases: row.purchase_count,
  visitsAtFirst: row.first_visit_index,
  visitsAtLast: row.last_visit_index,
  logGapSum: row.log_gap_sum,
  discountedGaps: row.discounted_gap_count,
  discountedLogGapSum: row.discounted_log_gap_sum,
  discountedLogGapSquareSum: row.discounted_log_gap_square_sum,
  quantitySum: row.quantity_sum,
  lastQuantity: row.last_quantity,
  decayed: [row.decayed_15, row.decayed_30, row.decayed_60, row.decayed_120, row.decayed_240],
  recentGaps: row.recent_gaps,
});

const storedVisits = (row: ScoredClockRow): StoredVisits => ({
  visits: row.visit_count,
  firstDay: dayFromIso(row.visit_first_day),
  lastDay: dayFromIso(row.last_visit_day),
  purchases: row.all_purchases,
  lastBasket: row.last_basket,
  clocks: row.clocks,
  repeatedClocks: row.repeated_clocks,
  logGapSum: row.visit_log_gap_sum,
  logGapSquareSum: row.visit_log_gap_square_sum,
  decayed: [row.visits_15, row.visits_30, row.visits_90],
  decayedPurchases: [row.decayed_purchases_30, row.decayed_purchases_90],
  recentGaps: row.visit_recent_gaps,
});
