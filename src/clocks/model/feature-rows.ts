import type { ClockTable } from './clock-table.ts';
import { recentRates } from './category-rates.ts';
import type { FeatureDay } from './feature-blocks.ts';
import { ClockBlock, CustomerBlock, CustomerFacts } from './feature-blocks.ts';
import type { Owner } from './features.ts';
import {
  PUBLISHED_FEATURES,
  categoryFeatures,
  writeClockFeatures,
  writeCustomerFeatures,
} from './features.ts';
import type { LogisticWeights } from './logistic.ts';
import { rawWeights } from './logistic.ts';
import {
  OWN_FEATURES,
  ownCategoryFeatures,
  writeOwnClockFeatures,
  writeOwnCustomerFeatures,
} from './own-features.ts';
import { BLOCK, blockColumn } from './renewal-block.ts';
import type { RenewalModel } from './renewal-fit.ts';
import { logistic } from './tables.ts';

/** Which features the layer reads: those of clocks.md 5.4 alone, or with our own after them. */
export type FeatureSet = 'published' | 'all';

/** Features with their owners, in the order of the layer's weights. */
export const featuresOf = (set: FeatureSet): readonly (readonly [name: string, owner: Owner])[] =>
  set === 'all' ? [...PUBLISHED_FEATURES, ...OWN_FEATURES] : PUBLISHED_FEATURES;

/** Where the features of an owner stand among all of a set. */
const placesOf = (set: FeatureSet, wanted: Owner): number[] =>
  featuresOf(set).flatMap(([, owner], place) => (owner === wanted ? [place] : []));

/** The day of features and their set; `recentRates` where the table does not hold every clock of the shop. */
export interface FeatureOptions extends FeatureDay {
  readonly set: FeatureSet;
  readonly recentRates?: Float64Array;
}

/** The features of a table on a day, each computed once for its owner, a block at a time. Nothing later than the day is read. */
class DayFeatures {
  readonly table: ClockTable;
  readonly set: FeatureSet;
  readonly clockColumns: readonly Float64Array[];
  readonly customerColumns: readonly Float64Array[];
  /** One number per category in each. */
  readonly categoryColumns: readonly Float64Array[];
  readonly facts: CustomerFacts;
  readonly clocks: ClockBlock;
  readonly #customers: CustomerBlock;
  /** Those of the columns that hold our own features, after the published ones. */
  readonly #ownClockColumns: readonly Float64Array[];
  readonly #ownCustomerColumns: readonly Float64Array[];

  constructor(table: ClockTable, model: RenewalModel, options: FeatureOptions) {
    this.table = table;
    this.set = options.set;
    this.clockColumns = placesOf(options.set, 'clock').map(blockColumn);
    this.customerColumns = placesOf(options.set, 'customer').map(blockColumn);
    this.#ownClockColumns = this.clockColumns.slice(placesOf('published', 'clock').length);
    this.#ownCustomerColumns = this.customerColumns.slice(placesOf('published', 'customer').length);
    this.facts = new CustomerFacts(table.visits, options);
    this.clocks = new ClockBlock(table.clocks, this.facts, model, options);
    this.#customers = new CustomerBlock(table.visits, model, options);
    const { day, horizonDays } = options;
    const categoryCount = table.categories.count;
    const rates = options.recentRates ?? recentRates(table.clocks, { day, horizonDays, categoryCount });
    this.categoryColumns = [
      ...categoryFeatures(rates),
      ...(options.set === 'all' ? ownCategoryFeatures(table.categories, day) : []),
    ];
  }

  /** Computes the columns of some clocks, at most a block. */
  computeClocks(numbers: Int32Array): void {
    this.clocks.gather(numbers);
    writeClockFeatures(this.clocks, this.clockColumns);
    if (this.set === 'all') writeOwnClockFeatures(this.clocks, this.#ownClockColumns);
  }

  /** Computes the columns of all customers, block by block, and hands over each block. */
  forCustomers(take: (first: number, count: number) => void): void {
    for (let first = 0; first < this.table.visits.count; first += BLOCK) {
      const count = Math.min(BLOCK, this.table.visits.count - first);
      this.#customers.gather(first, count);
      writeCustomerFeatures(this.#customers, this.customerColumns);
      if (this.set === 'all') writeOwnCustomerFeatures(this.#customers, this.#ownCustomerColumns);
      take(first, count);
    }
  }
}

/** Features of some clocks of a table on a day, one row per clock in the order given. */
export function computeFeatures(
  table: ClockTable,
  renewal: RenewalModel,
  options: FeatureOptions & { readonly chosen: Int32Array },
): Float32Array {
  const features = new DayFeatures(table, renewal, options);
  const width = featuresOf(options.set).length;
  const rows = new Float32Array(options.chosen.length * width);
  const [clockPlaces, customerPlaces, categoryPlaces] = (['clock', 'customer', 'category'] as const).map(
    (owner) => placesOf(options.set, owner),
  ) as [number[], number[], number[]];
  const ofCustomers = customerPlaces.map(() => new Float64Array(table.visits.count));
  features.forCustomers((first, count) => {
    for (const [column, values] of ofCustomers.entries())
      values.set(features.customerColumns[column]!.subarray(0, count), first);
  });
  for (let from = 0; from < options.chosen.length; from += BLOCK) {
    const numbers = options.chosen.subarray(from, from + BLOCK);
    features.computeClocks(numbers);
    const spread = (places: number[], columns: readonly Float64Array[], index: Int32Array | null): void => {
      for (const [column, place] of places.entries())
        for (let i = 0; i < numbers.length; i++)
          rows[(from + i) * width + place] = columns[column]![index ? index[i]! : i]!;
    };
    spread(clockPlaces, features.clockColumns, null);
    spread(customerPlaces, ofCustomers, features.clocks.customer);
    spread(categoryPlaces, features.categoryColumns, features.clocks.category);
  }
  return rows;
}

/** What the layer says of every clock of a table: the features of each owner are weighted once, and added up per clock. */
export function scoreFeatures(
  table: ClockTable,
  renewal: RenewalModel,
  options: FeatureOptions & { readonly layer: LogisticWeights },
): Float64Array {
  const features = new DayFeatures(table, renewal, options);
  const { raw, offset } = rawWeights(options.layer);
  const weightsOf = (owner: Owner): number[] => placesOf(options.set, owner).map((place) => raw[place]!);
  const ofCategory = new Float64Array(table.categories.count).fill(offset);
  addWeighted(features.categoryColumns, weightsOf('category'), ofCategory);
  const customerWeights = weightsOf('customer');
  const terms = blockColumn();
  features.forCustomers((first, count) => {
    addWeighted(features.customerColumns, customerWeights, terms.fill(0));
    features.facts.setTerms(first, terms, count);
  });
  const clockWeights = weightsOf('clock');
  const scores = new Float64Array(table.clocks.count);
  const numbers = Int32Array.from({ length: BLOCK }, (_, i) => i);
  for (let from = 0; from < scores.length; from += BLOCK) {
    const sums = scores.subarray(from, from + BLOCK);
    features.computeClocks(numbers.subarray(0, sums.length));
    features.facts.addTerms(features.clocks.customer, sums);
    addTerms(ofCategory, features.clocks.category, sums);
    addWeighted(features.clockColumns, clockWeights, sums);
    becomeProbabilities(sums);
    for (let i = 0; i < BLOCK; i++) numbers[i]! += BLOCK;
  }
  return scores;
}

/** Four columns in a pass: the sums are then read and written a quarter as often. */
function addWeighted(columns: readonly Float64Array[], weights: readonly number[], sums: Float64Array): void {
  const fours = columns.length - (columns.length % 4);
  for (let index = 0; index < fours; index += 4) {
    const [a, b, c, d] = [columns[index]!, columns[index + 1]!, columns[index + 2]!, columns[index + 3]!];
    const [wa, wb, wc, wd] = [weights[index]!, weights[index + 1]!, weights[index + 2]!, weights[index + 3]!];
    for (let i = 0; i < sums.length; i++) sums[i]! += wa * a[i]! + wb * b[i]! + wc * c[i]! + wd * d[i]!;
  }
  for (let index = fours; index < columns.length; index++) {
    const [column, weight] = [columns[index]!, weights[index]!];
    for (let i = 0; i < sums.length; i++) sums[i]! += weight * column[i]!;
  }
}

function addTerms(ofCategory: Float64Array, category: Int32Array, sums: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += ofCategory[category[i]!]!;
}

function becomeProbabilities(sums: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = logistic(sums[i]!);
}
