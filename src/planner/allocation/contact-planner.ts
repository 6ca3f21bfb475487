import type { BindingRules } from './binding-rules.ts';
import { bindingRules, commonGroups } from './binding-rules.ts';
import { Outlook } from './outlook.ts';
import type { Cap, Problem } from './problem.ts';
import { rulesOf } from './problem.ts';

/** Candidates of a contact; each is taken once at most, so its plan is no longer either. */
const CANDIDATES_MAX = 32;
/** Branches looked at for the plans of one contact near its best; where few rules bind and many days are alike, there is no end of them. */
const BRANCHES_MAX = 20_000;

/**
 * The best plan of one contact at given prices: of its options, those whose values less what they use at these prices add up
 * to most, within its caps. Exact: options are tried in the order of time, and a branch is left when all that its remaining
 * candidates could still earn would not do (planner.md B8). Few contacts need the search: where the best options that lie far
 * enough apart hold to the other rules, they are the best plan.
 */
export class ContactPlanner {
  /** Options chosen by the last call. */
  count = 0;
  readonly chosen = new Int32Array(CANDIDATES_MAX);
  readonly #problem: Problem;
  /** Rules that bind the contact being solved: of all, or its own. */
  readonly #common: BindingRules;
  readonly #own: ReadonlyMap<number, BindingRules>;
  #rules: BindingRules;
  /** 1 where what is fixed leaves no room for an option. */
  readonly #isForbidden: Uint8Array;
  /** Options worth trying: place in the problem, what they earn, and what the rules look at. */
  #kept = 0;
  readonly #option: Int32Array;
  readonly #day: Int32Array;
  readonly #gain: Float64Array;
  /** Per kept option: the first one far enough from it, and most that it and what follows earn, if only the spacing bound. */
  readonly #next: Int32Array;
  readonly #ahead: Float64Array;
  /** Whether the days promise more than all candidates at their best: then the outlook bounds the search too. It costs more than it saves elsewhere. */
  #hasManyAlike = false;
  readonly #outlook = new Outlook(CANDIDATES_MAX);
  readonly #candidateAt = (place: number): number => this.#problem.candidate[this.#option[place]!]!;
  readonly #bestGain = new Float64Array(CANDIDATES_MAX);
  readonly #bestOption = new Int32Array(CANDIDATES_MAX);
  /** Bit of every candidate with something to earn. */
  #seen = 0;
  #contact = 0;
  #blur = 0;
  #chanceState = 1;
  /** The branch that is tried now. */
  readonly #stack = new Int32Array(CANDIDATES_MAX);
  #best = 0;

  constructor(problem: Problem) {
    this.#problem = problem;
    let most = 0;
    for (let contact = 0; contact < problem.contactCount; contact++)
      most = Math.max(most, problem.firstOption[contact + 1]! - problem.firstOption[contact]!);
    this.#option = new Int32Array(most + 1);
    this.#gain = new Float64Array(most + 1);
    this.#day = new Int32Array(most + 1);
    this.#next = new Int32Array(most + 1);
    this.#ahead = new Float64Array(most + 1);
    const common = commonGroups(problem.groups);
    this.#common = bindingRules(problem.rules, common);
    this.#own = new Map(
      Array.from(problem.ownRules.keys(), (contact) => [
        contact,
        bindingRules(rulesOf(problem, contact), common),
      ]),
    );
    this.#rules = this.#common;
    this.#isForbidden = this.#forbidden();
  }

  #forbidden(): Uint8Array {
    const { contactCount, firstOption, firstFixed, value } = this.#problem;
    const found = new Uint8Array(value.length);
    for (let contact = 0; contact < contactCount; contact++) {
      this.#look(contact);
      // A cap of none forbids without any message before.
      if (firstFixed[contact] === firstFixed[contact + 1] && !this.#rules.hasNone) continue;
      for (let option = firstOption[contact]!; option < firstOption[contact + 1]!; option++)
        if (!this.#fits(option, 0, this.#rules.all)) found[option] = 1;
    }
    return found;
  }

  #look(contact: number): void {
    this.#contact = contact;
    this.#rules = (this.#own.size > 0 ? this.#own.get(contact) : undefined) ?? this.#common;
  }

  /** Whether what is fixed, with the rules, leaves no room for an option whatever else is planned. */
  isForbidden(option: number): boolean {
    return this.#isForbidden[option] === 1;
  }

  /**
   * Finds the best plan of a contact; returns what it earns at the prices, 0 when nothing is best. With a `blur`, every option is worth up
   * to half of it more or less, differently each time: contacts that hardly care between options then spread over them.
   */
  solve(contact: number, prices: Float64Array, blur = 0): number {
    this.#blur = blur;
    this.#look(contact);
    this.#gather(contact, prices);
    this.count = 0;
    if (this.#kept === 0) return 0;
    if (this.#hasRoomForOne()) return this.#takeBest();
    if (this.#takeFarApart()) return this.#best;
    return this.#search();
  }

  /**
   * Every plan of a contact that earns at most `loss` less than its best at the prices, the empty one too where it does; null where there are
   * more than `most`, or where it would take too long to find them.
   */
  plansNear(
    contact: number,
    prices: Float64Array,
    { loss, most }: { loss: number; most: number },
  ): Int32Array[] | null {
    const best = this.solve(contact, prices);
    this.#gather(contact, prices, -loss);
    this.#lookAhead();
    const found: Int32Array[] = [];
    if (best <= loss) found.push(new Int32Array(0));
    const isAll = this.#collect(
      { from: 0, depth: 0, sum: 0, unused: this.#seen },
      { best, loss, most, branches: BRANCHES_MAX },
      found,
    );
    return isAll ? found : null;
  }

  /** Uniform in [0, 1), the same sequence for the same problem (G. Marsaglia, Xorshift RNGs, 2003). */
  #chance(): number {
    let state = this.#chanceState;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#chanceState = state;
    return (state >>> 0) / 4_294_967_296;
  }

  /** Keeps what earns more than so much, and the best option of every candidate. Options that fixed messages forbid are none. */
  #gather(contact: number, prices: Float64Array, least = 0): void {
    const { firstOption, candidate, day, value, width, uses, amounts } = this.#problem;
    this.#kept = 0;
    let seen = 0;
    for (let option = firstOption[contact]!; option < firstOption[contact + 1]!; option++) {
      if (this.#isForbidden[option] === 1) continue;
      let gain = value[option]!;
      for (let at = option * width; at < (option + 1) * width; at++) {
        const limit = uses[at]!;
        if (limit >= 0) gain -= prices[limit]! * amounts[at]!;
      }
      if (this.#blur > 0) gain += this.#blur * (this.#chance() - 0.5);
      if (!(gain > least)) continue;
      const own = candidate[option]!;
      if (((seen >> own) & 1) === 0) {
        seen |= 1 << own;
        this.#bestGain[own] = gain;
        this.#bestOption[own] = option;
      } else if (gain > this.#bestGain[own]!) {
        this.#bestGain[own] = gain;
        this.#bestOption[own] = option;
      }
      this.#option[this.#kept] = option;
      this.#day[this.#kept] = day[option]!;
      this.#gain[this.#kept++] = gain;
    }
    this.#seen = seen;
  }

  #takeBest(): number {
    let best = 0;
    for (let rest = this.#seen; rest !== 0; rest &= rest - 1) {
      const own = 31 - Math.clz32(rest & -rest);
      if (this.#bestGain[own]! <= best) continue;
      best = this.#bestGain[own]!;
      this.chosen[0] = this.#bestOption[own]!;
    }
    this.count = 1;
    return best;
  }

  /** Whether there is one candidate only, or any two options are too near to each other. */
  #hasRoomForOne(): boolean {
    if ((this.#seen & (this.#seen - 1)) === 0) return true;
    return this.#day[this.#kept - 1]! - this.#day[0]! < this.#rules.spacing;
  }

  /**
   * The best set of options far enough apart, by dynamic programming over time (weighted interval scheduling: Kleinberg and Tardos,
   * Algorithm Design, 6.1). Where it holds to the other rules too, nothing is better; else it bounds the search.
   */
  #takeFarApart(): boolean {
    this.#lookAhead();
    const kept = this.#kept;
    const [ahead, next] = [this.#ahead, this.#next];
    let depth = 0;
    let used = 0;
    for (let place = 0; place < kept;) {
      if (ahead[place] === ahead[place + 1]) {
        place++;
        continue;
      }
      const option = this.#option[place]!;
      const bit = 1 << this.#problem.candidate[option]!;
      if ((used & bit) !== 0 || (depth > 0 && !this.#fits(option, depth, this.#rules.several))) return false;
      used |= bit;
      this.#stack[depth++] = option;
      place = next[place]!;
    }
    for (let place = 0; place < depth; place++) this.chosen[place] = this.#stack[place]!;
    this.count = depth;
    this.#best = ahead[0]!;
    return true;
  }

  /** Of every kept option, the first that may follow, and most that it and what follows could earn. */
  #lookAhead(): void {
    const kept = this.#kept;
    const [ahead, next] = [this.#ahead, this.#next];
    for (let place = 0, to = 0; place < kept; place++) {
      const day = this.#day[place]! + this.#rules.spacing;
      while (to < kept && this.#day[to]! < day) to++;
      next[place] = to;
    }
    ahead[kept] = 0;
    for (let place = kept - 1; place >= 0; place--)
      ahead[place] = Math.max(ahead[place + 1]!, this.#gain[place]! + ahead[next[place]!]!);
  }

  #search(): number {
    this.#best = this.#takeBest();
    this.#hasManyAlike = this.#sumOfBest() < this.#ahead[0]!;
    if (this.#hasManyAlike) {
      this.#outlook.look(this.#kept, this.#seen, { candidateOf: this.#candidateAt, gains: this.#gain });
      this.#takeInTime();
    }
    this.#extend(0, 0, 0, this.#seen);
    return this.#best;
  }

  #sumOfBest(): number {
    let sum = 0;
    for (let rest = this.#seen; rest !== 0; rest &= rest - 1)
      sum += this.#bestGain[31 - Math.clz32(rest & -rest)]!;
    return sum;
  }

  /** A good plan to begin with, so that the search leaves more branches: each candidate at the first place where it fits and none of its later ones is better. */
  #takeInTime(): void {
    let depth = 0;
    let unused = this.#outlook.bestFew(this.#seen, this.#roomFrom(0, 0));
    let sum = 0;
    for (let place = 0; place < this.#kept;) {
      const option = this.#option[place]!;
      const own = this.#problem.candidate[option]!;
      const isLast = this.#gain[place]! > this.#outlook.of(own, place + 1);
      if (
        !isLast ||
        ((unused >> own) & 1) === 0 ||
        (depth > 0 && !this.#fits(option, depth, this.#rules.several))
      ) {
        place++;
        continue;
      }
      this.#stack[depth++] = option;
      unused &= ~(1 << own);
      sum += this.#gain[place]!;
      place = this.#next[place]!;
    }
    if (sum <= this.#best) return;
    this.#best = sum;
    this.count = depth;
    for (let level = 0; level < depth; level++) this.chosen[level] = this.#stack[level]!;
  }

  #mostOf(unused: number, place: number, depth: number): number {
    return this.#outlook.mostOf(unused, place, this.#roomFrom(place, depth));
  }

  /** No more messages than this find room from a place on, beside those of the branch: by caps on all messages, window by window. */
  #roomFrom(place: number, depth: number): number {
    const span = this.#day[this.#kept - 1]! - this.#day[place]! + 1;
    const whole = this.#day[this.#kept - 1]! - this.#day[0]! + 1;
    let room = CANDIDATES_MAX;
    for (const { windowDays, max } of this.#rules.overall)
      room = Math.min(room, windowDays >= whole ? max - depth : Math.ceil(span / windowDays) * max);
    return room;
  }

  /** Tries every continuation of a branch of `depth` options that earns `sum`, from a place on, with candidates still unused. */
  #extend(from: number, depth: number, sum: number, unused: number): void {
    const { candidate } = this.#problem;
    for (let place = from; place < this.#kept; place++) {
      if (sum + this.#ahead[place]! <= this.#best) return;
      if (this.#hasManyAlike && sum + this.#mostOf(unused, place, depth) <= this.#best) return;
      const option = this.#option[place]!;
      const own = candidate[option]!;
      if (((unused >> own) & 1) === 0 || (depth > 0 && !this.#fits(option, depth, this.#rules.several)))
        continue;
      this.#stack[depth] = option;
      const total = sum + this.#gain[place]!;
      if (total > this.#best) {
        this.#best = total;
        this.count = depth + 1;
        for (let level = 0; level <= depth; level++) this.chosen[level] = this.#stack[level]!;
      }
      const left = unused & ~(1 << own);
      if (left !== 0) this.#extend(this.#next[place]!, depth + 1, total, left);
    }
  }

  /** Collects every continuation of a branch that loses little enough; false where there are too many, or too many were looked at. */
  #collect(
    { from, depth, sum, unused }: { from: number; depth: number; sum: number; unused: number },
    wanted: { best: number; loss: number; most: number; branches: number },
    found: Int32Array[],
  ): boolean {
    for (let place = from; place < this.#kept; place++) {
      if (sum + this.#ahead[place]! < wanted.best - wanted.loss) return true;
      const option = this.#option[place]!;
      const own = this.#problem.candidate[option]!;
      if (((unused >> own) & 1) === 0 || (depth > 0 && !this.#fits(option, depth, this.#rules.several)))
        continue;
      if (wanted.branches-- === 0) return false;
      this.#stack[depth] = option;
      const total = sum + this.#gain[place]!;
      if (total >= wanted.best - wanted.loss) {
        if (found.length === wanted.most) return false;
        found.push(this.#stack.slice(0, depth + 1));
      }
      const branch = { from: this.#next[place]!, depth: depth + 1, sum: total, unused: unused & ~(1 << own) };
      if (!this.#collect(branch, wanted, found)) return false;
    }
    return true;
  }

  /** Whether an option may follow the first `depth` of the branch, beside what is fixed. */
  #fits(option: number, depth: number, caps: readonly Cap[]): boolean {
    const day = this.#problem.day[option]!;
    const own = this.#problem.groups[option]!;
    if (depth === 0 && this.#isTaken(day)) return false;
    for (const cap of caps)
      if (((own >> cap.group) & 1) === 1 && !this.#hasRoom(cap, day, depth)) return false;
    for (const { group, other, windowDays } of this.#rules.exclusions) {
      const [from, to] = [day - windowDays, day + windowDays - 1];
      if (((own >> group) & 1) === 1 && this.#count(other, from, to, depth) > 0) return false;
      if (((own >> other) & 1) === 1 && this.#count(group, from, to, depth) > 0) return false;
    }
    return true;
  }

  /** Whether a fixed message has the day. */
  #isTaken(day: number): boolean {
    const { firstFixed, fixedDays } = this.#problem;
    return fixedDays.subarray(firstFixed[this.#contact], firstFixed[this.#contact + 1]).includes(day);
  }

  /** Whether every window of a cap that holds a day has room for one more: those that end on it, or on a fixed message after it. */
  #hasRoom({ group, windowDays, max }: Cap, day: number, depth: number): boolean {
    if (this.#count(group, day - windowDays, day, depth) >= max) return false;
    const { firstFixed, fixedDays } = this.#problem;
    for (let at = firstFixed[this.#contact]!; at < firstFixed[this.#contact + 1]!; at++) {
      const end = fixedDays[at]!;
      if (end <= day || end >= day + windowDays) continue;
      if (this.#count(group, end - windowDays, end, depth) >= max) return false;
    }
    return true;
  }

  /** Messages of a group after one day and until another, of the branch and of what is fixed. */
  #count(group: number, after: number, until: number, depth: number): number {
    const { day, groups, firstFixed, fixedDays, fixedGroups } = this.#problem;
    let count = 0;
    for (let level = 0; level < depth; level++) {
      const option = this.#stack[level]!;
      if (day[option]! > after && ((groups[option]! >> group) & 1) === 1) count++;
    }
    for (let at = firstFixed[this.#contact]!; at < firstFixed[this.#contact + 1]!; at++)
      if (fixedDays[at]! > after && fixedDays[at]! <= until && ((fixedGroups[at]! >> group) & 1) === 1)
        count++;
    return count;
  }
}
