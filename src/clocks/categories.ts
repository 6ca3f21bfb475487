import type { Connection, Database } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import { Failure } from '../kernel/failure.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { nameOf } from '../contacts/rules.ts';
import { describeRow } from './due.ts';
import { ownShare } from './fit.ts';
import { fitParameters } from './fitting.ts';
import { loadLanguage } from './language.ts';
import { selectAdoptedModel } from './model-queries.ts';
import { drawCurve, histogramOf, originOf } from './pictures.ts';
import * as queries from './queries.ts';
import type { Habit } from './rules.ts';
import { gapDistribution, gapQuantile } from './rules.ts';
import type { CategoryClock, CategoryClockDetail } from './schema.ts';

/** Pictures are drawn from about so many customers: more would not be seen. */
const CUSTOMERS_DRAWN = 1000;
const EXAMPLES = 5;

/** The rows of Orologi. */
export async function listCategoryClocks(connection: Connection): Promise<CategoryClock[]> {
  const language = await loadLanguage(connection);
  return (await queries.selectCategoryClocks(connection)).map((row) => describeCategory(row, language));
}

/** One category with its distribution drawn, how true its clocks were, and some of its customers. Failure `not_found`. */
export async function loadCategoryClock(
  connection: Connection,
  categoryId: number,
  today: Day,
): Promise<CategoryClockDetail> {
  const language = await loadLanguage(connection);
  const [row] = await queries.selectCategoryClocks(connection, categoryId);
  if (!row) throw new Failure('not_found', { status: 404 });
  const everyKth = Math.max(1, Math.ceil(row.customers / CUSTOMERS_DRAWN));
  const gaps = await queries.selectGaps(connection, categoryId, everyKth);
  const summary = describeCategory(row, language);
  const used = newCustomer(row);
  const prior = { m: row.prior_mu, sd: row.prior_sigma };
  const priorMedianDays = Math.round(Math.exp(row.prior_mu));
  return {
    ...summary,
    returns: row.gap_count,
    histogram: histogramOf(gaps, summary.band.to),
    used: drawCurve(used, summary.band.to),
    prior: drawCurve(prior, summary.band.to),
    priorMedianDays,
    overrideDays: row.owner_median_days,
    habit: queries.habitOf(row),
    sentence: sentence(blendKey(row.gap_count, summary.ownShare), language, {
      own: summary.medianDays,
      prior: priorMedianDays,
      share: Math.round(summary.ownShare * 100),
    }),
    calibration: [...((await selectAdoptedModel(connection))?.evaluation?.categories[categoryId] ?? [])],
    examples: await loadExamples(connection, categoryId, { everyKth, today }),
  };
}

async function loadExamples(
  connection: Connection,
  categoryId: number,
  { everyKth, today }: { everyKth: number; today: Day },
): Promise<CategoryClockDetail['examples']> {
  const rows = await queries.selectExamples(connection, categoryId, {
    everyKth,
    today: isoFromDay(today),
    limit: EXAMPLES,
  });
  return rows.map((row) => {
    const facts = describeRow(row, today);
    return {
      contactId: row.contact_id,
      name: nameOf(row),
      days: row.days,
      likelyFrom: isoFromDay(facts.likelyFrom),
      medianDay: isoFromDay(facts.medianDay),
      likelyTo: isoFromDay(facts.likelyTo),
    };
  });
}

const FEW_RETURNS = 10;
const NEARLY_ALL = 0.985;

function blendKey(returns: number, ownShare: number): string {
  if (returns < FEW_RETURNS) return 'clock.blend_few';
  return ownShare >= NEARLY_ALL ? 'clock.blend_own' : 'clock.blend';
}

/** The owner's own duration of a category, or null to return to the calculation. */
export async function overrideMedian(
  database: Database,
  categoryId: number,
  days: number | null,
  now: Date,
): Promise<void> {
  if (!(await queries.updateOwnerMedian(database, categoryId, days)))
    throw new Failure('not_found', { status: 404 });
  await fitParameters(database, now, [categoryId]);
}

/** How the owner says that the need returns, or null for the habit of the sector. */
export async function overrideHabit(
  database: Database,
  categoryId: number,
  habit: Habit | null,
  now: Date,
): Promise<void> {
  if (!(await queries.updateOwnerHabit(database, categoryId, habit)))
    throw new Failure('not_found', { status: 404 });
  await fitParameters(database, now, [categoryId]);
}

function describeCategory(row: queries.CategoryClockRow, language: Language): CategoryClock {
  const share = ownShare(row.gap_count, row.owner_median_days !== null);
  const origin = originOf(share, row.owner_median_days !== null);
  const distribution = newCustomer(row);
  return {
    categoryId: row.category_id,
    name: row.name,
    customers: row.customers,
    medianDays: Math.round(Math.exp(distribution.m)),
    band: {
      from: gapQuantile(distribution, 0.1),
      middle: Math.exp(distribution.m),
      to: gapQuantile(distribution, 0.9),
    },
    origin,
    originInWords: sentence(`clock.from_${origin}`, language),
    regularShare: row.customers === 0 ? 0 : row.regulars / row.customers,
    ownShare: share,
  };
}

const newCustomer = (row: queries.CategoryClockRow) =>
  gapDistribution({ discountedGapCount: 0, discountedLogGapSum: 0 }, row);
