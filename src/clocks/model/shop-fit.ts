import { HORIZON_DAYS, renewalProbability } from '../rules.ts';
import {
  areaUnderCurve,
  calibrationError,
  liftOfTopTenth,
  logLoss,
  orderByScore,
} from '../backtest/metrics.ts';
import type { ClockModel, ScoringModel } from './clock-model.ts';
import { scoreClocks, trainClockModel } from './clock-model.ts';
import type { ClockTable } from './clock-table.ts';
import { HistoryFold } from './clock-table.ts';
import type { PurchaseHistory } from './purchase-history.ts';
import { daySpan } from './purchase-history.ts';
import type { CategoryPrior, RenewalModel } from './renewal-fit.ts';

/** What was said of clocks, and what came of it. */
export interface CalibrationBin {
  /** Mean probability said, share that bought, and of how many clocks. */
  readonly said: number;
  readonly came: number;
  readonly clocks: number;
}

/** How a model did in a fortnight that it had not seen. */
export interface ModelEvaluation {
  /** First day known to the model; the fortnight after it was judged. */
  readonly day: number;
  readonly clocks: number;
  readonly baseRate: number;
  readonly logLoss: number;
  /** Of the model in use before, or of the renewal clock alone where there was none. */
  readonly previousLogLoss: number;
  readonly auc: number;
  readonly calibrationError: number;
  readonly liftOfTopTenth: number;
  readonly bins: readonly CalibrationBin[];
  /** By category number, where there are clocks enough. */
  readonly categories: Readonly<Record<number, readonly CalibrationBin[]>>;
}

/** What is fitted from. `previous` is the model in use, its categories by the same numbers. */
export interface ShopFitRequest {
  readonly history: PurchaseHistory;
  readonly day: number;
  readonly priors: readonly CategoryPrior[];
  readonly previous: ScoringModel | null;
}

/** A fit of the week: the model, and how its twin of a fortnight ago did since. Null evaluation: too little history to judge. */
export interface ShopFit {
  readonly model: ClockModel;
  readonly evaluation: ModelEvaluation | null;
}

const SHOP_BINS = 10;
const CATEGORY_BINS = 5;
const CATEGORY_CLOCKS_MIN = 200;
/** Fewer clocks or fewer purchases say nothing about who is better. */
const JUDGED_CLOCKS_MIN = 100;
const JUDGED_PURCHASES_MIN = 10;

/** A log-loss this much larger is noise of the fortnight, not a worse model. */
const TOLERANCE = 1e-4;

/** Whether a fit is no worse than the model in use; what could not be judged is not known to be. */
export const mayBeAdopted = (evaluation: ModelEvaluation | null): boolean =>
  evaluation !== null && evaluation.logLoss <= evaluation.previousLogLoss + TOLERANCE;

/**
 * Fits the model of a day, and judges it: its twin, trained on all that was known a fortnight ago, against the model in use on
 * what was bought since, which neither has seen.
 */
export function fitShop(request: ShopFitRequest): ShopFit {
  const { history, day, priors, previous } = request;
  const options = { featureSet: 'all', priors, previous } as const;
  return {
    model: trainClockModel(history, { ...options, day }),
    evaluation: judge(request, day - HORIZON_DAYS),
  };
}

function judge({ history, priors, previous }: ShopFitRequest, day: number): ModelEvaluation | null {
  const span = daySpan(history);
  if (!span || span.first > day) return null;
  const fold = new HistoryFold(history);
  const table = fold.advanceTo(day);
  const labels = fold.labelsAfter(day, HORIZON_DAYS);
  const purchases = labels.reduce((sum, label) => sum + label, 0);
  if (labels.length < JUDGED_CLOCKS_MIN || purchases < JUDGED_PURCHASES_MIN || purchases === labels.length)
    return null;
  const twin = trainClockModel(history, { featureSet: 'all', priors, previous, day });
  const said = scoreClocks(twin, table, day);
  const before = previous ? scoreClocks(previous, table, day) : scoreByRenewal(twin.renewal, table, day);
  return {
    day,
    clocks: labels.length,
    baseRate: purchases / labels.length,
    logLoss: logLoss(said, labels),
    previousLogLoss: logLoss(before, labels),
    auc: areaUnderCurve(said, labels),
    calibrationError: calibrationError(said, labels),
    liftOfTopTenth: liftOfTopTenth(said, labels),
    bins: binsOf(said, labels, SHOP_BINS),
    categories: binsByCategory(table, said, labels),
  };
}

/** The renewal clock alone, p_ren of clocks.md 5.2. */
function scoreByRenewal({ categories }: RenewalModel, { clocks }: ClockTable, day: number): Float64Array {
  return Float64Array.from({ length: clocks.count }, (_, clock) => {
    return renewalProbability(
      clocks.renewalState(clock, day),
      categories[clocks.category(clock)]!.parameters,
      HORIZON_DAYS,
    );
  });
}

/** Bins of equal count, from the least to the most probable. */
export function binsOf(said: Float64Array, labels: Uint8Array, count: number): CalibrationBin[] {
  const order = orderByScore(said);
  return Array.from({ length: count }, (_, bin) => {
    const members = order.subarray(
      Math.floor((bin * order.length) / count),
      Math.floor(((bin + 1) * order.length) / count),
    );
    const mean = (values: ArrayLike<number>): number =>
      members.reduce((sum, row) => sum + values[row]!, 0) / Math.max(members.length, 1);
    return { said: mean(said), came: mean(labels), clocks: members.length };
  });
}

function binsByCategory({ clocks }: ClockTable, said: Float64Array, labels: Uint8Array) {
  const members = new Map<number, number[]>();
  for (let clock = 0; clock < clocks.count; clock++) {
    const category = clocks.category(clock);
    const own = members.get(category);
    if (own) own.push(clock);
    else members.set(category, [clock]);
  }
  return Object.fromEntries(
    [...members]
      .filter(([, own]) => own.length >= CATEGORY_CLOCKS_MIN)
      .map(([category, own]) => [
        category,
        binsOf(
          Float64Array.from(own, (clock) => said[clock]!),
          Uint8Array.from(own, (clock) => labels[clock]!),
          CATEGORY_BINS,
        ),
      ]),
  );
}
