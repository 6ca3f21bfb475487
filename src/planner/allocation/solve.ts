import { ContactPlanner } from './contact-planner.ts';
import { solveDual } from './dual.ts';
import { constructPlan } from './primal.ts';
import type { Plan, Problem } from './problem.ts';
import { valueOfPlan } from './problem.ts';

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
 * B8). The same problem gives the same plan.
 */
export function allocate(problem: Problem, planner = new ContactPlanner(problem)): Allocation {
  const { prices, bound } = solveDual(problem, planner);
  const plan = constructPlan(problem, planner, prices);
  const value = valueOfPlan(problem, plan);
  return { plan, value, bound, gap: bound > 0 ? (bound - value) / bound : 0, prices };
}

/**
 * The best plan of every contact at known prices, each by itself: what is planned anew for a few after the whole was solved. A limit
 * of which nothing is left has an infinite price. Its bound is that of these contacts at these prices.
 */
export function allocateAtPrices(
  problem: Problem,
  prices: Float64Array,
  planner = new ContactPlanner(problem),
): Allocation {
  const taken: number[] = [];
  for (let contact = 0; contact < problem.contactCount; contact++) {
    planner.solve(contact, prices);
    taken.push(...planner.chosen.subarray(0, planner.count));
  }
  const plan = Int32Array.from(taken).sort();
  const value = valueOfPlan(problem, plan);
  return { plan, value, bound: value, gap: 0, prices };
}
