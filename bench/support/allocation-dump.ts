import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Plan, Problem } from '../../src/planner/allocation/problem.ts';

/**
 * Writes an instance and a plan as JSON lines, so that anyone can check both with another solver.
 *
 * `instance.jsonl`: first `{"limits": […], "caps": [{group, windowDays, max}], "exclusions": […]}`, then one line
 * for each contact: `{"contact": 0, "past": [[day, [groups]], …], "options": [[option, candidate, day, [groups], value,
 * [[limit, amount], …]], …]}`. Days are counted from today (past ones are negative); a cap allows at most `max` messages of a group in any
 * `windowDays` days running, past ones included; of a candidate, and on a day, at most one option is taken.
 * `plan.jsonl`: one line for each option taken: `{"option": 17}`.
 */
export async function dumpAllocation(problem: Problem, plan: Plan, folder: string): Promise<void> {
  await writeLines(join(folder, 'instance.jsonl'), linesOf(problem));
  await writeLines(
    join(folder, 'plan.jsonl'),
    Array.from(plan, (option) => ({ option })),
  );
}

function* linesOf(problem: Problem): Generator<object> {
  const { limits, rules, contactCount, firstFixed, fixedDays, fixedGroups, firstOption } = problem;
  yield { limits: [...limits], ...rules };
  for (let contact = 0; contact < contactCount; contact++) {
    const past: unknown[] = [];
    for (let one = firstFixed[contact]!; one < firstFixed[contact + 1]!; one++)
      past.push([fixedDays[one]!, groupsOf(fixedGroups[one]!)]);
    const options: unknown[] = [];
    for (let option = firstOption[contact]!; option < firstOption[contact + 1]!; option++)
      options.push(describeOption(problem, option));
    yield { contact, past, options };
  }
}

function describeOption(problem: Problem, option: number): unknown[] {
  const { candidate, day, groups, value, width, uses, amounts } = problem;
  const used: [number, number][] = [];
  for (let at = option * width; at < (option + 1) * width; at++)
    if (uses[at]! >= 0) used.push([uses[at]!, amounts[at]!]);
  return [option, candidate[option]!, day[option]!, groupsOf(groups[option]!), value[option]!, used];
}

const groupsOf = (bits: number): number[] =>
  Array.from({ length: 16 }, (_, group) => group).filter((group) => ((bits >> group) & 1) === 1);

async function writeLines(path: string, lines: Iterable<object>): Promise<void> {
  const out = createWriteStream(path);
  for (const line of lines) if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, 'drain');
  out.end();
  await finished(out);
}
