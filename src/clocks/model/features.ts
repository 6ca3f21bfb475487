import type { ClockRows } from './clock-rows.ts';
import { clockFades, visitFades } from './clock-table.ts';
import type { ClockBlock, CustomerBlock } from './feature-blocks.ts';
import { predict, renewalLogits } from './renewal-block.ts';
import { ln, lnWhole } from './tables.ts';

/** What a feature is computed once for. */
export type Owner = 'clock' | 'customer' | 'category';

/** The features of clocks.md 5.4, in its order, each with its owner. */
export const PUBLISHED_FEATURES: readonly (readonly [name: string, owner: Owner])[] = [
  ['plain clock', 'clock'],
  ['discounted clock', 'clock'],
  ['z now', 'clock'],
  ['z squared', 'clock'],
  ['z at the end', 'clock'],
  ['visit clock', 'customer'],
  ['visits 15', 'customer'],
  ['visits 30', 'customer'],
  ['visits 90', 'customer'],
  ['purchases 15', 'clock'],
  ['purchases 30', 'clock'],
  ['purchases 60', 'clock'],
  ['purchases 120', 'clock'],
  ['purchases 240', 'clock'],
  ['long-run rate', 'clock'],
  ['count', 'clock'],
  ['one-timer', 'clock'],
  ['silence', 'clock'],
  ['silence against visits', 'clock'],
  ['category now', 'category'],
  ['missed visits', 'clock'],
  ['per-visit rate', 'clock'],
  ['visits', 'customer'],
  ['quantity', 'clock'],
  ['spread', 'clock'],
  ['age', 'clock'],
];

const Z_LIMIT = 6;
const COUNT_FLOOR = 0.02;

/** Writes the published features of a block of clocks, a column each in their order. */
export function writeClockFeatures(block: ClockBlock, columns: readonly Float64Array[]): void {
  const { renewal, predictive } = block;
  const { now, later } = predictive;
  predict(renewal, block.plain.gaps, block.plain.logGapSum, predictive);
  renewalLogits(renewal, block.plain.gaps, now, later, columns[0]!);
  predict(renewal, renewal.gaps, renewal.logGapSum, predictive);
  renewalLogits(renewal, renewal.gaps, now, later, columns[1]!);
  writeZ(block, columns, 2);
  for (let scale = 0; scale < clockFades.length; scale++) writeDecayed(block, scale, columns[5 + scale]!);
  writeCounts(block, columns, 10);
  writeRest(block, columns, 15);
}

/** Features 3 to 5: where the silence stands in the distribution, now and at the end of the horizon. */
function writeZ({ renewal, predictive }: ClockBlock, columns: readonly Float64Array[], first: number): void {
  const [zNow, zSquared, zEnd] = [columns[first]!, columns[first + 1]!, columns[first + 2]!];
  const { lnNow, lnLater, count } = renewal;
  const { m, perDeviation } = predictive;
  for (let i = 0; i < count; i++) {
    const z = clampZ((lnNow[i]! - m[i]!) * perDeviation[i]!);
    zNow[i] = z;
    zSquared[i] = z * z;
    zEnd[i] = clampZ((lnLater[i]! - m[i]!) * perDeviation[i]!);
  }
}

/** One of the features 10 to 14: purchases of late, at one of five speeds. */
function writeDecayed({ renewal, clocks, chosen }: ClockBlock, scale: number, out: Float64Array): void {
  const { silenceDays, count } = renewal;
  const fade = clockFades[scale]!;
  for (let i = 0; i < count; i++) {
    out[i] = ln(clocks.decayed(chosen[i]!, scale) * fade.after(silenceDays[i]!) + COUNT_FLOOR);
  }
}

/** Features 15 to 19: rate, count and silence. */
function writeCounts(block: ClockBlock, columns: readonly Float64Array[], first: number): void {
  const { count, purchases, silenceDays } = block.renewal;
  const { meanGapDays, category, visitSilenceDays } = block;
  const [rate, purchased, oneTimer] = [columns[first]!, columns[first + 1]!, columns[first + 2]!];
  const [silence, againstVisits] = [columns[first + 3]!, columns[first + 4]!];
  for (let i = 0; i < count; i++) {
    const n = purchases[i]!;
    const lnSilence = lnWhole(1 + silenceDays[i]!);
    rate[i] = ln((n - 0.5) / (block.age[i]! + meanGapDays[category[i]!]!));
    purchased[i] = lnWhole(n);
    oneTimer[i] = n === 1 ? 1 : 0;
    silence[i] = lnSilence;
    againstVisits[i] = lnSilence - lnWhole(1 + visitSilenceDays[i]!);
  }
}

/** Features 21 and 22, and 24 to 26: what was bought of what could be, quantity, regularity, age. */
function writeRest(block: ClockBlock, columns: readonly Float64Array[], first: number): void {
  const { clocks, chosen, visitCount } = block;
  const [missed, perVisit, quantity] = [columns[first]!, columns[first + 1]!, columns[first + 2]!];
  const [spread, age] = [columns[first + 3]!, columns[first + 4]!];
  const { count, purchases } = block.renewal;
  for (let i = 0; i < count; i++) {
    const clock = chosen[i]!;
    const n = purchases[i]!;
    missed[i] = lnWhole(Math.max(1 + visitCount[i]! - clocks.visitsAtLast(clock), 1));
    perVisit[i] = ln((n - 0.7) / (visitCount[i]! - clocks.visitsAtFirst(clock) + 3));
    quantity[i] = ln((clocks.lastQuantity(clock) + 0.1) / (clocks.quantitySum(clock) / n + 0.1));
    spread[i] = spreadOf(clocks, clock);
    age[i] = lnWhole(block.age[i]! + 1);
  }
}

const clampZ = (z: number): number => Math.min(Math.max(z, -Z_LIMIT), Z_LIMIT);

/** Standard deviation of the clock's recent ln gaps; 1 while there are hardly two (feature 25). */
function spreadOf(clocks: ClockRows, clock: number): number {
  const gaps = clocks.discountedGaps(clock);
  if (gaps <= 1.2) return 1;
  const sum = clocks.discountedLogGapSum(clock);
  const square = clocks.discountedLogGapSquareSum(clock) - (sum * sum) / Math.max(gaps, 1e-9);
  return Math.sqrt(Math.max(square, 0) / Math.max(gaps - 1, 0.5));
}

/** Features 6 to 9 and 23 of a block of customers: the visit clock and recent visits. */
export function writeCustomerFeatures(
  { renewal, predictive, visits, first }: CustomerBlock,
  columns: readonly Float64Array[],
): void {
  const { count, silenceDays, purchases } = renewal;
  renewalLogits(renewal, renewal.gaps, predictive.now, predictive.later, columns[0]!);
  for (let scale = 0; scale < visitFades.length; scale++) {
    const [fade, column] = [visitFades[scale]!, columns[1 + scale]!];
    for (let i = 0; i < count; i++) {
      column[i] = ln(visits.decayed(first + i, scale) * fade.after(silenceDays[i]!) + COUNT_FLOOR);
    }
  }
  const visited = columns[1 + visitFades.length]!;
  for (let i = 0; i < count; i++) visited[i] = lnWhole(1 + purchases[i]!);
}

/** Feature 20 of every category: ln odds of its rate now. */
export const categoryFeatures = (rates: Float64Array): Float64Array[] => [rates.map(logit)];

/** ln(p/(1 − p)) with p kept inside [1e-6, 1 − 1e-6] (clocks.md 5.4). */
export function logit(p: number): number {
  const inside = Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  return Math.log(inside / (1 - inside));
}
