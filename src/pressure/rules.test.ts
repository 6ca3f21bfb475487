import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConsentKnowledge, GateFacts, GateReason, MessageClass } from './rules.ts';
import type { Channel } from '../kernel/channel.ts';
import { ageOn, gates, judge } from './rules.ts';

const passing: GateFacts = {
  messageClass: 'promotion',
  channel: 'email',
  usesPurchases: true,
  isSensitiveCategory: false,
  isSuppressed: false,
  marketing: 'granted',
  marketingChannels: [],
  profiling: 'granted',
  address: { isVerified: true, isUnreachable: false, isCertifiedMail: false },
  ageYears: null,
  announcesReduction: false,
  hasLowestPrice: false,
  hasSender: true,
  isChannelConnected: true,
  hasRefusedThisNeed: false,
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
  ['law.lowest_price_missing', { announcesReduction: true }],
  ['form.no_sender', { hasSender: false }],
  ['channel.not_connected', { isChannelConnected: false }],
  ['wish.paused', { refusedByWish: 'wish.paused' }],
  ['pause.after_return?days=7', { restsAfterReturnDays: 7 }],
  ['need.bought', { hasBoughtMeanwhile: true }],
  ['need.refused', { hasRefusedThisNeed: true }],
  ['need.reminded', { wasRemindedOfThisNeed: true }],
  ['hours.shop_closed', { isShopClosed: true }],
  ['caps.reached?max=1&days=14', { brokenRule: 'caps.reached?max=1&days=14' }],
  ['value.too_small', { valueCents: 0 }],
];

const anyFacts = fc.record({
  messageClass: fc.constantFrom<MessageClass>('service', 'subscription', 'promise', 'care', 'promotion'),
  channel: fc.constantFrom<Channel>('email', 'sms'),
  usesPurchases: fc.boolean(),
  isSensitiveCategory: fc.boolean(),
  isSuppressed: fc.boolean(),
  marketing: fc.constantFrom<ConsentKnowledge>('granted', 'withdrawn', 'unknown'),
  marketingChannels: fc.subarray(['email', 'sms', 'whatsapp']),
  profiling: fc.constantFrom<ConsentKnowledge>('granted', 'withdrawn', 'unknown'),
  address: fc.option(
    fc.record({ isVerified: fc.boolean(), isUnreachable: fc.boolean(), isCertifiedMail: fc.boolean() }),
  ),
  ageYears: fc.option(fc.integer({ min: 5, max: 99 })),
  announcesReduction: fc.boolean(),
  hasLowestPrice: fc.boolean(),
  hasSender: fc.boolean(),
  isChannelConnected: fc.boolean(),
  hasRefusedThisNeed: fc.boolean(),
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
