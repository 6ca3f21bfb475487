import { branchAndBound } from './branch-and-bound.ts';
import { ContactPlanner } from './contact-planner.ts';
import { solveDual } from './dual.ts';
import { constructPlan } from './primal.ts';
import type { Plan, Problem } from './problem.ts';
import { addUsage, closePrices, isPromise, LEAST_AMOUNT, usageOfPlan, valueOfPlan } from './problem.ts';

/** Up to so many options, about 5,000 contacts, limits are a handful of units each, and a bound by prices alone is loose. */
const SMALL_OPTIONS = 100_000;

/** A plan with its certificate: no plan earns more than `bound`, so this one misses at most `gap` of what is possible. */
export interface Allocation {
  readonly plan: Plan;
  readonly value: number;
  readonly bound: number;
  /** (bound − value)/bound, 0 where there is nothing to earn. */
  readonly gap: number;
  /** What one more unit of each limit would earn. */
  readonly prices: Float64Array;
}

/**
 * Solves an allocation: prices by the dual method, a plan from them, and how close it is to the best possible (planner.md B3, B4,
 * B8); of a small one branch and bound then tightens both (B7). The same problem gives the same plan.
 */
export function allocate(problem: Problem, planner = new ContactPlanner(problem)): Allocation {
  const { prices, bound: dualBound } = solveDual(problem, planner);
  const known = { prices, bound: dualBound, plan: constructPlan(problem, planner, prices) };
  const isSmall = problem.value.length <= SMALL_OPTIONS;
  const { plan, bound: proven } = isSmall ? branchAndBound(problem, planner, known) : known;
  const value = valueOfPlan(problem, plan);
  // The same sum in another order: a bound that is reached may be below the value by its rounding.
  const bound = Math.max(proven, value);
  return { plan, value, bound, gap: bound > 0 ? (bound - value) / bound : 0, prices };
}

/**
 * The best plan of every contact at known prices, one after the other, within what is left of the limits: what is planned anew for a few
 * after the whole was solved. Of a limit that has less left than an option uses nothing can be had. Its bound is its own value.
 */
export function allocateAtPrices(
  problem: Problem,
  prices: Float64Array,
  left: Float64Array,
  planner = new ContactPlanner(problem),
): Allocation {
  const rest = left.slice();
  const asked = prices.slice();
  const taken: number[] = [];
  for (let contact = 0; contact < problem.contactCount; contact++) {
    closePrices(problem, { prices, left: rest, asked });
    planner.solve(contact, asked);
    // A plan of several messages may use more of one limit than is left: what does not fit is closed and the contact asked again.
    for (let short = shortOf(problem, planner, rest); short >= 0; short = shortOf(problem, planner, rest)) {
      asked[short] = Infinity;
      planner.solve(contact, asked);
    }
    for (const option of planner.chosen.subarray(0, planner.count)) {
      addUsage(problem, option, rest, -1);
      taken.push(option);
    }
  }
  const plan = Int32Array.from(taken).sort();
  const value = valueOfPlan(problem, plan);
  return { plan, value, bound: value, gap: 0, prices };
}

/** A limit that the plan last chosen uses more of than is left; −1 where all is well. */
function shortOf(problem: Problem, planner: ContactPlanner, left: Float64Array): number {
  const used = usageOfPlan(problem, planner.chosen.subarray(0, planner.count));
  return used.findIndex(
    (amount, limit) => amount > left[limit]! + LEAST_AMOUNT && !isPromise(problem, limit),
  );
}
