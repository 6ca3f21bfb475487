import { incompleteBeta, logAddExp, logBeta, logGamma } from '../../kernel/gamma.ts';
import { minimise, numericalGradient } from '../../kernel/minimise.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { ClockRows } from '../model/clock-rows.ts';
import type { ClockTable } from '../model/clock-table.ts';
import { drawSample } from '../model/renewal-fit.ts';
import type { ShopMeans } from './shop-means.ts';

/** Gaps gamma with shape k and a gamma-mixed rate (r, α), drop-out Beta(a, b) after any purchase: MBG/CNBD-k for real k. */
export interface GammaClock {
  readonly k: number;
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

const LOWER = [-1.2, -3, -3, -5, -3];
const UPPER = [2.3, 4, 9, 5, 7];
const SHOP_SPREAD = [0.7, 1.5, 2.5, 1.5, 1.5];
const CATEGORY_SPREAD = [0.35, 0.6, 0.9, 0.6, 0.6];
const CLOCKS_MAX = 1000;
const SHOP_CLOCKS_MAX = 8000;
const CATEGORY_CLOCKS_MIN = 30;
const CATEGORY_GAPS_MIN = 15;
const ITERATIONS_MAX = 40;

const fromPoint = ([k = 0, r = 0, alpha = 0, a = 0, b = 0]:
  Float64Array | readonly number[]): GammaClock => ({
  k: Math.exp(k),
  r: Math.exp(r),
  alpha: Math.exp(alpha),
  a: Math.exp(a),
  b: Math.exp(b),
});

/** S_gap(t) = 1 − I_{t/(A+t)}(k, R) with A = α + Σ gaps, R = r + k x (clocks.md 3). */
function gapSurvival(clock: GammaClock, gaps: number, gapDays: number, silence: number): number {
  const scale = clock.alpha + gapDays;
  return incompleteBeta(scale / (scale + silence), clock.r + clock.k * gaps, clock.k);
}

/** Chance of a purchase within the horizon (clocks.md 3, "window probability"). */
export function gammaClockProbability(
  clock: GammaClock,
  state: { gaps: number; gapDays: number; silence: number; horizonDays: number },
): number {
  const now = gapSurvival(clock, state.gaps, state.gapDays, state.silence);
  const later = gapSurvival(clock, state.gaps, state.gapDays, state.silence + state.horizonDays);
  const stayed = clock.b + state.gaps;
  return Math.min(Math.max((stayed * (now - later)) / (clock.a + stayed * now + 1e-300), 1e-7), 1 - 1e-7);
}

function logLikelihood(clock: GammaClock, clocks: ClockRows, chosen: Int32Array, day: number): number {
  const { k, r, alpha, a, b } = clock;
  let sum = 0;
  for (const index of chosen) {
    const x = clocks.purchases(index) - 1;
    const gapDays = clocks.lastDay(index) - clocks.firstDay(index);
    const survival = Math.max(gapSurvival(clock, x, gapDays, day - clocks.lastDay(index)), 1e-12);
    sum +=
      (k - 1) * clocks.logGapSum(index) -
      x * logGamma(k) +
      r * Math.log(alpha) -
      logGamma(r) +
      logGamma(r + k * x) -
      (r + k * x) * Math.log(alpha + gapDays) +
      logAddExp(logBeta(a + 1, b + x), logBeta(a, b + x + 1) + Math.log(survival)) -
      logBeta(a, b);
  }
  return sum;
}

/** Fits the gamma clock shop-wide and per category around it (clocks.md 4, "gamma EB fit"). */
export function fitGammaClocks(
  { clocks, categories }: ClockTable,
  means: ShopMeans,
  day: number,
): GammaClock[] {
  const random = seededRandom('gamma clocks');
  const fit = (chosen: Int32Array, centre: readonly number[], spread: readonly number[]): Float64Array =>
    minimise(
      numericalGradient((point) =>
        point.reduce(
          (sum, value, index) => sum + 0.5 * ((value - centre[index]!) / spread[index]!) ** 2,
          -logLikelihood(fromPoint(point), clocks, chosen, day),
        ),
      ),
      { start: centre, lower: LOWER, upper: UPPER, iterationsMax: ITERATIONS_MAX },
    ).point;
  const members = Array.from({ length: categories.count }, (): number[] => []);
  let [gaps, gapDays] = [0, 0];
  for (let clock = 0; clock < clocks.count; clock++) {
    members[clocks.category(clock)]!.push(clock);
    gaps += clocks.purchases(clock) - 1;
    gapDays += clocks.lastDay(clock) - clocks.firstDay(clock);
  }
  const centre = [1.2, 1.5, 1.8 * Math.max(1, (gapDays + 1) / (gaps + 1)), 0.5, 4].map(Math.log);
  const shop = fit(drawSample(clocks.count, SHOP_CLOCKS_MAX, random), centre, SHOP_SPREAD);
  return members.map((own, category) => {
    const repeats = own.reduce((sum, clock) => sum + clocks.purchases(clock) - 1, 0);
    if (own.length < CATEGORY_CLOCKS_MIN || repeats < CATEGORY_GAPS_MIN) return fromPoint(shop);
    const chosen = drawSample(own.length, CLOCKS_MAX, random).map((index) => own[index]!);
    const moved = [...shop];
    moved[2]! += 0.8 * Math.log(means.gapDays[category]! / means.shopGapDays);
    return fromPoint(fit(chosen, moved, CATEGORY_SPREAD));
  });
}
