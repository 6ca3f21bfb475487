import { normalCdf } from '../../kernel/normal.ts';
import type { RenewalParameters } from '../rules.ts';
import { DECAY_DAYS } from '../rules.ts';
import type { ClockColumns, ClockTable } from './clock-table.ts';
import { VISIT_DECAY_DAYS } from './clock-table.ts';
import type { RenewalModel } from './renewal-fit.ts';
import { SHORTEST_SILENCE_DAYS } from './renewal-likelihood.ts';

/** The features of clocks.md 5.4, in its order. */
export const PUBLISHED_FEATURES = [
  'plain clock',
  'discounted clock',
  'z now',
  'z squared',
  'z at the end',
  'visit clock',
  'visits 15',
  'visits 30',
  'visits 90',
  'purchases 15',
  'purchases 30',
  'purchases 60',
  'purchases 120',
  'purchases 240',
  'long-run rate',
  'count',
  'one-timer',
  'silence',
  'silence against visits',
  'category now',
  'missed visits',
  'per-visit rate',
  'visits',
  'quantity',
  'spread',
  'age',
] as const;

const Z_LIMIT = 6;
const COUNT_FLOOR = 0.02;
const RATE_PSEUDO_CLOCKS = 20;

/** ln(p/(1 − p)) with p kept inside [1e-6, 1 − 1e-6] (clocks.md 5.4). */
export function logit(p: number): number {
  const inside = Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  return Math.log(inside / (1 - inside));
}

/** Chance of a purchase in (t, t + h] of a log-normal renewal clock with drop-out, p_ren of clocks.md 5.2. */
export function renewalProbability(
  { mu, sigma, kappa, a, b }: RenewalParameters,
  gaps: number,
  logGapSum: number,
  silenceDays: number,
  horizonDays: number,
): number {
  const weight = kappa + gaps;
  const m = (kappa * mu + logGapSum) / weight;
  const sd = sigma * Math.sqrt(1 + 1 / weight);
  const now = normalCdf((m - Math.log(Math.max(silenceDays, SHORTEST_SILENCE_DAYS))) / sd);
  const later = normalCdf((m - Math.log(silenceDays + horizonDays)) / sd);
  const p = ((b + gaps) * (now - later)) / (a + (b + gaps) * now + 1e-300);
  return Math.min(Math.max(p, 1e-7), 1 - 1e-7);
}

/** Clocks of a category that existed a fortnight ago, and those of them that bought since. */
export interface RecentCounts {
  readonly existing: Float64Array;
  readonly positive: Float64Array;
}

/**
 * Share of a category's clocks that bought in the last `horizon` days, shrunk to the shop's by 20 clocks (feature 20): what
 * sells now, known on the day.
 */
export function ratesOf({ existing, positive }: RecentCounts): Float64Array {
  const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
  const shopRate = sum(existing) === 0 ? 0 : sum(positive) / sum(existing);
  return existing.map(
    (count, category) => (positive[category]! + RATE_PSEUDO_CLOCKS * shopRate) / (count + RATE_PSEUDO_CLOCKS),
  );
}

/** The same from a table that holds every clock of the shop. */
export function recentRates(
  clocks: ClockColumns,
  options: { readonly day: number; readonly horizonDays: number; readonly categoryCount: number },
): Float64Array {
  const start = options.day - options.horizonDays;
  const existing = new Float64Array(options.categoryCount);
  const positive = new Float64Array(options.categoryCount);
  for (let clock = 0; clock < clocks.count; clock++) {
    if (clocks.firstDay[clock]! > start) continue;
    existing[clocks.category[clock]!]!++;
    if (clocks.lastDay[clock]! > start) positive[clocks.category[clock]!]!++;
  }
  return ratesOf({ existing, positive });
}

/** What the features of a day need once per customer and category, before the clocks are walked through. */
export interface DayTables {
  readonly day: number;
  readonly horizonDays: number;
  readonly visitFeatures: Float64Array;
  readonly categoryLogits: Float64Array;
}

/** The day and horizon of features; `recentRates` where the table does not hold every clock of the shop. */
export interface DayOptions {
  readonly day: number;
  readonly horizonDays: number;
  readonly recentRates?: Float64Array;
}

/** Prepares the published features of a day. */
export function prepareDay(table: ClockTable, model: RenewalModel, options: DayOptions): DayTables {
  const { day, horizonDays } = options;
  const rates =
    options.recentRates ??
    recentRates(table.clocks, { day, horizonDays, categoryCount: table.categories.count });
  return {
    day,
    horizonDays,
    visitFeatures: computeVisitFeatures(table, model, options),
    categoryLogits: rates.map(logit),
  };
}

/** Writes the 26 published features of a clock from `at` on; reads nothing later than the day. */
export function writePublishedFeatures(
  rows: Float32Array,
  at: number,
  clock: number,
  { table, model, tables }: { table: ClockTable; model: RenewalModel; tables: DayTables },
): void {
  const { clocks, visits } = table;
  const customer = clocks.customer[clock]!;
  const category = clocks.category[clock]!;
  const n = clocks.purchases[clock]!;
  const x = n - 1;
  const silence = tables.day - clocks.lastDay[clock]!;
  const age = Math.max(tables.day - clocks.firstDay[clock]!, 1);
  const visitSilence = Math.max(tables.day - visits.lastDay[customer]!, 0);
  const visitCount = visits.visits[customer]!;
  writeClockFeatures(rows, at, table, model, { ...tables, clock });
  for (let column = 0; column < VISIT_FEATURES; column++)
    rows[at + 5 + column] = tables.visitFeatures[customer * VISIT_FEATURES + column]!;
  for (let scale = 0; scale < DECAY_DAYS.length; scale++)
    rows[at + 9 + scale] = Math.log(
      clocks.decayed[clock * DECAY_DAYS.length + scale]! * Math.exp(-silence / DECAY_DAYS[scale]!) +
        COUNT_FLOOR,
    );
  rows[at + 14] = Math.log((x + 0.5) / (age + model.gaps[category]!.meanGapDays));
  rows[at + 15] = Math.log(n);
  rows[at + 16] = n === 1 ? 1 : 0;
  rows[at + 17] = Math.log(1 + silence);
  rows[at + 18] = Math.log(1 + silence) - Math.log(1 + visitSilence);
  rows[at + 19] = tables.categoryLogits[category]!;
  rows[at + 20] = Math.log(1 + visitCount - clocks.visitsAtLast[clock]!);
  rows[at + 21] = Math.log((x + 0.3) / (visitCount - clocks.visitsAtFirst[clock]! + 3));
  rows[at + 22] = Math.log(1 + visitCount);
  rows[at + 23] = Math.log((clocks.lastQuantity[clock]! + 0.1) / (clocks.quantitySum[clock]! / n + 0.1));
  rows[at + 24] = spreadOf(clocks, clock);
  rows[at + 25] = Math.log(age + 1);
}

/** Features 1 to 5: the clock with plain and with discounted sums, and where its silence stands in its distribution. */
function writeClockFeatures(
  rows: Float32Array,
  at: number,
  { clocks }: ClockTable,
  model: RenewalModel,
  { clock, day, horizonDays }: { clock: number; day: number; horizonDays: number },
): void {
  const { parameters } = model.categories[clocks.category[clock]!]!;
  const silence = day - clocks.lastDay[clock]!;
  const x = clocks.purchases[clock]! - 1;
  const gaps = clocks.discountedGaps[clock]!;
  const logGapSum = clocks.discountedLogGapSum[clock]!;
  rows[at] = logit(renewalProbability(parameters, x, clocks.logGapSum[clock]!, silence, horizonDays));
  rows[at + 1] = logit(renewalProbability(parameters, gaps, logGapSum, silence, horizonDays));
  const weight = parameters.kappa + gaps;
  const m = (parameters.kappa * parameters.mu + logGapSum) / weight;
  const sd = parameters.sigma * Math.sqrt(1 + 1 / weight);
  const z = clampZ((Math.log(Math.max(silence, SHORTEST_SILENCE_DAYS)) - m) / sd);
  rows[at + 2] = z;
  rows[at + 3] = z * z;
  rows[at + 4] = clampZ((Math.log(silence + horizonDays) - m) / sd);
}

const clampZ = (z: number): number => Math.min(Math.max(z, -Z_LIMIT), Z_LIMIT);

const VISIT_FEATURES = 1 + VISIT_DECAY_DAYS.length;

/** Features 6 to 9 of every customer: the visit clock and recent visits. */
function computeVisitFeatures(
  { visits }: ClockTable,
  model: RenewalModel,
  { day, horizonDays }: { readonly day: number; readonly horizonDays: number },
): Float64Array {
  const { parameters } = model.visits;
  const rows = new Float64Array(visits.count * VISIT_FEATURES);
  for (let customer = 0; customer < visits.count; customer++) {
    if (visits.visits[customer] === 0) continue;
    const at = customer * VISIT_FEATURES;
    const silence = day - visits.lastDay[customer]!;
    const gaps = visits.visits[customer]! - 1;
    rows[at] = logit(renewalProbability(parameters, gaps, visits.logGapSum[customer]!, silence, horizonDays));
    for (let scale = 0; scale < VISIT_DECAY_DAYS.length; scale++) {
      const count = visits.decayed[customer * VISIT_DECAY_DAYS.length + scale]!;
      rows[at + 1 + scale] = Math.log(count * Math.exp(-silence / VISIT_DECAY_DAYS[scale]!) + COUNT_FLOOR);
    }
  }
  return rows;
}

/** Standard deviation of the clock's recent ln gaps; 1 while there are hardly two (feature 25). */
function spreadOf(clocks: ClockColumns, clock: number): number {
  const gaps = clocks.discountedGaps[clock]!;
  if (gaps <= 1.2) return 1;
  const sum = clocks.discountedLogGapSum[clock]!;
  const square = clocks.discountedLogGapSquareSum[clock]! - (sum * sum) / Math.max(gaps, 1e-9);
  return Math.sqrt(Math.max(square, 0) / Math.max(gaps - 1, 0.5));
}
