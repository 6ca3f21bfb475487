import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConsentKnowledge, GateFacts, GateReason, MessageClass } from './rules.ts';
import type { Channel } from '../kernel/channel.ts';
import { dayFromIso } from '../kernel/day.ts';
import { ageOn, gates, judge, refusalOfRegister } from './rules.ts';

const passing: GateFacts = {
  messageClass: 'promotion',
  channel: 'email',
  usesPurchases: true,
  isSensitiveCategory: false,
  isSuppressed: false,
  marketing: 'granted',
  marketingChannels: [],
  hasLegitimateInterest: false,
  profiling: 'granted',
  address: { isVerified: true, isUnreachable: false, isCertifiedMail: false },
  refusedByRegister: null,
  ageYears: null,
  announcesReduction: false,
  hasLowestPrice: false,
  hasSender: true,
  isChannelConnected: true,
  hasRefusedThisNeed: false,
  wasNotReached: false,
  wasRemindedOfThisNeed: false,
  hasBoughtMeanwhile: false,
  isShopClosed: false,
  refusedByWish: null,
  restsAfterReturnDays: null,
  brokenRule: null,
  valueCents: 40,
};

const spoiled: [GateReason, Partial<GateFacts>][] = [
  ['suppression.address', { isSuppressed: true }],
  ['consent.marketing_unknown', { marketing: 'unknown' }],
  ['consent.marketing_withdrawn', { marketing: 'withdrawn' }],
  ['consent.channel_not_chosen', { marketingChannels: ['sms'] }],
  ['address.missing', { address: null }],
  ['address.unreachable', { address: { isVerified: true, isUnreachable: true, isCertifiedMail: false } }],
  ['address.certified_mail', { address: { isVerified: true, isUnreachable: false, isCertifiedMail: true } }],
  ['address.unverified', { address: { isVerified: false, isUnreachable: false, isCertifiedMail: false } }],
  ['age.under_14', { ageYears: 13 }],
  ['profiling.not_granted', { profiling: 'unknown' }],
  ['profiling.sensitive_category', { isSensitiveCategory: true }],
  ['register.listed', { refusedByRegister: 'register.listed' }],
  ['law.lowest_price_missing', { announcesReduction: true }],
  ['form.no_sender', { hasSender: false }],
  ['channel.not_connected', { isChannelConnected: false }],
  ['wish.paused', { refusedByWish: 'wish.paused' }],
  ['pause.after_return?days=7', { restsAfterReturnDays: 7 }],
  ['need.bought', { hasBoughtMeanwhile: true }],
  ['need.refused', { hasRefusedThisNeed: true }],
  ['need.not_reached', { wasNotReached: true }],
  ['need.reminded', { wasRemindedOfThisNeed: true }],
  ['hours.shop_closed', { isShopClosed: true }],
  ['caps.reached?max=1&days=14', { brokenRule: 'caps.reached?max=1&days=14' }],
  ['value.too_small', { valueCents: 0 }],
];

const anyFacts = fc.record({
  messageClass: fc.constantFrom<MessageClass>('service', 'subscription', 'promise', 'care', 'promotion'),
  channel: fc.constantFrom<Channel>('email', 'sms', 'phone', 'letter'),
  usesPurchases: fc.boolean(),
  isSensitiveCategory: fc.boolean(),
  isSuppressed: fc.boolean(),
  marketing: fc.constantFrom<ConsentKnowledge>('granted', 'withdrawn', 'unknown'),
  marketingChannels: fc.subarray(['email', 'sms', 'phone', 'letter']),
  hasLegitimateInterest: fc.boolean(),
  profiling: fc.constantFrom<ConsentKnowledge>('granted', 'withdrawn', 'unknown'),
  address: fc.option(
    fc.record({ isVerified: fc.boolean(), isUnreachable: fc.boolean(), isCertifiedMail: fc.boolean() }),
  ),
  refusedByRegister: fc.constantFrom<(GateReason | null)[]>(null, 'register.listed', 'register.check_old'),
  ageYears: fc.option(fc.integer({ min: 5, max: 99 })),
  announcesReduction: fc.boolean(),
  hasLowestPrice: fc.boolean(),
  hasSender: fc.boolean(),
  isChannelConnected: fc.boolean(),
  hasRefusedThisNeed: fc.boolean(),
  wasNotReached: fc.boolean(),
  wasRemindedOfThisNeed: fc.boolean(),
  hasBoughtMeanwhile: fc.boolean(),
  isShopClosed: fc.boolean(),
  refusedByWish: fc.constantFrom<(GateReason | null)[]>(null, 'wish.paused', 'wish.topic'),
  restsAfterReturnDays: fc.constantFrom(null, 7),
  brokenRule: fc.constantFrom<(GateReason | null)[]>(null, 'caps.one_a_day'),
  valueCents: fc.double({ min: -50, max: 100, noNaN: true }),
});

describe('gates', () => {
  it('let a person through who consented, is reachable and was not written to', () => {
    expect(judge(passing)).toBeNull();
  });

  it.each(spoiled)('say %s for that one fact', (reason, change) => {
    expect(judge({ ...passing, ...change })).toBe(reason);
  });

  it('answer with the earliest gate when several say no', () => {
    for (const [index, [reason, change]] of spoiled.entries()) {
      for (const [, later] of spoiled.slice(index + 1)) {
        if (Object.keys(later).some((key) => key in change)) continue;
        expect(judge({ ...passing, ...later, ...change })).toBe(reason);
      }
    }
  });

  it('have one name each, in the order of the architecture', () => {
    expect(gates.map((gate) => gate.name)).toEqual([
      'suppression',
      'lawful basis',
      'address',
      'age',
      'profiling mask',
      'opposition register',
      'law of the content',
      'form',
      'channel',
      'pause',
      'need',
      'hours',
      'caps',
      'value',
    ]);
  });

  it('ask for no double opt-in where a person posts or calls, and name the address that is missing', () => {
    const unverified = { isVerified: false, isUnreachable: false, isCertifiedMail: false };
    const on = (channel: Channel, change: Partial<GateFacts> = {}) =>
      judge({ ...passing, channel, address: unverified, ...change });
    expect([on('email'), on('phone'), on('letter')]).toEqual(['address.unverified', null, null]);
    expect(on('phone', { address: null })).toBe('address.no_number');
    expect(on('letter', { address: null })).toBe('address.no_street');
    expect(on('phone', { address: { ...unverified, isUnreachable: true } })).toBe('address.wrong_number');
  });

  it('let a letter go on the shop’s legitimate interest to who said nothing, and nothing else (law.md POS-1)', () => {
    const silent = { ...passing, marketing: 'unknown', hasLegitimateInterest: true } as const;
    expect(judge({ ...silent, channel: 'letter' })).toBeNull();
    expect(judge({ ...silent, channel: 'phone' })).toBe('consent.marketing_unknown');
    expect(judge({ ...silent, channel: 'letter', marketing: 'withdrawn' })).toBe(
      'consent.marketing_withdrawn',
    );
    expect(judge({ ...silent, channel: 'letter', hasLegitimateInterest: false })).toBe(
      'consent.marketing_unknown',
    );
  });

  it('hold a check in the opposition register for 15 days, and a yes said after it against it (law.md RPO-1, RPO-2)', () => {
    const today = dayFromIso('2026-11-24');
    const refusal = (checkedOn: string | null, isIn: boolean | null, agreedOn: string | null) =>
      refusalOfRegister(
        { register_checked_on: checkedOn, is_in_register: isIn, agreed_to_calls_on: agreedOn },
        today,
      );
    expect(refusal(null, null, '2024-01-10')).toBeNull();
    expect(refusal('2026-11-20', true, '2026-11-19')).toBe('register.listed');
    expect(refusal('2026-11-20', true, '2026-11-21')).toBeNull();
    expect(refusal('2026-11-20', true, null)).toBe('register.listed');
    expect(refusal('2026-11-09', false, '2024-01-10')).toBeNull();
    expect(refusal('2026-11-08', false, '2024-01-10')).toBe('register.check_old');
  });

  it('never permit more after a withdrawal', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const withdrawn = { ...facts, marketing: 'withdrawn' as const };
        if (judge(withdrawn) === null) expect(judge(facts)).toBeNull();
        if (facts.messageClass !== 'service') expect(judge(withdrawn)).not.toBeNull();
      }),
    );
  });

  it('never let a capped class break a pressure rule or a wish, whatever else is true', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const isAllowed = judge(facts) === null;
        const isCapped = facts.messageClass === 'care' || facts.messageClass === 'promotion';
        if (isAllowed && isCapped) {
          expect(facts.brokenRule).toBeNull();
          expect(facts.refusedByWish).toBeNull();
          expect(facts.restsAfterReturnDays).toBeNull();
        }
      }),
    );
  });

  it('count whole years, with a leap day birthday on 1 March', () => {
    expect(ageOn('2012-11-25', '2026-11-24')).toBe(13);
    expect(ageOn('2012-11-24', '2026-11-24')).toBe(14);
    expect(ageOn('2012-02-29', '2026-02-28')).toBe(13);
    expect(ageOn('2012-02-29', '2026-03-01')).toBe(14);
  });
});
