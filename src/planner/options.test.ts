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
const always = { closedBecause: () => null, perDay: null, usedToday: 0 } as const;
const email: PlanChannel = { ...always, channel: 'email', leadDays: 0 };
const letter: PlanChannel = { ...always, channel: 'letter', leadDays: 4 };
const phone: PlanChannel = { ...always, channel: 'phone', leadDays: 0 };

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
    const full = { ...email, perDay: 1, usedToday: 1 };
    expect(chosen(inputsOf({ channels: [full], allowed: Uint8Array.of(1) }))).toMatchObject([{ day: 1 }]);
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
