import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addCategory, addMessage, addPerson } from '../../test/support/people.ts';
import { dayFromIso, instantOfDay, isoFromDay } from '../kernel/day.ts';
import { seededRandom } from '../kernel/random.ts';
import {
  exportDecisions,
  learnFromDecisions,
  loadEffectResults,
  loadEffects,
  measureReturns,
} from './actions.ts';
import { effectOf } from './stats/sequence.ts';

const TODAY = '2026-11-24';
const today = dayFromIso(TODAY);
const timeZone = 'Europe/Rome';

async function openShop() {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { raw } = shop.database;
  const category = await addCategory(shop, 'Caffè in capsule');
  let receipts = 0;
  return {
    ...shop,
    raw,
    category,
    /** A message decided by lot on a day. */
    async decide(contactId: number, on: number, arm: { isTreated: boolean; probability: number; forecast?: number; heldBack?: number }) {
      const { categoryId } = category;
      const message = await addMessage(shop, { contactId, categoryId, source: `clock:${categoryId}`, planDay: isoFromDay(on) });
      await raw`update message set status = ${arm.isTreated ? 'sent' : 'withheld'}, assignment = ${arm.isTreated ? 'treated' : 'control'}, assigned_by = 'decision',
        assignment_probability = ${arm.isTreated ? 0.9 : 0.1}, released_at = ${instantOfDay(on, '11:00', timeZone)}, probability = ${arm.probability},
        held_back_days = ${arm.heldBack ?? null}, forecast = ${arm.forecast ?? arm.probability}, forecast_cents = ${4000 * (arm.forecast ?? arm.probability)} where message_id = ${message.messageId}`;
    }, // prettier-ignore
    async buy(contactId: number, on: number, change: { cents?: number; by?: string } = {}) {
      receipts += 1;
      const { cents = 4000, by = 'card' } = change;
      await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, identified_by, import_run_id)
        values (${contactId}, ${receipts}, gen_random_uuid(), ${isoFromDay(on)}::date, ${isoFromDay(on)}, ${cents}, 1, ${by}, 1)`;
      await raw`insert into sale_line values (${contactId}, ${receipts}, 1, ${category.categoryId}, ${category.productId}, ${isoFromDay(on)}, ${Math.sign(cents)}, ${cents})`;
      await raw`insert into contact_activity (contact_id, last_day, total_cents) values (${contactId}, ${isoFromDay(on)}, 0)
        on conflict (contact_id) do update set last_day = greatest(contact_activity.last_day, excluded.last_day)`;
    },
    measure: (day = today) => measureReturns(shop.database, { today: day, timeZone }),
    results: () =>
      loadEffectResults(shop.database, { today, startOfMonth: new Date('2026-10-25T00:00:00Z') }),
  };
}

describe('decisions about letters', async () => {
  const shop = await openShop();
  const people = [await addPerson(shop), await addPerson(shop), await addPerson(shop)] as const;
  for (const [number, contactId] of people.entries())
    await shop.decide(contactId, today - 40, { isTreated: number < 2, probability: 0.3 });
  await shop.raw`update message set channel = 'letter'`;
  await shop.raw`update message set status = 'expired', reason = 'errand.not_posted' where contact_id = ${people[1]}`;
  await shop.buy(people[2], today - 30);
  await shop.buy(people[0], today - 1); // sales are known until then

  it('stay in the arm of their lot: a letter that nobody posted was chosen to be sent, a control was not', async () => {
    await shop.measure();
    expect(await shop.raw`select channel, decisions, treated, treated_returned, control, control_returned from decision_day`).toEqual([
      { channel: 'letter', decisions: 3, treated: 2, treated_returned: 0, control: 1, control_returned: 1 },
    ]);
  }); // prettier-ignore
});

describe('decisions whose window is over', async () => {
  const shop = await openShop();
  const { raw } = shop;
  const [ada, bea, cora] = [await addPerson(shop), await addPerson(shop), await addPerson(shop)];
  await shop.decide(ada, today - 40, { isTreated: true, probability: 0.3 });
  await shop.decide(bea, today - 40, { isTreated: false, probability: 0.6 });
  await shop.decide(cora, today - 13, { isTreated: true, probability: 0.2 });
  await shop.buy(ada, today - 26);
  await shop.buy(bea, today - 25, { by: 'card' });
  await shop.buy(cora, today - 1);

  it('are counted by what each says of the effect, purchases of the fourteen days after only', async () => {
    await shop.measure();
    const rows =
      await raw`select released_on, decisions, effect_sum, effect_square_sum, treated, treated_returned, control, control_returned from decision_day`;
    const effects = [
      effectOf({ isTreated: true, chanceTreated: 0.9, outcome: 1, forecast: 0.3 }),
      effectOf({ isTreated: false, chanceTreated: 0.9, outcome: 0, forecast: 0.6 }),
    ];
    expect(rows).toEqual([
      {
        released_on: isoFromDay(today - 40),
        decisions: 2,
        effect_sum: expect.closeTo(effects[0]! + effects[1]!, 9) as number,
        effect_square_sum: expect.closeTo(effects[0]! ** 2 + effects[1]! ** 2, 9) as number,
        treated: 1,
        treated_returned: 1,
        control: 1,
        control_returned: 0,
      },
    ]);
  });

  it('leave out a purchase that only a coupon tells of, and take in what comes late', async () => {
    await shop.buy(bea, today - 30, { by: 'coupon' });
    await shop.measure();
    const counts = () => raw`select control_returned, coupons from decision_day`;
    expect(await counts()).toEqual([{ control_returned: 0, coupons: 1 }]);
    await shop.buy(bea, today - 31);
    await shop.measure();
    expect(await counts()).toEqual([{ control_returned: 1, coupons: 1 }]);
    await shop.measure();
    expect(await counts(), 'counted once').toEqual([{ control_returned: 1, coupons: 1 }]);
  });

  it('wait until the sales of their days are loaded', async () => {
    expect(await shop.measure(today + 30)).toMatchObject({ decisionsUntil: isoFromDay(today - 1 - 14) });
    await shop.buy(ada, today + 20);
    await shop.measure(today + 30);
    const [row] = await raw`select sum(decisions) as decisions from decision_day`;
    expect(row).toEqual({ decisions: 3 });
  });

  it('are too few to be read, and say how long it takes', async () => {
    const { all, series, programme } = await shop.results();
    expect(all).toMatchObject({ verdict: 'too_early', extraPurchasesPer100: null, decisions: 3, coupons: 1 });
    expect(all.sentence).toMatch(
      /^Troppo presto per dirlo\. (Servono circa \d+ giorni|Serve ancora tempo)\.$/,
    );
    expect(series).toEqual([]);
    expect(programme.extraMarginCentsPerCustomer).toBeNull();
  });
});

describe('needs that the lot held back', async () => {
  const shop = await openShop();
  const { raw } = shop;
  const on = today - 40;
  for (const heldBack of [0, 0, 4, undefined]) {
    const contactId = await addPerson(shop);
    await shop.decide(contactId, on, { isTreated: true, probability: 0.3, ...(heldBack === undefined ? {} : { heldBack }) });
    await shop.buy(contactId, today - 1);
  } // prettier-ignore
  await shop.measure();

  it('are counted apart from those on time, and from those that took no part', async () => {
    const rows = await raw`select timing, decisions from decision_day order by timing`;
    expect(rows).toEqual([
      { timing: 'held_back', decisions: 1 },
      { timing: 'none', decisions: 1 },
      { timing: 'on_time', decisions: 2 },
    ]);
    const { all, sources, timing } = await shop.results();
    expect(all.decisions).toBe(4);
    expect(sources).toMatchObject([{ decisions: 4 }]);
    expect(timing).toMatchObject({
      onTime: { decisions: 2 },
      heldBack: { decisions: 1 },
      extraPurchasesPer100: null,
    });
    expect(timing.sentence).toMatch(/ancora presto\.$/);
  });

  it('say whether the moment matters once both lines may be read, and do not when both bring the same', async () => {
    const add = (kind: string, decisions: number, mean: number) => raw`
      insert into decision_day (released_on, source, channel, timing, decisions, effect_sum, effect_square_sum, cents_sum, cents_square_sum, treated, treated_returned, control, control_returned)
      values (${isoFromDay(today - 50)}, 'clock:1', 'email', ${kind}, ${decisions}, ${decisions * mean}, ${decisions * 1.1}, 0, 0, ${decisions * 0.9}, 0, ${decisions * 0.1}, 0)`;
    await add('on_time', 30_000, 0.08);
    await add('held_back', 30_000, 0.02);
    const { timing } = await shop.results();
    expect(timing.extraPurchasesPer100?.estimate).toBeCloseTo(6, 1);
    expect(timing.extraPurchasesPer100?.low).toBeGreaterThan(0);
    expect(timing.sentence).toMatch(/^Scrivere appena serve rende di più .*: 6 acquisti in più/);
    await raw`update decision_day set effect_sum = 0.13 * decisions where timing = 'held_back'`;
    expect((await shop.results()).timing.sentence).toMatch(/^Scrivere qualche giorno dopo rende di più: 5 acquisti in più su 100 messaggi \(tra 0,9 e 9,1\)/);
    await raw`update decision_day set effect_sum = 0.08 * decisions where timing = 'held_back'`;
    expect((await shop.results()).timing.sentence).toMatch(/non si vede differenza/);
  }); // prettier-ignore
});

describe('a shop whose messages help', async () => {
  const shop = await openShop();
  const random = seededRandom('a shop whose messages help');
  const THETA = 1.8;
  for (let number = 0; number < 600; number += 1) {
    const contactId = await addPerson(shop, { email: null, consents: [] });
    const probability = 0.2 + 0.5 * random.next();
    const isTreated = random.next() >= 0.1;
    const on = today - 200 + random.integer(180);
    await shop.decide(contactId, on, { isTreated, probability });
    if (random.next() >= (1 - probability) ** (isTreated ? THETA : 1)) await shop.buy(contactId, on + 3);
  }
  await shop.buy(await addPerson(shop), today - 1);
  await shop.measure();

  it('says how many purchases more, with an interval that holds the truth, by need and by channel', async () => {
    const { all, sources, channels, series } = await shop.results();
    expect(all.verdict).toBe('works');
    expect(all.extraPurchasesPer100!.low).toBeGreaterThan(0);
    expect(all.extraPurchasesPer100!.low).toBeLessThan(17);
    expect(all.extraPurchasesPer100!.high).toBeGreaterThan(17);
    expect(all.sentence).toMatch(/^Su 100 messaggi, \d+(,\d)? acquisti in più \(tra /);
    expect(sources).toHaveLength(1);
    expect(sources[0]).toMatchObject({ name: 'Caffè in capsule', decisions: all.decisions });
    expect(channels).toMatchObject([{ key: 'email', name: 'email' }]);
    expect(series.length).toBeGreaterThan(50);
    expect(series.at(-1)!.estimate).toBeCloseTo(all.extraPurchasesPer100!.estimate, 9);
  });

  it('teaches the plan what a message does, and leaves fewer out from then on', async () => {
    const before = await loadEffects(shop.database);
    expect(before.exploration).toBeCloseTo(0.1, 9);
    expect(before.logHazardRatio(shop.category.categoryId, 'email')).toBe(0.14);
    const learned = await learnFromDecisions(shop.database, { today, timeZone }, shop.clock.now());
    expect(learned.decisions).toBe(600);
    expect(learned.exploration).toBeLessThan(0.1);
    const after = await loadEffects(shop.database);
    const believed = after.logHazardRatio(shop.category.categoryId, 'email');
    expect(believed).toBeGreaterThan(0.2);
    expect(believed).toBeLessThan(Math.log(2.4));
    expect(after.logHazardRatio(999, 'letter'), 'nobody sent a letter').toBeCloseTo(0.25, 6);
  });

  it('teaches it what campaigns bring, each by itself and by channel', async () => {
    const { raw, clock, database, category } = shop;
    await raw`insert into decision_day (released_on, source, channel, campaign_id, decisions, effect_sum, effect_square_sum, cents_sum, cents_square_sum, treated, treated_returned, control, control_returned)
      values (${isoFromDay(today - 40)}, 'campaign:7', 'email', 7, 40000, 2400, 44000, 0, 0, 36000, 0, 4000, 0), (${isoFromDay(today - 40)}, 'campaign:8', 'email', 8, 40, -12, 44, 0, 0, 36, 0, 4, 0)`;
    await learnFromDecisions(database, { today, timeZone }, clock.now());
    const { campaignUplift, logHazardRatio } = await loadEffects(database);
    expect(campaignUplift(7, 'email', 0.01)).toBeGreaterThan(0.035);
    expect(campaignUplift(7, 'email', 0.01)).toBeLessThan(0.06);
    const another = campaignUplift(9, 'email', 0.01);
    expect(another, 'a new one has what its channel brought').toBeGreaterThan(0.015);
    expect(campaignUplift(8, 'email', 0.01)).toBeCloseTo(another, 2);
    expect(campaignUplift(7, 'letter', 0.01)).toBeCloseTo(0.01, 9);
    expect(logHazardRatio(category.categoryId, 'email')).toBeGreaterThan(0.2);
    await raw`delete from decision_day where campaign_id is not null`;
  });

  it('teaches it how often people leave, drawn to what is usual', async () => {
    const before = (await loadEffects(shop.database)).leaving('email');
    const [message] = await shop.raw<{ contact_id: number; released_at: Date }[]>`
      select contact_id, released_at from message where status = 'sent' order by message_id limit 1`;
    await shop.raw`insert into consent_event (contact_id, purpose, action, language, method, occurred_at, recorded_at)
      values (${message?.contact_id ?? 0}, 'marketing', 'withdrawn', 'it', 'one_click', ${new Date((message?.released_at.getTime() ?? 0) + 86_400_000)}, now())`;
    await learnFromDecisions(shop.database, { today, timeZone }, shop.clock.now());
    const sent = (await shop.results()).all.treated.decisions;
    expect((await loadEffects(shop.database)).leaving('email')).toBeCloseTo((2.5 + 1) / (1000 + sent), 9);
    expect(before).toBeCloseTo(2.5 / (1000 + sent), 9);
  });

  it('can be taken away as a file', async () => {
    const csv = await exportDecisions(shop.database, {});
    const [header, first, ...rest] = csv.trim().split('\r\n');
    expect(header?.split(';')).toHaveLength(13);
    expect(first?.split(';')).toHaveLength(13);
    expect(rest.length).toBeGreaterThan(50);
  });
});
