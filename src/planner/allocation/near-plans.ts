import type { ContactPlanner } from './contact-planner.ts';
import { naturalPrices } from './dual.ts';
import type { Problem } from './problem.ts';
import { isPromise } from './problem.ts';
import { unitsOf } from './whole-limits.ts';

/** More plans than this are not worth telling apart: their bounds would take too long. */
const PLANS_MAX = 40_000;

/**
 * What the plans of the contacts use something of: the limits of the problem first; then, of limits that options use unequal amounts of,
 * how many of the dearest are taken. A limit says itself how much there is; of the dearest any number may be taken, but a whole one.
 */
export interface Rows {
  readonly count: number;
  /** What there is for the undecided contacts; infinite for a number. */
  readonly available: Float64Array;
  /** What a unit more than that costs: infinite except for promises. */
  readonly excessCosts: Float64Array;
  /** The use of any plan is a whole multiple of this; 0 where that is not so. */
  readonly units: Float64Array;
  /** Scale of the price. */
  readonly scales: Float64Array;
}

/** The contacts that may be planned differently in a better plan, with the plans that each may have there. */
export interface Undecided {
  /** Options of all other contacts, and what they are worth. */
  readonly decided: readonly number[];
  readonly decidedValue: number;
  /** Where the plans of each undecided contact begin; one entry more than contacts. */
  readonly firstPlan: Int32Array;
  readonly plans: readonly Int32Array[];
  readonly values: Float64Array;
  /** Where what each plan uses begins, the rows and how much of them; one entry more than plans. */
  readonly firstUse: Int32Array;
  readonly usedRows: Int32Array;
  readonly usedAmounts: Float64Array;
  readonly rows: Rows;
}

/**
 * What is still undecided when no plan earns more than a bound proven by prices, and one is known that earns `loss` less. A contact's plan that
 * earns more than this less than the contact's best, at these prices, is in no better plan (reduced-cost fixing, planner.md B7). Of plans
 * that use the same the most valuable counts. Null where too many plans are left.
 */
export function findUndecided(
  problem: Problem,
  planner: ContactPlanner,
  { prices, loss }: { prices: Float64Array; loss: number },
): Undecided | null {
  const counting = countingRows(problem);
  const rows = rowsOf(problem, counting);
  const firstPlan = [0];
  const decided: number[] = [];
  const kept: PlanUse[] = [];
  let decidedValue = 0;
  for (let contact = 0; contact < problem.contactCount; contact++) {
    const near = planner.plansNear(contact, prices, { loss, most: PLANS_MAX - kept.length });
    if (!near) return null;
    const useful = withoutDominated(near.map((options) => useOf(problem, counting, options)));
    const [only] = useful;
    if (useful.length > 1) {
      kept.push(...useful);
      firstPlan.push(kept.length);
    } else if (only) {
      decided.push(...only.options);
      decidedValue += only.value;
      for (const [row, amount] of only.used) rows.available[row]! -= amount;
    }
  }
  return { decided, decidedValue, firstPlan: Int32Array.from(firstPlan), ...columnsOf(kept), rows };
}

/** The number of the dearest options of a limit: its row, and the amount that makes one of them. */
interface Counting {
  readonly row: number;
  readonly dearest: number;
}

/** A row more for every limit of which options use unequal amounts, by the limit. */
function countingRows(problem: Problem): Map<number, Counting> {
  const { uses, amounts, limits } = problem;
  const most = new Float64Array(limits.length).fill(-Infinity);
  const least = new Float64Array(limits.length).fill(Infinity);
  for (const [at, limit] of uses.entries()) {
    if (limit < 0) continue;
    most[limit] = Math.max(most[limit]!, amounts[at]!);
    least[limit] = Math.min(least[limit]!, amounts[at]!);
  }
  const found = new Map<number, Counting>();
  for (const [limit, dearest] of most.entries())
    if (least[limit]! < dearest && dearest > 0 && !isPromise(problem, limit))
      found.set(limit, { row: limits.length + found.size, dearest });
  return found;
}

function rowsOf(problem: Problem, counting: ReadonlyMap<number, Counting>): Rows {
  const count = problem.limits.length + counting.size;
  const filled = (ofLimits: Float64Array, ofNumbers: number): Float64Array => {
    const all = new Float64Array(count).fill(ofNumbers);
    all.set(ofLimits);
    return all;
  };
  const scales = filled(naturalPrices(problem), 0);
  for (const [limit, { row, dearest }] of counting) scales[row] = scales[limit]! * dearest;
  return {
    count,
    available: filled(problem.limits, Infinity),
    excessCosts: filled(problem.shortfallCosts, Infinity),
    units: filled(unitsOf(problem), 1),
    scales,
  };
}

/** A plan of a contact, its value, and how much it uses of each row. */
interface PlanUse {
  readonly options: Int32Array;
  readonly value: number;
  readonly used: readonly (readonly [row: number, amount: number])[];
}

function useOf(problem: Problem, counting: ReadonlyMap<number, Counting>, options: Int32Array): PlanUse {
  const { value, width, uses, amounts } = problem;
  const used = new Map<number, number>();
  const use = (row: number, amount: number): void => {
    if (amount !== 0) used.set(row, (used.get(row) ?? 0) + amount);
  };
  let sum = 0;
  for (const option of options) {
    sum += value[option]!;
    for (let at = option * width; at < (option + 1) * width; at++) {
      if (uses[at]! < 0) continue;
      use(uses[at]!, amounts[at]!);
      const number = counting.get(uses[at]!);
      if (number) use(number.row, Math.round(amounts[at]! / number.dearest));
    }
  }
  return { options, value: sum, used: [...used].sort(([one], [other]) => one - other) };
}

/** Of plans that use the same, the most valuable alone. */
function withoutDominated(plans: readonly PlanUse[]): PlanUse[] {
  const best = new Map<string, PlanUse>();
  for (const plan of plans) {
    const key = plan.used.join(' ');
    const rival = best.get(key);
    if (!rival || rival.value < plan.value) best.set(key, plan);
  }
  return [...best.values()];
}

function columnsOf(
  kept: readonly PlanUse[],
): Pick<Undecided, 'plans' | 'values' | 'firstUse' | 'usedRows' | 'usedAmounts'> {
  const firstUse = new Int32Array(kept.length + 1);
  for (const [plan, { used }] of kept.entries()) firstUse[plan + 1] = firstUse[plan]! + used.length;
  const all = kept.flatMap(({ used }) => used);
  return {
    plans: kept.map(({ options }) => options),
    values: Float64Array.from(kept, ({ value }) => value),
    firstUse,
    usedRows: Int32Array.from(all, ([row]) => row),
    usedAmounts: Float64Array.from(all, ([, amount]) => amount),
  };
}
