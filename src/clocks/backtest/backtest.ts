import { HORIZON_DAYS } from '../rules.ts';
import type { ClockModel } from '../model/clock-model.ts';
import { scoreWithin, trainClockModel } from '../model/clock-model.ts';
import type { FeatureSet } from '../model/feature-rows.ts';
import type { ClockTable } from '../model/clock-table.ts';
import { HistoryFold } from '../model/clock-table.ts';
import type { PurchaseHistory } from '../model/purchase-history.ts';
import { fitRenewalModel } from '../model/renewal-fit.ts';
import { fitBaselines } from './baselines.ts';
import { applyIsotonic, fitIsotonic } from './isotonic.ts';
import { areaUnderCurve, calibrationError, liftOfTopTenth, logLoss, rankWithinCustomers } from './metrics.ts';

/** Quality of probabilities, at one cut-off or as the mean over several. */
export interface ProbabilityQuality {
  readonly logLoss: number;
  readonly calibrationError: number;
}

/** One row of the tables of clocks.md 6.1. `raw` is null where scores are no probabilities. */
export interface ModelQuality {
  readonly name: string;
  readonly auc: number;
  readonly raw: ProbabilityQuality | null;
  readonly calibrated: ProbabilityQuality;
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly lift: number;
}

/** All models at one cut-off, over clocks with at least one and at least two purchases. */
export interface CutoffResult {
  readonly day: number;
  readonly purchasesMin: number;
  readonly clocks: number;
  readonly baseRate: number;
  readonly models: readonly ModelQuality[];
}

/**
 * What is backtested. The layer learns at each cut-off from fortnights that ended by then. Its renewal clocks, and the parameters
 * of every rule, are fitted anew at each cut-off, or once on `fitDay` (T0 of clocks.md 2), before which then no fortnight begins.
 */
export interface BacktestOptions {
  readonly cutoffs: readonly number[];
  readonly fitDay?: number;
  /** Days after a cut-off in which a purchase counts; a fortnight unless told. */
  readonly horizonDays?: number;
  readonly featureSets: readonly FeatureSet[];
  readonly withBaselines: boolean;
  readonly withGammaClock?: boolean;
  readonly rowsMax?: number;
  /** Hears the probabilities of our own model at each cut-off, before they are judged. */
  readonly onScores?: (scores: {
    readonly day: number;
    readonly table: ClockTable;
    readonly model: ClockModel;
    readonly probabilities: Float64Array;
  }) => void;
}

/** Names of our models in the tables. */
export const MODEL_NAMES: Record<FeatureSet, string> = {
  published: '26 features',
  all: 'all features',
};

interface Scores {
  readonly name: string;
  readonly isProbability: boolean;
  readonly now: Float64Array;
  /** Scores a fortnight before, for the isotonic map; the layer needs none. */
  readonly before: Float64Array | null;
}

/** Runs a backtest: per cut-off every model's scores, then the metrics of clocks.md 2.1. */
export function runBacktest(history: PurchaseHistory, options: BacktestOptions): CutoffResult[] {
  const { horizonDays = HORIZON_DAYS } = options;
  return options.cutoffs.flatMap((day) => {
    const fold = new HistoryFold(history);
    const start = day - horizonDays;
    const earlier = fold.advanceTo(start);
    const earlierLabels = fold.labelsAfter(start, horizonDays);
    const baselines = options.withBaselines ? fitAll(history, options, start) : [];
    const before = baselines.map((baseline) => baseline.score(earlier, start, horizonDays));
    const table = fold.advanceTo(day);
    const scores: Scores[] = baselines.map((baseline, index) => ({
      name: baseline.name,
      isProbability: baseline.isProbability,
      now: baseline.score(table, day, horizonDays),
      before: before[index]!,
    }));
    for (const featureSet of options.featureSets) {
      const { fitDay, rowsMax } = options;
      const model = trainClockModel(history, {
        day,
        featureSet,
        ...(fitDay !== undefined && { fitDay }),
        ...(rowsMax !== undefined && { rowsMax }),
      });
      const probabilities = scoreWithin(model, table, day, horizonDays);
      options.onScores?.({ day, table, model, probabilities });
      scores.push({
        name: MODEL_NAMES[featureSet],
        isProbability: true,
        now: probabilities,
        before: null,
      });
    }
    const labels = fold.labelsAfter(day, horizonDays);
    return [1, 2].map((purchasesMin) => judge(scores, { table, labels, earlierLabels, day, purchasesMin }));
  });
}

function fitAll(history: PurchaseHistory, options: BacktestOptions, start: number) {
  const day = options.fitDay ?? start;
  const table = new HistoryFold(history).advanceTo(day);
  const renewal = fitRenewalModel(table.clocks, table.visits, { day, categoryCount: history.categoryCount });
  return fitBaselines(table, renewal, { day, withGammaClock: options.withGammaClock ?? false }).baselines;
}

function judge(
  scores: readonly Scores[],
  context: {
    readonly table: ClockTable;
    readonly labels: Uint8Array;
    readonly earlierLabels: Uint8Array;
    readonly day: number;
    readonly purchasesMin: number;
  },
): CutoffResult {
  const { clocks } = context.table;
  const counted = Int32Array.from(context.labels.keys()).filter(
    (clock) => clocks.purchases(clock) >= context.purchasesMin,
  );
  const labels = Uint8Array.from(counted, (clock) => context.labels[clock]!);
  const customer = Int32Array.from(counted, (clock) => clocks.customer(clock));
  const models = scores.map(({ name, isProbability, now, before }) => {
    const own = Float64Array.from(counted, (clock) => now[clock]!);
    const mapped = before ? applyIsotonic(fitIsotonic(before, context.earlierLabels), own) : own;
    const quality = (p: Float64Array): ProbabilityQuality => ({
      logLoss: logLoss(p, labels),
      calibrationError: calibrationError(p, labels),
    });
    return {
      name,
      auc: areaUnderCurve(own, labels),
      raw: isProbability ? quality(own) : null,
      calibrated: quality(mapped),
      ...rankWithinCustomers(own, labels, customer),
      lift: liftOfTopTenth(own, labels),
    };
  });
  return {
    day: context.day,
    purchasesMin: context.purchasesMin,
    clocks: counted.length,
    baseRate: labels.reduce((sum, label) => sum + label, 0) / labels.length,
    models,
  };
}

/** Unweighted means over the cut-offs, model by model (clocks.md 2.1). */
export function averageOverCutoffs(results: readonly CutoffResult[]): ModelQuality[] {
  const first = results[0]?.models ?? [];
  return first.map(({ name, raw }, index) => {
    const rows = results.map((result) => result.models[index]!);
    const mean = (value: (row: ModelQuality) => number): number =>
      rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
    const each = (size: number, value: (row: ModelQuality, place: number) => number): number[] =>
      Array.from({ length: size }, (_, place) => mean((row) => value(row, place)));
    return {
      name,
      auc: mean((row) => row.auc),
      raw: raw && {
        logLoss: mean((row) => row.raw?.logLoss ?? NaN),
        calibrationError: mean((row) => row.raw?.calibrationError ?? NaN),
      },
      calibrated: {
        logLoss: mean((row) => row.calibrated.logLoss),
        calibrationError: mean((row) => row.calibrated.calibrationError),
      },
      precision: each(3, (row, place) => row.precision[place]!),
      recall: each(3, (row, place) => row.recall[place]!),
      lift: mean((row) => row.lift),
    };
  });
}
