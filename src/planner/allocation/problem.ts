/**
 * The allocation problem (planner.md B2, B8, B10) in columns: which of its options each contact gets, so that the sum of their
 * values is largest while no contact gets more than its caps allow and no limit of the shop is passed.
 */

/** At most `max` messages of a group in any `windowDays` days running. Group g is bit g of `groups`, below 16. */
export interface Cap {
  readonly group: number;
  readonly windowDays: number;
  readonly max: number;
}

/** Never a message of one group less than `windowDays` days from one of the other, whichever comes first. */
export interface Exclusion {
  readonly group: number;
  readonly other: number;
  readonly windowDays: number;
}

/** Rules that bind the messages of one contact. */
export interface ContactRules {
  readonly caps: readonly Cap[];
  readonly exclusions: readonly Exclusion[];
}

/**
 * Options of all contacts, one entry each; those of a contact stand together, in the order of their days. A candidate is a reason to
 * write: of its options (days, channels, offers) at most one is taken. A contact gets at most one message on a day. Days farther off may
 * stand for the week that they are in.
 */
export interface Problem {
  readonly contactCount: number;
  /** Where the options of each contact begin; one entry more than contacts. */
  readonly firstOption: Int32Array;
  /** Number of the candidate within its contact, below 32. */
  readonly candidate: Uint8Array;
  /** Day from today. */
  readonly day: Int16Array;
  readonly groups: Uint16Array;
  /** What the option earns, less what it costs; in one currency throughout. */
  readonly value: Float32Array;
  /** Interleaved, `width` for each option: limits that it uses (−1 none), and how much of each. */
  readonly width: number;
  readonly uses: Int32Array;
  readonly amounts: Float32Array;
  /**
   * How much of each limit there is. A promise of at least b is a limit of −b of which every option that keeps it uses −1; as it may not
   * be possible to keep, each unit that is missing costs so much (`shortfallCosts`, infinite where nothing may be missing: a limit).
   */
  readonly limits: Float64Array;
  readonly shortfallCosts: Float64Array;
  /** Rules of every contact, and those that one has besides: what it asked for. */
  readonly rules: ContactRules;
  readonly ownRules: ReadonlyMap<number, ContactRules>;
  /**
   * Messages of a contact that are not to be moved: it had them already (days before today as negative numbers), or they are
   * approved or promised. Where its own begin, their days and groups. No option may share their day.
   */
  readonly firstFixed: Int32Array;
  readonly fixedDays: Int16Array;
  readonly fixedGroups: Uint16Array;
}

/** A plan: the options taken, ascending. */
export type Plan = Int32Array;

/** What a plan earns, less what it costs to fall short of what was promised. */
export function valueOfPlan(problem: Problem, plan: Plan | readonly number[]): number {
  const used = usageOfPlan(problem, plan);
  let sum = 0;
  for (const option of plan) sum += problem.value[option]!;
  for (const [limit, cost] of problem.shortfallCosts.entries())
    if (Number.isFinite(cost)) sum -= cost * Math.max(0, used[limit]! - problem.limits[limit]!);
  return sum;
}

/** Whether a limit is a promise, of which something may be missing at a cost. */
export const isPromise = (problem: Problem, limit: number): boolean =>
  Number.isFinite(problem.shortfallCosts[limit]!);

/** Less of a limit than this is none: what is left of whole units after rounding. */
export const LEAST_AMOUNT = 1e-6;

/** Writes prices into `asked`, infinite where of what is left of a limit nothing can be had. A promise has no end. */
export function closePrices(
  problem: Problem,
  { prices, left, asked }: { prices: Float64Array; left: Float64Array; asked: Float64Array },
): void {
  for (let limit = 0; limit < left.length; limit++)
    asked[limit] = left[limit]! < LEAST_AMOUNT && !isPromise(problem, limit) ? Infinity : prices[limit]!;
}

/** What the limits that an option uses cost at some prices. */
export function chargeOf({ width, uses, amounts }: Problem, option: number, prices: Float64Array): number {
  let charge = 0;
  for (let at = option * width; at < (option + 1) * width; at++)
    if (uses[at]! >= 0) charge += prices[uses[at]!]! * amounts[at]!;
  return charge;
}

/** How much of each limit a plan uses. */
export function usageOfPlan(problem: Problem, plan: Iterable<number>): Float64Array {
  const used = new Float64Array(problem.limits.length);
  for (const option of plan) addUsage(problem, option, used, 1);
  return used;
}

/** Adds what an option uses to what is used, or takes it away (`times` −1). */
export function addUsage(
  { width, uses, amounts }: Problem,
  option: number,
  used: Float64Array,
  times: 1 | -1,
): void {
  for (let at = option * width; at < (option + 1) * width; at++) {
    const limit = uses[at]!;
    if (limit >= 0) used[limit]! += times * amounts[at]!;
  }
}

/** Whatever a plan violates, in words for a test or a log: none when it may be carried out. */
export function violationsOf(problem: Problem, plan: Plan): string[] {
  const used = usageOfPlan(problem, plan);
  const found = [...problem.limits].flatMap((limit, index) =>
    !isPromise(problem, index) && used[index]! > limit * (1 + 1e-9) + 1e-9
      ? [`limit ${index}: ${used[index]!} of ${limit}`]
      : [],
  );
  for (let contact = 0, next = 0; contact < problem.contactCount; contact++) {
    const own: number[] = [];
    for (; next < plan.length && plan[next]! < problem.firstOption[contact + 1]!; next++)
      own.push(plan[next]!);
    found.push(...violationsOfContact(problem, contact, own));
  }
  return found;
}

interface Sent {
  readonly day: number;
  readonly groups: number;
}

/** Why an option cannot be taken beside others: the day is taken, a cap is full, an exclusion is too near. */
export type BrokenRule =
  | { readonly kind: 'day' }
  | { readonly kind: 'cap'; readonly cap: Cap }
  | { readonly kind: 'exclusion'; readonly exclusion: Exclusion };

/** The first rule of a contact that an option breaks beside some others of its options and what is fixed; null where it fits. */
export function brokenRuleOf(
  problem: Problem,
  contact: number,
  option: number,
  others: readonly number[],
): BrokenRule | null {
  const one = sentBy(problem, option);
  const rest = [...fixedOf(problem, contact), ...others.map((other) => sentBy(problem, other))];
  if (rest.some(({ day }) => day === one.day)) return { kind: 'day' };
  const { caps, exclusions } = rulesOf(problem, contact);
  const cap = caps.find((rule) => breaksCap(rule, one, rest));
  if (cap) return { kind: 'cap', cap };
  const exclusion = exclusions.find((rule) => breaksExclusion(rule, one, rest));
  return exclusion ? { kind: 'exclusion', exclusion } : null;
}

/** The same as `violationsOf` for some options of one contact. */
export function violationsOfContact(problem: Problem, contact: number, own: readonly number[]): string[] {
  const { candidate } = problem;
  const found: string[] = [];
  if (new Set(own.map((option) => candidate[option])).size < own.length)
    found.push(`contact ${contact}: a candidate twice`);
  for (const option of own) {
    const others = own.filter((other) => other !== option);
    const broken = brokenRuleOf(problem, contact, option, others);
    if (broken) found.push(`contact ${contact}: ${JSON.stringify(broken)}`);
  }
  return found;
}

const sentBy = ({ day, groups }: Problem, option: number): Sent => ({
  day: day[option]!,
  groups: groups[option]!,
});

function fixedOf({ firstFixed, fixedDays, fixedGroups }: Problem, contact: number): Sent[] {
  const fixed: Sent[] = [];
  for (let at = firstFixed[contact]!; at < firstFixed[contact + 1]!; at++)
    fixed.push({ day: fixedDays[at]!, groups: fixedGroups[at]! });
  return fixed;
}

const has = ({ groups }: Sent, group: number): boolean => ((groups >> group) & 1) === 1;

/** Whether any window of a cap that holds a message has more than it may; windows end on the day of some message. */
function breaksCap({ group, windowDays, max }: Cap, one: Sent, rest: readonly Sent[]): boolean {
  if (!has(one, group)) return false;
  const all = [...rest, one];
  return all
    .filter((end) => end.day >= one.day && end.day < one.day + windowDays)
    .some((end) => {
      const counted = all.filter(
        (other) => has(other, group) && other.day <= end.day && other.day > end.day - windowDays,
      );
      return counted.length > max;
    });
}

function breaksExclusion({ group, other, windowDays }: Exclusion, one: Sent, rest: readonly Sent[]): boolean {
  const isNear = (theirs: number): boolean =>
    rest.some((rival) => has(rival, theirs) && Math.abs(rival.day - one.day) < windowDays);
  return (has(one, group) && isNear(other)) || (has(one, other) && isNear(group));
}

/** All rules that bind a contact. */
export function rulesOf({ rules, ownRules }: Problem, contact: number): ContactRules {
  const own = ownRules.get(contact);
  if (!own) return rules;
  return {
    caps: [...rules.caps, ...own.caps],
    exclusions: [...rules.exclusions, ...own.exclusions],
  };
}
