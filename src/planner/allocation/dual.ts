import type { ContactPlanner } from './contact-planner.ts';
import type { Problem } from './problem.ts';
import { addUsage } from './problem.ts';

/** Prices of the limits, and what they prove: no plan earns more than `bound`. */
export interface DualSolution {
  readonly prices: Float64Array;
  readonly bound: number;
}

const SAMPLE_CONTACTS = 10_000;
/** … or one in so many, of very many. */
const SAMPLE_SHARE = 50;
const SAMPLE_STEPS = 150;
const STEPS = 60;
const SMALL_STEPS = 300;
const SAMPLE_RATE = 0.35;
const RATE = 0.01;
const SMALL_RATE = 0.05;
const EVIDENCE_FLOOR = 1e-4;
/** A limit of nothing is scaled as if it were this. */
const LEAST_LIMIT = 1e-6;
/** A stage over all contacts ends when so many steps lower the bound by less than this share. */
const PATIENCE = 10;
const STALLED = 2e-6;

/**
 * Lowest bound D(λ) = Σ λ_k b_k + Σ_i best plan of i at prices λ (planner.md B3) by AdaGrad-scaled subgradients (B4): on a
 * sample of the contacts first, then on all. The prices of each stage are the best seen, or the average of its second half
 * where that is better. Steps are counted, never timed: the same problem gives the same prices.
 */
export function solveDual(problem: Problem, planner: ContactPlanner): DualSolution {
  const search = new PriceSearch(problem, planner);
  const { contactCount, limits } = problem;
  const sample = Math.max(SAMPLE_CONTACTS, contactCount / SAMPLE_SHARE);
  const stride = Math.max(1, Math.floor(contactCount / sample));
  const free = new Float64Array(limits.length);
  // Nothing binds the contacts together: the best plan of each is the best plan.
  if (limits.length === 0) return search.descend(free, { stride: 1, steps: 1, rate: 0 });
  const sampled = search.descend(free, { stride, steps: SAMPLE_STEPS, rate: SAMPLE_RATE });
  return search.descend(
    sampled.prices,
    stride === 1
      ? { stride, steps: SMALL_STEPS, rate: SMALL_RATE }
      : { stride: 1, steps: STEPS, rate: RATE, stalled: STALLED },
  );
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

  constructor(problem: Problem, planner: ContactPlanner) {
    this.#problem = problem;
    this.#planner = planner;
    this.#scales = naturalPrices(problem);
    this.#usage = new Float64Array(problem.limits.length);
  }

  /** D(λ) over every stride-th contact, multiplied up; leaves their use of the limits in `#usage`. */
  #evaluate(prices: Float64Array, stride: number): number {
    const { contactCount, limits } = this.#problem;
    const usage = this.#usage.fill(0);
    let gains = 0;
    for (let contact = 0; contact < contactCount; contact += stride) {
      gains += this.#planner.solve(contact, prices);
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
        const excess = (this.#usage[limit]! - limits[limit]!) / Math.max(limits[limit]!, LEAST_LIMIT);
        const slope = Math.min(Math.max(excess, -1), 1);
        evidence[limit]! += slope * slope;
        const change = (rate * this.#scales[limit]! * slope) / Math.sqrt(evidence[limit]!);
        prices[limit] = Math.max(0, prices[limit]! + change);
      }
    }
    if (late.count === 0) return best;
    const bound = this.#evaluate(late.mean, stride);
    return bound < best.bound ? { prices: late.mean, bound } : best;
  }
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
      used[limit]! += amounts[at]!;
    }
  }
  return worth.map((sum, limit) => (used[limit]! > 0 ? sum / used[limit]! : 1));
}
