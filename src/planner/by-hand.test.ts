import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addPerson } from '../../test/support/people.ts';
import { saveSetting } from '../business/actions.ts';
import { createCampaign } from '../campaigns/actions.ts';
import { campaignInputSchema } from '../campaigns/schema.ts';
import { recordConsentEvents } from '../consent/actions.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { approveDay, planDay, replanContacts } from './actions.ts';

const TODAY = '2026-11-24'; // a Tuesday
const home = { street: 'Via dell’Esempio 3', postcode: '50100', city: 'Borgo', province: 'FI' };

/** A shop in which letters and calls are on, with a promotion that is worth a call to who spends much. */
async function openShop(uplift: number) {
  const shop = await createTestApplication({ now: new Date(`${TODAY}T09:00:00Z`) });
  const { database, clock } = shop;
  const { raw } = database;
  const set = (name: string, value: object) => saveSetting(database, name, value, null, clock.now());
  await set('letters', { isOn: true, maxPerDay: 2, leadDays: 3 });
  await set('calls', { isOn: true });
  const campaign = campaignInputSchema.parse({
    name: 'Serata', subject: 'Una serata', text: 'Ti aspettiamo.', audience: { kind: 'everyone' },
    startsOn: isoFromDay(dayFromIso(TODAY) - 1), endsOn: isoFromDay(dayFromIso(TODAY) + 13), expectedUplift: uplift,
  }); // prettier-ignore
  await createCampaign(database, campaign, dayFromIso(TODAY) - 1, clock.now());
  await raw`update campaign set expected_uplift = ${uplift}`;
  return {
    ...shop,
    raw,
    set,
    /** Two assistants of the only store, one of whom is nobody's yet. */
    hire: async (callsPerDay: number) => {
      for (const name of ['Ivo', 'Lea'])
        await raw`insert into operator (name, email, password_hash, role, store_id, calls_per_day, created_at)
          values (${name}, ${`${name}@bottega.example.it`}, '', 'assistant', ${name === 'Ivo' ? 1 : null}, ${callsPerDay}, ${clock.now()})`;
    },
    plan: () => planDay(shop, dayFromIso(TODAY), clock.now()),
    today: () => raw<{ contact_id: number; channel: string; cost_cents: number }[]>`
        select contact_id, channel, cost_cents from message where plan_day = ${TODAY} and status = 'planned' order by contact_id`,
    foreseen: () => raw<{ contact_id: number; channel: string; day: string; reason: string }[]>`
        select contact_id, channel, planned_for::text as day, reason from planned_slot order by planned_for, contact_id`,
    verdictOf: async (contactId: number) => {
      const [row] = await raw<{ verdict: string; reason: string }[]>`
        select verdict, reason from candidate where plan_day = ${TODAY} and contact_id = ${contactId}`;
      return row;
    },
  };
}

const byPhone = (number: number) => ({
  email: null,
  phone: `+39 333 12345${String(number).padStart(2, '0')}`,
});

describe('calls in the plan', async () => {
  const shop = await openShop(0.3);
  await shop.hire(3);
  const people: number[] = [];
  for (let number = 0; number < 20; number++) people.push(await addPerson(shop, byPhone(number)));

  it('are six a day for two assistants of three, and the others wait or are told that the calls are full', async () => {
    await shop.plan();
    expect(await shop.today()).toHaveLength(6);
    const later = await shop.foreseen();
    expect(later).toHaveLength(14);
    for (const [day, own] of Map.groupBy(later, ({ day }) => day))
      expect(own.length, day).toBeLessThanOrEqual(6);
    expect(new Set(later.map(({ reason }) => reason.split('?')[0]))).toEqual(new Set(['later.calls']));
    expect(later.some(({ day }) => day === '2026-11-29')).toBe(false); // a Sunday
  });

  it('leave today to what was decided, and a customer planned anew finds only what is left', async () => {
    await approveDay(shop.database, dayFromIso(TODAY), shop.clock.now());
    await shop.plan();
    expect(await shop.today()).toHaveLength(0);
    const moved = (await shop.foreseen())[0]?.contact_id ?? 0;
    const before = await shop.foreseen();
    await shop.database.transaction((transaction) =>
      replanContacts(transaction, shop, [moved], { day: dayFromIso(TODAY), now: shop.clock.now() }),
    );
    expect(await shop.foreseen()).toEqual(before);
  });

  it('leave in peace for two weeks whoever did not answer, and only the calls', async () => {
    const [silent = 0] = people;
    await shop.raw`update message set status = 'expired', reason = 'errand.no_answer', released_at = ${shop.clock.now()} where contact_id = ${silent}`;
    await shop.raw`delete from send_queue where contact_id = ${silent}`;
    await shop.raw`delete from candidate where contact_id = ${silent}`;
    await shop.raw`update contact set preferred_channel = 'phone' where contact_id = ${silent}`;
    await shop.plan();
    expect(await shop.verdictOf(silent)).toEqual({ verdict: 'blocked', reason: 'need.not_reached' });
    await shop.raw`update message set plan_day = plan_day - 14 where contact_id = ${silent}`;
    await shop.plan();
    expect((await shop.foreseen()).some(({ contact_id }) => contact_id === silent)).toBe(true);
  });

  it('are not there for the customers of a store in which nobody calls', async () => {
    await shop.raw`insert into store (code, name) values ('second', 'Secondo negozio')`;
    const [second] = await shop.raw<{ store_id: number }[]>`select max(store_id) as store_id from store`;
    const [elsewhere] = people.slice(-1);
    await shop.raw`update contact set store_id = ${second?.store_id ?? 0} where contact_id = ${elsewhere ?? 0}`;
    await shop.plan();
    expect(await shop.verdictOf(elsewhere ?? 0)).toEqual({ verdict: 'blocked', reason: 'address.missing' });
    expect((await shop.foreseen()).some(({ contact_id }) => contact_id === elsewhere)).toBe(false);
  });
});

describe('letters in the plan', () => {
  it('are none where they bring less than they cost, and say so', async () => {
    const shop = await openShop(0.05);
    const reader = await addPerson(shop, { email: null, ...home });
    const both = await addPerson(shop, home);
    await shop.plan();
    expect(await shop.verdictOf(reader)).toEqual({ verdict: 'blocked', reason: 'value.below_cost' });
    expect(await shop.today()).toMatchObject([{ contact_id: both, channel: 'email' }]);
  });

  it('go where they are worth it and only there: who asked for nothing is written to by what does better', async () => {
    const shop = await openShop(0.3);
    const reader = await addPerson(shop, { email: null, ...home });
    const asks = await addPerson(shop, { ...home, preferredChannel: 'letter' });
    const any = await addPerson(shop, home);
    const nowhere = await addPerson(shop, { email: null, street: 'Via dell’Esempio 4', city: 'Borgo' });
    await shop.plan();
    expect(await shop.today()).toEqual([
      { contact_id: reader, channel: 'letter', cost_cents: 150 },
      { contact_id: asks, channel: 'letter', cost_cents: 150 },
      { contact_id: any, channel: 'email', cost_cents: 0.1 },
    ]);
    expect(await shop.verdictOf(nowhere)).toMatchObject({ verdict: 'blocked' });
  });

  it('arrive within the days of what they tell of: none leaves so late that it comes after them', async () => {
    const shop = await openShop(0.3);
    await addPerson(shop, { email: null, ...home });
    await shop.set('letters', { isOn: true, leadDays: 14, maxPerDay: 5 });
    await shop.plan();
    expect(await shop.today()).toEqual([]);
    expect(await shop.foreseen()).toEqual([]);
  });

  it('wait for another day when today’s are full, and go to nobody who withdrew from them', async () => {
    const shop = await openShop(0.3);
    const people = [];
    for (let number = 0; number < 3; number++) people.push(await addPerson(shop, { email: null, ...home }));
    await shop.plan();
    expect(await shop.today()).toHaveLength(2);
    expect(await shop.foreseen()).toMatchObject([{ day: '2026-11-25' }]);
    expect((await shop.foreseen())[0]?.reason).toMatch(/^later\.letters/);
    const [first = 0] = people;
    await shop.database.transaction((transaction) =>
      recordConsentEvents(
        transaction,
        [{ contactId: first, purpose: 'marketing', action: 'withdrawn', channels: ['letter'], text: null, language: 'it',
          method: 'counter', occurredAt: shop.clock.now(), evidence: {} }],
        shop.clock.now(),
      ),
    ); // prettier-ignore
    await shop.plan();
    expect((await shop.today()).map(({ contact_id }) => contact_id)).toEqual(people.slice(1));
    expect(await shop.foreseen()).toEqual([]);
  });
});
