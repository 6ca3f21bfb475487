import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addCategory, addPerson } from '../../test/support/people.ts';
import { defaultPlanSettings, saveSetting } from '../business/actions.ts';
import { createCampaign } from '../campaigns/actions.ts';
import { campaignInputSchema } from '../campaigns/schema.ts';
import { rebuildClocks, recordClockWord } from '../clocks/actions.ts';
import { recordConsentEvents } from '../consent/actions.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { savePressure, saveWish } from '../pressure/actions.ts';
import { defaultPressure } from '../pressure/rules.ts';
import { approveMessages } from '../sending/actions.ts';
import { planDay, replanChanged, replanContacts } from './actions.ts';

const TODAY = '2026-11-24';
const day = dayFromIso(TODAY);

async function openShop(settings: object = {}) {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database, clock } = shop;
  const { raw } = database;
  await saveSetting(database, 'plan', { ...defaultPlanSettings, ...settings }, null, clock.now());
  const category = await addCategory(shop, 'Caffè in capsule');
  let receipts = 0;
  const buy = async (contactId: number, on: string): Promise<void> => {
    receipts += 1;
    await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
      values (${contactId}, ${receipts}, gen_random_uuid(), ${on}::date, ${on}, 4000, 1, 1)`;
    await raw`insert into sale_line values (${contactId}, ${receipts}, 1, ${category.categoryId}, ${category.productId}, ${on}, 1, 4000)`;
    await database.transaction((transaction) => rebuildClocks(transaction, [contactId], clock.now()));
  };
  const people: number[] = [];
  for (let number = 0; number < 6; number++) {
    const contactId = await addPerson(shop);
    people.push(contactId);
    for (const back of [0, 30, 60]) await buy(contactId, isoFromDay(day - 28 - number - back));
  }
  await createCampaign(
    database,
    campaignInputSchema.parse({
      name: 'Natale', subject: 'Natale', text: 'È arrivato.', audience: { kind: 'everyone' },
      startsOn: TODAY, endsOn: '2026-12-20',
    }),
    day,
    clock.now(),
  ); // prettier-ignore
  await database.raw`update clock set due_from = ${TODAY}, due_to = ${isoFromDay(day + 10)}`;
  return {
    ...shop,
    buy,
    people,
    category,
    plan: () => planDay(shop, day, clock.now()),
    replan: (contactIds: readonly number[]) =>
      database.transaction((transaction) =>
        replanContacts(transaction, shop, contactIds, { day, now: clock.now() }),
      ),
    /** Everything planned, as text; without what belongs to some contact. */
    planned: async (without = 0) => {
      const rows = await raw`
        select contact_id, source, plan_day as day, message_id from message where status = 'planned' and contact_id <> ${without}
        union all select contact_id, source, planned_for, null from planned_slot where contact_id <> ${without} order by 1, 2`;
      const verdicts =
        await raw`select contact_id, source, verdict, reason from candidate where contact_id <> ${without} order by 1, 2`;
      return JSON.stringify([rows, verdicts]);
    },
    of: (contactId: number) => raw<{ source: string; day: string }[]>`
      select source, plan_day as day from message where status = 'planned' and contact_id = ${contactId}
      union all select source, planned_for from planned_slot where contact_id = ${contactId} order by 1`,
  };
}

describe('a plan made anew for some', async () => {
  const shop = await openShop();
  const { database, clock, people, category } = shop;
  const [first = 0, second = 0, third = 0, fourth = 0] = people;
  await shop.plan();

  it('is the same where nothing has changed, for one or for all, with the same messages', async () => {
    const before = await shop.planned();
    await shop.replan([third]);
    expect(await shop.planned()).toBe(before);
    await shop.replan(people);
    expect(await shop.planned()).toBe(before);
  });

  it('drops the need of who has bought, and leaves everybody else as they were', async () => {
    const others = await shop.planned(first);
    const source = `clock:${category.categoryId}`;
    expect((await shop.of(first)).map((row) => row.source)).toContain(source);
    await shop.buy(first, TODAY);
    await shop.replan([first]);
    expect((await shop.of(first)).filter((row) => row.source === source && row.day < '2026-12-10')).toEqual(
      [],
    );
    expect(await shop.planned(first)).toBe(others);
  });

  it('comes by itself for who withdrew, asked for a pause or said that it still lasts', async () => {
    await database.raw`delete from replan_request`;
    await database.transaction((transaction) =>
      recordConsentEvents(
        transaction,
        [{ contactId: second, purpose: 'marketing', action: 'withdrawn', channels: [], text: null, language: 'it', method: 'phone', occurredAt: clock.now(), evidence: {} }],
        clock.now(),
      ),
    ); // prettier-ignore
    await saveWish(database, third, { cap: null, pausedUntil: '2027-03-01', topics: [] }, clock.now());
    await recordClockWord(
      database,
      {
        contactId: fourth,
        categoryId: category.categoryId,
        word: 'still_lasts',
        untilDay: null,
        method: 'counter',
        operatorId: null,
      },
      day,
      clock.now(),
    );
    expect(await replanChanged(shop, clock.now())).toEqual({ contacts: 3 });
    expect(await shop.of(second)).toEqual([]);
    expect(await shop.of(third)).toEqual([]);
    const need = (await shop.of(fourth)).find((row) => row.source.startsWith('clock'));
    expect(need?.day ?? '9999').not.toBe(TODAY);
    expect(await replanChanged(shop, clock.now())).toEqual({ contacts: 0 });
  });

  it('waits for a plan of the day where there is none', async () => {
    await saveWish(database, first, { cap: null, pausedUntil: null, topics: [] }, clock.now());
    const tomorrow = new Date(clock.now().getTime() + 86_400_000);
    expect(await replanChanged(shop, tomorrow)).toEqual({ contacts: 1 });
    expect(await database.raw`select from plan_run where plan_day > ${TODAY}`).toHaveLength(0);
  });
});

describe('a limit of the day', async () => {
  const shop = await openShop({ maxEmailsPerDay: 1 });
  const { database, clock, people } = shop;
  const perDay = async (): Promise<number> => {
    const [row] = await database.raw<{ most: number }[]>`
      select max(count) as most from (select count(*) from (
        select plan_day as day from message where status in ('planned', 'approved') union all
        select planned_for from planned_slot where planned_for < ${isoFromDay(day + 14)}) d group by day) c`;
    return row?.most ?? 0;
  };

  it('holds through plans of single contacts, and what one gives back another may have', async () => {
    await shop.plan();
    expect(await perDay()).toBe(1);
    const [today] = await database.raw<{ contactId: number; messageId: number }[]>`
      select contact_id as "contactId", message_id as "messageId" from message where plan_day = ${TODAY}`;
    if (!today) throw new Error('nobody is proposed today');
    for (const contactId of people) await shop.replan([contactId]);
    expect(await perDay()).toBe(1);
    await saveWish(
      database,
      today.contactId,
      { cap: null, pausedUntil: '2027-03-01', topics: [] },
      clock.now(),
    );
    await replanChanged(shop, clock.now());
    const left = await database.raw`
      select from message where plan_day = ${TODAY} and contact_id = ${today.contactId}`;
    expect(left).toHaveLength(0);
    expect(await perDay()).toBe(1);
    for (const contactId of people) await shop.replan([contactId]);
    expect(await perDay()).toBe(1);
  });

  it('is not passed by many who are planned anew together, nor by what was sent already', async () => {
    const other = await openShop({ maxEmailsPerDay: 2 });
    await other.plan();
    await other.database
      .raw`update plan_run set limits = (select jsonb_object_agg(key, value || '{"price": 0}') from jsonb_each(limits))`;
    await other.database.raw`delete from planned_slot`;
    await other.replan(other.people);
    const [today] = await other.database.raw<{ messages: number }[]>`
      select count(*) as messages from message where plan_day = ${TODAY} and status = 'planned'`;
    expect(today?.messages).toBeLessThanOrEqual(2);
    await other.database
      .raw`update message set status = 'sent', released_at = ${other.clock.now()} where plan_day = ${TODAY}`;
    await other.plan();
    expect(await other.database.raw`select from message where status = 'planned'`).toHaveLength(0);
  });

  it('is kept by a household that counts as one', async () => {
    const home = await openShop({ maxEmailsPerDay: 3 });
    const [one = 0, other = 0] = home.people.slice(4);
    await home.database.raw`update contact set household_id = ${one} where contact_id = ${other}`;
    await savePressure(
      home.database,
      { ...defaultPressure, isPerHousehold: true },
      { now: clock.now(), operatorId: null },
    );
    await home.plan();
    const [waiting] = await home.database.raw<{ contactId: number; messageId: number }[]>`
      select contact_id as "contactId", message_id as "messageId" from message where status = 'planned'`;
    if (waiting) await approveMessages(home.database, [waiting], null, clock.now());
    // Whichever of the household has today, approved or not, its days count with those ahead.
    const approved = await home.database.raw<{ day: string }[]>`
      select plan_day as day from message where status = 'approved' and contact_id in (${one}, ${other})`;
    const days = [...approved, ...(await home.of(one)), ...(await home.of(other))]
      .map((row) => dayFromIso(row.day))
      .sort();
    expect(days.length).toBeGreaterThan(0);
    for (const [place, next] of days.slice(1).entries())
      expect(next - days[place]!).toBeGreaterThanOrEqual(14);
  });
});
