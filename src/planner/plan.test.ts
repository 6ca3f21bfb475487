import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addCategory, addMessage, addPerson } from '../../test/support/people.ts';
import { defaultPlanSettings, saveSetting } from '../business/actions.ts';
import { changeCampaign, createCampaign } from '../campaigns/actions.ts';
import { campaignInputSchema } from '../campaigns/schema.ts';
import { rebuildClocks } from '../clocks/actions.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { productTicks } from '../main/product-ticks.ts';
import { runDueTicks } from '../main/ticks.ts';
import { approveMessages, refuseMessages, sendDue } from '../sending/actions.ts';
import { approveByMode, approveDay, forgetVerdicts, planAndReport } from './actions.ts';

const TODAY = '2026-11-24';
const zone = 'Europe/Rome';

async function openShop() {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database, clock } = shop;
  const { raw } = database;
  let receipts = 0;
  return {
    ...shop,
    raw,
    plan: (day = TODAY) => planAndReport(shop, dayFromIso(day), clock.now()),
    /** A promotion for everybody, or for who bought in some categories. */
    campaign: (name: string, change: object = {}) =>
      createCampaign(
        database,
        campaignInputSchema.parse({
          name,
          startsOn: '2026-11-20',
          endsOn: '2026-12-31',
          audience: { kind: 'everyone' },
          subject: `Da noi: ${name}`,
          text: 'È arrivato.',
          ...change,
        }),
        dayFromIso('2026-11-20'),
        clock.now(),
      ),
    /** Buys every 30 days or so, the last time so long ago that it is due. */
    async buy(
      contactId: number,
      { categoryId, productId }: { categoryId: number; productId: number },
      lastDay = '2026-10-25',
    ) {
      const last = dayFromIso(lastDay);
      for (const back of [60, 30, 0]) {
        receipts += 1;
        const day = isoFromDay(last - back);
        await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
          values (${contactId}, ${receipts}, gen_random_uuid(), ${day}::date, ${day}, 4000, 1, 1)`;
        await raw`insert into sale_line values (${contactId}, ${receipts}, 1, ${categoryId}, ${productId}, ${day}, 1, 4000)`;
      }
      await database.transaction((transaction) => rebuildClocks(transaction, [contactId], clock.now()));
    },
    messages: (day = TODAY) => raw<
      { contact_id: number; message_id: number; source: string; status: string }[]
    >`
      select contact_id, message_id, source, status from message where plan_day = ${day} order by contact_id, source`,
    candidates: (day = TODAY) => raw<
      { contact_id: number; source: string; verdict: string; reason: string }[]
    >`
      select contact_id, source, verdict, reason from candidate where plan_day = ${day} order by contact_id, source`,
  };
}

const referenceOf = (row: { contact_id: number; message_id: number } | undefined) => ({
  contactId: row?.contact_id ?? 0,
  messageId: row?.message_id ?? 0,
});

describe('the plan of a day', async () => {
  const shop = await openShop();
  const { database, clock, raw } = shop;
  const coffee = await addCategory(shop, 'Caffè in capsule');
  const cream = await addCategory(shop, 'Crema viso');
  const due = await addPerson(shop, { firstName: 'Ada' });
  const dueTwice = await addPerson(shop, { firstName: 'Bea' });
  const never = await addPerson(shop, { firstName: 'Cora' });
  const unknown = await addPerson(shop, { firstName: 'Dora', consents: [] });
  const noAddress = await addPerson(shop, { firstName: 'Elsa', email: null });
  await shop.buy(due, coffee);
  await shop.buy(dueTwice, coffee);
  await shop.buy(dueTwice, cream);
  await raw`update clock set due_from = '2026-11-01', due_to = '2026-12-31'`;
  const campaignId = await shop.campaign('Natale');
  const source = `campaign:${campaignId}`;

  it('gives every candidate one verdict and reason, and nobody two messages', async () => {
    const report = await shop.plan();
    const candidates = await shop.candidates();
    expect(candidates).toEqual([
      { contact_id: due, source, verdict: 'outranked', reason: 'arbitration.another_message' },
      { contact_id: due, source: `clock:${coffee.categoryId}`, verdict: 'planned', reason: 'planned' },
      { contact_id: dueTwice, source, verdict: 'outranked', reason: 'arbitration.another_message' },
      { contact_id: dueTwice, source: `clock:${coffee.categoryId}`, verdict: expect.any(String) as string, reason: expect.any(String) as string },
      { contact_id: dueTwice, source: `clock:${cream.categoryId}`, verdict: expect.any(String) as string, reason: expect.any(String) as string },
      { contact_id: never, source, verdict: 'planned', reason: 'planned' },
      { contact_id: unknown, source, verdict: 'blocked', reason: 'consent.marketing_unknown' },
      { contact_id: noAddress, source, verdict: 'blocked', reason: 'address.missing' },
    ]);
    const own = candidates.filter(({ contact_id }) => contact_id === dueTwice).map(({ verdict }) => verdict);
    expect(own.sort()).toEqual(['later', 'outranked', 'planned']);
    expect(report).toMatchObject({ date: TODAY, candidates: 8, verdicts: { planned: 3, later: 1, outranked: 2, blocked: 2 } });
    expect(report.reasons).toEqual({ 'arbitration.another_message': 2, 'later.another_first': 1, 'consent.marketing_unknown': 1, 'address.missing': 1 });
    expect((await shop.messages()).map(({ contact_id, status }) => [contact_id, status])).toEqual([[due, 'planned'], [dueTwice, 'planned'], [never, 'planned']]);
  }); // prettier-ignore

  it('is the same a second time, with the same numbers', async () => {
    const [report, messages, candidates] = [
      await shop.plan(),
      await shop.messages(),
      await shop.candidates(),
    ];
    clock.advance(60_000);
    expect(await shop.plan()).toEqual(report);
    expect(await shop.messages()).toEqual(messages);
    expect(await shop.candidates()).toEqual(candidates);
  });

  it('made twice at the same moment is still one', async () => {
    const before = await shop.messages();
    await Promise.all([shop.plan(), shop.plan(), shop.plan()]);
    expect(await shop.messages()).toEqual(before);
  });

  it('replaces what nobody decided and keeps what somebody did, with the verdict that led to it', async () => {
    const before = await shop.messages();
    const approved = before.find(({ contact_id }) => contact_id === due);
    await approveMessages(database, [referenceOf(approved)], null, clock.now());
    await raw`update consent_state set state = 'withdrawn' where contact_id = ${never} and purpose = 'marketing'`;
    const report = await shop.plan();
    expect((await shop.messages()).map((row) => [row.message_id, row.status])).toEqual([
      [approved?.message_id, 'approved'],
      [before.find(({ contact_id }) => contact_id === dueTwice)?.message_id, 'planned'],
    ]);
    const verdicts = new Map(
      (await shop.candidates()).map((row) => [`${row.contact_id} ${row.source}`, row.reason]),
    );
    expect(verdicts.get(`${due} clock:${coffee.categoryId}`)).toBe('planned');
    expect(verdicts.get(`${due} ${source}`)).toBe(`later.one_a_day?day=${dayFromIso('2026-12-08')}`);
    expect(verdicts.get(`${never} ${source}`)).toBe('consent.marketing_withdrawn');
    expect(report).toMatchObject({ candidates: 8, verdicts: { planned: 2 } });
    expect(report.messages).toHaveLength(1);
    await raw`update consent_state set state = 'granted' where contact_id = ${never} and purpose = 'marketing'`;
  });

  it('leaves nothing undecided of the days before', async () => {
    await shop.plan('2026-11-25');
    const states = (await shop.messages()).map(({ status }) => status);
    expect(states).toEqual(['approved', 'lapsed']);
    expect((await shop.messages('2026-11-25')).map(({ contact_id }) => contact_id)).toEqual([
      dueTwice,
      never,
    ]);
    const waiting = (await shop.candidates('2026-11-25')).find(
      (row) => row.contact_id === due && row.source === source,
    );
    expect(waiting?.reason, 'a message of yesterday waits for its mail server').toBe(
      `later.one_a_day?day=${dayFromIso('2026-12-09')}`,
    );
  });
});

describe('a need', async () => {
  const shop = await openShop();
  const { database, clock, raw } = shop;
  const coffee = await addCategory(shop, 'Caffè in capsule');
  const source = `clock:${coffee.categoryId}`;
  await raw`update contact set is_exempt_from_control = true`;
  const reasonOn = async (day: string, contactId: number): Promise<string | undefined> => {
    clock.moveTo(new Date(`${day}T08:00:00Z`));
    // Due for a long time, and today is the last day on which it helps: nothing is put off.
    await raw`update clock set due_from = '2026-01-01', due_to = ${day} where contact_id = ${contactId}`;
    await shop.plan(day);
    return (await shop.candidates(day)).find((row) => row.contact_id === contactId && row.source === source)
      ?.reason;
  };

  it('that was refused is proposed again after fourteen days, not before', async () => {
    const contactId = await addPerson(shop);
    await shop.buy(contactId, coffee);
    expect(await reasonOn('2026-11-02', contactId)).toBe('planned');
    const [message] = await shop.messages('2026-11-02');
    const no = { reason: 'refused.too_early', operatorId: null, now: clock.now() };
    await database.transaction((transaction) => refuseMessages(transaction, [referenceOf(message)], no));
    expect(await reasonOn('2026-11-02', contactId)).toBe('need.refused');
    expect(await reasonOn('2026-11-03', contactId)).toBe('need.refused');
    expect(await reasonOn('2026-11-15', contactId)).toBe('need.refused');
    expect(await reasonOn('2026-11-16', contactId)).toBe('planned');
    await raw`delete from clock where contact_id = ${contactId}`;
  });

  it('that a person refused brings no other message to the same person on that day', async () => {
    const contactId = await addPerson(shop);
    await shop.buy(contactId, coffee);
    const campaignId = await shop.campaign('Ripiego', { startsOn: '2026-11-02', endsOn: '2026-11-30' });
    expect(await reasonOn('2026-11-20', contactId)).toBe('planned');
    const message = (await shop.messages('2026-11-20')).find((row) => row.contact_id === contactId);
    const no = { reason: 'refused.other', operatorId: null, now: clock.now() };
    await database.transaction((transaction) => refuseMessages(transaction, [referenceOf(message)], no));
    await shop.plan('2026-11-20');
    const today =
      await raw`select status from message where plan_day = '2026-11-20' and contact_id = ${contactId}`;
    expect(today).toEqual([{ status: 'refused' }]);
    await shop.plan('2026-11-21');
    const next =
      await raw`select source from message where plan_day = '2026-11-21' and contact_id = ${contactId}`;
    expect(next).toEqual([{ source: `campaign:${campaignId}` }]);
    await raw`delete from clock where contact_id = ${contactId}`;
    await raw`truncate errand, message, message_event, candidate, send_queue`;
    await raw`update campaign set cancelled_at = now() where campaign_id = ${campaignId}`;
  });

  it('is reminded of once, until it was bought again', async () => {
    const contactId = await addPerson(shop);
    await raw`update contact set is_exempt_from_control = true`;
    await shop.buy(contactId, coffee, '2026-10-01');
    expect(await reasonOn('2026-11-02', contactId)).toBe('planned');
    clock.moveTo(new Date('2026-11-02T10:00:00Z'));
    await approveDay(database, dayFromIso('2026-11-02'), clock.now());
    const channel = {
      send: () => Promise.resolve({ kind: 'accepted' as const, externalId: '', response: '' }),
      close: () => undefined,
    };
    expect((await sendDue(shop, clock.now(), { limit: 5, channel })).sent).toBe(1);
    expect(await reasonOn('2026-11-10', contactId)).toBe('need.reminded');
    expect(await reasonOn('2026-12-20', contactId)).toBe('need.reminded');
    await shop.buy(contactId, coffee, '2026-12-21');
    expect(await reasonOn('2026-12-22', contactId)).toBe('planned');
  });

  it('waits behind whatever reached the person, by other campaigns, clocks and controls alike', async () => {
    const contactId = await addPerson(shop);
    await shop.buy(contactId, coffee, '2026-10-01');
    const other = await addMessage(shop, { contactId, planDay: '2026-11-02', source: 'campaign:77' });
    const released = (at: string, status: string) =>
      raw`update message set status = ${status}, released_at = ${at} where message_id = ${other.messageId}`;
    await released('2026-11-02T22:30:00Z', 'withheld'); // half past eleven in Rome
    expect(await reasonOn('2026-11-02', contactId)).toBe('caps.one_a_day');
    expect(await reasonOn('2026-11-15', contactId)).toBe('caps.reached?max=1&days=14');
    expect(await reasonOn('2026-11-16', contactId)).toBe('planned');
    await released('2026-11-02T23:30:00Z', 'sent'); // half past midnight, hence the 3rd
    expect(await reasonOn('2026-11-16', contactId)).toBe('caps.reached?max=1&days=14');
    expect(await reasonOn('2026-11-17', contactId)).toBe('planned');
    await raw`update message set class = 'service' where message_id = ${other.messageId}`;
    expect(await reasonOn('2026-11-04', contactId), 'a service message takes nobody’s place').toBe('planned');
  });
});

describe('the lot of send days', async () => {
  const shop = await openShop();
  const coffee = await addCategory(shop, 'Caffè in capsule');
  for (let person = 0; person < 80; person++)
    await shop.buy(await addPerson(shop, { firstName: `Persona ${person}` }), coffee);
  await shop.raw`update clock set due_from = '2026-11-22', due_to = '2026-12-31'`;

  it('holds some needs back within their window, says so, and notes it with every message', async () => {
    await shop.plan();
    const held = (await shop.candidates()).filter(({ reason }) => reason.startsWith('later.held_back'));
    expect(held.length).toBeGreaterThan(2);
    expect(held.length).toBeLessThan(20);
    for (const { verdict } of held) expect(verdict).toBe('later');
    const messages = await shop.raw<{ held_back_days: number | null }[]>`select held_back_days from message`;
    expect(messages.length).toBe(80 - held.length);
    expect(messages.every(({ held_back_days: days }) => days !== null && days <= 2)).toBe(true);
    const [slot] = await shop.raw<{ planned_for: string }[]>`
      select planned_for from planned_slot where contact_id = ${held[0]?.contact_id ?? 0}`;
    shop.clock.moveTo(new Date(`${slot?.planned_for ?? ''}T09:00:00Z`));
    await shop.plan(slot?.planned_for);
    const [later] = await shop.raw<{ held_back_days: number | null }[]>`
      select held_back_days from message where contact_id = ${held[0]?.contact_id ?? 0}`;
    expect(later?.held_back_days).toBeGreaterThan(2);
  });
});

describe('who approves', async () => {
  const shop = await openShop();
  const { database, clock, raw } = shop;
  const contacts: number[] = [];
  for (let number = 0; number < 4; number += 1) contacts.push(await addPerson(shop));
  const categories = [await addCategory(shop, 'Caffè'), await addCategory(shop, 'Crema')];
  await shop.buy(contacts[0] ?? 0, categories[0] ?? { categoryId: 0, productId: 0 });
  await shop.buy(contacts[1] ?? 0, categories[1] ?? { categoryId: 0, productId: 0 }, '2026-10-12');
  await raw`update category set promotion_mode = 'automatic' where name = 'Crema'`;
  const saveMode = (mode: string, refuseUntilHour = 12) =>
    saveSetting(database, 'plan', { ...defaultPlanSettings, mode, refuseUntilHour }, null, clock.now());
  const ticksAt = async (instant: string): Promise<string[]> => {
    clock.moveTo(new Date(instant));
    await runDueTicks(database, productTicks(shop), clock.now(), zone);
    return (await shop.messages(instant.slice(0, 10))).map(({ status }) => status);
  };
  const startAfresh = () =>
    raw`truncate errand, message, message_event, candidate, plan_run, tick_run, send_queue`;

  it('plans the day once: what a person has read since the slot does not change under their eyes', async () => {
    await startAfresh();
    await saveMode('suggest');
    await ticksAt('2026-11-24T04:35:00Z');
    const [first] = await raw<{ planned_at: Date }[]>`select planned_at from plan_run`;
    await raw`delete from tick_run`;
    await ticksAt('2026-11-24T08:00:00Z');
    expect(await raw`select planned_at from plan_run`).toEqual([first]);
    await ticksAt('2026-11-25T04:35:00Z');
    expect(await raw`select count(*) as days from plan_run`).toEqual([{ days: 2 }]);
  });

  it('is a person for each message when the shop only wants suggestions, but for what is automatic by itself', async () => {
    await startAfresh();
    await saveMode('suggest');
    expect(await ticksAt('2026-11-24T16:00:00Z')).toEqual(['planned', 'approved']);
  });

  it('is the shop’s mode at once when it is automatic', async () => {
    await startAfresh();
    await saveMode('automatic');
    expect(await ticksAt('2026-11-24T04:35:00Z')).toEqual(['approved', 'approved']);
  });

  it('is the hour stated by the owner unless somebody refused before it', async () => {
    await startAfresh();
    await saveMode('automatic_unless_refused', 12);
    expect(await ticksAt('2026-11-24T04:35:00Z')).toEqual(['planned', 'approved']);
    expect(await ticksAt('2026-11-24T10:55:00Z')).toEqual(['planned', 'approved']);
    const [first] = await shop.messages();
    const no = { reason: 'refused.other', operatorId: null, now: clock.now() };
    await database.transaction((transaction) => refuseMessages(transaction, [referenceOf(first)], no));
    expect(await ticksAt('2026-11-24T11:00:00Z')).toEqual(['refused', 'approved']);

    await startAfresh();
    await ticksAt('2026-11-24T10:55:00Z');
    expect(await ticksAt('2026-11-24T11:00:00Z'), 'twelve o’clock in Rome').toEqual(['approved', 'approved']);
    const approvals = await raw`select distinct approved_by from message`;
    expect(approvals).toEqual([{ approved_by: null }]);
  });

  it('is a person for what came after the hour, when nobody could refuse it any more', async () => {
    await startAfresh();
    await saveMode('automatic_unless_refused', 12);
    await ticksAt('2026-11-24T10:55:00Z');
    await raw`update message set created_at = '2026-11-24T11:30:00Z' where status = 'planned'`;
    expect(await ticksAt('2026-11-24T11:35:00Z')).toEqual(['planned', 'approved']);
  });

  it('is a campaign’s own mode before the shop’s', async () => {
    await startAfresh();
    await raw`delete from clock`;
    await saveMode('automatic');
    await shop.campaign('Con calma', { mode: 'suggest' });
    expect(await ticksAt('2026-11-24T09:00:00Z')).toEqual(['planned', 'planned', 'planned', 'planned']);
    await startAfresh();
    await saveMode('suggest');
    await raw`update campaign set mode = 'automatic'`;
    expect(await ticksAt('2026-11-24T09:00:00Z')).toEqual(['approved', 'approved', 'approved', 'approved']);
  });

  it('counts only what was really approved', async () => {
    await startAfresh();
    await shop.plan();
    await raw`update message set send_before = ${new Date(clock.now().getTime() - 1)} where contact_id = ${contacts[0] ?? 0}`;
    const options = {
      day: dayFromIso(TODAY),
      modes: ['automatic', 'suggest'] as const,
      shopMode: 'suggest' as const,
    };
    expect(await approveByMode(database, options, clock.now())).toEqual({ approved: 3 });
    expect(await approveByMode(database, options, clock.now())).toEqual({ approved: 0 });
  });
});

describe('words on the plan', async () => {
  const shop = await openShop();
  const { database, clock, raw } = shop;
  const [first, second] = [await addPerson(shop), await addPerson(shop)];
  const campaignId = await shop.campaign('Natale');
  const input = (subject: string, text: string) =>
    campaignInputSchema.parse({ name: 'Natale', startsOn: '2026-11-20', endsOn: '2026-12-31', audience: { kind: 'everyone' }, subject, text }); // prettier-ignore

  it('follow a campaign that is changed until they are approved, then stay', async () => {
    await shop.plan();
    const [approved] = await shop.messages();
    expect(approved?.contact_id).toBe(first);
    await approveMessages(database, [referenceOf(approved)], null, clock.now());
    await changeCampaign(
      database,
      campaignId,
      input('Cambiato', 'Parole nuove.'),
      dayFromIso(TODAY),
      clock.now(),
    );
    const rows = await raw`select contact_id, subject, opening from message order by contact_id`;
    expect(rows).toEqual([
      { contact_id: first, subject: 'Da noi: Natale', opening: 'È arrivato.' },
      { contact_id: second, subject: 'Cambiato', opening: 'Parole nuove.' },
    ]);
    await raw`update contact set is_exempt_from_control = true`;
    const texts: string[] = [];
    const channel = {
      send: ({ content }: { content: { subject: string; text: string } }) => {
        texts.push(`${content.subject} | ${content.text}`);
        return Promise.resolve({ kind: 'accepted' as const, externalId: '', response: '' });
      },
      close: () => undefined,
    };
    clock.moveTo(new Date('2026-11-24T11:00:00Z'));
    await sendDue(shop, clock.now(), { limit: 5, channel });
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('Da noi: Natale | ');
    expect(texts[0]).toContain('È arrivato.');
    expect(texts[0]).not.toContain('Parole nuove');
  });
});

describe('verdicts', async () => {
  const shop = await openShop();
  const { database, clock, raw } = shop;
  const approved = await addPerson(shop, { firstName: 'Ada' });
  const undecided = await addPerson(shop, { firstName: 'Bea' });
  await shop.campaign('Natale');

  it('are forgotten after 30 days, but for those that led to a decided message; the counts stay', async () => {
    await shop.plan();
    await raw`update message set status = 'approved' where contact_id = ${approved}`;
    const contacts = async () => (await shop.candidates()).map((row) => row.contact_id);
    const forget = (daysLater: number) =>
      forgetVerdicts(database, dayFromIso(TODAY) + daysLater, clock.now());
    expect(await forget(30)).toEqual({ days: 0, verdicts: 0 });
    expect(await contacts()).toEqual([approved, undecided]);
    expect(await forget(31)).toEqual({ days: 1, verdicts: 1 });
    expect(await contacts()).toEqual([approved]);
    expect(await raw`select candidate_count from plan_run`).toEqual([{ candidate_count: 2 }]);
    expect(await forget(60)).toEqual({ days: 0, verdicts: 0 });
  });
});
