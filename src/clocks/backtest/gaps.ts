import type { ClockTable } from '../model/clock-table.ts';
import { HistoryFold } from '../model/clock-table.ts';
import { likeliestGap } from '../model/likely-day.ts';
import type { PurchaseHistory } from '../model/purchase-history.ts';
import type { RenewalModel } from '../model/renewal-fit.ts';
import type { ShopMeans } from './shop-means.ts';

/** How well a rule names the day of the next purchase right after one (clocks.md 2.1). */
export interface GapQuality {
  readonly name: string;
  readonly gaps: number;
  readonly withinWeek: number;
  readonly medianErrorDays: number;
}

/** A rule that predicts the next gap in days of a clock that has just bought. */
export interface GapRule {
  readonly name: string;
  readonly predict: (table: ClockTable, clock: number) => number;
}

const REACH_DAYS = 7;

/** The rules of clocks.md 4.1 and 6, and the fullest fortnight of our own distribution. */
export function gapRules(means: ShopMeans, renewal: RenewalModel): GapRule[] {
  const ownMeanFrom =
    (purchases: number, categoryGaps: Float64Array): GapRule['predict'] =>
    ({ clocks }, clock) => {
      const x = clocks.purchases(clock) - 1;
      const own = (clocks.lastDay(clock) - clocks.firstDay(clock)) / x;
      return x + 1 >= purchases ? own : categoryGaps[clocks.category(clock)]!;
    };
  const { kappa } = renewal.shop.parameters;
  return [
    { name: 'global mean', predict: () => means.shopGapDays },
    { name: 'last+mean', predict: ownMeanFrom(2, means.gapDays) },
    { name: 'Emarsys rule', predict: ownMeanFrom(3, means.plainGapDays) },
    { name: 'Listrak rule', predict: ownMeanFrom(2, means.plainGapDays) },
    {
      name: 'discounted EB median',
      predict: ({ clocks }, clock) => {
        const meanLogGap = renewal.gaps[clocks.category(clock)]!.meanLogGap;
        const sum = kappa * meanLogGap + clocks.discountedLogGapSum(clock);
        return Math.exp(sum / (kappa + clocks.discountedGaps(clock)));
      },
    },
    {
      name: 'fullest fortnight',
      predict: ({ clocks }, clock) =>
        likeliestGap(
          renewal.categories[clocks.category(clock)]!.parameters,
          {
            gaps: clocks.discountedGaps(clock),
            logGapSum: clocks.discountedLogGapSum(clock),
            recentGaps: clocks.recentGaps(clock),
          },
          REACH_DAYS,
        ),
    },
  ];
}

/**
 * Predicts the next gap after every purchase after `day` of clocks with at least `purchasesMin` purchases, where the history
 * holds the next one, and compares. Predictions are at least one day.
 */
export function judgeGaps(
  history: PurchaseHistory,
  rules: readonly GapRule[],
  options: { readonly after: number; readonly purchasesMin: number },
): GapQuality[] {
  const fold = new HistoryFold(history);
  const next = nextDays(history, fold.clockOf);
  const errors = rules.map((): number[] => []);
  for (let event = 0; event < history.day.length; event++) {
    const day = history.day[event]!;
    if (day <= options.after || next[event]! < 0) continue;
    const table = fold.advanceTo(day);
    const clock = fold.clockOf[event]!;
    if (table.clocks.purchases(clock) < options.purchasesMin) continue;
    const gap = next[event]! - day;
    for (const [index, rule] of rules.entries())
      errors[index]!.push(Math.abs(Math.max(rule.predict(table, clock), 1) - gap));
  }
  return rules.map(({ name }, index) => {
    const sorted = Float64Array.from(errors[index]!).sort();
    return {
      name,
      gaps: sorted.length,
      withinWeek: sorted.filter((error) => error <= REACH_DAYS).length / sorted.length,
      medianErrorDays: sorted[Math.floor(sorted.length / 2)] ?? NaN,
    };
  });
}

/** Day of the clock's next purchase after every event, −1 where there is none. */
function nextDays(history: PurchaseHistory, clockOf: Int32Array): Int32Array {
  const later = new Int32Array(clockOf.length).fill(-1);
  const seen = new Map<number, number>();
  for (let event = clockOf.length - 1; event >= 0; event--) {
    later[event] = seen.get(clockOf[event]!) ?? -1;
    seen.set(clockOf[event]!, history.day[event]!);
  }
  return later;
}
