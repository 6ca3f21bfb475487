import { digamma, logGamma } from '../../kernel/gamma.ts';
import type { Objective } from '../../kernel/minimise.ts';
import { minimise } from '../../kernel/minimise.ts';
import type { ClockTable } from '../model/clock-table.ts';
import type { ShopMeans } from './shop-means.ts';

/** A gamma distribution of purchase rates per day: shape α, rate β in days. */
export interface RatePrior {
  readonly shape: number;
  readonly rate: number;
}

const LOWER = [-4, -3];
const UPPER = [4, 10];
const SHOP_SPREAD = 1.5;
const CATEGORY_SPREAD = 0.5;
const ITERATIONS_MAX = 60;

interface Counts {
  readonly repeats: readonly number[];
  readonly ageDays: readonly number[];
}

/**
 * Poisson purchases with a gamma-mixed rate (negative binomial, Ehrenberg 1959): maximises Σ lnΓ(α+x) − lnΓ(α) + α ln β −
 * (α+x) ln(β+age) with a normal penalty on ln α and ln β (clocks.md 4). x counts repeats, because age starts at the first purchase.
 */
function fitRatePrior(
  { repeats, ageDays }: Counts,
  centre: readonly [number, number],
  spread: number,
): RatePrior {
  const objective: Objective = (point, gradient) => {
    const shape = Math.exp(point[0]!);
    const rate = Math.exp(point[1]!);
    const [logGammaShape, digammaShape] = [logGamma(shape), digamma(shape)];
    let [value, byShape, byRate] = [0, 0, 0];
    for (let clock = 0; clock < repeats.length; clock++) {
      const x = repeats[clock]!;
      const span = rate + ageDays[clock]!;
      const odds = Math.log(rate / span);
      if (x > 0) {
        value -= logGamma(shape + x) - logGammaShape - x * Math.log(span);
        byShape -= digamma(shape + x) - digammaShape;
      }
      value -= shape * odds;
      byShape -= odds;
      byRate -= shape / rate - (shape + x) / span;
    }
    const away = [(point[0]! - centre[0]) / spread, (point[1]! - centre[1]) / spread] as const;
    gradient[0] = byShape * shape + away[0] / spread;
    gradient[1] = byRate * rate + away[1] / spread;
    return value + 0.5 * (away[0] ** 2 + away[1] ** 2);
  };
  const { point } = minimise(objective, {
    start: centre,
    lower: LOWER,
    upper: UPPER,
    iterationsMax: ITERATIONS_MAX,
  });
  return { shape: Math.exp(point[0]!), rate: Math.exp(point[1]!) };
}

/** Rate priors by category, fitted around the shop's (clocks.md 4, PG). */
export function fitRatePriors(
  { clocks, categories }: ClockTable,
  means: ShopMeans,
  day: number,
): RatePrior[] {
  const groups = Array.from({ length: categories.count }, () => ({
    repeats: [] as number[],
    ageDays: [] as number[],
  }));
  const all = { repeats: [] as number[], ageDays: [] as number[] };
  let [repeats, ages] = [0, 0];
  for (let clock = 0; clock < clocks.count; clock++) {
    const x = clocks.purchases(clock) - 1;
    const age = Math.max(day - clocks.firstDay(clock), 1);
    for (const group of [all, groups[clocks.category(clock)]!]) {
      group.repeats.push(x);
      group.ageDays.push(age);
    }
    repeats += x;
    ages += age;
  }
  const shop = fitRatePrior(all, [0, -Math.log(Math.max(repeats, 1) / Math.max(ages, 1))], SHOP_SPREAD);
  return groups.map((group, category) =>
    fitRatePrior(
      group,
      [
        Math.log(shop.shape),
        Math.min(Math.log(shop.rate) + Math.log(means.gapDays[category]! / means.shopGapDays), UPPER[1]!),
      ],
      CATEGORY_SPREAD,
    ),
  );
}

const REPEAT_CLOCKS_MIN = 20;

/**
 * The gamma prior of modified Poisson-Gamma: closed-form fit to the observed rates of repeat clocks (clocks.md 4, MPG; after
 * Bhagat et al., "Buy It Again", KDD 2018). Own category from 20 repeat clocks on, else the shop's.
 */
export function fitObservedRates({ clocks, categories }: ClockTable): RatePrior[] {
  const sums = Array.from({ length: categories.count + 1 }, () => ({ count: 0, rate: 0, log: 0 }));
  for (let clock = 0; clock < clocks.count; clock++) {
    const x = clocks.purchases(clock) - 1;
    if (x === 0) continue;
    const rate = Math.max(x / Math.max(clocks.lastDay(clock) - clocks.firstDay(clock), 1), 1e-4);
    for (const sum of [sums[clocks.category(clock)]!, sums[categories.count]!]) {
      sum.count++;
      sum.rate += rate;
      sum.log += Math.log(rate);
    }
  }
  const fitted = sums.map(({ count, rate, log }) => {
    const mean = rate / Math.max(count, 1);
    const s = Math.max(Math.log(mean) - log / Math.max(count, 1), 1e-3);
    const shape = (3 - s + Math.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s);
    return { shape, rate: shape / mean };
  });
  const unknown = { shape: 1, rate: 30 };
  const shop = sums[categories.count]!.count > 0 ? fitted[categories.count]! : unknown;
  return fitted
    .slice(0, categories.count)
    .map((own, category) => (sums[category]!.count >= REPEAT_CLOCKS_MIN ? own : shop));
}
