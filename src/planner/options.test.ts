import { describe, expect, it } from 'vitest';
import { campaignOn } from '../../test/support/simulated-shop.ts';
import type { UpcomingClocks } from '../clocks/actions.ts';
import { ANCHOR_DAYS } from '../clocks/rules.ts';
import { dayFromIso } from '../kernel/day.ts';
import { defaultPressure, groupsOf } from '../pressure/rules.ts';
import { violationsOf } from './allocation/problem.ts';
import { allocate } from './allocation/solve.ts';
import { gatherCandidates } from './candidates.ts';
import type { PlanChannel, PlanInputs } from './inputs.ts';
import { buildProblem } from './options.ts';

const DAY = dayFromIso('2026-11-24');
const always = { closedBecause: () => null, limitFor: () => null } as const;
const email: PlanChannel = { ...always, channel: 'email', leadDays: 0, costCents: 0.1 };
const letter: PlanChannel = { ...always, channel: 'letter', leadDays: 4, costCents: 150 };
const phone: PlanChannel = { ...always, channel: 'phone', leadDays: 0, costCents: 145 };

/** One customer with one need open from one day to another, who buys with an even chance. */
function inputsOf(change: Partial<PlanInputs> = {}, window = { from: 0, to: 20 }): PlanInputs {
  const clocks: UpcomingClocks = {
    count: 1,
    contactId: Float64Array.of(7),
    categoryId: Int32Array.of(1),
    dueFrom: Int32Array.of(DAY + window.from),
    dueTo: Int32Array.of(DAY + window.to),
    lastDay: Int32Array.of(DAY - 30),
    probabilities: new Float32Array(ANCHOR_DAYS.length).fill(0.5),
    describe: () => {
      throw new Error('nobody reads the words here');
    },
  };
  return {
    day: DAY,
    candidates: gatherCandidates(clocks, [], new Set()),
    clocks,
    channels: [email, letter, phone],
    groups: groupsOf(defaultPressure),
    marginShare: 0.35,
    campaignUplift: (_campaign, _channel, stated) => stated,
    heldBackDays: () => 0,
    logHazardRatio: (_category, channel) =>
      ({ email: 0.14, letter: 0.25, phone: 0.4 })[channel as string] ?? 0,
    leaving: () => 0.001,
    receiptCents: Float64Array.of(4000),
    allowed: Uint8Array.of(0b111),
    preferred: Int8Array.of(-1),
    stores: [null],
    units: [[0]],
    fixed: new Map(),
    wishedCaps: new Map(),
    campaignLimits: new Map(),
    ...change,
  };
}

/** Channel and day of what is chosen. */
function chosen(inputs: PlanInputs): { channel: string; day: number }[] {
  const plan = buildProblem(inputs);
  const { plan: options } = allocate(plan.problem);
  expect(violationsOf(plan.problem, options)).toEqual([]);
  return [...options].map((option) => ({
    channel: inputs.channels[plan.channelOf[option]!]!.channel,
    day: plan.problem.day[option]!,
  }));
}

describe('the channel of a message', () => {
  it('is the dear one only where it brings more than it costs', () => {
    expect(chosen(inputsOf())).toMatchObject([{ channel: 'email' }]);
    expect(chosen(inputsOf({ receiptCents: Float64Array.of(60_000) }))).toMatchObject([{ channel: 'phone' }]);
  });

  it('is the one that the customer asked for, even where another would be worth more', () => {
    const rich = { receiptCents: Float64Array.of(60_000) };
    expect(chosen(inputsOf({ ...rich, preferred: Int8Array.of(0) }))).toMatchObject([{ channel: 'email' }]);
    expect(chosen(inputsOf({ ...rich, preferred: Int8Array.of(1) }))).toMatchObject([{ channel: 'letter' }]);
  });

  it('is another allowed one only where the wish cannot be met in time, and never one that is not allowed', () => {
    const late = { from: -10, to: 2 };
    const asksForLetter = { preferred: Int8Array.of(1), receiptCents: Float64Array.of(60_000) };
    expect(chosen(inputsOf(asksForLetter, late))).toMatchObject([{ channel: 'phone' }]);
    expect(chosen(inputsOf({ ...asksForLetter, allowed: Uint8Array.of(0b011) }, late))).toMatchObject([
      { channel: 'email' },
    ]);
    expect(chosen(inputsOf({ ...asksForLetter, allowed: Uint8Array.of(0b010) }, late))).toEqual([]);
  });

  it('leaves so many days before that it arrives within the window', () => {
    const [sent] = chosen(
      inputsOf({ allowed: Uint8Array.of(0b010), receiptCents: Float64Array.of(60_000) }, { from: 8, to: 12 }),
    );
    expect(sent?.channel).toBe('letter');
    expect(sent?.day).toBeGreaterThanOrEqual(4);
    expect(sent?.day).toBeLessThanOrEqual(8);
  });

  it('does not go before the day until which the lot holds its need back', () => {
    const window = { from: -2, to: 12 };
    expect(chosen(inputsOf({}, window))).toMatchObject([{ day: 0 }]);
    expect(chosen(inputsOf({ heldBackDays: () => 2 }, window))).toMatchObject([{ day: 0 }]);
    const [sent] = chosen(inputsOf({ heldBackDays: () => 9 }, window));
    expect(sent?.day).toBeGreaterThanOrEqual(7);
    expect(sent?.day).toBeLessThanOrEqual(12);
  });

  it('keeps to its open days, and to what is left of today', () => {
    const closed = {
      ...email,
      closedBecause: (ahead: number) => (ahead < 5 ? ('hours.shop_closed' as const) : null),
    };
    expect(chosen(inputsOf({ channels: [closed], allowed: Uint8Array.of(1) }))).toMatchObject([{ day: 5 }]);
    const limit = { name: 'email', perDay: 1, takenOn: (ahead: number) => (ahead === 0 ? 1 : 0) };
    const full = { ...email, limitFor: () => limit };
    expect(chosen(inputsOf({ channels: [full], allowed: Uint8Array.of(1) }))).toMatchObject([{ day: 1 }]);
  });
});

describe('calls', () => {
  const campaign = { ...campaignOn(3, DAY, 10), expected_uplift: 0.3 };
  const none = { ...inputsOf().clocks, count: 0 };
  /** Callers of two stores; whoever has no store is looked after by nobody. */
  const calls = (perDay: Record<number, number>): PlanChannel => ({
    ...phone,
    limitFor: (store) => ({
      name: `phone@${store ?? 'none'}`,
      perDay: perDay[store ?? 0] ?? 0,
      takenOn: () => 0,
    }),
  });
  const twenty = Array.from({ length: 20 }, (_, number) => number + 1);
  const inputs = (stores: (number | null)[], perDay: Record<number, number>) =>
    inputsOf({
      candidates: gatherCandidates(none, [{ campaign, contactIds: twenty }], new Set()),
      clocks: none,
      channels: [calls(perDay)],
      allowed: new Uint8Array(20).fill(1),
      receiptCents: Float64Array.from(twenty, (number) => 4000 + 100 * number),
      preferred: new Int8Array(20).fill(-1),
      units: twenty.map((_, contact) => [contact]),
      stores,
    });

  it('are no more on a day than the assistants of the store can make: two of three calls each, twenty customers', () => {
    const made = chosen(inputs(new Array<number>(20).fill(1), { 1: 6 }));
    expect(made).toHaveLength(20);
    for (const [, ofDay] of Map.groupBy(made, ({ day }) => day)) expect(ofDay.length).toBeLessThanOrEqual(6);
  });

  it('of one store do not wait for those of another', () => {
    const stores = twenty.map((number) => (number <= 10 ? 1 : 2));
    const made = chosen(inputs(stores, { 1: 1, 2: 10 }));
    expect(made.filter(({ day }) => day === 0).length).toBe(11);
    expect(chosen(inputs(stores, { 1: 0, 2: 10 })).length).toBe(10);
  });
});

describe('a campaign that was promised so many messages', () => {
  it('reaches them even where they are worth nothing, and never against a cap', () => {
    const campaign = { ...campaignOn(3, DAY, 1), expected_uplift: 0 };
    const none = { ...inputsOf().clocks, count: 0 };
    const people = [7, 8, 9];
    const inputs = {
      candidates: gatherCandidates(none, [{ campaign, contactIds: people }], new Set()),
      clocks: none,
      channels: [email],
      allowed: new Uint8Array(3).fill(1),
      receiptCents: new Float64Array(3).fill(4000),
      preferred: new Int8Array(3).fill(-1),
      units: [[0], [1], [2]],
      campaignLimits: new Map([[3, { messages: null, cents: null, least: 2 }]]),
    };
    expect(chosen(inputsOf(inputs))).toHaveLength(2);
    expect(chosen(inputsOf({ ...inputs, campaignLimits: new Map() }))).toHaveLength(0);
    const yesterday = {
      daysAhead: -1,
      message: { messageClass: 'promotion', channel: 'email', kind: 'clock', tags: [] },
    } as const;
    const fixed = new Map(people.slice(1).map((id) => [id, [yesterday]]));
    expect(chosen(inputsOf({ ...inputs, fixed }))).toHaveLength(1);
  });
});

describe('a household planned as one', () => {
  it('gets one message where each of its members alone would', () => {
    const campaign = campaignOn(3, DAY, 1);
    const clocks = inputsOf().clocks;
    const none = { ...clocks, count: 0 };
    const candidates = gatherCandidates(none, [{ campaign, contactIds: [7, 8] }], new Set());
    const two = {
      candidates,
      clocks: none,
      channels: [email],
      allowed: Uint8Array.of(1, 1),
      receiptCents: Float64Array.of(4000, 9000),
      preferred: Int8Array.of(-1, -1),
    };
    expect(chosen(inputsOf({ ...two, units: [[0], [1]] }))).toHaveLength(2);
    expect(chosen(inputsOf({ ...two, units: [[0, 1]] }))).toHaveLength(1);
  });
});
