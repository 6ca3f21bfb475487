import type { ContactPlanner } from './contact-planner.ts';
import type { Problem } from './problem.ts';
import { addUsage, LEAST_AMOUNT } from './problem.ts';

/** Prices of the limits, and what they prove: no plan earns more than `bound`. */
export interface DualSolution {
  readonly prices: Float64Array;
  readonly bound: number;
}

const SAMPLE_CONTACTS = 10_000;
/** … or one in so many, of very many. */
const SAMPLE_SHARE = 50;
const SAMPLE_STEPS = 100;
const STEPS = 60;
const SMALL_STEPS_FAR = 150;
const SMALL_STEPS = 300;
/** Blur of the first and last step on the sample, in shares of what an option is worth on average, and how far a price moves for it. */
const BLUR_FIRST = 1;
const BLUR_LAST = 0.002;
const BLUR_PACE = 0.5;
/** Prices of the last steps are averaged: their blur is small, and what chance there is cancels out. */
const BLUR_SETTLED = 0.9;
const RATE = 0.01;
const SMALL_RATE_FAR = 0.35;
const SMALL_RATE = 0.05;
const EVIDENCE_FLOOR = 1e-4;
/** A stage over all contacts ends when so many steps lower the bound by less than this share. */
const PATIENCE = 10;
const STALLED = 2e-6;

/**
 * Lowest bound D(λ) = Σ λ_k b_k + Σ_i best plan of i at prices λ (planner.md B3): on a sample of the contacts first, then on all by
 * AdaGrad-scaled subgradients (B4), whose prices are the best seen, or the average of the second half where that is better. Steps are
 * counted, never timed: the same problem gives the same prices.
 *
 * On the sample every option is blurred by chance, less and less, and prices move no farther than the blur (the gradient of a perturbed
 * maximum: Q. Berthet et al., NeurIPS 2020). Where days are worth almost the same to everybody, as for a promotion of three weeks,
 * all contacts would otherwise leave a day together as its price rises, and prices that differ by a hundredth were never found.
 */
export function solveDual(problem: Problem, planner: ContactPlanner): DualSolution {
  const search = new PriceSearch(problem, planner);
  const { contactCount, limits } = problem;
  const sample = Math.max(SAMPLE_CONTACTS, contactCount / SAMPLE_SHARE);
  const stride = Math.max(1, Math.floor(contactCount / sample));
  const free = new Float64Array(limits.length);
  // Nothing binds the contacts together: the best plan of each is the best plan.
  if (limits.length === 0) return search.descend(free, { stride: 1, steps: 1, rate: 0 });
  const blurred = search.descendBlurred(free, { stride, steps: SAMPLE_STEPS });
  if (stride > 1) return search.descend(blurred, { stride: 1, steps: STEPS, rate: RATE, stalled: STALLED });
  // Of few contacts each one's choice moves the prices: after the blur they are searched from afar once more.
  const { prices } = search.descend(blurred, { stride, steps: SMALL_STEPS_FAR, rate: SMALL_RATE_FAR });
  return search.descend(prices, { stride, steps: SMALL_STEPS, rate: SMALL_RATE });
}

interface Stage {
  readonly stride: number;
  readonly steps: number;
  readonly rate: number;
  /** Ends when PATIENCE steps lower the bound by less than this share. */
  readonly stalled?: number;
}

class PriceSearch {
  readonly #problem: Problem;
  readonly #planner: ContactPlanner;
  readonly #scales: Float64Array;
  readonly #usage: Float64Array;
  /** What an option is worth on average, of those worth anything. */
  readonly #typicalValue: number;

  constructor(problem: Problem, planner: ContactPlanner) {
    this.#problem = problem;
    this.#planner = planner;
    this.#scales = naturalPrices(problem);
    this.#usage = new Float64Array(problem.limits.length);
    this.#typicalValue = meanOfPositive(problem.value);
  }

  /** D(λ) over every stride-th contact, multiplied up; leaves their use of the limits in `#usage`. */
  #evaluate(prices: Float64Array, stride: number, blur = 0): number {
    const { contactCount, limits } = this.#problem;
    const usage = this.#usage.fill(0);
    let gains = 0;
    for (let contact = 0; contact < contactCount; contact += stride) {
      gains += this.#planner.solve(contact, prices, blur);
      for (let place = 0; place < this.#planner.count; place++)
        addUsage(this.#problem, this.#planner.chosen[place]!, usage, 1);
    }
    let sum = stride * gains;
    for (let limit = 0; limit < limits.length; limit++) {
      usage[limit]! *= stride;
      sum += prices[limit]! * limits[limit]!;
    }
    return sum;
  }

  /** Prices found with options blurred less and less. */
  descendBlurred(start: Float64Array, { stride, steps }: Pick<Stage, 'stride' | 'steps'>): Float64Array {
    const prices = start.slice();
    const settled = new Average(prices.length);
    for (let step = 0; step < steps; step++) {
      const blur = BLUR_FIRST * (BLUR_LAST / BLUR_FIRST) ** (step / (steps - 1));
      this.#evaluate(prices, stride, blur * this.#typicalValue);
      for (let limit = 0; limit < prices.length; limit++) {
        const change = BLUR_PACE * blur * this.#scales[limit]! * this.#excess(limit);
        prices[limit] = this.#within(limit, prices[limit]! + change);
      }
      if (step >= BLUR_SETTLED * steps) settled.add(prices);
    }
    return settled.mean;
  }

  /** A price is never negative, nor that of a promise more than breaking it costs: only so the bound holds. */
  #within(limit: number, price: number): number {
    return Math.min(Math.max(0, price), this.#problem.shortfallCosts[limit]!);
  }

  /** How much more of a limit is used than there is, in shares of it, between −1 and 1. */
  #excess(limit: number): number {
    const amount = this.#problem.limits[limit]!;
    return Math.min(
      Math.max((this.#usage[limit]! - amount) / Math.max(Math.abs(amount), LEAST_AMOUNT), -1),
      1,
    );
  }

  descend(start: Float64Array, { stride, steps, rate, stalled = 0 }: Stage): DualSolution {
    const { limits } = this.#problem;
    const prices = start.slice();
    const evidence = new Float64Array(limits.length).fill(EVIDENCE_FLOOR);
    const late = new Average(limits.length);
    let best = { prices: prices.slice(), bound: Infinity };
    let earlier = Infinity;
    for (let step = 0; step < steps; step++) {
      const bound = this.#evaluate(prices, stride);
      if (bound < best.bound) best = { prices: prices.slice(), bound };
      if (step >= steps / 2) late.add(prices);
      if (stalled > 0 && step % PATIENCE === PATIENCE - 1) {
        if (earlier - best.bound < stalled * best.bound) break;
        earlier = best.bound;
      }
      for (let limit = 0; limit < limits.length; limit++) {
        const slope = this.#excess(limit);
        evidence[limit]! += slope * slope;
        const change = (rate * this.#scales[limit]! * slope) / Math.sqrt(evidence[limit]!);
        prices[limit] = this.#within(limit, prices[limit]! + change);
      }
    }
    if (late.count === 0) return best;
    const bound = this.#evaluate(late.mean, stride);
    return bound < best.bound ? { prices: late.mean, bound } : best;
  }
}

function meanOfPositive(values: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value <= 0) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : 0;
}

/** The mean of prices seen. */
class Average {
  count = 0;
  readonly mean: Float64Array;

  constructor(size: number) {
    this.mean = new Float64Array(size);
  }

  add(prices: Float64Array): void {
    this.count++;
    for (let limit = 0; limit < prices.length; limit++)
      this.mean[limit]! += (prices[limit]! - this.mean[limit]!) / this.count;
  }
}

/**
 * Scale of each price: what the options that use a limit are worth, by how much of it they use, in sums over all that are worth
 * anything. The medians of planner.md B4 say little where options use very different amounts, as of money.
 */
export function naturalPrices({ value, width, uses, amounts, limits }: Problem): Float64Array {
  const worth = new Float64Array(limits.length);
  const used = new Float64Array(limits.length);
  for (let option = 0; option < value.length; option++) {
    if (value[option]! <= 0) continue;
    for (let at = option * width; at < (option + 1) * width; at++) {
      const limit = uses[at]!;
      if (limit < 0) continue;
      worth[limit]! += value[option]!;
      used[limit]! += Math.abs(amounts[at]!);
    }
  }
  return worth.map((sum, limit) => (used[limit]! > 0 ? sum / used[limit]! : 1));
}
