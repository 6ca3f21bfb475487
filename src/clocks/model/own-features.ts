import type { CategoryColumns } from './clock-table.ts';
import { CATEGORY_DECAY_DAYS, basketFades, categoryFades, clockFades } from './clock-table.ts';
import type { ClockBlock, CustomerBlock } from './feature-blocks.ts';
import type { Owner } from './features.ts';
import { ownGapsLogits, ownSpreadLogits } from './renewal-block.ts';
import { ln, lnWhole } from './tables.ts';

/** Knots in ln odds (2 %, 8 % and 27 %) where the slope of the two own clocks may change. */
const HINGES = [-4, -2.5, -1] as const;

/**
 * Features beyond the published ones; what each brought is in docs/decisions/0007. All of them need a state of constant
 * size per clock, customer or category, and are harmless where a shop has one category: then those of category are 0.
 */
export const OWN_FEATURES: readonly (readonly [name: string, owner: Owner])[] = [
  ['clock with own spread', 'clock'],
  ['clock of own gaps', 'clock'],
  ['visit clock with own spread', 'customer'],
  ['visit clock of own gaps', 'customer'],
  ['basket', 'customer'],
  ['purchases of the customer 30', 'customer'],
  ['purchases of the customer 90', 'customer'],
  ['last basket', 'customer'],
  ['categories of the customer', 'customer'],
  ['categories repeated', 'customer'],
  ['purchases repeated', 'customer'],
  ['share of visits', 'clock'],
  ['recent share of visits', 'clock'],
  ['category 15', 'category'],
  ['category 30', 'category'],
  ['category 120', 'category'],
  ['category size', 'category'],
  ...['clock with own spread', 'clock of own gaps'].flatMap((name) =>
    HINGES.map((at) => [`${name} above ${at}`, 'clock'] as const),
  ),
];

/** Which of the decayed counts of a clock the recent share compares with the visits of late. */
const SHARE_SCALE = 3;

/** Writes the own features of a block of clocks, a column each in their order, after the published ones. */
export function writeOwnClockFeatures(block: ClockBlock, columns: readonly Float64Array[]): void {
  const spread = columns[0]!;
  const gaps = columns[1]!;
  ownSpreadLogits(block.renewal, block.predictive, block.ownSpread, spread);
  ownGapsLogits(block.renewal, block.predictive, block.clocks.facts, gaps);
  writeShares(block, columns[2]!, columns[3]!);
  writeHinges(spread, columns, 4);
  writeHinges(gaps, columns, 4 + HINGES.length);
}

function writeShares(block: ClockBlock, share: Float64Array, recent: Float64Array): void {
  const { clocks, chosen, visitCount, visitsLately, renewal } = block;
  const fade = clockFades[SHARE_SCALE]!;
  for (let i = 0; i < renewal.count; i++) {
    const clock = chosen[i]!;
    share[i] = ln((renewal.purchases[i]! + 0.5) / (visitCount[i]! - clocks.visitsAtFirst(clock) + 3));
    const bought = clocks.decayed(clock, SHARE_SCALE) * fade.after(renewal.silenceDays[i]!);
    recent[i] = ln((bought + 0.1) / (visitsLately[i]! + 0.5));
  }
}

function writeHinges(source: Float64Array, columns: readonly Float64Array[], first: number): void {
  const [low, middle, high] = [columns[first]!, columns[first + 1]!, columns[first + 2]!];
  for (let i = 0; i < source.length; i++) {
    const logit = source[i]!;
    low[i] = Math.max(logit - HINGES[0], 0);
    middle[i] = Math.max(logit - HINGES[1], 0);
    high[i] = Math.max(logit - HINGES[2], 0);
  }
}

const PURCHASE_FLOOR = 0.1;

/** Writes the own features of a block of customers, a column each in their order. */
export function writeOwnCustomerFeatures(block: CustomerBlock, columns: readonly Float64Array[]): void {
  const { renewal, predictive, visits } = block;
  ownSpreadLogits(renewal, predictive, block.ownSpread, columns[0]!);
  ownGapsLogits(renewal, predictive, visits.facts, columns[1]!);
  for (let scale = 0; scale < basketFades.length; scale++) {
    const [fade, column] = [basketFades[scale]!, columns[3 + scale]!];
    for (let i = 0; i < renewal.count; i++) {
      column[i] = ln(
        visits.decayedPurchases(block.first + i, scale) * fade.after(renewal.silenceDays[i]!) +
          PURCHASE_FLOOR,
      );
    }
  }
  writeBaskets(block, columns);
}

function writeBaskets(
  { renewal, visits, first: customer }: CustomerBlock,
  columns: readonly Float64Array[],
): void {
  const basket = columns[2]!;
  const [last, categories] = [columns[5]!, columns[6]!];
  const [repeated, again] = [columns[7]!, columns[8]!];
  for (let i = 0; i < renewal.count; i++) {
    const purchases = Math.max(visits.purchases(customer + i), 1);
    const clocks = Math.max(visits.clocks(customer + i), 1);
    basket[i] = ln(purchases / Math.max(renewal.purchases[i]!, 1));
    last[i] = lnWhole(Math.max(visits.lastBasket(customer + i), 1));
    categories[i] = lnWhole(clocks);
    repeated[i] = ln((visits.repeatedClocks(customer + i) + 0.5) / (clocks + 5));
    again[i] = ln((purchases - clocks + 1) / (purchases + 5));
  }
}

const CATEGORY_PSEUDO_CLOCKS = 20;

/** How each category sells now per clock, against the shop (shrunk by 20 clocks), at three speeds; and how large it is. */
export function ownCategoryFeatures(categories: CategoryColumns, day: number): Float64Array[] {
  const scales = CATEGORY_DECAY_DAYS.length;
  const faded = categories.decayed.map((count, index) => {
    const silence = day - categories.lastDay[Math.floor(index / scales)]!;
    return count * categoryFades[index % scales]!.after(silence);
  });
  const clocks = categories.clocks.reduce((sum, count) => sum + count, 0);
  const used = categories.clocks.reduce((sum, count) => sum + Math.min(count, 1), 0);
  const perCategory = (compute: (category: number, own: number) => number): Float64Array =>
    Float64Array.from(categories.clocks, (own, category) => (own === 0 ? 0 : compute(category, own)));
  const rates = CATEGORY_DECAY_DAYS.map((_, scale) => {
    const mean = faded.reduce((sum, now, index) => sum + (index % scales === scale ? now : 0), 0) / clocks;
    return perCategory((category, own) =>
      Math.log(
        (faded[category * scales + scale]! + CATEGORY_PSEUDO_CLOCKS * mean) /
          (own + CATEGORY_PSEUDO_CLOCKS) /
          mean,
      ),
    );
  });
  return [...rates, perCategory((_, own) => Math.log((own * used) / clocks))];
}
