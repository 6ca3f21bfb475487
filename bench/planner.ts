/**
 * The allocation of the planner on the seeded instances of planner.md: of many days (B10, the default) or of one (B6, `--days 1`).
 * Prints what the plan earns, the bound that no plan passes, the gap between them and the time, beside greedy by value, first come
 * first served, and an exact solver where it can. `--dump DIR` writes the instance and the plan for others to check.
 *
 * npm run -s bench -- planner [--customers 100000] [--days 14] [--exact] [--dump DIR] [--json]
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ContactPlanner } from '../src/planner/allocation/contact-planner.ts';
import { solveDual } from '../src/planner/allocation/dual.ts';
import type { Problem } from '../src/planner/allocation/problem.ts';
import { violationsOf } from '../src/planner/allocation/problem.ts';
import { allocate } from '../src/planner/allocation/solve.ts';
import { dumpAllocation } from './support/allocation-dump.ts';
import { manyDaysInstance, oneDayInstance } from './support/allocation-instances.ts';
import { firstComeFirstServed, greedyByValue, solveExactly } from './support/allocation-rivals.ts';
import { describeMachine, figure, missedIn, round } from './support/measure.ts';

const GAP_LIMIT = 0.001;
const EXACT_CUSTOMERS_MAX = 2000;
const EXACT_SECONDS_MAX = 300;
const SMALL_SECONDS = 2;
const SECONDS = 5;
const LARGE_SECONDS = 60;
const MEMORY_LIMIT_MB = 4096;

/** Share of contacts whose candidates cannot all be sent, whatever the limits of the shop. */
function collisionsIn(problem: Problem): number {
  const planner = new ContactPlanner(problem);
  const free = new Float64Array(problem.limits.length);
  let collisions = 0;
  for (let contact = 0; contact < problem.contactCount; contact++) {
    const [from, to] = [problem.firstOption[contact]!, problem.firstOption[contact + 1]!];
    const candidates = new Set(problem.candidate.subarray(from, to)).size;
    planner.solve(contact, free);
    if (planner.count < candidates) collisions++;
  }
  return collisions / problem.contactCount;
}

const secondsAllowed = (customers: number): number =>
  customers <= EXACT_CUSTOMERS_MAX ? SMALL_SECONDS : customers <= 100_000 ? SECONDS : LARGE_SECONDS;

async function measure(
  customers: number,
  days: number,
  options: { exact: boolean; dump: string | undefined },
) {
  const problem = days === 1 ? oneDayInstance(customers) : manyDaysInstance(customers, days);
  const start = performance.now();
  const { plan, value, bound, gap } = allocate(problem);
  const seconds = (performance.now() - start) / 1000;
  const violations = violationsOf(problem, plan);
  if (violations.length > 0) throw new Error(`The plan breaks a rule: ${violations.slice(0, 3).join('; ')}`);
  if (options.dump !== undefined) {
    mkdirSync(options.dump, { recursive: true });
    await dumpAllocation(problem, plan, options.dump);
  }
  const exact = options.exact ? await solveExactly(problem, EXACT_SECONDS_MAX) : null;
  return {
    machine: describeMachine(),
    customers,
    days,
    options: problem.value.length,
    collisions: round(collisionsIn(problem), 3),
    messages: plan.length,
    value: round(value, 4),
    bound: round(bound, 4),
    // The bound by prices alone, before branch and bound: the check value D of planner.md B6.
    ...(days === 1 && { dual: round(solveDual(problem, new ContactPlanner(problem)).bound, 4) }),
    gap: {
      ...figure(gap, 'times', GAP_LIMIT, days === 1 ? 'own' : 'issue'),
      value: round(gap, 6),
    },
    seconds: figure(seconds, 's', secondsAllowed(customers), 'issue'),
    peakMemoryMb: figure(process.resourceUsage().maxRSS / 1024, 'MB', MEMORY_LIMIT_MB, 'issue'),
    rivals: {
      greedyByValue: round(greedyByValue(problem) / value, 4),
      firstComeFirstServed: round(firstComeFirstServed(problem) / value, 4),
    },
    ...(exact && {
      exact: { ...exact, seconds: round(exact.seconds, 2) },
      belowExact: {
        ...figure(1 - value / exact.value, 'times', GAP_LIMIT, 'issue'),
        value: round(1 - value / exact.value, 6),
      },
    }),
  };
}

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '100000' },
    days: { type: 'string', default: '14' },
    exact: { type: 'boolean' },
    dump: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const customers = Number(values.customers);
const result = await measure(customers, Number(values.days), {
  exact: values.exact ?? customers <= EXACT_CUSTOMERS_MAX,
  dump: values.dump,
});
const missed = missedIn(result);
console.log(JSON.stringify({ ...result, missed }, null, values.json ? 0 : 1));
if (missed.length > 0) process.exitCode = 1;
