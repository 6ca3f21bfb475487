import highs from 'highs';
import type { Plan, Problem } from '../../src/planner/allocation/problem.ts';
import { addUsage, valueOfPlan, violationsOfContact } from '../../src/planner/allocation/problem.ts';

/** A plan filled option by option: what the rivals of the planner do. */
class FilledPlan {
  readonly #problem: Problem;
  readonly #left: Float64Array;
  readonly #own = new Map<number, number[]>();

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#left = problem.limits.slice();
  }

  /** Takes an option if the contact's rules and what is left of the limits allow it. */
  take(contact: number, option: number): boolean {
    const own = this.#own.get(contact) ?? [];
    if (!this.#isLeft(option) || violationsOfContact(this.#problem, contact, [...own, option]).length > 0)
      return false;
    this.#own.set(contact, [...own, option]);
    addUsage(this.#problem, option, this.#left, -1);
    return true;
  }

  plan(): Plan {
    return Int32Array.from([...this.#own.values()].flat()).sort();
  }

  #isLeft(option: number): boolean {
    const { width, uses, amounts } = this.#problem;
    for (let at = option * width; at < (option + 1) * width; at++)
      if (uses[at]! >= 0 && this.#left[uses[at]!]! < amounts[at]! - 1e-9) return false;
    return true;
  }
}

/** The contact of every option. */
function contactsOfOptions({ contactCount, firstOption, value }: Problem): Int32Array {
  const contacts = new Int32Array(value.length);
  for (let contact = 0; contact < contactCount; contact++)
    contacts.fill(contact, firstOption[contact], firstOption[contact + 1]);
  return contacts;
}

/** All options by value, the largest first, each taken while rules and limits hold. */
export function greedyByValue(problem: Problem): number {
  const contacts = contactsOfOptions(problem);
  const plan = new FilledPlan(problem);
  const order = Uint32Array.from(problem.value.keys()).sort((a, b) => problem.value[b]! - problem.value[a]!);
  for (const option of order) if (problem.value[option]! > 0) plan.take(contacts[option]!, option);
  return valueOfPlan(problem, plan.plan());
}

/** What most systems do: day by day whoever comes first takes the best that is left today; what is capped is dropped. */
export function firstComeFirstServed(problem: Problem): number {
  const { contactCount, firstOption, day, value } = problem;
  const plan = new FilledPlan(problem);
  for (const now of [...new Set(day)].sort((one, other) => one - other))
    for (let contact = 0; contact < contactCount; contact++) {
      const today: number[] = [];
      for (let option = firstOption[contact]!; option < firstOption[contact + 1]!; option++)
        if (day[option] === now && value[option]! > 0) today.push(option);
      for (const option of today.sort((a, b) => value[b]! - value[a]!)) if (plan.take(contact, option)) break;
    }
  return valueOfPlan(problem, plan.plan());
}

/** The same problem in the CPLEX LP format: one binary variable for each option that may be taken. */
export function asLinearProgram(problem: Problem): string {
  const { contactCount, firstOption, width, uses, amounts, value, limits } = problem;
  const isOpen = (contact: number, option: number): boolean =>
    value[option]! > 0 && violationsOfContact(problem, contact, [option]).length === 0;
  const objective: string[] = [];
  const rows: string[] = [];
  const ofLimits = Array.from(limits, (): string[] => []);
  for (let contact = 0; contact < contactCount; contact++) {
    const open: number[] = [];
    for (let option = firstOption[contact]!; option < firstOption[contact + 1]!; option++)
      if (isOpen(contact, option)) open.push(option);
    for (const option of open) {
      objective.push(`${value[option]!} x${option}`);
      for (let at = option * width; at < (option + 1) * width; at++)
        if (uses[at]! >= 0) ofLimits[uses[at]!]!.push(`${amounts[at]!} x${option}`);
    }
    rows.push(...rowsOfContact(problem, contact, open));
  }
  for (const [limit, terms] of ofLimits.entries())
    if (terms.length > 0) rows.push(`${terms.join(' + ')} <= ${limits[limit]!}`);
  return [
    'Maximize',
    ` obj: ${objective.join(' + ')}`,
    'Subject To',
    ...rows.map((row, index) => ` r${index}: ${row}`),
    'Binary',
    ` ${objective.map((term) => term.slice(term.indexOf('x'))).join(' ')}`,
    'End',
  ].join('\n');
}

function rowsOfContact(problem: Problem, contact: number, open: readonly number[]): Set<string> {
  const { candidate, day: dayOf, groups, rules, firstFixed, fixedDays, fixedGroups } = problem;
  const rows = new Set<string>();
  const atMost = (options: readonly number[], most: number): void => {
    if (options.length > most) rows.add(`${options.map((option) => `x${option}`).join(' + ')} <= ${most}`);
  };
  const day = (option: number): number => dayOf[option]!;
  for (const own of new Set(open.map((option) => candidate[option])))
    atMost(
      open.filter((option) => candidate[option] === own),
      1,
    );
  for (const own of new Set(open.map(day)))
    atMost(
      open.filter((option) => day(option) === own),
      1,
    );
  for (const { group, windowDays, max } of rules.caps)
    for (const last of new Set(open.map(day))) {
      const inWindow = (at: number): boolean => at <= last && at > last - windowDays;
      let left = max;
      for (let past = firstFixed[contact]!; past < firstFixed[contact + 1]!; past++)
        if (inWindow(fixedDays[past]!) && ((fixedGroups[past]! >> group) & 1) === 1) left--;
      const counted = open.filter(
        (option) => inWindow(day(option)) && ((groups[option]! >> group) & 1) === 1,
      );
      atMost(counted, Math.max(left, 0));
    }
  return rows;
}

/** The package declares its ES module as if it were CommonJS. */
const loadHighs = highs as unknown as typeof highs.default;

/** The best plan that HiGHS finds, with its proof of how good any could be. */
export async function solveExactly(
  problem: Problem,
  timeLimitSeconds: number,
): Promise<{ value: number; seconds: number; status: string }> {
  const solver = await loadHighs();
  const program = asLinearProgram(problem);
  const start = performance.now();
  const found = solver.solve(program, { time_limit: timeLimitSeconds, mip_rel_gap: 1e-6 });
  return { value: found.ObjectiveValue, seconds: (performance.now() - start) / 1000, status: found.Status };
}
