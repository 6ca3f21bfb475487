import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../kernel/channel.ts';
import { dayFromIso } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { reasonInWords } from '../kernel/catalogue/reason.ts';
import { bitsOf, groupsOf } from './groups.ts';
import type { QuietRule } from './hours.ts';
import { hoursOn } from './hours.ts';
import type { ContactWish, CountedMessage, PastMessage, Pressure, Scope } from './limits.ts';
import { brokenRule, capsOf, daysCounted, defaultPressure, isInScope, refusalOfWish } from './limits.ts';
import { describePressure } from './words.ts';

const DAY = dayFromIso('2026-11-24');
const everything = { channels: [], classes: [], kinds: [], tags: [] };
const promotion: CountedMessage = { messageClass: 'promotion', channel: 'email', kind: 'clock', tags: [] };
const care: CountedMessage = { ...promotion, messageClass: 'care', kind: 'campaign' };
const ago = (days: number, message = promotion): PastMessage => ({ ...message, day: DAY - days });
const check = (
  message: CountedMessage,
  past: readonly PastMessage[],
  given: { pressure?: Partial<Pressure>; wish?: ContactWish } = {},
) =>
  brokenRule(message, DAY, past, {
    pressure: { ...defaultPressure, ...given.pressure },
    wish: given.wish,
  });

describe('the default rules (priors.md 4)', () => {
  it('let one message go in 14 days, any channel and campaign counted', () => {
    expect(check(promotion, [])).toBeNull();
    expect(check(promotion, [ago(13, { ...care, channel: 'letter' })])).toBe('caps.reached?max=1&days=14');
    expect(check(promotion, [ago(14)])).toBeNull();
    expect(check(promotion, [ago(0)])).toBe('caps.one_a_day');
  });

  it('keep one of the four places in 90 days for care', () => {
    const three = [ago(20), ago(40), ago(89)];
    expect(check(promotion, three)).toBe('caps.reached?max=3&days=90&class=promotion');
    expect(check(care, three)).toBeNull();
    expect(check(care, [...three, ago(60)])).toBe('caps.reached?max=4&days=90');
    expect(check(promotion, [ago(20), ago(40), ago(90)])).toBeNull();
  });

  it('have their own caps for what rings and for what costs', () => {
    const sms: CountedMessage = { ...promotion, channel: 'sms' };
    expect(check(sms, [ago(29, { ...sms, channel: 'whatsapp' })])).toBe(
      'caps.reached?max=1&days=30&channels=sms%2Cwhatsapp',
    );
    expect(check(promotion, [ago(29, sms)])).toBeNull();
    const call: CountedMessage = { ...promotion, channel: 'phone' };
    expect(check(call, [ago(179, call)])).toBe('caps.reached?max=1&days=180&channels=phone');
    expect(daysCounted(defaultPressure, 'email')).toBe(90);
    expect(daysCounted(defaultPressure, 'letter')).toBe(365);
  });

  it('never hold a promise back, which counts all the same', () => {
    const promise: CountedMessage = { ...care, messageClass: 'promise' };
    expect(check(promise, [ago(0), ago(1), ago(2), ago(3)])).toBeNull();
    expect(check(promotion, [ago(3, promise)])).toBe('caps.reached?max=1&days=14');
  });
});

describe('rules of a shop', () => {
  it('may be about a kind or a label, and forbid what comes too close together', () => {
    const pressure: Partial<Pressure> = {
      caps: [{ ...everything, tags: ['moda'], max: 1, days: 60 }],
      exclusions: [
        { scope: { ...everything, tags: ['moda'] }, other: { ...everything, kinds: ['clock'] }, days: 7 },
      ],
    };
    const fashion: CountedMessage = { ...care, tags: ['moda', 'saldi'] };
    expect(check(fashion, [ago(59, fashion)], { pressure })).toBe('caps.reached?max=1&days=60&tags=moda');
    expect(check(fashion, [ago(6)], { pressure })).toBe('caps.exclusion?days=7');
    expect(check(promotion, [ago(6, fashion)], { pressure })).toBe('caps.exclusion?days=7');
    expect(check(fashion, [ago(7)], { pressure })).toBeNull();
    expect(check(care, [ago(1, care)], { pressure })).toBeNull();
  });

  it('give every message the bits of the scopes that it is in, and know each scope once', () => {
    fc.assert(
      fc.property(
        fc.record({
          messageClass: fc.constantFrom('promotion' as const, 'care' as const, 'promise' as const),
          channel: fc.constantFrom<Channel>('email', 'sms', 'letter'),
          kind: fc.constantFrom('clock' as const, 'campaign' as const),
          tags: fc.subarray(['moda', 'saldi']),
        }),
        (message) => {
          const groups = groupsOf(defaultPressure);
          const bits = bitsOf(groups, message);
          expect(bits & 1).toBe(1);
          for (const { group, rule } of groups.caps)
            expect(((bits >> group) & 1) === 1).toBe(isInScope(rule, message));
          expect(new Set(groups.scopes.map((scope) => JSON.stringify(scope))).size).toBe(
            groups.scopes.length,
          );
        },
      ),
    );
    expect(capsOf(defaultPressure)).toHaveLength(6);
  });
});

describe('a customer’s wish', () => {
  const wish: ContactWish = { cap: { max: 1, days: 30 }, pausedUntil: DAY, topics: ['category:4'] };

  it('tightens the rules', () => {
    expect(check(promotion, [ago(29)], { wish })).toBe('wish.cap?max=1&days=30');
    expect(check(promotion, [ago(30)], { wish })).toBeNull();
  });

  it('never loosens them', () => {
    const loose: ContactWish = { cap: { max: 9, days: 1 }, pausedUntil: null, topics: [] };
    const anyPast = fc.array(fc.record({ ...Object.fromEntries(Object.entries(promotion).map(([key, value]) => [key, fc.constant(value)])), day: fc.integer({ min: DAY - 100, max: DAY }) })); // prettier-ignore
    fc.assert(
      fc.property(anyPast, (past) => {
        const without = check(promotion, past as unknown as PastMessage[]);
        if (without !== null)
          expect(check(promotion, past as unknown as PastMessage[], { wish: loose })).toBe(without);
      }),
    );
  });

  it('is a pause until its day is over, and only the topics asked for', () => {
    expect(refusalOfWish(wish, { day: DAY, topics: ['category:4'] })).toBe('wish.paused');
    expect(refusalOfWish(wish, { day: DAY + 1, topics: ['category:4'] })).toBeNull();
    expect(refusalOfWish(wish, { day: DAY + 1, topics: ['category:5', 'tag:moda'] })).toBe('wish.topic');
    expect(refusalOfWish(undefined, { day: DAY, topics: [] })).toBeNull();
  });
});

describe('hours (law.md HRS-1)', () => {
  const shop = { from: '08:30', until: '20:30' };
  const on = (channel: Channel, iso: string) =>
    hoursOn(channel, dayFromIso(iso), { shop, patronDay: '12-07', quiet: [] });

  it('are those of the shop for mails, and any for letters, which nobody hears', () => {
    expect(on('email', '2026-11-29')).toEqual(shop);
    expect(on('letter', '2026-12-25')).toEqual({ from: '00:00', until: '23:59' });
  });

  it('are narrower for what rings: working days, Saturdays and eves, never a Sunday or a holiday', () => {
    expect(on('sms', '2026-11-24')).toEqual({ from: '09:00', until: '20:00' });
    expect(on('phone', '2026-11-28')).toEqual({ from: '10:00', until: '19:00' });
    expect(on('whatsapp', '2026-12-24')).toEqual({ from: '10:00', until: '19:00' });
    for (const day of ['2026-11-29', '2026-12-07', '2026-12-08', '2026-12-25'])
      expect(on('sms', day)).toBeNull();
    expect(
      hoursOn('phone', dayFromIso('2026-11-28'), {
        shop: { from: '19:30', until: '20:00' },
        patronDay: '',
        quiet: [],
      }),
    ).toBeNull();
  });
});

describe('quiet days of a shop', () => {
  it('are those of a channel, by weekday or holiday', () => {
    const quiet = [{ channels: ['email'] as const, weekdays: [7], onHolidays: true }];
    const on = (channel: Channel, iso: string) =>
      hoursOn(channel, dayFromIso(iso), { shop: { from: '10:00', until: '18:00' }, patronDay: '', quiet });
    expect(['2026-11-29', '2026-12-08'].map((iso) => on('email', iso))).toEqual([null, null]);
    expect(on('email', '2026-11-28')).toEqual({ from: '10:00', until: '18:00' });
    expect(on('letter', '2026-11-29')).toEqual({ from: '00:00', until: '23:59' });
  });
});

describe('rules in words', () => {
  it('say to a shopkeeper what holds', () => {
    expect(describePressure(defaultPressure, 'it')).toEqual({
      caps: [
        'Al massimo un messaggio ogni 14 giorni.',
        'Al massimo 4 messaggi ogni 90 giorni.',
        'Al massimo un messaggio per SMS o WhatsApp ogni 30 giorni.',
        'Al massimo un messaggio per telefono ogni 180 giorni.',
        'Al massimo 2 messaggi per posta ogni 365 giorni.',
      ],
      exclusions: [],
      quiet: [],
      care: 'Il 25 % dei posti è per i messaggi che non vendono niente.',
    });
    expect(reasonInWords('later.cap?max=3&days=90&class=promotion&day=20790', 'it')).toBe(
      'Limite di 3 messaggi di promozione ogni 90 giorni: spostato a giovedì 3 dicembre.',
    );
    expect(reasonInWords('later.window', 'it')).toBe(
      'Non è ancora il momento: previsto per un altro giorno.',
    );
  });

  it('name whatever an exclusion tells apart', () => {
    const describe = (scope: Partial<Scope>, other: Partial<Scope>, days = 7, language: Language = 'it') =>
      describePressure(
        {
          ...defaultPressure,
          exclusions: [{ scope: { ...everything, ...scope }, other: { ...everything, ...other }, days }],
        },
        language,
      ).exclusions;
    expect(describe({ classes: ['promotion'] }, { classes: ['care'] })).toEqual([
      'Mai una promozione entro 7 giorni da un consiglio.',
    ]);
    expect(describe({ channels: ['sms'] }, { channels: ['email'] }, 1)).toEqual([
      'Mai un messaggio per SMS entro un giorno da un messaggio per email.',
    ]);
    expect(describe({ kinds: ['campaign'], tags: ['moda'] }, {})).toEqual([
      'Mai un’iniziativa su moda entro 7 giorni da un altro messaggio.',
    ]);
    expect(describe({ classes: ['promotion'], kinds: ['clock'] }, { kinds: ['clock'] })).toEqual([
      'Mai una promozione di riacquisto entro 7 giorni da un promemoria di riacquisto.',
    ]);
    expect(describe({ kinds: ['campaign'] }, { kinds: ['campaign'] }, 30)).toEqual([
      'Mai un’iniziativa entro 30 giorni da un altro messaggio così.',
    ]);
    expect(describe({ classes: ['promotion'] }, {}, 7, 'en')).toEqual([
      'Never a promotion within 7 days of another message.',
    ]);
  });

  it('say on which days a channel rests', () => {
    const describe = (rule: Partial<QuietRule>, language: Language = 'it') =>
      describePressure(
        {
          ...defaultPressure,
          quiet: [{ channels: [], weekdays: [], onHolidays: false, ...rule }],
        },
        language,
      ).quiet;
    expect(describe({ channels: ['sms'], weekdays: [7] })).toEqual(['Di domenica niente SMS.']);
    expect(describe({ weekdays: [6, 7], onHolidays: true })).toEqual([
      'Di sabato, di domenica e nei giorni di festa niente messaggi.',
    ]);
    expect(describe({ channels: ['email', 'letter'], onHolidays: true })).toEqual([
      'Nei giorni di festa niente email o lettere.',
    ]);
    expect(describe({ channels: ['sms'], weekdays: [1, 7] }, 'en')).toEqual([
      'No SMS on Mondays and on Sundays.',
    ]);
    expect(describe({})).toEqual(['Nessun giorno di riposo.']);
  });
});
