import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addCategory, addPerson } from '../../test/support/people.ts';
import { controlProbability } from './rules.ts';
import { assignAtRelease, loadResults, loadReturns } from './actions.ts';
import { dayFromIso } from '../kernel/day.ts';

const zone = 'Europe/Rome';

describe('results', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database } = shop;
  const { raw } = database;
  const { categoryId } = await addCategory(shop, 'Miele');
  let contacts = 0;
  let receipts = 0;

  interface Release {
    readonly day: string;
    readonly arm: 'treated' | 'control';
    readonly source?: string;
    readonly probability?: number;
    readonly assignedBy?: string;
    readonly status?: string;
    /** Receipts as [day, cents, how the customer was known]. */
    readonly buys?: readonly (readonly [string, number, string?])[];
    readonly contactId?: number;
  }

  async function release(wish: Release): Promise<number> {
    contacts += 1;
    const contactId = wish.contactId ?? contacts;
    await raw`insert into contact (contact_id, household_id, created_at, updated_at) values (${contactId}, ${contactId}, now(), now()) on conflict do nothing`;
    await raw`insert into control_bucket values (${contactId}, ${Number(wish.day.slice(0, 4))}, 0.5, ${wish.arm === 'control'}, now(), ${wish.probability === 1 ? 0 : 0.1})
      on conflict do nothing`;
    const status = wish.status ?? (wish.arm === 'treated' ? 'sent' : 'withheld');
    await raw`insert into message (contact_id, plan_day, source, class, channel, category_id, status, value_cents, cost_cents, facts, subject, opening, send_after, send_before,
        created_at, assignment, assignment_probability, assigned_by, released_at)
      values (${contactId}, ${wish.day}, ${wish.source ?? `clock:${categoryId}`}, 'promotion', 'email', ${wish.source ? null : categoryId}, ${status}, 1, 0.1, '{}', '', '', now(), now(), now(),
        ${wish.arm}, ${wish.probability ?? (wish.arm === 'treated' ? 0.9 : 0.1)}, ${wish.assignedBy ?? 'programme'}, ${`${wish.day}T10:00:00+01:00`}::timestamptz)`;
    for (const [day, cents, by = 'card'] of wish.buys ?? []) {
      receipts += 1;
      await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, identified_by, import_run_id)
        values (${contactId}, ${receipts}, gen_random_uuid(), ${day}::date, ${day}, ${cents}, 1, ${by}, 1)`;
    }
    return contactId;
  }

  const empty = () => raw`truncate message, message_event, sale_receipt, control_bucket, contact cascade`;
  const results = (change: Partial<{ from: string; to: string; today: string }> = {}) =>
    loadResults(database, { from: '2026-09-01', to: '2026-11-24', today: '2026-11-24', ...change }, zone);

  it('count a purchase from the day after the release to the fourteenth day, by any way open to both groups', async () => {
    await empty();
    const cases: [string, boolean, Release['buys']][] = [
      ['on the day itself', false, [['2026-10-01', 1000]]],
      ['on the next day', true, [['2026-10-02', 1000]]],
      ['on the fourteenth day', true, [['2026-10-15', 1000]]],
      ['on the fifteenth day', false, [['2026-10-16', 1000]]],
      ['with a coupon that a control has not', false, [['2026-10-05', 1000, 'coupon']]],
      ['known by phone at the till', true, [['2026-10-05', 1000, 'phone']]],
      ['only a return', false, [['2026-10-05', -1000]]],
    ];
    for (const [, , buys] of cases) await release({ day: '2026-10-01', arm: 'treated', buys: buys ?? [] });
    const counted = cases.filter(([, counts]) => counts).length;
    expect((await results()).treated).toMatchObject({ customers: cases.length, returned: counted });
  });

  it('count a customer once, from the first release of the period, however many followed', async () => {
    await empty();
    const contactId = await release({ day: '2026-10-01', arm: 'treated', buys: [['2026-10-05', 1000], ['2026-10-06', 500], ['2026-10-30', 700]] }); // prettier-ignore
    await release({ contactId, day: '2026-10-20', arm: 'treated' });
    await release({ contactId, day: '2026-10-21', arm: 'treated', source: 'campaign:9' });
    const { treated, sources, costs } = await results();
    expect(treated).toMatchObject({ customers: 1, returned: 1, per100: 100 });
    expect(
      sources.map((source) => [source.source, source.treated.customers, source.treated.returned]),
    ).toEqual([
      ['campaign:9', 1, 1],
      [`clock:${categoryId}`, 1, 1],
    ]);
    expect(costs.messages).toBe(3);
  });

  it('leave out whom no coin chose, and whose fortnight is not over', async () => {
    await empty();
    await release({ day: '2026-10-01', arm: 'treated' });
    await release({ day: '2026-10-01', arm: 'treated', assignedBy: 'exempt', probability: 1 });
    await release({ day: '2026-10-01', arm: 'treated', assignedBy: 'not_measured', probability: 1 });
    await release({ day: '2026-10-01', arm: 'treated', probability: 1 });
    await release({ day: '2026-11-09', arm: 'treated' });
    await release({ day: '2026-11-10', arm: 'treated' });
    await release({ day: '2026-08-31', arm: 'treated' });
    expect((await results()).treated.customers).toBe(2);
    expect((await results({ today: '2026-11-25' })).treated.customers).toBe(3);
  });

  it('keep in their group those whose message did not arrive: they were chosen to be written to', async () => {
    await empty();
    for (const status of ['sent', 'failed', 'unknown', 'cancelled'])
      await release({ day: '2026-10-01', arm: 'treated', status });
    expect((await results()).treated.customers).toBe(4);
  });

  it('show no number before there are fifty and ten, and say how many are missing', async () => {
    await empty();
    for (let index = 0; index < 50; index += 1)
      await release({ day: '2026-10-01', arm: 'treated', buys: [['2026-10-03', 2000]] });
    for (let index = 0; index < 9; index += 1) await release({ day: '2026-10-01', arm: 'control' });
    const early = await results();
    expect(early).toMatchObject({ verdict: 'too_early', difference: null, monthlyMarginCents: null });
    expect(early.comparison).toContain('1');
    expect(early.sources[0]).toMatchObject({ verdict: 'too_early', messagesNeeded: 1 });
    await release({ day: '2026-10-01', arm: 'control' });
    const ready = await results();
    expect(ready.verdict).toBe('works');
    expect(ready.difference?.estimate).toBe(100);
    expect(ready.headline).toMatch(/€/);
  });

  it('find the truth of a constructed shop: 60 of 100 against 30 of 60, and 12 euro more', async () => {
    await empty();
    for (let index = 0; index < 100; index += 1)
      await release({ day: '2026-10-01', arm: 'treated', buys: index < 60 ? [['2026-10-03', 4000]] : [] });
    for (let index = 0; index < 60; index += 1)
      await release({ day: '2026-10-01', arm: 'control', buys: index < 30 ? [['2026-10-03', 2400]] : [] });
    const { treated, control, difference, monthlyMarginCents, verdict, comparison } = await results();
    expect([treated.per100, control.per100]).toEqual([60, 50]);
    // Newcombe's method 10 for 60/100 against 30/60, worked out from Wilson's limits.
    expect(difference?.estimate).toBeCloseTo(10, 10);
    expect(difference?.low).toBeCloseTo(-5.7, 1);
    expect(difference?.high).toBeCloseTo(25.24, 1);
    expect(verdict).toBe('no_difference');
    // (24 - 12) euro × 35 % of margin × 100 customers in 85 days, for 30 days.
    expect(monthlyMarginCents?.estimate).toBeCloseTo((1200 * 0.35 * 100 * 30) / 85, 6);
    expect(comparison).toContain('60');
  });

  it('say on Oggi who came back yesterday, by the shop’s own days', async () => {
    await empty();
    await release({ day: '2026-11-10', arm: 'treated', buys: [['2026-11-23', 1500]] });
    await release({ day: '2026-11-10', arm: 'control', buys: [['2026-11-23', 900]] });
    await release({ day: '2026-11-23', arm: 'treated', buys: [['2026-11-23', 700]] });
    await raw`update message set released_at = '2026-11-22T23:30:00Z' where plan_day = '2026-11-23'`; // half past midnight in Rome
    expect(await loadReturns(database, dayFromIso('2026-11-23'))).toEqual({ customers: 1, totalCents: 1500 });
  });
});

describe('the lot at release', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database, clock } = shop;
  const toss = (
    householdId: number,
    change: Partial<Parameters<typeof assignAtRelease>[1]> = {},
    { key = shop.secretKey, exploration = 0 }: { key?: Buffer; exploration?: number } = {},
  ) =>
    assignAtRelease(
      database,
      {
        contactId: householdId,
        messageId: 1,
        householdId,
        messageClass: 'promotion',
        isExempt: false,
        day: dayFromIso('2026-11-24'),
        ...change,
      },
      { key, exploration, now: clock.now() },
    );
  const bucketOf = (householdId: number, year: number) => database.raw<
    { is_control: boolean; control_probability: number }[]
  >`
    select is_control, control_probability from control_bucket where household_id = ${householdId} and year = ${year}`;

  it('is one for a household, whoever of it is asked and whatever the key is later', async () => {
    const first = await toss(1, { contactId: 10 });
    expect(await toss(1, { contactId: 11 })).toEqual(first);
    for (let key = 0; key < 20; key += 1)
      expect(await toss(1, {}, { key: Buffer.alloc(32, key) })).toEqual(first);
  });

  it('never falls on whom the shop exempted, nor on a class that is owed, and leaves no trace there', async () => {
    expect(await toss(2, { isExempt: true })).toEqual({
      assignment: 'treated',
      probability: 1,
      assignedBy: 'exempt',
    });
    for (const messageClass of ['service', 'promise', 'subscription'] as const)
      expect(await toss(2, { messageClass })).toEqual({
        assignment: 'treated',
        probability: 1,
        assignedBy: 'not_measured',
      });
    expect(await bucketOf(2, 2026)).toEqual([]);
  });

  it('keeps the probability with which it fell when the shop grows past a thousand contacts', async () => {
    const before = await toss(3);
    expect(await bucketOf(3, 2026)).toMatchObject([{ control_probability: 0.1 }]);
    await database.raw`insert into contact (household_id, created_at, updated_at) select n, now(), now() from generate_series(1, 1000) n`;
    expect(await toss(3)).toEqual(before);
    await toss(4);
    expect(await bucketOf(4, 2026)).toMatchObject([{ control_probability: 0.05 }]);
  });

  it('falls anew for each decision of who is not in control, with the share it says', async () => {
    await database.raw`insert into control_bucket select n, 2026, 0.5, false, now(), 0.05 from generate_series(1000, 1049) n`;
    const assignments: string[] = [];
    for (let household = 1000; household < 1050; household += 1)
      for (let messageId = 1; messageId <= 20; messageId += 1) {
        const { assignment, probability, assignedBy } = await toss(
          household,
          { messageId },
          { exploration: 0.1 },
        );
        expect([assignedBy, probability]).toEqual(['decision', assignment === 'control' ? 0.1 : 0.9]);
        assignments.push(assignment);
      }
    const share = assignments.filter((assignment) => assignment === 'control').length / assignments.length;
    expect(Math.abs(share - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / assignments.length));
    const again = await toss(1000, { messageId: 1 }, { exploration: 0.1 });
    expect(again.assignment, 'the same whoever draws again').toBe(assignments[0]);
  });

  it('spares who was in control last year, and says so', async () => {
    await database.raw`insert into control_bucket values (5, 2026, 0, true, now(), 0.05), (6, 2026, 0.5, false, now(), 0.05)`;
    const next = dayFromIso('2027-01-01');
    expect(await toss(5, { day: next })).toEqual({
      assignment: 'treated',
      probability: 1,
      assignedBy: 'decision',
    });
    const other = await toss(6, { day: next });
    const stated = controlProbability(0.05, 'treated');
    expect(other.probability).toBeCloseTo(other.assignment === 'control' ? stated : 1, 12);
    expect(await addPerson(shop)).toBeGreaterThan(0);
  });
});
