import { normalCdf } from '../../kernel/normal.ts';
import type { RenewalParameters } from '../rules.ts';
import { DECAY_DAYS } from '../rules.ts';
import type { ClockTable } from './clock-table.ts';
import { BASKET_DECAY_DAYS, CATEGORY_DECAY_DAYS, RECENT_GAPS, VISIT_DECAY_DAYS } from './clock-table.ts';
import { logit } from './features.ts';
import type { RenewalModel } from './renewal-fit.ts';
import { SHORTEST_SILENCE_DAYS } from './renewal-likelihood.ts';

/** Knots in ln odds (2 %, 8 % and 27 %) where the slope of the two own clocks may change. */
const HINGES = [-4, -2.5, -1] as const;

/**
 * Features beyond the published ones; what each brought is in docs/decisions/0007. All of them need a state of constant
 * size per clock, customer or category, and are harmless where a shop has one category: then those of category are 0.
 */
export const OWN_FEATURES = [
  'clock with own spread',
  'clock of own gaps',
  'visit clock with own spread',
  'visit clock of own gaps',
  'basket',
  'purchases of the customer 30',
  'purchases of the customer 90',
  'last basket',
  'categories of the customer',
  'categories repeated',
  'purchases repeated',
  'share of visits',
  'recent share of visits',
  'category 15',
  'category 30',
  'category 120',
  'category size',
  ...['clock with own spread', 'clock of own gaps'].flatMap((name) =>
    HINGES.map((at) => `${name} above ${at}`),
  ),
] as const;

const OWN_FROM_VISITS = 9;

/** Gap sums and silence of a clock or of a customer's visits. */
export interface GapSums {
  readonly gaps: number;
  readonly logGapSum: number;
  readonly logGapSquareSum: number;
  readonly silenceDays: number;
  readonly horizonDays: number;
}

/** Degrees of freedom and squared scale of the prior of a clock's own variance, in units of the category's σ². */
const SPREAD_FREEDOM = 4;
const SPREAD_SCALE = 0.8;

/**
 * ln odds of a purchase within the horizon when the clock's variance is its own: σ_i² scaled-inverse-χ² around the
 * category's, so that the predictive of ln gap is Student's t with ν = 4 + x degrees of freedom (the conjugate normal model:
 * Gelman et al., Bayesian Data Analysis, 3rd edition, 3.3), with drop-out as in clocks.md 5.2. A regular customer's odds
 * rise steeply when the day comes, an irregular one's hardly.
 */
export function ownSpreadLogit({ mu, sigma, kappa, a, b }: RenewalParameters, clock: GapSums): number {
  const x = clock.gaps;
  const weight = kappa + x;
  const m = (kappa * mu + clock.logGapSum) / weight;
  const mean = x > 0 ? clock.logGapSum / x : mu;
  const squares =
    x > 0
      ? Math.max(clock.logGapSquareSum - x * mean * mean, 0) + ((kappa * x) / weight) * (mean - mu) ** 2
      : 0;
  const freedom = SPREAD_FREEDOM + x;
  const variance = (SPREAD_FREEDOM * SPREAD_SCALE * sigma * sigma + squares) / freedom;
  const sd = Math.sqrt(variance * (1 + 1 / weight));
  const now = studentCdf((m - Math.log(Math.max(clock.silenceDays, SHORTEST_SILENCE_DAYS))) / sd, freedom);
  const later = studentCdf((m - Math.log(clock.silenceDays + clock.horizonDays)) / sd, freedom);
  return dropOutLogit(a, b + x, now, later);
}

/**
 * Distribution function of Student's t by the normal: D. L. Wallace, "Bounds on normal approximations to Student's and the
 * chi-square distributions", 1959. Within 0.002 from four degrees of freedom on, and rising: enough for a feature.
 */
export function studentCdf(t: number, freedom: number): number {
  const size = Math.sqrt(freedom * Math.log1p((t * t) / freedom));
  const z = (size * (8 * freedom + 1)) / (8 * freedom + 3);
  return normalCdf(t > 0 ? z : -z);
}

/** How many gaps the category's distribution weighs against the clock's own, and the width of each own gap in ln days. */
const OWN_GAPS_PRIOR = 2;
const OWN_GAP_WIDTH = 0.25;

/**
 * ln odds of a purchase within the horizon when the clock's latest gaps are its distribution: a log-normal kernel at each of
 * them, mixed with the predictive of the renewal clock as a Dirichlet process mixes its base with what was seen (Ferguson
 * 1973). It sees what no curve does: two cadences, weekly multiples, a longest gap that was never passed.
 */
export function ownGapsLogit(
  parameters: RenewalParameters,
  clock: GapSums & { readonly purchases: number },
  recentGaps: Int32Array,
  row: number,
): number {
  const { mu, sigma, kappa, a, b } = parameters;
  const weight = kappa + clock.gaps;
  const m = (kappa * mu + clock.logGapSum) / weight;
  const sd = sigma * Math.sqrt(1 + 1 / weight);
  const logNow = Math.log(Math.max(clock.silenceDays, SHORTEST_SILENCE_DAYS));
  const logLater = Math.log(clock.silenceDays + clock.horizonDays);
  let now = OWN_GAPS_PRIOR * normalCdf((m - logNow) / sd);
  let later = OWN_GAPS_PRIOR * normalCdf((m - logLater) / sd);
  const kept = Math.min(clock.purchases - 1, RECENT_GAPS);
  for (let index = row * RECENT_GAPS; index < row * RECENT_GAPS + kept; index++) {
    const logGap = Math.log(recentGaps[index]!);
    now += normalCdf((logGap - logNow) / OWN_GAP_WIDTH);
    later += normalCdf((logGap - logLater) / OWN_GAP_WIDTH);
  }
  const total = OWN_GAPS_PRIOR + kept;
  return dropOutLogit(a, b + clock.purchases - 1, now / total, later / total);
}

const dropOutLogit = (a: number, stayed: number, now: number, later: number): number =>
  logit((stayed * (now - later)) / (a + stayed * now + 1e-300));

/** What the own features of a day need once per customer and category. */
export interface OwnTables {
  readonly day: number;
  readonly horizonDays: number;
  readonly customers: Float64Array;
  readonly categories: Float64Array;
}

/** Prepares the own features of a day. */
export function prepareOwnDay(
  table: ClockTable,
  model: RenewalModel,
  options: { readonly day: number; readonly horizonDays: number },
): OwnTables {
  return {
    ...options,
    customers: computeCustomerFeatures(table, model, options),
    categories: computeCategoryFeatures(table, options.day),
  };
}

function computeCustomerFeatures(
  { visits }: ClockTable,
  model: RenewalModel,
  { day, horizonDays }: { day: number; horizonDays: number },
): Float64Array {
  const { parameters } = model.visits;
  const rows = new Float64Array(visits.count * OWN_FROM_VISITS);
  for (let customer = 0; customer < visits.count; customer++) {
    const count = visits.visits[customer]!;
    if (count === 0) continue;
    const silenceDays = day - visits.lastDay[customer]!;
    const sums = {
      gaps: count - 1,
      purchases: count,
      logGapSum: visits.logGapSum[customer]!,
      logGapSquareSum: visits.logGapSquareSum[customer]!,
      silenceDays,
      horizonDays,
    };
    const purchases = visits.purchases[customer]!;
    const recent = (scale: number): number =>
      Math.log(
        visits.decayedPurchases[customer * BASKET_DECAY_DAYS.length + scale]! *
          Math.exp(-silenceDays / BASKET_DECAY_DAYS[scale]!) +
          0.1,
      );
    rows.set(
      [
        ownSpreadLogit(parameters, sums),
        ownGapsLogit(parameters, sums, visits.recentGaps, customer),
        Math.log(purchases / count),
        recent(0),
        recent(1),
        Math.log(visits.lastBasket[customer]!),
        Math.log(visits.clocks[customer]!),
        Math.log((visits.repeatedClocks[customer]! + 0.5) / (visits.clocks[customer]! + 5)),
        Math.log((purchases - visits.clocks[customer]! + 1) / (purchases + 5)),
      ],
      customer * OWN_FROM_VISITS,
    );
  }
  return rows;
}

const OWN_FROM_CATEGORY = CATEGORY_DECAY_DAYS.length + 1;
const CATEGORY_PSEUDO_CLOCKS = 20;

/** How a category sells now per clock, against the shop (shrunk by 20 clocks), at three speeds; and how large it is. */
function computeCategoryFeatures({ categories }: ClockTable, day: number): Float64Array {
  const scales = CATEGORY_DECAY_DAYS.length;
  const rows = new Float64Array(categories.count * OWN_FROM_CATEGORY);
  const totals = new Float64Array(scales);
  const faded = categories.decayed.map((count, index) => {
    const silence = day - categories.lastDay[Math.floor(index / scales)]!;
    const now = count * Math.exp(-silence / CATEGORY_DECAY_DAYS[index % scales]!);
    totals[index % scales]! += now;
    return now;
  });
  const clocks = categories.clocks.reduce((sum, count) => sum + count, 0);
  const used = categories.clocks.reduce((sum, count) => sum + Math.min(count, 1), 0);
  for (let category = 0; category < categories.count; category++) {
    const own = categories.clocks[category]!;
    if (own === 0) continue;
    for (let scale = 0; scale < scales; scale++) {
      const mean = totals[scale]! / clocks;
      const rate =
        (faded[category * scales + scale]! + CATEGORY_PSEUDO_CLOCKS * mean) / (own + CATEGORY_PSEUDO_CLOCKS);
      rows[category * OWN_FROM_CATEGORY + scale] = Math.log(rate / mean);
    }
    rows[category * OWN_FROM_CATEGORY + scales] = Math.log((own * used) / clocks);
  }
  return rows;
}

/** Writes the own features of a clock from `at` on. */
export function writeOwnFeatures(
  rows: Float32Array,
  at: number,
  clock: number,
  { table, model, tables }: { table: ClockTable; model: RenewalModel; tables: OwnTables },
): void {
  const { clocks, visits } = table;
  const customer = clocks.customer[clock]!;
  const category = clocks.category[clock]!;
  const { parameters } = model.categories[category]!;
  const silenceDays = tables.day - clocks.lastDay[clock]!;
  const sums = {
    gaps: clocks.discountedGaps[clock]!,
    purchases: clocks.purchases[clock]!,
    logGapSum: clocks.discountedLogGapSum[clock]!,
    logGapSquareSum: clocks.discountedLogGapSquareSum[clock]!,
    silenceDays,
    horizonDays: tables.horizonDays,
  };
  rows[at] = ownSpreadLogit(parameters, sums);
  rows[at + 1] = ownGapsLogit(parameters, sums, clocks.recentGaps, clock);
  for (let column = 0; column < OWN_FROM_VISITS; column++)
    rows[at + 2 + column] = tables.customers[customer * OWN_FROM_VISITS + column]!;
  const visitsSince = visits.visits[customer]! - clocks.visitsAtFirst[clock]!;
  rows[at + 11] = Math.log((clocks.purchases[clock]! + 0.5) / (visitsSince + 3));
  const bought = clocks.decayed[clock * DECAY_DAYS.length + 3]! * Math.exp(-silenceDays / DECAY_DAYS[3]);
  const visited =
    visits.decayed[customer * VISIT_DECAY_DAYS.length + 2]! *
    Math.exp(-(tables.day - visits.lastDay[customer]!) / VISIT_DECAY_DAYS[2]);
  rows[at + 12] = Math.log((bought + 0.1) / (visited + 0.5));
  for (let column = 0; column < OWN_FROM_CATEGORY; column++)
    rows[at + 13 + column] = tables.categories[category * OWN_FROM_CATEGORY + column]!;
  for (let hinge = 0; hinge < HINGES.length; hinge++) {
    rows[at + 17 + hinge] = Math.max(rows[at] - HINGES[hinge]!, 0);
    rows[at + 17 + HINGES.length + hinge] = Math.max(rows[at + 1]! - HINGES[hinge]!, 0);
  }
}
