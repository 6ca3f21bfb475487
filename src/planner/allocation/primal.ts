import type { ContactPlanner } from './contact-planner.ts';
import type { Plan, Problem } from './problem.ts';
import { addUsage, chargeOf, closePrices, isPromise } from './problem.ts';

const ROUNDING = 1e-9;

/**
 * A plan under construction: what each contact gets and what is left of each limit. Every change keeps it feasible.
 */
class PlanInProgress {
  readonly problem: Problem;
  readonly #planner: ContactPlanner;
  readonly #remaining: Float64Array;
  readonly #options: (Int32Array | null)[];
  readonly #open: Float64Array;

  constructor(problem: Problem, planner: ContactPlanner) {
    this.problem = problem;
    this.#planner = planner;
    this.#remaining = problem.limits.slice();
    this.#options = new Array<Int32Array | null>(problem.contactCount).fill(null);
    this.#open = new Float64Array(problem.limits.length);
  }

  /** All options taken, ascending. */
  plan(): Plan {
    const taken: number[] = [];
    for (const own of this.#options) if (own) taken.push(...own);
    return Int32Array.from(taken);
  }

  /** What is left of a limit; of a promise, how much more than promised there is. */
  left(limit: number): number {
    return this.#remaining[limit]!;
  }

  /** Gives a contact what the planner last chose, if what is left allows it. */
  takeChosen(contact: number): boolean {
    const { chosen, count } = this.#planner;
    for (let place = 0; place < count; place++) addUsage(this.problem, chosen[place]!, this.#remaining, -1);
    if (this.#isLeft(chosen, count)) {
      this.#options[contact] = chosen.slice(0, count);
      return true;
    }
    for (let place = 0; place < count; place++) addUsage(this.problem, chosen[place]!, this.#remaining, 1);
    return false;
  }

  /** Takes from a contact what it has, and returns it. */
  release(contact: number): Int32Array | null {
    const own = this.#options[contact]!;
    this.#options[contact] = null;
    for (const option of own ?? []) addUsage(this.problem, option, this.#remaining, 1);
    return own;
  }

  /** Gives back what was released a moment ago. */
  restore(contact: number, own: Int32Array | null): void {
    this.#options[contact] = own;
    for (const option of own ?? []) addUsage(this.problem, option, this.#remaining, -1);
  }

  /**
   * Gives a contact the plan that is best at some prices among those that what is left allows, its own present one counted as
   * left, or keeps the present one. Returns whether anything changed.
   */
  improve(contact: number, prices: Float64Array): boolean {
    const before = this.release(contact);
    closePrices(this.problem, { prices, left: this.#remaining, asked: this.#open });
    const best = this.#planner.solve(contact, this.#open);
    if (best > this.#worthAt(before, prices) + ROUNDING && this.takeChosen(contact)) return true;
    this.restore(contact, before);
    return false;
  }

  /** What options earn at some prices. */
  #worthAt(own: Int32Array | null, prices: Float64Array): number {
    let sum = 0;
    for (const option of own ?? [])
      sum += this.problem.value[option]! - chargeOf(this.problem, option, prices);
    return sum;
  }

  #isLeft(chosen: Int32Array, count: number): boolean {
    const { width, uses } = this.problem;
    for (let place = 0; place < count; place++)
      for (let at = chosen[place]! * width; at < (chosen[place]! + 1) * width; at++)
        if (uses[at]! >= 0 && this.#remaining[uses[at]!]! < -ROUNDING && !isPromise(this.problem, uses[at]!))
          return false;
    return true;
  }
}

/** Of more messages than were promised, those that are only there for the promise go again, the least worthwhile first. */
function dropSurplus(
  progress: PlanInProgress,
  { limit, order, prices }: { limit: number; order: Uint32Array; prices: Float64Array },
): void {
  const unpaid = prices.slice();
  unpaid[limit] = 0;
  for (let place = order.length - 1; place >= 0; place--) {
    if (progress.left(limit) < 1) return;
    progress.improve(order[place]!, unpaid);
  }
}

/**
 * Every contact is asked again at these shares of the prices: above them first, so that whoever earns less than what others were
 * refused makes room; then below, so that what is left goes first to those who earn nearly the price, at last to anybody.
 */
const PRICE_SHARES = [1.2, 1.05, 1, 0.95, 0.8, 0.5, 0];

/**
 * A feasible plan from prices (planner.md B4): contacts in the order of what they earn at the prices take their best plan while the
 * limits hold; those refused take the best that is left; then everybody, in the same order, takes what is better at other shares of
 * the prices.
 */
export function constructPlan(problem: Problem, planner: ContactPlanner, prices: Float64Array): Plan {
  const progress = new PlanInProgress(problem, planner);
  const { contactCount } = problem;
  const gains = new Float64Array(contactCount);
  for (let contact = 0; contact < contactCount; contact++) gains[contact] = planner.solve(contact, prices);
  const order = Uint32Array.from(gains.keys()).sort((one, other) => gains[other]! - gains[one]!);
  const refused: number[] = [];
  for (const contact of order) {
    if (gains[contact] === 0) break;
    planner.solve(contact, prices);
    if (!progress.takeChosen(contact)) refused.push(contact);
  }
  if (problem.limits.length === 0) return progress.plan();
  for (const contact of refused) progress.improve(contact, prices);
  for (const share of PRICE_SHARES) {
    // What a promise pays is paid in full: who keeps it is not to be talked out of it.
    const asked = prices.map((price, limit) => (isPromise(problem, limit) ? price : share * price));
    for (const contact of order) progress.improve(contact, asked);
  }
  for (const [limit, cost] of problem.shortfallCosts.entries())
    if (Number.isFinite(cost)) dropSurplus(progress, { limit, order, prices });
  return progress.plan();
}
