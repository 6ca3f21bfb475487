import { todayOf } from '../business/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import { isoFromDay } from '../kernel/day.ts';
import { fitByMoments } from './fit.ts';
import { lockClocks, refreshWindows } from './fold-queries.ts';
import { priorFor } from './priors.ts';
import * as queries from './queries.ts';
import { moveWordedWindows } from './words.ts';

/** Gives every new category the parameters of its prior. */
export async function ensureParameters(connection: Connection, now: Date): Promise<void> {
  const categories = await queries.selectCategoriesWithoutParameters(connection);
  const rows = categories.map((category) =>
    fitByMoments(
      {
        ...category,
        clock_count: 0,
        gap_count: 0,
        discounted_gap_count: 0,
        log_gap_sum: 0,
        log_gap_square_sum: 0,
      },
      priorFor(category.name),
    ),
  );
  await queries.upsertParameters(connection, rows, now);
  await queries.markSensitive(
    connection,
    categories.filter(({ name }) => priorFor(name).sensitive).map((category) => category.category_id),
  );
}

/**
 * Fits categories by moments and moves their due windows: at once after the owner's word, until the weekly fit takes it in; all of
 * them where sales were made up and none was fitted yet.
 */
export async function fitParameters(
  database: Database,
  now: Date,
  categories: readonly number[] | 'all' = 'all',
): Promise<{ categories: number }> {
  return database.transaction(async (transaction) => {
    await lockClocks(transaction);
    const statistics = await queries.selectCategoryStatistics(transaction, categories);
    await queries.upsertParameters(
      transaction,
      statistics.map((row) => fitByMoments(row, priorFor(row.name))),
      now,
    );
    const today = await todayOf(transaction, now);
    const scope = { categoryIds: statistics.map((row) => row.category_id) };
    await refreshWindows(transaction, scope, isoFromDay(today));
    await moveWordedWindows(transaction, scope, today);
    return { categories: statistics.length };
  });
}
