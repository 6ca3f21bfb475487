import type { ClockRows } from './clock-rows.ts';
import { visitFades } from './clock-table.ts';
import type { RenewalModel } from './renewal-fit.ts';
import {
  BLOCK,
  RenewalBlock,
  blockColumn,
  createOwnSpread,
  createPredictive,
  predict,
} from './renewal-block.ts';
import type { VisitRows } from './visit-rows.ts';

/** The day of features, and how far the chance they are for reaches. */
export interface FeatureDay {
  readonly day: number;
  readonly horizonDays: number;
}

/**
 * What clocks read of their customers, side by side per customer: clocks that stand in no order find it with one look into
 * distant memory instead of four.
 */
export class CustomerFacts {
  readonly facts: Float32Array;

  constructor(visits: VisitRows, { day }: FeatureDay) {
    this.facts = new Float32Array(visits.count * FACTS);
    for (let customer = 0; customer < visits.count; customer++) {
      const at = customer * FACTS;
      const silence = Math.max(day - visits.lastDay(customer), 0);
      this.facts[at] = visits.visits(customer);
      this.facts[at + 1] = silence;
      this.facts[at + 2] = visits.decayed(customer, LATELY) * visitFades[LATELY]!.after(silence);
    }
  }

  /** Keeps what the layer says of each customer of a block alone. */
  setTerms(first: number, terms: Float64Array, count: number): void {
    for (let i = 0; i < count; i++) this.facts[(first + i) * FACTS + TERM] = terms[i]!;
  }

  /** Adds it for the clocks of these customers. */
  addTerms(customer: Int32Array, sums: Float64Array): void {
    const { facts } = this;
    for (let i = 0; i < sums.length; i++) sums[i]! += facts[customer[i]! * FACTS + TERM]!;
  }
}

const FACTS = 4;
const TERM = 3;
/** Which of the decayed counts of visits says how often the customer came lately. */
const LATELY = 2;

/** What the features of a block of clocks read: gathered once, then walked through by each feature. */
export class ClockBlock {
  readonly clocks: ClockRows;
  /** Numbers of the clocks of the block. */
  readonly chosen = new Int32Array(BLOCK);
  readonly renewal: RenewalBlock;
  /** The plain sums; those of `renewal` are discounted. */
  readonly plain = { gaps: blockColumn(), logGapSum: blockColumn() };
  readonly predictive = createPredictive();
  readonly ownSpread = createOwnSpread();
  readonly category = new Int32Array(BLOCK);
  readonly customer = new Int32Array(BLOCK);
  readonly age = new Int32Array(BLOCK);
  readonly visitCount = new Int32Array(BLOCK);
  readonly visitSilenceDays = new Int32Array(BLOCK);
  /** Visits decayed by 90 days. */
  readonly visitsLately = blockColumn();
  readonly meanGapDays: Float64Array;
  readonly #customers: CustomerFacts;
  readonly #when: FeatureDay;

  constructor(clocks: ClockRows, customers: CustomerFacts, model: RenewalModel, when: FeatureDay) {
    this.clocks = clocks;
    this.#customers = customers;
    this.renewal = new RenewalBlock(model.categories.map(({ parameters }) => parameters));
    this.meanGapDays = Float64Array.from(model.gaps, ({ meanGapDays }) => meanGapDays);
    this.#when = when;
  }

  /** Takes the clocks with these numbers, at most a block. */
  gather(numbers: Int32Array): void {
    this.chosen.set(numbers);
    this.renewal.count = numbers.length;
    this.#gatherFacts();
    this.#gatherSums();
    this.#gatherCustomers();
    this.renewal.takeLogarithms(this.#when.horizonDays);
  }

  #gatherFacts(): void {
    const { clocks, renewal, chosen, category, customer, age } = this;
    const { day } = this.#when;
    for (let i = 0; i < renewal.count; i++) {
      const clock = chosen[i]!;
      customer[i] = clocks.customer(clock);
      category[i] = clocks.category(clock);
      age[i] = Math.max(day - clocks.firstDay(clock), 1);
      renewal.parameters[i] = category[i]!;
      renewal.silenceDays[i] = Math.max(day - clocks.lastDay(clock), 0);
      renewal.purchases[i] = clocks.purchases(clock);
      renewal.row[i] = clock;
    }
  }

  #gatherSums(): void {
    const { clocks, renewal, plain, chosen } = this;
    for (let i = 0; i < renewal.count; i++) {
      const clock = chosen[i]!;
      plain.gaps[i] = clocks.purchases(clock) - 1;
      plain.logGapSum[i] = clocks.logGapSum(clock);
      renewal.gaps[i] = clocks.discountedGaps(clock);
      renewal.logGapSum[i] = clocks.discountedLogGapSum(clock);
      renewal.logGapSquareSum[i] = clocks.discountedLogGapSquareSum(clock);
    }
  }

  /** A loop of its own, short, so that customers who stand in no order are fetched together. */
  #gatherCustomers(): void {
    const { renewal, customer, visitCount, visitSilenceDays, visitsLately } = this;
    const { facts } = this.#customers;
    for (let i = 0; i < renewal.count; i++) {
      const at = customer[i]! * FACTS;
      visitCount[i] = facts[at]!;
      visitSilenceDays[i] = facts[at + 1]!;
      visitsLately[i] = facts[at + 2]!;
    }
  }
}

/** What the features of a block of customers read: their visits as a renewal clock of the shop. */
export class CustomerBlock {
  readonly visits: VisitRows;
  readonly renewal: RenewalBlock;
  readonly predictive = createPredictive();
  readonly ownSpread = createOwnSpread();
  /** Number of the first customer of the block. */
  first = 0;
  readonly #when: FeatureDay;

  constructor(visits: VisitRows, model: RenewalModel, when: FeatureDay) {
    this.visits = visits;
    this.renewal = new RenewalBlock([model.visits.parameters]);
    this.#when = when;
  }

  /** Takes customers one after the other, at most a block. A customer who never came counts as one who came today. */
  gather(first: number, count: number): void {
    const { visits, renewal } = this;
    this.first = first;
    renewal.count = count;
    for (let i = 0; i < count; i++) {
      const customer = first + i;
      const came = visits.visits(customer);
      renewal.purchases[i] = came;
      renewal.silenceDays[i] = came === 0 ? 0 : Math.max(this.#when.day - visits.lastDay(customer), 0);
      renewal.gaps[i] = Math.max(came - 1, 0);
      renewal.logGapSum[i] = visits.logGapSum(customer);
      renewal.logGapSquareSum[i] = visits.logGapSquareSum(customer);
      renewal.row[i] = customer;
    }
    renewal.takeLogarithms(this.#when.horizonDays);
    predict(renewal, renewal.gaps, renewal.logGapSum, this.predictive);
  }
}
