import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay } from '../kernel/day.ts';
import { ratesOf } from './model/category-rates.ts';
import type { ScoringModel } from './model/clock-model.ts';
import { scoreClocks } from './model/clock-model.ts';
import type { CategoryColumns } from './model/clock-table.ts';
import { CATEGORY_DECAY_DAYS, createCategoryColumns } from './model/clock-table.ts';
import type { ScoringCategoryRow } from './model-queries.ts';
import { refreshRates, selectAdoptedModel, selectRateDay, selectScoringCategories } from './model-queries.ts';
import { HORIZON_DAYS } from './rules.ts';
import type { ClockScope, StoredClocks } from './stored-clocks.ts';
import { readStoredClocks } from './stored-clocks.ts';
import { scoringModelOf } from './weekly-fit.ts';

/** Clocks with what the layer says of them. */
export interface ScoredClocks {
  readonly stored: StoredClocks;
  /** By category number, as the clocks name it. */
  readonly categories: readonly ScoringCategoryRow[];
  /** The model in use; null until one was adopted. */
  readonly model: ScoringModel | null;
  /** Chance of a purchase within 14 days, per clock; null without a model. */
  readonly probabilities: Float64Array | null;
}

/**
 * Reads the clocks of a scope and scores them on a day by the model in use. `refresh` counts anew how the categories sell,
 * once a day; without it the last count is read.
 */
export async function loadScoredClocks(
  connection: Connection,
  scope: ClockScope,
  { day, refresh }: { readonly day: Day; readonly refresh: boolean },
): Promise<ScoredClocks> {
  const adopted = await selectAdoptedModel(connection);
  if (adopted) await ensureRates(connection, day, refresh);
  const categories = await selectScoringCategories(connection);
  const ids = categories.map((row) => row.category_id);
  const stored = await readStoredClocks(connection, scope, new Map(ids.map((id, number) => [id, number])));
  const model = adopted ? withParameters(scoringModelOf(adopted.document, ids), categories) : null;
  return scoreOn({ stored, categories, model, probabilities: null }, day);
}

/** The same clocks scored on another day, as if nobody bought anything until then and categories sold as they do now. */
export function scoreOn(scored: ScoredClocks, day: Day): ScoredClocks {
  const { stored, categories, model } = scored;
  if (!model) return scored;
  const { clocks, visits } = stored;
  const table = { clocks, visits, categories: columnsOf(categories, day) };
  return { ...scored, probabilities: scoreClocks(model, table, day, recentRatesOf(categories)) };
}

async function ensureRates(connection: Connection, day: Day, refresh: boolean): Promise<void> {
  const counted = await selectRateDay(connection);
  if (counted === null || (refresh && counted !== isoFromDay(day)))
    await refreshRates(connection, isoFromDay(day), HORIZON_DAYS);
}

const recentRatesOf = (categories: readonly ScoringCategoryRow[]): Float64Array =>
  ratesOf({
    existing: Float64Array.from(categories, (row) => row.existing_count),
    positive: Float64Array.from(categories, (row) => row.positive_count),
  });

/** What the owner said since the fit moved the parameters in use. */
function withParameters(model: ScoringModel, categories: readonly ScoringCategoryRow[]): ScoringModel {
  const { renewal } = model;
  return {
    ...model,
    renewal: { ...renewal, categories: categories.map((parameters) => ({ parameters, atBound: [] })) },
  };
}

/** The sums of whole categories: a table need not hold all clocks of the shop. */
function columnsOf(rows: readonly ScoringCategoryRow[], day: Day): CategoryColumns {
  const columns = createCategoryColumns(rows.length);
  for (const [number, row] of rows.entries()) {
    columns.clocks[number] = row.clock_count;
    columns.lastDay[number] = day;
    columns.decayed.set(
      [row.decayed_15, row.decayed_30, row.decayed_120],
      number * CATEGORY_DECAY_DAYS.length,
    );
  }
  return columns;
}
