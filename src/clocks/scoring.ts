import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import type { ScoringModel } from './model/clock-model.ts';
import { scoreClocks } from './model/clock-model.ts';
import type { ClockTable } from './model/clock-table.ts';
import { CATEGORY_DECAY_DAYS, RECENT_GAPS, createClockTable } from './model/clock-table.ts';
import { ratesOf } from './model/category-rates.ts';
import type { ScoringCategoryRow } from './model-queries.ts';
import { refreshRates, selectAdoptedModel, selectRateDay, selectScoringCategories } from './model-queries.ts';
import type { ScoredClockRow } from './queries.ts';
import { DECAY_DAYS, HORIZON_DAYS } from './rules.ts';
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
  for (const [clock, row] of rows.entries()) {
    const customer = customers.get(row.contact_id) ?? 0;
    fillClock(table, clock, row, { customer, category: numbers.get(row.category_id) ?? 0 });
    fillVisits(table, customer, row);
  }
  return table;
}

function fillClock(
  { clocks }: ClockTable,
  clock: number,
  row: ScoredClockRow,
  of: { customer: number; category: number },
): void {
  clocks.count = clock + 1;
  clocks.customer[clock] = of.customer;
  clocks.category[clock] = of.category;
  clocks.firstDay[clock] = dayFromIso(row.first_day);
  clocks.lastDay[clock] = dayFromIso(row.last_day);
  clocks.purchases[clock] = row.purchase_count;
  clocks.logGapSum[clock] = row.log_gap_sum;
  clocks.discountedGaps[clock] = row.discounted_gap_count;
  clocks.discountedLogGapSum[clock] = row.discounted_log_gap_sum;
  clocks.discountedLogGapSquareSum[clock] = row.discounted_log_gap_square_sum;
  clocks.decayed.set(
    [row.decayed_15, row.decayed_30, row.decayed_60, row.decayed_120, row.decayed_240],
    clock * DECAY_DAYS.length,
  );
  clocks.quantitySum[clock] = row.quantity_sum;
  clocks.lastQuantity[clock] = row.last_quantity;
  clocks.visitsAtFirst[clock] = row.first_visit_index;
  clocks.visitsAtLast[clock] = row.last_visit_index;
  clocks.recentGaps.set(row.recent_gaps, clock * RECENT_GAPS);
}

function fillVisits({ visits }: ClockTable, customer: number, row: ScoredClockRow): void {
  visits.visits[customer] = row.visit_count;
  visits.firstDay[customer] = dayFromIso(row.visit_first_day);
  visits.lastDay[customer] = dayFromIso(row.last_visit_day);
  visits.logGapSum[customer] = row.visit_log_gap_sum;
  visits.logGapSquareSum[customer] = row.visit_log_gap_square_sum;
  visits.decayed.set([row.visits_15, row.visits_30, row.visits_90], customer * 3);
  visits.recentGaps.set(row.visit_recent_gaps, customer * RECENT_GAPS);
  visits.purchases[customer] = row.all_purchases;
  visits.lastBasket[customer] = row.last_basket;
  visits.decayedPurchases.set([row.decayed_purchases_30, row.decayed_purchases_90], customer * 2);
  visits.clocks[customer] = row.clocks;
  visits.repeatedClocks[customer] = row.repeated_clocks;
}
