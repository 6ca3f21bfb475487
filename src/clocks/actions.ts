import { loadBusiness } from '../business/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import { drawCurve, histogramOf, originOf } from './pictures.ts';
import { fitByMoments, ownShare } from './fit.ts';
import { foldPurchaseEvents, refreshWindows } from './fold-queries.ts';
import { priorFor } from './priors.ts';
import * as queries from './queries.ts';
import type { ClockState, DueClock } from './rules.ts';
import { describeClock, explainClock, gapDistribution, gapQuantile } from './rules.ts';
import type { CategoryClock, CategoryClockDetail, ContactClock } from './schema.ts';

const GAPS_SHOWN_MAX = 20_000;

/**
 * Updates clocks and activity after an import, inside its transaction. Reads its temporary tables `incoming_line` (lines
 * just accepted of known contacts, already in sale_line) and `clocks_to_rebuild` (contacts whose earlier lines changed).
 * Contacts who bought after their last visit are folded forward; the others are rebuilt from their kept lines, once.
 */
export async function applyPurchases(
  transaction: Connection,
  now: Date,
): Promise<{ updated: number; rebuilt: number }> {
  await ensureParameters(transaction, now);
  await queries.classifyIncoming(transaction);
  await queries.insertActivity(transaction);
  await queries.clearRebuilt(transaction);
  await queries.createPurchaseEvents(transaction);
  await foldPurchaseEvents(transaction);
  await queries.updateActivity(transaction);
  await refreshWindows(transaction, 'touched');
  return queries.countIncoming(transaction);
}

/** Rebuilds every clock of some contacts from their kept lines: consent given, contacts merged, categories remapped. */
export async function rebuildClocks(
  transaction: Connection,
  contactIds: readonly number[],
  now: Date,
): Promise<void> {
  if (contactIds.length === 0) return;
  await queries.stageRebuild(transaction, contactIds);
  await applyPurchases(transaction, now);
}

/** Consent to profiling withdrawn: item clocks and visit statistics go in the same transaction. */
export async function deleteClocks(transaction: Connection, contactIds: readonly number[]): Promise<void> {
  await queries.deleteClocksOf(transaction, contactIds);
}

/** Gives every new category the parameters of its prior. */
async function ensureParameters(connection: Connection, now: Date): Promise<void> {
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
}

/** Fits every category anew and moves the due windows. Weekly, and after the owner's override. */
export async function fitParameters(database: Database, now: Date): Promise<{ categories: number }> {
  return database.transaction(async (transaction) => {
    const statistics = await queries.selectCategoryStatistics(transaction);
    await queries.upsertParameters(
      transaction,
      statistics.map((row) => fitByMoments(row, priorFor(row.name))),
      now,
    );
    await refreshWindows(transaction, { categoryIds: statistics.map((row) => row.category_id) });
    return { categories: statistics.length };
  });
}

/** Clocks whose window contains the day, scored, in order of contact and category. */
export async function loadDueClocks(connection: Connection, day: Day): Promise<DueClock[]> {
  const rows = await queries.selectDueClocks(connection, isoFromDay(day));
  return rows.map((row) => {
    const state = stateOf(row);
    return {
      ...describeClock(state, row.category_name, row, day),
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
  const language = await languageOf(connection);
  const rows = await queries.selectContactClocks(connection, contactId);
  return rows.map((row) => {
    const facts = describeClock(stateOf(row), row.category_name, row, today);
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

function stateOf(row: queries.ClockRow): ClockState {
  return {
    firstDay: dayFromIso(row.first_day),
    lastDay: dayFromIso(row.last_day),
    purchaseCount: row.purchase_count,
    logGapSum: row.log_gap_sum,
    discountedGapCount: row.discounted_gap_count,
    discountedLogGapSum: row.discounted_log_gap_sum,
    discountedLogGapSquareSum: row.discounted_log_gap_square_sum,
    decayed: [],
    quantitySum: row.quantity_sum,
    lastQuantity: row.last_quantity,
  };
}

/** The rows of Orologi. */
export async function listCategoryClocks(connection: Connection): Promise<CategoryClock[]> {
  const language = await languageOf(connection);
  return (await queries.selectCategoryClocks(connection)).map((row) => describeCategory(row, language));
}

/** One category with its distribution drawn. Failure `not_found`. */
export async function loadCategoryClock(
  connection: Connection,
  categoryId: number,
): Promise<CategoryClockDetail> {
  const language = await languageOf(connection);
  const row = (await queries.selectCategoryClocks(connection)).find(
    (candidate) => candidate.category_id === categoryId,
  );
  if (!row) throw new Failure('not_found', { status: 404 });
  const gaps = await queries.selectGaps(connection, categoryId, GAPS_SHOWN_MAX);
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
    sentence: sentence(blendKey(row.gap_count, summary.ownShare), language, {
      own: summary.medianDays,
      prior: priorMedianDays,
      share: Math.round(summary.ownShare * 100),
    }),
  };
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
  if (!(await queries.updateOverride(database, categoryId, days)))
    throw new Failure('not_found', { status: 404 });
  await fitParameters(database, now);
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
    ownShare: share,
  };
}

const newCustomer = (row: queries.CategoryClockRow) =>
  gapDistribution({ discountedGapCount: 0, discountedLogGapSum: 0 }, row);

async function languageOf(connection: Connection): Promise<Language> {
  return (await loadBusiness(connection))?.language ?? 'it';
}
