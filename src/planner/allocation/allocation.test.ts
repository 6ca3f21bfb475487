import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  flatInstance,
  manyDaysInstance,
  oneDayInstance,
} from '../../../bench/support/allocation-instances.ts';
import { branchAndBound } from './branch-and-bound.ts';
import { ContactPlanner } from './contact-planner.ts';
import { solveDual } from './dual.ts';
import type { Problem } from './problem.ts';
import { usageOfPlan, valueOfPlan, violationsOf, violationsOfContact } from './problem.ts';
import { allocate } from './solve.ts';
import { wholeLimits } from './whole-limits.ts';

interface AnyOption {
  readonly candidate: number;
  readonly day: number;
  readonly groups: number;
  readonly value: number;
  readonly limit: number;
}

const LIMITS = 3;

/** Small problems with every kind of rule, and messages already sent, approved or promised. */
const anyProblem = (contactsMax: number, optionsMax: number): fc.Arbitrary<Problem> =>
  fc
    .record({
      contacts: fc.array(
        fc.record({
          options: fc.array(
            fc.record({
              candidate: fc.nat({ max: 3 }),
              day: fc.constantFrom(0, 1, 2, 5, 9, 14, 21),
              groups: fc.constantFrom(1, 3, 5, 7),
              value: fc.double({ min: -1, max: 10, noNaN: true }),
              limit: fc.nat({ max: LIMITS }),
            }),
            { maxLength: optionsMax },
          ),
          fixed: fc.array(
            fc.record({ day: fc.integer({ min: -20, max: 20 }), groups: fc.constantFrom(1, 3) }),
            { maxLength: 2 },
          ),
          wish: fc.option(
            fc.record({ windowDays: fc.integer({ min: 1, max: 25 }), max: fc.nat({ max: 2 }) }),
          ),
        }),
        { minLength: 1, maxLength: contactsMax },
      ),
      limits: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: LIMITS, maxLength: LIMITS }),
      caps: fc.array(
        fc.record({
          group: fc.nat({ max: 2 }),
          windowDays: fc.integer({ min: 1, max: 25 }),
          max: fc.integer({ min: 1, max: 2 }),
        }),
        { maxLength: 3 },
      ),
      exclusions: fc.array(fc.constant({ group: 1, other: 2, windowDays: 6 }), { maxLength: 1 }),
    })
    .map(({ contacts, limits, caps, exclusions }): Problem => {
      const options: AnyOption[] = [];
      const fixed: { day: number; groups: number }[] = [];
      const firstOption = [0];
      const firstFixed = [0];
      for (const contact of contacts) {
        options.push(...[...contact.options].sort((a, b) => a.day - b.day || a.candidate - b.candidate));
        fixed.push(...contact.fixed);
        firstOption.push(options.length);
        firstFixed.push(fixed.length);
      }
      return {
        contactCount: contacts.length,
        firstOption: Int32Array.from(firstOption),
        candidate: Uint8Array.from(options, ({ candidate }) => candidate),
        day: Int16Array.from(options, ({ day }) => day),
        groups: Uint16Array.from(options, ({ groups }) => groups),
        value: Float32Array.from(options, ({ value }) => value),
        width: 1,
        uses: Int32Array.from(options, ({ limit }) => (limit === LIMITS ? -1 : limit)),
        amounts: new Float32Array(options.length).fill(1),
        limits: Float64Array.from(limits),
        shortfallCosts: new Float64Array(limits.length).fill(Infinity),
        rules: { caps, exclusions },
        ownRules: new Map(
          contacts.flatMap(({ wish }, contact) =>
            wish ? [[contact, { caps: [{ group: 0, ...wish }], exclusions: [] }]] : [],
          ),
        ),
        firstFixed: Int32Array.from(firstFixed),
        fixedDays: Int16Array.from(fixed, ({ day }) => day),
        fixedGroups: Uint16Array.from(fixed, ({ groups }) => groups),
      };
    });

/** Every set of options of a contact that the rules allow. */
function* allowedSets(
  problem: Problem,
  contact: number,
  from = problem.firstOption[contact]!,
): Generator<number[]> {
  yield [];
  for (let option = from; option < problem.firstOption[contact + 1]!; option++)
    for (const rest of allowedSets(problem, contact, option + 1)) {
      const set = [option, ...rest];
      if (violationsOfContact(problem, contact, set).length === 0) yield set;
    }
}

/** The most that any plan earns, by trying all of them. */
function bestByTrial(problem: Problem): number {
  const choices = Array.from({ length: problem.contactCount }, (_, contact) =>
    [...allowedSets(problem, contact)].map((set) => ({
      value: valueOfPlan(problem, set),
      used: usageOfPlan(problem, set),
    })),
  );
  const best = (contact: number, left: Float64Array): number => {
    let most = contact === problem.contactCount ? 0 : -Infinity;
    for (const { value, used } of choices[contact] ?? [])
      if (used.every((amount, limit) => amount <= left[limit]!))
        most = Math.max(
          most,
          value +
            best(
              contact + 1,
              left.map((limit, index) => limit - used[index]!),
            ),
        );
    return most;
  };
  return best(0, problem.limits);
}

/** The best plan of a problem with promises, by trying all. */
function bestWithPromise(problem: Problem): number {
  const sets = Array.from({ length: problem.contactCount }, (_, contact) => [
    ...allowedSets(problem, contact),
  ]);
  const best = (contact: number, plan: readonly number[]): number => {
    if (contact < problem.contactCount)
      return Math.max(...sets[contact]!.map((set) => best(contact + 1, [...plan, ...set])));
    const used = usageOfPlan(problem, plan);
    const fits = used.every(
      (amount, limit) => problem.limits[limit]! < 0 || amount <= problem.limits[limit]!,
    );
    return fits ? valueOfPlan(problem, plan) : -Infinity;
  };
  return best(0, []);
}

/** People with one option each, of slightly different value around `worth`, that keeps the first limit's promise. */
function manyPeople(count: number, worth: number): Problem {
  return {
    contactCount: count,
    firstOption: Int32Array.from({ length: count + 1 }, (_, contact) => contact),
    candidate: new Uint8Array(count),
    day: new Int16Array(count),
    groups: new Uint16Array(count).fill(1),
    value: Float32Array.from({ length: count }, (_, contact) => worth * (1 + contact / 10)),
    width: 1,
    uses: new Int32Array(count),
    amounts: new Float32Array(count).fill(-1),
    limits: Float64Array.of(0),
    shortfallCosts: Float64Array.of(Infinity),
    rules: { caps: [], exclusions: [] },
    ownRules: new Map(),
    firstFixed: new Int32Array(count + 1),
    fixedDays: new Int16Array(0),
    fixedGroups: new Uint16Array(0),
  };
}

describe('the best plan of one contact', () => {
  it('is that of all allowed sets, at any prices', () => {
    fc.assert(
      fc.property(
        anyProblem(3, 9),
        fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: LIMITS, maxLength: LIMITS }),
        (problem, some) => {
          const prices = Float64Array.from(some);
          const planner = new ContactPlanner(problem);
          for (let contact = 0; contact < problem.contactCount; contact++) {
            const worth = (set: readonly number[]): number =>
              valueOfPlan(problem, set) -
              usageOfPlan(problem, set).reduce((sum, used, limit) => sum + used * prices[limit]!, 0);
            const best = Math.max(...[...allowedSets(problem, contact)].map(worth));
            expect(planner.solve(contact, prices)).toBeCloseTo(best, 6);
            const chosen = [...planner.chosen.subarray(0, planner.count)];
            expect(worth(chosen)).toBeCloseTo(best, 6);
            expect(violationsOfContact(problem, contact, chosen)).toEqual([]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the plans of one contact that are nearly best', () => {
  it('are all that the rules allow and that lose no more than asked, and none where they are too many', () => {
    fc.assert(
      fc.property(anyProblem(2, 7), fc.double({ min: 0, max: 8, noNaN: true }), (problem, loss) => {
        const prices = new Float64Array(LIMITS).fill(0.5);
        const planner = new ContactPlanner(problem);
        for (let contact = 0; contact < problem.contactCount; contact++) {
          const worth = (set: readonly number[]): number =>
            valueOfPlan(problem, set) - usageOfPlan(problem, set).reduce((sum, used) => sum + used / 2, 0);
          const sets = [...allowedSets(problem, contact)];
          const best = Math.max(...sets.map(worth));
          const near = planner.plansNear(contact, prices, { loss, most: sets.length })!.map(String);
          expect(new Set(near).size).toBe(near.length);
          for (const set of sets) {
            const lost = best - worth(set);
            if (Math.abs(lost - loss) > 1e-6) expect(near.includes(String(set))).toBe(lost < loss);
          }
          if (near.length > 1)
            expect(planner.plansNear(contact, prices, { loss, most: near.length - 1 })).toBeNull();
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** The same with a budget besides, of which options use unequal amounts. */
const withBudget = fc
  .tuple(anyProblem(3, 6), fc.double({ min: 0.4, max: 12, noNaN: true }))
  .map(([problem, budget]): Problem => ({
    ...problem,
    width: 2,
    uses: Int32Array.from({ length: 2 * problem.value.length }, (_, at) =>
      at % 2 === 0 ? problem.uses[at / 2]! : LIMITS,
    ),
    amounts: Float32Array.from({ length: 2 * problem.value.length }, (_, at) =>
      at % 2 === 0 ? 1 : [0.5, 3, 4.25][problem.candidate[(at - 1) / 2]! % 3]!,
    ),
    limits: Float64Array.of(...problem.limits, budget),
    shortfallCosts: new Float64Array(LIMITS + 1).fill(Infinity),
  }));

describe('branch and bound', () => {
  it('finds the best plan of a tiny problem and proves it, and is right wherever it stops', () => {
    fc.assert(
      fc.property(withBudget, (problem) => {
        const best = bestByTrial(problem);
        const planner = new ContactPlanner(problem);
        const known = { ...solveDual(problem, planner), plan: new Int32Array(0) };
        let before = { bound: known.bound, value: 0 };
        for (const work of [0, 500, 5000, Infinity]) {
          const { plan, bound } = branchAndBound(problem, planner, known, work);
          const value = valueOfPlan(problem, plan);
          expect(violationsOf(problem, plan)).toEqual([]);
          expect(bound).toBeGreaterThanOrEqual(best - 1e-6);
          expect(bound).toBeLessThanOrEqual(before.bound + 1e-6);
          expect(value).toBeGreaterThanOrEqual(before.value);
          before = { bound, value };
        }
        expect(before.value).toBeCloseTo(best, 6);
        expect(before.bound).toBeCloseTo(best, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('never lowers the bound for more of a limit', () => {
    fc.assert(
      fc.property(withBudget, fc.nat({ max: LIMITS }), (problem, more) => {
        const limits = problem.limits.map((limit, index) => (index === more ? limit + 1.3 : limit));
        expect(allocate({ ...problem, limits }).bound).toBeGreaterThanOrEqual(allocate(problem).bound - 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    { customers: 300, days: 1, optimum: 50.697128 },
    { customers: 2000, days: 1, optimum: 364.706982 },
    { customers: 300, days: 14, optimum: 22.924389 },
    { customers: 2000, days: 14, optimum: 175.688602 },
  ])('proves what HiGHS finds: $customers customers, $days days', ({ customers, days, optimum }) => {
    const problem = days === 1 ? oneDayInstance(customers) : manyDaysInstance(customers, days);
    const { plan, value, bound } = allocate(problem);
    expect(violationsOf(problem, plan)).toEqual([]);
    expect(value).toBeCloseTo(optimum, 5);
    expect(bound).toBeCloseTo(optimum, 5);
    expect(allocate(problem).plan).toEqual(plan);
  });

  it('counts of a limit only what can be used of it, and leaves promises as they are', () => {
    const people = { ...manyPeople(4, 1), amounts: new Float32Array(4).fill(0.25) };
    const whole = (limit: number, shortfallCost = Infinity): number =>
      wholeLimits({
        ...people,
        limits: Float64Array.of(limit),
        shortfallCosts: Float64Array.of(shortfallCost),
      })[0]!;
    expect(whole(0.7)).toBe(0.5);
    expect(whole(0.75 - 1e-12)).toBe(0.75);
    expect(whole(-0.7, 3)).toBe(-0.7);
  });
});

describe('an allocation', () => {
  it('of a tiny problem is the best plan within rules and limits, and its bound says so', () => {
    fc.assert(
      fc.property(anyProblem(3, 6), (problem) => {
        const { plan, value, bound } = allocate(problem);
        const best = bestByTrial(problem);
        expect(violationsOf(problem, plan)).toEqual([]);
        expect(valueOfPlan(problem, plan)).toBeCloseTo(value, 6);
        expect(value).toBeCloseTo(best, 6);
        expect(bound).toBeCloseTo(best, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps what was promised where it can, and its bound counts what it costs to fall short', () => {
    const promising = fc
      .tuple(anyProblem(3, 5), fc.integer({ min: 1, max: 3 }), fc.constantFrom(3, 100))
      .map(([problem, least, cost]): Problem => ({
        ...problem,
        width: 2,
        uses: Int32Array.from(problem.value.keys(), (option) => option).reduce(
          (uses, option) => {
            uses[2 * option] = problem.uses[option]!;
            uses[2 * option + 1] = problem.candidate[option] === 0 ? LIMITS : -1;
            return uses;
          },
          new Int32Array(2 * problem.value.length),
        ),
        amounts: Float32Array.from({ length: 2 * problem.value.length }, (_, at) => (at % 2 === 0 ? 1 : -1)),
        limits: Float64Array.of(...problem.limits, -least),
        shortfallCosts: Float64Array.of(...problem.shortfallCosts, cost),
      }));
    fc.assert(
      fc.property(promising, (problem) => {
        const { plan, value, bound } = allocate(problem);
        const best = bestWithPromise(problem);
        expect(violationsOf(problem, plan)).toEqual([]);
        expect(valueOfPlan(problem, plan)).toBeCloseTo(value, 6);
        expect(value).toBeCloseTo(best, 6);
        expect(bound).toBeCloseTo(best, 6);
      }),
      { numRuns: 60 },
    );
    // Three of four people are promised a message that is worth less than nothing, on which a limit of another kind does not bear.
    const four = manyPeople(4, -1);
    const kept = allocate({ ...four, limits: Float64Array.of(-3), shortfallCosts: Float64Array.of(50) });
    expect(kept.plan).toHaveLength(3);
    const cheap = allocate({ ...four, limits: Float64Array.of(-3), shortfallCosts: Float64Array.of(0.5) });
    expect(cheap.plan, 'breaking it costs less').toHaveLength(0);
  });

  it('reaches the check values of planner.md B6', () => {
    const problem = oneDayInstance(5000);
    expect(solveDual(problem, new ContactPlanner(problem)).bound).toBeCloseTo(917.5, 1);
    const { value, bound, plan } = allocate(problem);
    expect((bound - value) / bound).toBeLessThan(0.0002);
    expect(value).toBeCloseTo(916.3, 1);
    expect(plan.length).toBe(1518);
  });

  it.each([14, 42])('of %d days is certified within a thousandth, and the same each time', (days) => {
    const problem = manyDaysInstance(20_000, days);
    const first = allocate(problem);
    expect(violationsOf(problem, first.plan)).toEqual([]);
    expect(first.gap).toBeLessThan(0.001);
    expect(allocate(problem).plan).toEqual(first.plan);
  });

  it('is certified too where one day is worth almost as much as the next, to everybody', () => {
    const problem = flatInstance(20_000);
    const { plan, gap } = allocate(problem);
    expect(violationsOf(problem, plan)).toEqual([]);
    expect(gap).toBeLessThan(0.001);
  });

  it('has a bound that does not fall when there is more of a limit', () => {
    const problem = manyDaysInstance(3000, 14);
    const bound = (limits: Float64Array): number => {
      const more = { ...problem, limits };
      return solveDual(more, new ContactPlanner(more)).bound;
    };
    const before = bound(problem.limits);
    for (const limit of [0, 20, 41])
      expect(
        bound(problem.limits.map((value, index) => value * (index === limit ? 1.5 : 1))),
      ).toBeGreaterThan(before * 0.9999);
  });
});
