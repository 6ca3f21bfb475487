import { ANCHOR_DAYS } from '../clocks/rules.ts';
import type { PressureGroups } from '../pressure/rules.ts';
import { bitsOf } from '../pressure/rules.ts';
import { OptionColumns } from './allocation/columns.ts';
import type { ContactRules, Problem } from './allocation/problem.ts';
import type { Source } from './candidates.ts';
import { HORIZON_DAYS, periodLength, periodStarts } from './horizon.ts';
import type { DailyLimit, PlanInputs, UnitCandidate } from './inputs.ts';
import { chanceAt, messageOf, openWindowOf, termsOf } from './inputs.ts';
import { campaignLimit, dayLimit } from './limit-names.ts';
import { chanceStillOpen, slotShare, totalOf, worthAhead } from './rules.ts';

/** The problem of a plan, and what its options stand for. */
export interface PlanProblem {
  readonly problem: Problem;
  /** Candidate, channel (among `channels`) and own value in cents of each option, before what its slot costs. */
  readonly candidateOf: Int32Array;
  readonly channelOf: Uint8Array;
  readonly valueOf: Float32Array;
  /** Most that a candidate is worth on any day; NaN where it has no day at all. */
  readonly bestValue: Float32Array;
  /** Limits in words of the plan: a channel's day, a campaign. */
  readonly limitNames: readonly string[];
}

const OPTION_LIMITS = 4;
/** What each message costs that is missing of those promised for a campaign: more than nearly any message is worth. */
const PROMISE_CENTS = 500;
/** Of a unit so many candidates take part, the most valuable ones: the allocation tells no more apart. */
const CANDIDATES_MAX = 32;
/** Options that add nothing are none. */
const LEAST_CENTS = 1e-3;

/** Turns candidates into options: on which days each may go, by which channel, and what that is worth. */
export function buildProblem(inputs: PlanInputs): PlanProblem {
  return new ProblemBuilder(inputs).build();
}

class ProblemBuilder {
  readonly #inputs: PlanInputs;
  readonly #columns = new OptionColumns(OPTION_LIMITS);
  readonly #candidateOf: number[] = [];
  readonly #channelOf: number[] = [];
  readonly #valueOf: number[] = [];
  readonly #bestValue: Float32Array;
  readonly #limits: number[] = [];
  readonly #shortfallCosts: number[] = [];
  readonly #limitNames: string[] = [];
  readonly #limitNumbers = new Map<string, number>();
  /** Groups of the messages of each source by each channel. */
  readonly #bits: number[][];
  /** Value of the options of one unit: candidate within the unit × period × channel, NaN where there is none. */
  readonly #values: Float32Array;
  /** The day of each of them: the first open one of its period within the window. */
  readonly #days: Int16Array;
  readonly #cells: number;
  readonly #slotShares = new Map<number, Float64Array[]>();

  constructor(inputs: PlanInputs) {
    this.#inputs = inputs;
    const { candidates, channels, groups } = inputs;
    this.#bestValue = new Float32Array(candidates.count).fill(NaN);
    this.#bits = candidates.sources.map((source) =>
      channels.map(({ channel }) => bitsOf(groups, messageOf(source, channel))),
    );
    this.#cells = periodStarts.length * channels.length;
    this.#values = new Float32Array((CANDIDATES_MAX + 1) * this.#cells);
    this.#days = new Int16Array((CANDIDATES_MAX + 1) * this.#cells);
  }

  build(): PlanProblem {
    const { units, groups } = this.#inputs;
    const firstOption = [0];
    for (const unit of units) {
      this.#addUnit(unit);
      firstOption.push(this.#columns.count);
    }
    return {
      problem: {
        contactCount: units.length,
        firstOption: Int32Array.from(firstOption),
        ...this.#columns.take(),
        limits: Float64Array.from(this.#limits),
        shortfallCosts: Float64Array.from(this.#shortfallCosts),
        rules: rulesOf(groups),
        ownRules: this.#ownRules(),
        ...this.#fixed(),
      },
      candidateOf: Int32Array.from(this.#candidateOf),
      channelOf: Uint8Array.from(this.#channelOf),
      valueOf: Float32Array.from(this.#valueOf),
      bestValue: this.#bestValue,
      limitNames: this.#limitNames,
    };
  }

  #addUnit(unit: readonly number[]): void {
    const chosen = this.#valuable(unit);
    if (chosen.length === 0) return;
    const mean = chosen.reduce((sum, one) => sum + this.#bestValue[one.candidate]!, 0) / chosen.length;
    const slots = this.#slotSharesAt(chosen.length);
    for (let period = 0; period < periodStarts.length; period++) {
      const options = this.#optionsIn(period, chosen);
      // Within a week each candidate has its own first day.
      if (periodLength(period) > 1) options.sort((one, other) => one.day - other.day);
      for (const option of options)
        this.#addOption(option, option.own - mean * slots[option.channel]![period]!);
    }
  }

  #optionsIn(period: number, chosen: readonly UnitCandidate[]): UnitOption[] {
    const { channels } = this.#inputs;
    const found: UnitOption[] = [];
    for (const [place, { contact, candidate }] of chosen.entries())
      for (let channel = 0; channel < channels.length; channel++) {
        const cell = this.#cell(place, period, channel);
        const own = this.#values[cell]!;
        if (own > 0 || (this.#isPromised(candidate) && !Number.isNaN(own)))
          found.push({ place, contact, candidate, channel, period, day: this.#days[cell]!, own });
      }
    return found;
  }

  #addOption(option: UnitOption, value: number): void {
    const { place, candidate, channel, day, own } = option;
    if (value < LEAST_CENTS && !this.#isPromised(candidate)) return;
    const { candidates } = this.#inputs;
    const source = candidates.source[candidate]!;
    this.#columns.add({ candidate: place, day, groups: this.#bits[source]![channel]!, value });
    this.#useLimits(candidates.sources[source]!, option);
    this.#candidateOf.push(candidate);
    this.#channelOf.push(channel);
    this.#valueOf.push(own);
  }

  /** The candidates of a unit that are worth anything, at most so many, in their order; notes what each is worth at best. */
  #valuable(unit: readonly number[]): UnitCandidate[] {
    const { candidates, allowed } = this.#inputs;
    const found: UnitCandidate[] = [];
    for (const contact of unit)
      for (
        let candidate = candidates.first[contact]!;
        candidate < candidates.first[contact + 1]!;
        candidate++
      ) {
        if (allowed[candidate] === 0) continue;
        const one = { contact, candidate };
        this.#fill(found.length, one);
        this.#bestValue[candidate] = this.#bestAt(found.length);
        if (!(this.#bestValue[candidate]! > 0 || this.#isPromised(candidate))) continue;
        if (found.length < CANDIDATES_MAX) found.push(one);
        else this.#takePlaceOfWorst(found, one);
      }
    return found;
  }

  /** Whether the candidate's campaign was promised to reach so many: then it counts even where it is worth nothing. */
  #isPromised(candidate: number): boolean {
    const { candidates, campaignLimits } = this.#inputs;
    const { campaign } = candidates.sources[candidates.source[candidate]!]!;
    return campaign !== null && (campaignLimits.get(campaign.campaign_id)?.least ?? 0) > 0;
  }

  /** Puts a candidate more in the place of the one that is worth least, if that is less. */
  #takePlaceOfWorst(found: UnitCandidate[], one: UnitCandidate): void {
    let worst = 0;
    for (const [place, { candidate }] of found.entries())
      if (this.#bestValue[candidate]! < this.#bestValue[found[worst]!.candidate]!) worst = place;
    if (this.#bestValue[one.candidate]! <= this.#bestValue[found[worst]!.candidate]!) return;
    found[worst] = one;
    const last = CANDIDATES_MAX * this.#cells;
    this.#values.copyWithin(worst * this.#cells, last, last + this.#cells);
    this.#days.copyWithin(worst * this.#cells, last, last + this.#cells);
  }

  #bestAt(place: number): number {
    let best = NaN;
    for (let cell = place * this.#cells; cell < (place + 1) * this.#cells; cell++) {
      const value = this.#values[cell]!;
      if (!(value <= best) && !Number.isNaN(value)) best = value;
    }
    return best;
  }

  #cell(place: number, period: number, channel: number): number {
    return place * this.#cells + period * this.#inputs.channels.length + channel;
  }

  /** Values of a candidate's options, NaN on the days on which it may not go. The customer's own channel alone, where it is in time. */
  #fill(place: number, { contact, candidate }: UnitCandidate): void {
    const { channels, allowed, preferred } = this.#inputs;
    const own = preferred[contact]!;
    const one = { contact, candidate, window: openWindowOf(this.#inputs, candidate) };
    let isInTime = false;
    if (own >= 0 && ((allowed[candidate]! >> own) & 1) === 1) isInTime = this.#fillChannel(place, own, one);
    for (let channel = 0; channel < channels.length; channel++) {
      if (channel === own && isInTime) continue;
      if (isInTime || ((allowed[candidate]! >> channel) & 1) === 0)
        for (let period = 0; period < periodStarts.length; period++)
          this.#values[this.#cell(place, period, channel)] = NaN;
      else this.#fillChannel(place, channel, one);
    }
  }

  /** Whether the candidate has any day on the channel. */
  #fillChannel(
    place: number,
    channel: number,
    { window, ...one }: UnitCandidate & { readonly window: ReturnType<typeof openWindowOf> },
  ): boolean {
    const { leadDays, closedBecause } = this.#inputs.channels[channel]!;
    let isInTime = false;
    for (let period = 0; period < periodStarts.length; period++) {
      const start = periodStarts[period]!;
      const end = start + periodLength(period) - 1;
      const from = Math.max(start, window.from - leadDays);
      const to = Math.min(end, window.to - leadDays);
      let ahead = from;
      while (ahead <= to && closedBecause(ahead) !== null) ahead++;
      const cell = this.#cell(place, period, channel);
      if (ahead > to) {
        this.#values[cell] = NaN;
        continue;
      }
      isInTime = true;
      this.#days[cell] = ahead;
      this.#values[cell] = this.#worth(one, channel, ahead);
    }
    return isInTime;
  }

  #worth(one: UnitCandidate, channel: number, ahead: number): number {
    const { candidates, clocks } = this.#inputs;
    const clock = candidates.clock[one.candidate]!;
    const open =
      clock < 0 ? 1 : chanceStillOpen(ANCHOR_DAYS, (anchor) => chanceAt(clocks, clock, anchor), ahead);
    return worthAhead(totalOf(termsOf(this.#inputs, one, { channel, ahead })), ahead, open);
  }

  /** What a slot of each channel and period takes from the time beyond the horizon, in shares of the contact's mean value. */
  #slotSharesAt(needs: number): Float64Array[] {
    const known = this.#slotShares.get(needs);
    if (known) return known;
    const { channels, groups } = this.#inputs;
    const shares = channels.map(({ channel }) => {
      const caps = groups.caps.filter(
        ({ rule }) => rule.channels.length === 0 || rule.channels.includes(channel),
      );
      return Float64Array.from(periodStarts, (daysAhead) =>
        Math.max(
          0,
          ...caps.map(({ rule }) => slotShare({ daysAhead, horizonDays: HORIZON_DAYS, cap: rule, needs })),
        ),
      );
    });
    this.#slotShares.set(needs, shares);
    return shares;
  }

  #useLimits(source: Source, { contact, channel, period }: UnitOption): void {
    const { channels, stores, campaignLimits } = this.#inputs;
    const { limitFor, costCents } = channels[channel]!;
    const daily = limitFor(stores[contact] ?? null);
    if (daily)
      this.#columns.use(
        this.#limit(dayLimit(daily.name, periodStarts[period]!), this.#placesIn(period, channel, daily)),
        1,
      );
    const { campaign } = source;
    const own = campaign ? campaignLimits.get(campaign.campaign_id) : undefined;
    if (!campaign || !own) return;
    if (own.messages !== null)
      this.#columns.use(this.#limit(campaignLimit(source.key, 'messages'), own.messages), 1);
    if (own.least > 0)
      this.#columns.use(this.#limit(campaignLimit(source.key, 'least'), -own.least, PROMISE_CENTS), -1);
    if (own.cents !== null) {
      if (costCents > 0)
        this.#columns.use(this.#limit(campaignLimit(source.key, 'cents'), own.cents), costCents);
    }
  }

  /** Places that are left on the days of a period on which the channel does not rest. */
  #placesIn(period: number, channel: number, { perDay, takenOn }: DailyLimit): number {
    const { closedBecause } = this.#inputs.channels[channel]!;
    let places = 0;
    for (let day = periodStarts[period]!; day < periodStarts[period]! + periodLength(period); day++)
      if (closedBecause(day) === null) places += Math.max(0, perDay - takenOn(day));
    return places;
  }

  #limit(name: string, amount: number, shortfallCost = Infinity): number {
    const known = this.#limitNumbers.get(name);
    if (known !== undefined) return known;
    this.#limitNumbers.set(name, this.#limits.length);
    this.#limitNames.push(name);
    this.#shortfallCosts.push(shortfallCost);
    return this.#limits.push(amount) - 1;
  }

  #ownRules(): Map<number, ContactRules> {
    const { units, candidates, wishedCaps } = this.#inputs;
    if (wishedCaps.size === 0) return new Map();
    return new Map(
      units.flatMap((unit, number): [number, ContactRules][] => {
        const caps = unit.flatMap((contact) => {
          const cap = wishedCaps.get(candidates.contactIds[contact]!);
          return cap ? [{ group: 0, windowDays: cap.days, max: cap.max }] : [];
        });
        return caps.length > 0 ? [[number, { caps, exclusions: [] }]] : [];
      }),
    );
  }

  #fixed(): Pick<Problem, 'firstFixed' | 'fixedDays' | 'fixedGroups'> {
    const { units, candidates, fixed, groups } = this.#inputs;
    const first = [0];
    const days: number[] = [];
    const bits: number[] = [];
    for (const unit of units) {
      for (const contact of unit)
        for (const one of fixed.get(candidates.contactIds[contact]!) ?? []) {
          days.push(one.daysAhead);
          bits.push(one.message ? bitsOf(groups, one.message) : 0);
        }
      first.push(days.length);
    }
    return {
      firstFixed: Int32Array.from(first),
      fixedDays: Int16Array.from(days),
      fixedGroups: Uint16Array.from(bits),
    };
  }
}

interface UnitOption {
  readonly place: number;
  readonly contact: number;
  readonly candidate: number;
  readonly channel: number;
  readonly period: number;
  readonly day: number;
  readonly own: number;
}

function rulesOf({ caps, exclusions }: PressureGroups): ContactRules {
  return {
    caps: caps.map(({ group, rule }) => ({ group, windowDays: rule.days, max: rule.max })),
    exclusions: exclusions.map(({ group, other, rule }) => ({ group, other, windowDays: rule.days })),
  };
}
