import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterCrash, isWithinHours, retryDelaySeconds, settle } from './rules.ts';

const now = new Date('2026-11-24T10:00:00Z');
const facts = {
  messageClass: 'promotion',
  attempts: 1,
  sendBefore: new Date('2026-11-26T16:30:00Z'),
  now,
} as const;
const temporary = (retryAfterSeconds: number | null = null) =>
  ({ kind: 'temporary', detail: '451 later', retryAfterSeconds }) as const;

describe('another attempt', () => {
  it('comes after one minute, then twice as long each time, an hour at most', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 20].map((attempts) => retryDelaySeconds(attempts, null))).toEqual([
      60, 120, 240, 480, 960, 1920, 3600, 3600,
    ]);
  });

  it('waits as long as the server wishes, but not less than its turn', () => {
    expect(retryDelaySeconds(1, 7200)).toBe(7200);
    expect(retryDelaySeconds(4, 10)).toBe(480);
  });

  it('is made only while the message’s time lasts', () => {
    expect(settle(temporary(), facts)).toEqual({
      status: 'approved',
      reason: 'send.temporary',
      notBefore: new Date('2026-11-24T10:01:00Z'),
    });
    expect(settle(temporary(), { ...facts, sendBefore: new Date('2026-11-24T10:00:59Z') })).toEqual({
      status: 'failed',
      reason: 'send.gave_up',
    });
  });

  it('never comes at or after the end of its time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.option(fc.integer({ min: 0, max: 100_000 })),
        fc.integer({ min: 1, max: 200_000 }),
        (attempts, wish, left) => {
          const sendBefore = new Date(now.getTime() + left * 1000);
          const settlement = settle(temporary(wish), { ...facts, attempts, sendBefore });
          if (settlement.status === 'approved') {
            expect(settlement.notBefore.getTime()).toBeGreaterThanOrEqual(now.getTime() + 60_000);
            expect(settlement.notBefore.getTime()).toBeLessThan(sendBefore.getTime());
          } else expect(settlement).toEqual({ status: 'failed', reason: 'send.gave_up' });
        },
      ),
    );
  });
});

describe('an attempt', () => {
  it.each([
    [{ kind: 'accepted', externalId: 'x', response: '250 ok' }, { status: 'sent', reason: '' }],
    [{ kind: 'address_refused', detail: '550 5.1.1', doesNotExist: true }, { status: 'failed', reason: 'send.address_refused' }],
    [{ kind: 'refused', detail: '550 5.7.1' }, { status: 'failed', reason: 'send.refused' }],
    [{ kind: 'ambiguous', detail: 'reset' }, { status: 'unknown', reason: 'send.ambiguous' }],
  ] as const)('that ended as $kind settles a promotion', (outcome, settlement) => {
    expect(settle(outcome, facts)).toEqual(settlement);
  }); // prettier-ignore

  it('of unknown outcome is repeated for a service message only', () => {
    const ambiguous = { kind: 'ambiguous', detail: 'reset' } as const;
    expect(settle(ambiguous, { ...facts, messageClass: 'service' })).toMatchObject({ status: 'approved' });
    for (const messageClass of ['promotion', 'care', 'promise', 'subscription'] as const) {
      expect(settle(ambiguous, { ...facts, messageClass })).toMatchObject({ status: 'unknown' });
      expect(afterCrash(messageClass)).toBe('unknown');
    }
    expect(afterCrash('service')).toBe('approved');
  });
});

describe('sending hours', () => {
  it('include their first minute and not their last', () => {
    const hours = { from: '10:30', until: '17:30' };
    const times = ['00:00', '10:29', '10:30', '17:29', '17:30', '23:59'];
    expect(times.filter((time) => isWithinHours(time, hours))).toEqual(['10:30', '17:29']);
  });
});
