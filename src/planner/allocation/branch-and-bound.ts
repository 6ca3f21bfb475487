import type { ContactPlanner } from './contact-planner.ts';
import type { Undecided } from './near-plans.ts';
import { findUndecided } from './near-plans.ts';
import type { Average, Effort, Node } from './node-bound.ts';
import { isAsGoodAs, NodeBounds } from './node-bound.ts';
import type { Plan, Problem } from './problem.ts';
import { valueOfPlan } from './problem.ts';
import { wholeLimits } from './whole-limits.ts';

/** Plans of contacts looked at before the search ends as it is; about half a second. */
const WORK_MAX = 20_000_000;
const ROOT_EFFORT: Effort = { steps: 600, patience: 20 };
const EFFORT: Effort = { steps: 150, patience: 10 };
/** A use that is on average so many units from whole ones, or more, is worth branching on. */
const FRACTION_LEAST = 0.02;

/** A plan, and the bound D(λ) that some prices prove. */
export interface Known {
  readonly plan: Plan;
  readonly bound: number;
  readonly prices: Float64Array;
}

/** How a node falls into two. */
type Branch =
  | { readonly kind: 'use'; readonly row: number; readonly most: number; readonly least: number }
  | { readonly kind: 'plan'; readonly contact: number; readonly plan: number };

interface OpenNode extends Node {
  readonly branch: Branch;
}

/**
 * Lowers the bound of a small problem, and finds a better plan where there is one, by branch and bound over what its prices leave undecided
 * (planner.md B7). A node falls in two by how much of a limit is used, as use is a whole number, or else by whether a contact has a
 * plan. The node with the highest bound is next (best first), so the bound falls with every step and holds whenever the search ends: at a measure of
 * work, never by the clock.
 */
export function branchAndBound(
  problem: Problem,
  planner: ContactPlanner,
  { plan, bound, prices }: Known,
  workMax = WORK_MAX,
): { plan: Plan; bound: number } {
  const value = valueOfPlan(problem, plan);
  const whole = { ...problem, limits: wholeLimits(problem) };
  // D(λ) is linear in the limits: at the same prices it falls by what the parts of units cost.
  const known = {
    plan,
    prices,
    bound: prices.reduce(
      (sum, price, limit) => sum - price * (problem.limits[limit]! - whole.limits[limit]!),
      bound,
    ),
  };
  if (isAsGoodAs(value, known.bound)) return known;
  const undecided = findUndecided(whole, planner, { prices, loss: known.bound - value });
  return undecided ? new Search(undecided, known, value).run(workMax) : known;
}

class Search {
  readonly #undecided: Undecided;
  readonly #known: Known;
  readonly #bounds: NodeBounds;
  readonly #open: OpenNode[] = [];

  constructor(undecided: Undecided, known: Known, value: number) {
    this.#undecided = undecided;
    this.#known = known;
    this.#bounds = new NodeBounds(undecided, value);
  }

  run(workMax: number): { plan: Plan; bound: number } {
    this.#add(this.#root(), ROOT_EFFORT);
    while (this.#bounds.work < workMax) {
      const node = this.#takeHighest();
      if (!node) break;
      for (const part of this.#partsOf(node)) this.#add(part, EFFORT);
    }
    const bound = this.#open.reduce((most, node) => Math.max(most, node.bound), this.#bounds.value);
    return { plan: this.#plan(), bound };
  }

  #root(): Node {
    const { rows, values } = this.#undecided;
    const prices = new Float64Array(rows.count);
    prices.set(this.#known.prices);
    return {
      bound: this.#known.bound,
      prices,
      least: new Float64Array(rows.count).fill(-Infinity),
      most: rows.available.slice(),
      isOpen: new Uint8Array(values.length).fill(1),
    };
  }

  /** Bounds a node; keeps it if it may hold a better plan. */
  #add(node: Node, effort: Effort): void {
    const average = this.#bounds.tighten(node, effort);
    if (this.#bounds.isClosed(node)) return;
    const branch = this.#branchOf(node, average);
    // A node with one plan for everybody: it was looked at.
    if (branch) this.#open.push({ ...node, branch });
  }

  /** The open node with the highest bound; undefined where no node may hold a better plan. */
  #takeHighest(): OpenNode | undefined {
    let highest = 0;
    for (const [place, { bound }] of this.#open.entries())
      if (bound > this.#open[highest]!.bound) highest = place;
    const [node] = this.#open.splice(highest, 1);
    return node && !this.#bounds.isClosed(node) ? node : undefined;
  }

  #branchOf(node: Node, average: Average): Branch | null {
    return this.#branchByUse(node, average) ?? this.#branchByPlan(node, average);
  }

  /** By the row whose use is farthest from whole units. */
  #branchByUse({ least, most }: Node, { use }: Average): Branch | null {
    let farthest = FRACTION_LEAST;
    let branch: Branch | null = null;
    for (const [row, unit] of this.#undecided.rows.units.entries()) {
      if (unit === 0) continue;
      const whole = Math.floor(use[row]! / unit);
      const part = use[row]! / unit - whole;
      const distance = Math.min(part, 1 - part);
      if (distance <= farthest || whole * unit >= most[row]! || (whole + 1) * unit <= least[row]!) continue;
      farthest = distance;
      branch = { kind: 'use', row, most: whole * unit, least: (whole + 1) * unit };
    }
    return branch;
  }

  /** By the plan of which it is least clear whether its contact should have it. */
  #branchByPlan({ isOpen }: Node, { shares }: Average): Branch | null {
    const { firstPlan } = this.#undecided;
    let leastClear = Infinity;
    let branch: Branch | null = null;
    for (let contact = 0; contact + 1 < firstPlan.length; contact++) {
      const [from, to] = [firstPlan[contact]!, firstPlan[contact + 1]!];
      let open = 0;
      for (let plan = from; plan < to; plan++) open += isOpen[plan]!;
      if (open < 2) continue;
      for (let plan = from; plan < to; plan++) {
        const clarity = Math.abs(shares[plan]! - 0.5);
        if (isOpen[plan] === 0 || clarity >= leastClear) continue;
        leastClear = clarity;
        branch = { kind: 'plan', contact, plan };
      }
    }
    return branch;
  }

  #partsOf({ branch, ...node }: OpenNode): Node[] {
    const { firstPlan } = this.#undecided;
    const [one, other] = [copyOf(node), copyOf(node)];
    if (branch.kind === 'use') {
      one.most[branch.row] = branch.most;
      other.least[branch.row] = branch.least;
    } else {
      one.isOpen.fill(0, firstPlan[branch.contact], firstPlan[branch.contact + 1]);
      one.isOpen[branch.plan] = 1;
      other.isOpen[branch.plan] = 0;
    }
    return [one, other];
  }

  /** The best plan known, options ascending. */
  #plan(): Plan {
    const { best } = this.#bounds;
    if (!best) return this.#known.plan;
    const taken = [...this.#undecided.decided];
    for (const plan of best) taken.push(...this.#undecided.plans[plan]!);
    return Int32Array.from(taken).sort();
  }
}

const copyOf = ({ bound, prices, least, most, isOpen }: Node): Node => ({
  bound,
  prices: prices.slice(),
  least: least.slice(),
  most: most.slice(),
  isOpen: isOpen.slice(),
});
