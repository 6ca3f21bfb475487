import { isByHand } from '../kernel/channel.ts';
import { reasonText, withDay } from '../kernel/reason.ts';
import type { GateReason } from '../pressure/rules.ts';
import { reasonOfCap, reasonOfWishedCap } from '../pressure/rules.ts';
import type { ContactPlanner } from './allocation/contact-planner.ts';
import type { BrokenRule } from './allocation/problem.ts';
import { brokenRuleOf, chargeOf } from './allocation/problem.ts';
import type { Allocation } from './allocation/solve.ts';
import type { PlanInputs } from './inputs.ts';
import { openWindowOf, windowOf } from './inputs.ts';
import type { PlanProblem } from './options.ts';

/** What the plan says of a candidate. */
export interface Verdict {
  readonly candidate: number;
  readonly verdict: 'planned' | 'later' | 'outranked' | 'blocked';
  /** A reason as it is kept (kernel/reason.ts). */
  readonly reason: string;
  /** The chosen day and channel (among the inputs'); null where none was chosen. */
  readonly slot: { readonly daysAhead: number; readonly channel: number } | null;
  readonly valueCents: number;
}

/** What verdicts are given from. */
export interface VerdictContext {
  readonly inputs: PlanInputs;
  readonly plan: PlanProblem;
  readonly allocation: Allocation;
  readonly planner: ContactPlanner;
  /** Why a candidate may not be written to at all, where it may not. */
  readonly blocked: readonly (GateReason | null)[];
  /** Days of promises, which were set before the plan was made. */
  readonly promised: ReadonlyMap<number, NonNullable<Verdict['slot']>>;
  /** Whether a candidate could go today, by its window. */
  readonly isDueToday: (candidate: number) => boolean;
}

/** One verdict for every candidate that is due today or was chosen for any day; of the others nobody asks yet. */
export function verdictsOf(context: VerdictContext): Verdict[] {
  const { units, candidates } = context.inputs;
  const found: Verdict[] = [];
  let next = 0;
  for (const [unit, contacts] of units.entries()) {
    const chosen: number[] = [];
    const end = context.plan.problem.firstOption[unit + 1]!;
    for (; next < context.allocation.plan.length && context.allocation.plan[next]! < end; next++)
      chosen.push(context.allocation.plan[next]!);
    const own = new UnitVerdicts(context, unit, chosen);
    for (const contact of contacts)
      for (
        let candidate = candidates.first[contact]!;
        candidate < candidates.first[contact + 1]!;
        candidate++
      ) {
        const verdict = own.verdictOf(candidate);
        if (verdict) found.push(verdict);
      }
  }
  return found;
}

class UnitVerdicts {
  readonly #context: VerdictContext;
  readonly #unit: number;
  readonly #chosen: readonly number[];

  constructor(context: VerdictContext, unit: number, chosen: readonly number[]) {
    this.#context = context;
    this.#unit = unit;
    this.#chosen = chosen;
  }

  verdictOf(candidate: number): Verdict | null {
    const { plan, blocked, promised, isDueToday } = this.#context;
    const promise = promised.get(candidate);
    if (promise) return this.#promisedVerdict(candidate, promise);
    const option = this.#chosen.find((one) => plan.candidateOf[one] === candidate);
    if (option !== undefined) return this.#chosenVerdict(candidate, option);
    if (!isDueToday(candidate)) return null;
    const reason = blocked[candidate];
    if (reason) return { candidate, verdict: 'blocked', reason, slot: null, valueCents: 0 };
    return this.#refusedVerdict(candidate);
  }

  #promisedVerdict(candidate: number, slot: NonNullable<Verdict['slot']>): Verdict {
    const { isDueToday, inputs } = this.#context;
    const rest = { candidate, slot, valueCents: 0 };
    if (slot.daysAhead === 0) return { ...rest, verdict: 'planned', reason: 'planned' };
    const reason = isDueToday(candidate) ? 'later.day' : 'later.window';
    return { ...rest, verdict: 'later', reason: withDay(reason, inputs.day + slot.daysAhead) };
  }

  #chosenVerdict(candidate: number, option: number): Verdict {
    const { plan } = this.#context;
    const daysAhead = plan.problem.day[option]!;
    const rest = { slot: { daysAhead, channel: plan.channelOf[option]! }, valueCents: plan.valueOf[option]! };
    if (daysAhead === 0) return { candidate, verdict: 'planned', reason: 'planned', ...rest };
    const reason = this.#whyLater(candidate, option);
    const day = this.#context.inputs.day + daysAhead;
    return { candidate, verdict: 'later', reason: withDay(reason, day), ...rest };
  }

  /** Why a candidate does not go today but later. */
  #whyLater(candidate: number, option: number): string {
    const { plan, planner, isDueToday } = this.#context;
    if (!isDueToday(candidate)) return 'later.window';
    const today = this.#optionsOf(candidate).filter((one) => plan.problem.day[one] === 0);
    const first = today[0];
    if (first === undefined && this.#isHeldBack(candidate)) return 'later.held_back';
    if (first === undefined) return this.#isClosedToday() ? 'later.day' : 'later.better_day';
    if (today.every((one) => planner.isForbidden(one)))
      return this.#asLater(brokenRuleOf(plan.problem, this.#unit, first, []));
    const others = this.#chosen.filter((one) => one !== option);
    if (today.every((one) => brokenRuleOf(plan.problem, this.#unit, one, others) !== null))
      return 'later.another_first';
    const isFull = today.some(
      (one) => plan.problem.value[one]! >= plan.problem.value[option]! && this.#price(one) > 0,
    );
    return isFull ? this.#fullName('later', today) : 'later.better_day';
  }

  #asLater(broken: BrokenRule | null): string {
    if (broken?.kind === 'day') return 'later.one_a_day';
    if (broken?.kind !== 'cap') return 'later.another_first';
    const reason = this.#reasonOf(broken);
    return reason.replace(/^caps\.reached/, 'later.cap').replace(/^wish\.cap/, 'later.wish');
  }

  /** Why a candidate that may be written to gets no day at all. */
  #refusedVerdict(candidate: number): Verdict {
    const { plan, planner } = this.#context;
    const best = plan.bestValue[candidate]!;
    const options = this.#optionsOf(candidate);
    const blockedBy = (reason: string): Verdict => ({
      candidate,
      verdict: 'blocked',
      reason,
      slot: null,
      valueCents: best > 0 ? best : 0,
    });
    if (Number.isNaN(best)) return blockedBy(this.#whyClosed());
    if (best <= 0) return blockedBy(this.#isDear(candidate) ? 'value.below_cost' : 'value.too_small');
    const [first] = options;
    if (first !== undefined && options.every((one) => planner.isForbidden(one))) {
      const broken = brokenRuleOf(plan.problem, this.#unit, first, []);
      return blockedBy(broken ? this.#reasonOf(broken) : 'caps.one_a_day');
    }
    const isPricedOut =
      options.length > 0 && options.every((one) => plan.problem.value[one]! - this.#price(one) <= 0);
    return {
      candidate,
      verdict: 'outranked',
      reason: isPricedOut ? this.#fullName('limit', options) : 'arbitration.another_message',
      slot: null,
      valueCents: best,
    };
  }

  /** Whether the lot of send days keeps an open window shut today. */
  #isHeldBack(candidate: number): boolean {
    const { inputs } = this.#context;
    return windowOf(inputs, candidate).from <= 0 && openWindowOf(inputs, candidate).from > 0;
  }

  /** What is full: the calls, the letters, or the places of whatever the options use. */
  #fullName(verdict: 'later' | 'limit', options: readonly number[]): string {
    const { plan, inputs } = this.#context;
    const [only, ...others] = new Set(options.map((one) => inputs.channels[plan.channelOf[one]!]!.channel));
    if (others.length === 0 && only === 'phone') return `${verdict}.calls`;
    if (others.length === 0 && only === 'letter') return `${verdict}.letters`;
    return verdict === 'later' ? 'later.limit' : 'limit.full';
  }

  /** Whether a candidate could only go by what takes somebody's time or a stamp. */
  #isDear(candidate: number): boolean {
    const { channels, allowed } = this.#context.inputs;
    return channels.every(
      ({ channel }, number) => ((allowed[candidate]! >> number) & 1) === 0 || isByHand(channel),
    );
  }

  #isClosedToday(): boolean {
    return this.#context.inputs.channels.every(({ closedBecause }) => closedBecause(0) !== null);
  }

  #whyClosed(): GateReason {
    const reasons = this.#context.inputs.channels.map(({ closedBecause }) => closedBecause(0));
    return reasons.find((reason) => reason !== null) ?? 'hours.shop_closed';
  }

  #optionsOf(candidate: number): number[] {
    const { problem, candidateOf } = this.#context.plan;
    const found: number[] = [];
    for (let one = problem.firstOption[this.#unit]!; one < problem.firstOption[this.#unit + 1]!; one++)
      if (candidateOf[one] === candidate) found.push(one);
    return found;
  }

  /** What the limits that an option uses would earn with somebody else. */
  #price(option: number): number {
    const { plan, allocation } = this.#context;
    return chargeOf(plan.problem, option, allocation.prices);
  }

  #reasonOf(broken: BrokenRule): string {
    const { inputs, plan } = this.#context;
    if (broken.kind === 'day') return 'caps.one_a_day';
    if (broken.kind === 'exclusion')
      return reasonText('caps.exclusion', { days: broken.exclusion.windowDays });
    const { cap } = broken;
    const number = plan.problem.rules.caps.indexOf(cap);
    return number >= 0
      ? reasonOfCap(inputs.groups.caps[number]!.rule)
      : reasonOfWishedCap({ max: cap.max, days: cap.windowDays });
  }
}
