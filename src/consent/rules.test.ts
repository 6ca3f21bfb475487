import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConsentEvent } from './rules.ts';
import { consentChannels, deriveState, mayUse } from './rules.ts';

const at = (day: string): Date => new Date(`${day}T12:00:00Z`);

/** Events numbered as they were written down; `said` defaults to the moment of writing. */
function ledger(
  ...events: readonly {
    action: 'granted' | 'withdrawn';
    channels?: readonly string[];
    written: string;
    said?: string;
  }[]
): ConsentEvent[] {
  return events.map(({ action, channels = [], written, said = written }, index) => ({
    consentEventId: index + 1,
    purpose: 'marketing',
    action,
    channels,
    occurredAt: at(said),
    recordedAt: at(written),
  }));
}

const anyChannels = fc.subarray([...consentChannels]);
const anyEvents = fc
  .array(
    fc.record({
      action: fc.constantFrom('granted' as const, 'withdrawn' as const),
      channels: anyChannels,
      written: fc.integer({ min: 0, max: 20 }),
      saidBefore: fc.constantFrom(0, 0, 0, 1, 5, -3),
    }),
    { maxLength: 10 },
  )
  .map((events): ConsentEvent[] =>
    events.map(({ action, channels, written, saidBefore }, index) => ({
      consentEventId: index + 1,
      purpose: 'marketing',
      action,
      channels,
      occurredAt: new Date((written - saidBefore) * 86_400_000),
      recordedAt: new Date(written * 86_400_000),
    })),
  );

const permitted = (events: readonly ConsentEvent[]): string[] =>
  consentChannels.filter((channel) => mayUse(deriveState(events), channel));

describe('the state of a consent', () => {
  it('is unknown without a word of the person, and unknown permits nothing', () => {
    expect(deriveState([])).toBeNull();
    expect(consentChannels.some((channel) => mayUse(null, channel))).toBe(false);
  });

  it.each([
    ['a yes to all channels', ledger({ action: 'granted', written: '2026-01-01' }), [...consentChannels]],
    ['a yes to some', ledger({ action: 'granted', channels: ['sms', 'email'], written: '2026-01-01' }), ['email', 'sms']],
    ['a yes to one more', ledger({ action: 'granted', channels: ['email'], written: '2026-01-01' }, { action: 'granted', channels: ['sms'], written: '2026-02-01' }), ['email', 'sms']],
    ['a no to one', ledger({ action: 'granted', channels: ['email', 'sms'], written: '2026-01-01' }, { action: 'withdrawn', channels: ['sms'], written: '2026-02-01' }), ['email']],
    ['a no to the last one', ledger({ action: 'granted', channels: ['email'], written: '2026-01-01' }, { action: 'withdrawn', channels: ['email'], written: '2026-02-01' }), []],
    ['a no to everything', ledger({ action: 'granted', written: '2026-01-01' }, { action: 'withdrawn', written: '2026-02-01' }), []],
    ['a return', ledger({ action: 'granted', written: '2026-01-01' }, { action: 'withdrawn', written: '2026-02-01' }, { action: 'granted', channels: ['email'], written: '2026-03-01' }), ['email']],
    ['a no without a yes', ledger({ action: 'withdrawn', written: '2026-01-01' }), []],
  ])('follows %s', (_what, events, channels) => {
    expect(permitted(events)).toEqual(channels);
  }); // prettier-ignore

  it.each([
    [
      'an old sheet written down after a no does not bring the yes back',
      ledger({ action: 'withdrawn', written: '2026-05-01' }, { action: 'granted', written: '2026-06-01', said: '2026-01-01' }),
      false,
    ],
    [
      'an old no written down after a newer yes leaves the yes',
      ledger({ action: 'granted', written: '2026-05-01' }, { action: 'withdrawn', written: '2026-06-01', said: '2026-01-01' }),
      true,
    ],
    [
      'a yes dated in the future does not outlive a no said now',
      ledger({ action: 'granted', written: '2026-05-01', said: '2027-05-01' }, { action: 'withdrawn', written: '2026-06-01' }),
      false,
    ],
    [
      'a no counts although the computer’s clock was set back years in between',
      ledger({ action: 'granted', written: '2026-05-01' }, { action: 'withdrawn', written: '2010-01-01' }),
      false,
    ],
    [
      'and so does the yes of somebody who comes back then',
      ledger({ action: 'granted', written: '2026-05-01' }, { action: 'withdrawn', written: '2026-06-01' }, { action: 'granted', written: '2010-01-01' }),
      true,
    ],
  ])('in time: %s', (_what, events, isPermitted) => {
    expect(permitted(events).includes('email')).toBe(isPermitted);
  }); // prettier-ignore

  it('never permits more with one more withdrawal, whenever said and written', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat(), anyChannels, fc.integer({ min: -5, max: 25 }), fc.integer({ min: 0, max: 20 }), (events, place, channels, said, written) => {
        const index = place % (events.length + 1);
        const withdrawal: ConsentEvent = {
          consentEventId: index + 0.5,
          purpose: 'marketing',
          action: 'withdrawn',
          channels,
          occurredAt: new Date(said * 86_400_000),
          recordedAt: new Date(written * 86_400_000),
        };
        const before = permitted(events);
        expect(permitted([...events, withdrawal]).filter((channel) => !before.includes(channel))).toEqual([]);
      }),
      { numRuns: 500 },
    ); // prettier-ignore
  });

  it('permits nothing on the channels of a withdrawal said now, and is a plain diary while everything is said when written', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const now = events.map((event) => ({ ...event, occurredAt: event.recordedAt }));
        const diary = new Set<string>();
        for (const { action, channels } of now)
          for (const channel of channels.length === 0 ? consentChannels : channels)
            if (action === 'granted') diary.add(channel);
            else diary.delete(channel);
        expect(permitted(now)).toEqual(consentChannels.filter((channel) => diary.has(channel)));
      }),
    );
  });

  it('does not depend on the order in which the ledger is read', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat(), (events, turn) => {
        const turned = events
          .map((_, index) => events[(index + turn) % events.length])
          .filter((event) => event !== undefined);
        expect(deriveState(turned)).toEqual(deriveState(events));
      }),
    );
  });
});
