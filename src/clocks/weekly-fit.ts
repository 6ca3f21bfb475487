import { todayOf } from '../business/actions.ts';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Connection, Database } from '../database/connection.ts';
import { isoFromDay } from '../kernel/day.ts';
import { ownerWeight } from './fit.ts';
import { lockClocks, refreshWindows } from './fold-queries.ts';
import { loadPurchaseHistory } from './history-queries.ts';
import type { ClockModel, ScoringModel } from './model/clock-model.ts';
import type { CategoryPrior } from './model/renewal-fit.ts';
import type { ModelEvaluation, ShopFit, ShopFitRequest } from './model/shop-fit.ts';
import { mayBeAdopted } from './model/shop-fit.ts';
import type { ModelDocument } from './model-queries.ts';
import {
  hasClocks,
  insertModel,
  selectAdoptedModel,
  selectCategoryBeliefs,
  selectLatestModel,
  updateFitted,
} from './model-queries.ts';
import { priorFor } from './priors.ts';
import { HORIZON_DAYS } from './rules.ts';
import { moveWordedWindows } from './words.ts';

/** Customers read at most: their half million purchase days are fitted in a minute, and more would not change a figure shown. */
const CONTACTS_MAX = 20_000;

/** What became of a fit. */
export interface FitOutcome {
  readonly version: number;
  readonly isAdopted: boolean;
  readonly logLoss: number | null;
  readonly previousLogLoss: number | null;
}

/**
 * Fits the clocks of the shop on all that is known yesterday: renewal parameters of each category and the layer. The fit is
 * kept as a version; it is adopted when, judged on a fortnight that neither had seen, it is no worse than the model in use, or than
 * the renewal clock alone where there is none. With the parameters the due windows move. Null when nothing was ever sold to a contact who consented.
 */
export async function fitClocks(database: Database, now: Date): Promise<FitOutcome | null> {
  const today = await todayOf(database, now);
  const until = today - 1; // today's sales are not complete
  const { history, categoryIds } = await loadPurchaseHistory(database, {
    until: isoFromDay(until),
    contactsMax: CONTACTS_MAX,
  });
  if (history.day.length === 0) return null;
  const adopted = await selectAdoptedModel(database);
  const request: ShopFitRequest = {
    history,
    day: until,
    priors: await loadPriors(database, categoryIds),
    previous: adopted && scoringModelOf(adopted.document, categoryIds),
  };
  const { model, evaluation } = await fitInThread(request);
  const isAdopted = mayBeAdopted(evaluation);
  const document = documentOf(model, categoryIds);
  // A layer that is refused leaves the model in use as it is. Where none is, the renewal clock speaks alone, as found here.
  const movesParameters = isAdopted || !adopted;
  return database.transaction(async (transaction) => {
    await lockClocks(transaction);
    const version = await insertModel(
      transaction,
      {
        fittedOn: isoFromDay(until),
        document,
        evaluation: evaluation && { ...evaluation, categories: byId(evaluation.categories, categoryIds) },
        isAdopted,
      },
      now,
    );
    if (movesParameters) {
      await updateFitted(transaction, document.categories, now);
      await refreshWindows(transaction, { categoryIds }, isoFromDay(today));
      await moveWordedWindows(transaction, { categoryIds }, today);
    }
    const { logLoss = null, previousLogLoss = null } = evaluation ?? {};
    return { version, isAdopted, logLoss, previousLogLoss };
  });
}

/** Fits the clocks for a slot of the week, unless they were fitted since: a shop just set up has newer ones. */
export async function fitClocksWeekly(database: Database, slot: Date, now: Date): Promise<FitOutcome | null> {
  const latest = await selectLatestModel(database);
  return latest && latest.fitted_at >= slot ? null : fitClocks(database, now);
}

/** Fits the clocks when they never were and there is something to fit: the evening after the first import, not next Sunday. */
export async function fitClocksFirst(database: Database, now: Date): Promise<FitOutcome | null> {
  if ((await selectLatestModel(database)) !== null) return null;
  return (await hasClocks(database)) ? fitClocks(database, now) : null;
}

async function fitInThread(request: ShopFitRequest): Promise<ShopFit> {
  const worker = new Worker(new URL('fit-worker.ts', import.meta.url), { workerData: request });
  try {
    const [fit] = (await once(worker, 'message')) as [ShopFit]; // an error of the thread is thrown here
    return fit;
  } finally {
    await worker.terminate();
  }
}

/** What is believed of each category: the owner's word, else the sector's habit. */
async function loadPriors(connection: Connection, categoryIds: readonly number[]): Promise<CategoryPrior[]> {
  const rows = new Map((await selectCategoryBeliefs(connection)).map((row) => [row.category_id, row]));
  const numbers = new Map(categoryIds.map((id, number) => [id, number]));
  return categoryIds.map((id) => {
    const row = rows.get(id);
    const prior = priorFor(row?.name ?? '');
    const owner = row?.owner_median_days ?? null;
    return {
      mu: Math.log(owner ?? prior.median_days),
      sigma: prior.sigma,
      gaps: ownerWeight(owner !== null),
      parent: numbers.get(row?.parent_id ?? -1) ?? null,
    };
  });
}

function documentOf(model: ClockModel, categoryIds: readonly number[]): ModelDocument {
  const { layer, renewal } = model;
  return {
    featureSet: model.featureSet,
    layer: {
      intercept: layer.intercept,
      weights: [...layer.weights],
      means: [...layer.means],
      deviations: [...layer.deviations],
    },
    shop: renewal.shop.parameters,
    visits: renewal.visits.parameters,
    categories: Object.fromEntries(
      categoryIds.map((id, number) => [
        id,
        {
          ...renewal.categories[number]!.parameters,
          meanGapDays: renewal.gaps[number]!.meanGapDays,
        },
      ]),
    ),
  };
}

/** A kept model for scoring; categories that came later stand where the shop stands. */
export function scoringModelOf(document: ModelDocument, categoryIds: readonly number[]): ScoringModel {
  const { layer, shop, visits } = document;
  const own = categoryIds.map((id) => document.categories[id] ?? { ...shop, meanGapDays: Math.exp(shop.mu) });
  const fitOf = (parameters: ModelDocument['shop']) => ({ parameters, atBound: [] });
  return {
    horizonDays: HORIZON_DAYS,
    featureSet: document.featureSet,
    layer: {
      intercept: layer.intercept,
      weights: Float64Array.from(layer.weights),
      means: Float64Array.from(layer.means),
      deviations: Float64Array.from(layer.deviations),
    },
    renewal: {
      shop: fitOf(shop),
      visits: fitOf(visits),
      categories: own.map(fitOf),
      gaps: own.map(({ meanGapDays, mu }) => ({ meanGapDays, meanLogGap: mu })),
    },
  };
}

const byId = (
  categories: ModelEvaluation['categories'],
  categoryIds: readonly number[],
): ModelEvaluation['categories'] =>
  Object.fromEntries(
    Object.entries(categories).map(([number, bins]) => [categoryIds[Number(number)] ?? 0, bins]),
  );
