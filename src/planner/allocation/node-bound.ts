import type { Undecided } from './near-plans.ts';

/** A part of all plans: those whose use of each row lies between two amounts, and that take only plans still open. */
export interface Node {
  /** No plan of this part earns more. */
  bound: number;
  /** Prices of the rows that prove it: positive for what there is at most, negative for what there must be at least. */
  prices: Float64Array;
  readonly least: Float64Array;
  readonly most: Float64Array;
  /** 1 for each plan of a contact that may still be taken. */
  readonly isOpen: Uint8Array;
}

/** How long to lower a bound: so many steps, which become shorter whenever so many of them have lowered nothing. */
export interface Effort {
  readonly steps: number;
  readonly patience: number;
}

/** What the steps of a bound chose on average: near the solution of the linear relaxation. */
export interface Average {
  /** Use of each row. */
  readonly use: Float64Array;
  /** How often each plan was chosen, between 0 and 1. */
  readonly shares: Float64Array;
}

/** Weight of the last step in the average. */
const AVERAGE_PACE = 0.1;
/** Share of the direction before in that of a step (P. M. Camerini et al., Mathematical Programming Study 3, 1975). */
const MOMENTUM = 0.6;
/** Share of its length that a step keeps when bounds have not become lower for a while. */
const SHORTER = 0.5;
/** Every so many steps the prices are tried for a plan. */
const TRY_EVERY = 20;
/** What is missing of a limit by rounding alone. */
const ROUNDING = 1e-9;
/** A bound that is above a plan's value by less than this share of it is the same. */
const SAME = 1e-9;

/** Whether a plan of this value is as good as any under a bound, but for rounding. */
export const isAsGoodAs = (value: number, bound: number): boolean => bound <= value + SAME * Math.abs(value);

/**
 * Bounds of nodes by the dual of planner.md B3 over the undecided plans, and the best plan met on the way. Steps are Polyak's: as long as
 * what they could gain, down to the best plan known (M. Held, P. Wolfe, H. Crowder, Mathematical Programming 6, 1974).
 */
export class NodeBounds {
  /** Plans of contacts looked at so far: the measure of effort, as it is the same on every machine. */
  work = 0;
  /** The best plan known, by the plan of each contact; null for the one that was known before. */
  best: Int32Array | null = null;
  value: number;
  readonly #undecided: Undecided;
  readonly #contacts: number;
  /** Of the last evaluation: what each plan earns at the prices, each contact's best, and what these use. */
  readonly #gains: Float64Array;
  readonly #chosen: Int32Array;
  readonly #use: Float64Array;
  readonly #left: Float64Array;
  readonly #regrets: Float64Array;

  constructor(undecided: Undecided, value: number) {
    this.#undecided = undecided;
    this.value = value;
    this.#contacts = undecided.firstPlan.length - 1;
    this.#gains = new Float64Array(undecided.values.length);
    this.#chosen = new Int32Array(this.#contacts);
    this.#use = new Float64Array(undecided.rows.count);
    this.#left = new Float64Array(undecided.rows.count);
    this.#regrets = new Float64Array(this.#contacts);
  }

  /** Whether nothing in a node can be better than the best plan known. */
  isClosed({ bound }: Node): boolean {
    return isAsGoodAs(this.value, bound);
  }

  /**
   * Lowers the bound of a node, closes its plans that are in no better plan (planner.md B7), and looks for a better one.
   * Returns what was chosen on average.
   */
  tighten(node: Node, { steps, patience }: Effort): Average {
    const { rows, values } = this.#undecided;
    const average = { use: new Float64Array(rows.count), shares: new Float64Array(values.length) };
    const direction = new Float64Array(rows.count);
    let prices = node.prices.slice();
    let lowest = Infinity;
    let length = 1;
    let waited = 0;
    for (let step = 0; step < steps; step++) {
      const bound = this.#evaluate(node, prices);
      this.#average(average, step === 0 ? 1 : AVERAGE_PACE);
      if (bound < lowest) {
        lowest = bound;
        node.prices = prices.slice();
        node.bound = Math.min(node.bound, bound);
        waited = 0;
      } else if (++waited === patience) {
        length *= SHORTER;
        prices = node.prices.slice();
        waited = 0;
      }
      if (this.isClosed(node)) return average;
      if (step % TRY_EVERY === TRY_EVERY - 1) this.#tryPlan(node);
      if (!this.#move(node, { prices, direction, momentum: step === 0 ? 0 : MOMENTUM, length, bound })) break;
    }
    const bound = this.#evaluate(node, node.prices);
    this.#tryPlan(node);
    this.#closePlans(node, bound);
    return average;
  }

  /** D(λ) of a node; leaves each contact's best plan and what they use. Where they keep all limits they are a plan. */
  #evaluate({ isOpen, least, most }: Node, prices: Float64Array): number {
    const { firstPlan, values, firstUse, usedRows, usedAmounts, decidedValue } = this.#undecided;
    this.#use.fill(0);
    let bound = decidedValue;
    for (let contact = 0; contact < this.#contacts; contact++) {
      let best = -1;
      for (let plan = firstPlan[contact]!; plan < firstPlan[contact + 1]!; plan++) {
        if (isOpen[plan] === 0) continue;
        let gain = values[plan]!;
        for (let at = firstUse[plan]!; at < firstUse[plan + 1]!; at++)
          gain -= prices[usedRows[at]!]! * usedAmounts[at]!;
        this.#gains[plan] = gain;
        if (best < 0 || gain > this.#gains[best]!) best = plan;
      }
      this.#chosen[contact] = best;
      bound += this.#gains[best]!;
      this.#addUse(best, this.#use, 1);
    }
    this.work += values.length;
    for (const [row, price] of prices.entries())
      if (price !== 0) bound += price * (price > 0 ? most[row]! : least[row]!);
    for (const [row, available] of this.#undecided.rows.available.entries())
      this.#left[row] = available - this.#use[row]!;
    this.#keepIfBetter();
    return bound;
  }

  #addUse(plan: number, amounts: Float64Array, times: 1 | -1): void {
    const { firstUse, usedRows, usedAmounts } = this.#undecided;
    for (let at = firstUse[plan]!; at < firstUse[plan + 1]!; at++)
      amounts[usedRows[at]!]! += times * usedAmounts[at]!;
  }

  /** Keeps what was chosen as the best plan known if it is one, and better; `#left` says what it leaves of each row. */
  #keepIfBetter(): void {
    const { rows, values, decidedValue } = this.#undecided;
    let value = decidedValue;
    for (const plan of this.#chosen) value += values[plan]!;
    for (const [row, left] of this.#left.entries()) {
      if (left >= -ROUNDING) continue;
      if (rows.excessCosts[row] === Infinity) return;
      value += left * rows.excessCosts[row]!;
    }
    if (value <= this.value) return;
    this.value = value;
    this.best = this.#chosen.slice();
  }

  #average({ use, shares }: Average, weight: number): void {
    for (const [row, used] of this.#use.entries()) use[row]! += weight * (used - use[row]!);
    for (let plan = 0; plan < shares.length; plan++) shares[plan]! *= 1 - weight;
    for (const plan of this.#chosen) shares[plan]! += weight;
  }

  /** Moves prices along the subgradient, in the scale of each row; false where the prices are best. */
  #move(
    node: Node,
    step: {
      prices: Float64Array;
      direction: Float64Array;
      momentum: number;
      length: number;
      bound: number;
    },
  ): boolean {
    const { prices, direction, momentum } = step;
    const { scales, excessCosts, count } = this.#undecided.rows;
    let norm = 0;
    for (let row = 0; row < count; row++) {
      direction[row] = (1 - momentum) * this.#excess(node, row, prices[row]!) + momentum * direction[row]!;
      norm += (direction[row]! * scales[row]!) ** 2;
    }
    if (norm === 0) return false;
    const pace = (step.length * (step.bound - this.value)) / norm;
    for (let row = 0; row < count; row++) {
      const lowest = node.least[row] === -Infinity ? 0 : -Infinity;
      const highest = node.most[row] === Infinity ? 0 : excessCosts[row]!;
      const price = prices[row]! + pace * scales[row]! ** 2 * direction[row]!;
      prices[row] = Math.min(Math.max(price, lowest), highest);
    }
    return true;
  }

  /** How much more of a row is used than there is, or less than there must be (negative). */
  #excess({ least, most }: Node, row: number, price: number): number {
    const over = this.#use[row]! - most[row]!;
    const under = this.#use[row]! - least[row]!;
    if (price > 0) return over;
    if (price < 0) return under;
    return Math.max(over, 0) + Math.min(under, 0);
  }

  /**
   * A plan from the prices of the last evaluation: contacts take their best open plan that fits, first those who would lose most by
   * another. It may lie outside the node.
   */
  #tryPlan({ isOpen }: Node): void {
    const { firstPlan, values, rows } = this.#undecided;
    for (let contact = 0; contact < this.#contacts; contact++) {
      const best = this.#chosen[contact]!;
      let second = -Infinity;
      for (let plan = firstPlan[contact]!; plan < firstPlan[contact + 1]!; plan++)
        if (isOpen[plan] === 1 && plan !== best) second = Math.max(second, this.#gains[plan]!);
      this.#regrets[contact] = this.#gains[best]! - second;
    }
    const order = Uint32Array.from(this.#regrets.keys()).sort(
      (one, other) => this.#regrets[other]! - this.#regrets[one]! || one - other,
    );
    this.#left.set(rows.available);
    this.work += 2 * values.length;
    for (const contact of order) {
      let best = -1;
      for (let plan = firstPlan[contact]!; plan < firstPlan[contact + 1]!; plan++)
        if (isOpen[plan] === 1 && (best < 0 || this.#gains[plan]! > this.#gains[best]!) && this.#fits(plan))
          best = plan;
      if (best < 0) return;
      this.#chosen[contact] = best;
      this.#addUse(best, this.#left, -1);
    }
    this.#keepIfBetter();
  }

  #fits(plan: number): boolean {
    const { firstUse, usedRows, usedAmounts, rows } = this.#undecided;
    for (let at = firstUse[plan]!; at < firstUse[plan + 1]!; at++) {
      const [row, amount] = [usedRows[at]!, usedAmounts[at]!];
      if (amount > 0 && amount > this.#left[row]! + ROUNDING && rows.excessCosts[row] === Infinity)
        return false;
    }
    return true;
  }

  /** Closes the plans that would cost a node its hope, by what each earns less than its contact's best. */
  #closePlans({ isOpen }: Node, bound: number): void {
    const { firstPlan } = this.#undecided;
    for (let contact = 0; contact < this.#contacts; contact++) {
      let best = -Infinity;
      for (let plan = firstPlan[contact]!; plan < firstPlan[contact + 1]!; plan++)
        if (isOpen[plan] === 1) best = Math.max(best, this.#gains[plan]!);
      for (let plan = firstPlan[contact]!; plan < firstPlan[contact + 1]!; plan++)
        if (bound - (best - this.#gains[plan]!) <= this.value) isOpen[plan] = 0;
    }
  }
}
