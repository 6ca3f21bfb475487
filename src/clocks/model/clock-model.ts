import { seededRandom } from '../../kernel/random.ts';
import { HORIZON_DAYS } from '../rules.ts';
import { probabilityWithin } from './horizon.ts';
import type { ClockTable } from './clock-table.ts';
import { HistoryFold } from './clock-table.ts';
import { DEFAULT_WEIGHTS } from './default-weights.ts';
import type { FeatureSet } from './feature-rows.ts';
import { computeFeatures, featuresOf, scoreFeatures } from './feature-rows.ts';
import type { LogisticWeights } from './logistic.ts';
import { fitLogistic } from './logistic.ts';
import type { PurchaseHistory } from './purchase-history.ts';
import type { CategoryPrior, RenewalModel } from './renewal-fit.ts';
import { drawSample, fitRenewalModel } from './renewal-fit.ts';

/** The whole timing model of a shop on a day: renewal clocks, and the layer that corrects them. */
export interface ClockModel {
  readonly day: number;
  readonly horizonDays: number;
  readonly featureSet: FeatureSet;
  readonly renewal: RenewalModel;
  readonly layer: LogisticWeights;
  readonly trainingRows: number;
}

/** What scoring needs of a model. */
export type ScoringModel = Pick<ClockModel, 'horizonDays' | 'featureSet' | 'renewal' | 'layer'>;

/** How a model is trained. The defaults are those of clocks.md 5.5. */
export interface TrainingOptions {
  /** The last day that is known: nothing after it is read. */
  readonly day: number;
  readonly featureSet: FeatureSet;
  /** Freezes the renewal parameters at those of this day, before which no window begins: the design's T0. */
  readonly fitDay?: number;
  readonly windows?: number;
  readonly rowsMax?: number;
  readonly strength?: number;
  readonly centre?: LogisticWeights | null;
  readonly previous?: Pick<ClockModel, 'renewal'> | null;
  /** What is believed of each category before any sale. */
  readonly priors?: readonly CategoryPrior[];
}

const WINDOWS = 6;
const ROWS_MAX = 300_000;
const FIRST_WINDOW_DAY_MIN = 28;
const SMALL_SHOP_CLOCKS = 1000;
const SMALL_SHOP_STRENGTH = 30;

/**
 * Trains the model of a day on a history (clocks.md 5.3, 5.5). The layer learns on the windows (T − 14 j, T − 14 (j − 1)],
 * whose labels all end at or before T, with renewal parameters of the first of these days, so that no window knows its
 * own outcome. Then the renewal parameters are fitted to all that is known on T: with them the layer scores.
 */
export function trainClockModel(history: PurchaseHistory, options: TrainingOptions): ClockModel {
  const { day, featureSet, fitDay } = options;
  const days = trainingDays(options);
  const context = { priors: options.priors };
  const lastFit = fitDay ?? day;
  const firstFit = Math.min(lastFit, days[0] ?? day);
  const before = fitOn(history, firstFit, { ...context, previous: options.previous?.renewal });
  const rows = collectRows(history, before.renewal, days, options);
  const layer = fitLogistic(rows, penaltyFor(before.clockCount, options));
  const renewal =
    lastFit === firstFit
      ? before.renewal
      : fitOn(history, lastFit, { ...context, previous: before.renewal }).renewal;
  return { day, horizonDays: HORIZON_DAYS, featureSet, renewal, layer, trainingRows: rows.count };
}

function fitOn(
  history: PurchaseHistory,
  day: number,
  { priors, previous }: { priors: readonly CategoryPrior[] | undefined; previous: RenewalModel | undefined },
): { renewal: RenewalModel; clockCount: number } {
  const { clocks, visits } = new HistoryFold(history).advanceTo(day);
  const { categoryCount } = history;
  const renewal = fitRenewalModel(clocks, visits, {
    day,
    categoryCount,
    previous: previous ?? null,
    ...(priors && { priors }),
  });
  return { renewal, clockCount: clocks.count };
}

/** A small shop's weights are drawn to the default ones, strongly (measured in docs/decisions/0007); a larger one's to none. */
function penaltyFor(clockCount: number, { featureSet, strength, centre }: TrainingOptions) {
  const isSmall = featureSet === 'all' && clockCount < SMALL_SHOP_CLOCKS;
  return {
    strength: strength ?? (isSmall ? SMALL_SHOP_STRENGTH : 1),
    centre: centre ?? (isSmall ? DEFAULT_WEIGHTS : null),
  };
}

/**
 * Cut-off days of the training windows, ascending; none before the day of the renewal parameters, unless that is so late that
 * none would be left.
 */
function trainingDays({ day, windows = WINDOWS, fitDay }: TrainingOptions): number[] {
  const days = Array.from({ length: windows }, (_, j) => day - HORIZON_DAYS * (windows - j)).filter(
    (start) => start >= FIRST_WINDOW_DAY_MIN,
  );
  const since = days.filter((start) => start >= (fitDay ?? FIRST_WINDOW_DAY_MIN));
  return since.length > 0 ? since : days;
}

/** Rows of the training windows, at most `rowsMax`, drawn over all windows alike from a fixed seed. */
function collectRows(
  history: PurchaseHistory,
  renewal: RenewalModel,
  days: readonly number[],
  { rowsMax = ROWS_MAX, featureSet }: TrainingOptions,
) {
  const counts = clocksOnDays(history, days);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const drawn = drawSample(total, rowsMax, seededRandom('training rows'));
  const width = featuresOf(featureSet).length;
  const features = new Float32Array(drawn.length * width);
  const labels = new Uint8Array(drawn.length);
  const fold = new HistoryFold(history);
  let [row, offset] = [0, 0];
  for (const [window, day] of days.entries()) {
    const end = offset + counts[window]!;
    const from = row;
    while (row < drawn.length && drawn[row]! < end) row++;
    const chosen = drawn.subarray(from, row).map((index) => index - offset);
    const table = fold.advanceTo(day);
    const options = { day, horizonDays: HORIZON_DAYS, set: featureSet, chosen };
    features.set(computeFeatures(table, renewal, options), from * width);
    const bought = fold.labelsAfter(day, HORIZON_DAYS);
    labels.set(
      chosen.map((clock) => bought[clock]!),
      from,
    );
    offset = end;
  }
  return { width, count: drawn.length, features, labels };
}

/** How many clocks exist on each day: clocks are numbered in the order of their first purchases. */
function clocksOnDays(history: PurchaseHistory, days: readonly number[]): number[] {
  const fold = new HistoryFold(history);
  return days.map((day) => fold.advanceTo(day).clocks.count);
}

/**
 * Probabilities of a purchase in the 14 days after `day` for every clock of a table that stands at that day; `rates` are the
 * categories' recent ones where the table does not hold every clock of the shop.
 */
export function scoreClocks(
  model: ScoringModel,
  table: ClockTable,
  day: number,
  rates?: Float64Array,
): Float64Array {
  const { horizonDays, featureSet, renewal, layer } = model;
  return scoreFeatures(table, renewal, {
    day,
    horizonDays,
    set: featureSet,
    layer,
    ...(rates && { recentRates: rates }),
  });
}

/** The same within any number of days. */
export function scoreWithin(
  model: ScoringModel,
  table: ClockTable,
  day: number,
  horizonDays: number,
): Float64Array {
  const { clocks } = table;
  const fortnight = scoreClocks(model, table, day);
  if (horizonDays === HORIZON_DAYS) return fortnight;
  return fortnight.map((p, clock) => {
    const { parameters } = model.renewal.categories[clocks.category(clock)]!;
    return probabilityWithin(p, horizonDays, clocks.renewalState(clock, day), parameters);
  });
}
