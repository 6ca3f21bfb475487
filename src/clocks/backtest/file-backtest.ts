import { isoFromDay } from '../../kernel/day.ts';
import { normalQuantile } from '../../kernel/normal.ts';
import type { ClockModel } from '../model/clock-model.ts';
import type { ClockTable } from '../model/clock-table.ts';
import { HistoryFold } from '../model/clock-table.ts';
import type { PurchaseHistory } from '../model/purchase-history.ts';
import { mergePurchaseDays } from '../model/purchase-history.ts';
import { fitRenewalModel } from '../model/renewal-fit.ts';
import { gapDistribution, gapSurvival, LONGEST_GAP_DAYS } from '../rules.ts';
import type { CutoffResult, ModelQuality } from './backtest.ts';
import { averageOverCutoffs, runBacktest } from './backtest.ts';
import type { GapQuality } from './gaps.ts';
import { gapRules, judgeGaps } from './gaps.ts';
import { computeShopMeans } from './shop-means.ts';

/** Purchases as they come, with the names that the file gives to customers and categories. */
export class NamedPurchases {
  readonly customers: string[] = [];
  readonly categories: string[] = [];
  readonly #customerNumbers = new Map<string, number>();
  readonly #categoryNumbers = new Map<string, number>();
  readonly #rows: { customer: number[]; category: number[]; day: number[]; quantity: number[] } = {
    customer: [],
    category: [],
    day: [],
    quantity: [],
  };

  add(customer: string, category: string, day: number, quantity: number): void {
    this.#rows.customer.push(numberOf(customer, this.customers, this.#customerNumbers));
    this.#rows.category.push(numberOf(category, this.categories, this.#categoryNumbers));
    this.#rows.day.push(day);
    this.#rows.quantity.push(quantity);
  }

  /** Purchase days of all that was added. */
  history(): PurchaseHistory {
    return mergePurchaseDays({
      customerCount: this.customers.length,
      categoryCount: this.categories.length,
      customer: Int32Array.from(this.#rows.customer),
      category: Int32Array.from(this.#rows.category),
      day: Int32Array.from(this.#rows.day),
      quantity: Float64Array.from(this.#rows.quantity),
    });
  }
}

function numberOf(name: string, names: string[], numbers: Map<string, number>): number {
  let number = numbers.get(name);
  if (number === undefined) {
    number = names.length;
    names.push(name);
    numbers.set(name, number);
  }
  return number;
}

/** What a backtest of a file found. */
export interface FileBacktest {
  readonly cutoffs: readonly {
    readonly cutoff: string;
    readonly clocks: number;
    readonly baseRate: number;
    readonly models: readonly ModelQuality[];
  }[];
  /** Means over the cut-offs: clocks with one purchase or more, and with two or more. */
  readonly mean: readonly ModelQuality[];
  readonly meanFromTwoPurchases: readonly ModelQuality[];
  /** The day of the next purchase right after one, after the first cut-off. */
  readonly gaps: readonly GapQuality[];
}

/** A line of predictions: `cutoff,customer,category,n,p,q10,q50,q90`; quantiles are days after the cut-off. */
export const PREDICTION_HEADER = 'cutoff,customer,category,n,p,q10,q50,q90';

/** Backtests the clocks on purchases: every baseline, our model, and a prediction for every clock at every cut-off. */
export function backtestPurchases(
  purchases: NamedPurchases,
  options: {
    readonly cutoffs: readonly number[];
    readonly fitDay: number | null;
    readonly horizonDays: number;
  },
  onPredictions: (lines: string) => void,
): FileBacktest {
  const history = purchases.history();
  const results = runBacktest(history, {
    cutoffs: options.cutoffs,
    horizonDays: options.horizonDays,
    ...(options.fitDay === null ? {} : { fitDay: options.fitDay }),
    featureSets: ['all'],
    withBaselines: true,
    onScores: ({ day, table, model, probabilities }) => {
      onPredictions(linesOf(purchases, { day, table, model, probabilities }));
    },
  });
  const counted = (purchasesMin: number): CutoffResult[] =>
    results.filter((result) => result.purchasesMin === purchasesMin);
  return {
    cutoffs: counted(1).map(({ day, clocks, baseRate, models }) => ({
      cutoff: isoFromDay(day),
      clocks,
      baseRate,
      models,
    })),
    mean: averageOverCutoffs(counted(1)),
    meanFromTwoPurchases: averageOverCutoffs(counted(2)),
    gaps: judgeNextDays(history, options.fitDay ?? Math.min(...options.cutoffs)),
  };
}

function judgeNextDays(history: PurchaseHistory, day: number): GapQuality[] {
  const table = new HistoryFold(history).advanceTo(day);
  const { categoryCount } = history;
  const renewal = fitRenewalModel(table.clocks, table.visits, { day, categoryCount });
  return judgeGaps(history, gapRules(computeShopMeans(table), renewal), { after: day, purchasesMin: 2 });
}

function linesOf(
  { customers, categories }: NamedPurchases,
  {
    day,
    table,
    model,
    probabilities,
  }: { day: number; table: ClockTable; model: ClockModel; probabilities: Float64Array },
): string {
  const cutoff = isoFromDay(day);
  const { clocks } = table;
  let text = '';
  for (let clock = 0; clock < clocks.count; clock++) {
    const customer = quoted(customers[clocks.customer(clock)]!);
    const category = quoted(categories[clocks.category(clock)]!);
    const days = [0.1, 0.5, 0.9].map((q) => remainingDays(table, model, { clock, day, q }).toFixed(1));
    const fields = [customer, category, clocks.purchases(clock), probabilities[clock]!.toFixed(6), ...days];
    text += `${cutoff},${fields.join(',')}\n`;
  }
  return text;
}

/**
 * Days after the cut-off until the alive customer has bought with probability q: S(t + u) = (1 − q) S(t), by inverting Φ
 * (clocks.md 5.2).
 */
function remainingDays(
  { clocks }: ClockTable,
  model: ClockModel,
  { clock, day, q }: { clock: number; day: number; q: number },
): number {
  const { parameters } = model.renewal.categories[clocks.category(clock)]!;
  const distribution = gapDistribution(
    {
      discountedGapCount: clocks.discountedGaps(clock),
      discountedLogGapSum: clocks.discountedLogGapSum(clock),
    },
    parameters,
  );
  const silence = day - clocks.lastDay(clock);
  const left = (1 - q) * gapSurvival(distribution, silence);
  if (left < 1e-300) return 0;
  const gap = Math.exp(distribution.m - distribution.sd * normalQuantile(Math.min(left, 1 - 1e-12)));
  return Math.max(0, Math.min(gap, LONGEST_GAP_DAYS) - silence);
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
