import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import type { MessageWish, PersonWish } from '../../test/support/people.ts';
import { addCategory, addMessage, addPerson } from '../../test/support/people.ts';
import { saveSetting } from '../business/actions.ts';
import { rebuildClocks } from '../clocks/actions.ts';
import { recordConsentEvents, suppressAddress } from '../consent/actions.ts';
import { dayFromIso } from '../kernel/day.ts';
import { planDay } from '../planner/actions.ts';
import { savePressure } from '../pressure/actions.ts';
import { defaultPressure } from '../pressure/rules.ts';
import { approveMessages, cancelOpenMessages, expireMessages, recheckErrands, sendDue } from './actions.ts';
import { pickCaller } from './rules.ts';

const TODAY = '2026-11-24';
const home = { email: null, street: 'Via dell’Esempio 3', postcode: '50100', city: 'Borgo', province: 'FI' };

/** A shop without a mail server in which letters and calls are on and nobody is in control. */
async function openShop({ calls = [30] }: { readonly calls?: readonly number[] } = {}) {
  const shop = await createTestApplication({ now: new Date(`${TODAY}T10:00:00Z`) });
  const { database, clock } = shop;
  const { raw } = database;
  await saveSetting(database, 'letters', { isOn: true }, null, clock.now());
  await saveSetting(database, 'calls', { isOn: true }, null, clock.now());
  const callers: number[] = [];
  for (const [number, callsPerDay] of calls.entries()) {
    const [row] = await raw<{ operator_id: number }[]>`
      insert into operator (name, email, password_hash, role, calls_per_day, created_at)
      values (${`Assistente ${number}`}, ${`assistente${number}@bottega.example.it`}, '', 'assistant', ${callsPerDay}, ${clock.now()}) returning operator_id`;
    callers.push(row?.operator_id ?? 0);
  }
  let numbers = 0;
  return {
    ...shop,
    raw,
    callers,
    send: () => sendDue(shop, clock.now(), { limit: 50 }),
    /** One more person with one approved message that a person posts or says. */
    approved: async (
      channel: 'letter' | 'phone',
      wish: Partial<MessageWish> & { person?: PersonWish } = {},
    ) => {
      numbers += 1;
      const { person, ...message } = wish;
      const reach =
        channel === 'letter'
          ? home
          : { email: null, phone: `+39 333 12345${String(numbers).padStart(2, '0')}` };
      const contactId = message.contactId ?? (await addPerson(shop, { ...reach, ...person }));
      await raw`update contact set is_exempt_from_control = true where contact_id = ${contactId}`;
      const reference = await addMessage(shop, { planDay: TODAY, days: 4, ...message, channel, contactId });
      await approveMessages(database, [reference], null, clock.now());
      return reference;
    },
    stateOf: async ({ messageId }: { messageId: number }) => {
      const [row] = await raw<Record<string, unknown>[]>`
        select status, reason, assignment, released_at is not null as "isReleased" from message where message_id = ${messageId}`;
      return row;
    },
    callerOf: async ({ messageId }: { messageId: number }) => {
      const [row] = await raw<
        { operator_id: number | null }[]
      >`select operator_id from errand where message_id = ${messageId}`;
      return row?.operator_id;
    },
  };
}

describe('what is handed to a person', async () => {
  const shop = await openShop();
  const { database, clock, raw, approved, send, stateOf } = shop;

  it('leaves the queue without a mail server, its words and address kept, and no crash takes it for lost', async () => {
    const letter = await approved('letter', { person: { firstName: 'Ada', lastName: 'Rossi' } });
    const call = await approved('phone');
    expect(await send()).toMatchObject({ handed: 2, sent: 0 });
    const [row] = await raw<{ frozen: { words: string; address: string[]; text: string } }[]>`
      select frozen from message where message_id = ${letter.messageId}`;
    expect(row?.frozen.address).toEqual(['Ada Rossi', 'Via dell’Esempio 3', '50100 Borgo FI']);
    expect(row?.frozen.text).toContain('Se non vuoi altre lettere');
    expect(row?.frozen.words).not.toContain('Se non vuoi altre lettere');
    expect(await stateOf(call)).toMatchObject({ status: 'handed', assignment: 'treated', isReleased: true });
    expect(await raw`select 1 from send_queue`).toHaveLength(0);
    clock.advance(20 * 60_000);
    expect(await send()).toMatchObject({ unknown: 0, handed: 0 });
    expect(await stateOf(letter)).toMatchObject({ status: 'handed' });
  });

  it('is taken away at once from who withdraws, on that channel only', async () => {
    const call = await approved('phone');
    const letter = await approved('letter');
    await send();
    const withdraw = (contactId: number, channels: string[]) =>
      database.transaction((transaction) =>
        recordConsentEvents(
          transaction,
          [{ contactId, purpose: 'marketing', action: 'withdrawn', channels, text: null, language: 'it', method: 'counter', occurredAt: clock.now(), evidence: {} }],
          clock.now(),
        ),
      ); // prettier-ignore
    await withdraw(call.contactId, ['phone']);
    await withdraw(letter.contactId, ['phone']);
    expect(await stateOf(call)).toMatchObject({ status: 'cancelled', reason: 'consent.marketing_withdrawn' });
    expect(await stateOf(letter)).toMatchObject({ status: 'handed' });
  });

  it('is looked at again: who bought meanwhile, or is in the register by now, is neither called nor written to', async () => {
    const coffee = await addCategory(shop, 'Caffè');
    const lastDay = dayFromIso('2026-10-25');
    const call = await approved('phone', { categoryId: coffee.categoryId, source: `clock:${coffee.categoryId}`,
      facts: { kind: 'clock', clock: { lastDay, typicalGapDays: 30 } } }); // prettier-ignore
    const listed = await approved('phone');
    const stays = await approved('phone');
    await send();
    await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
      values (${call.contactId}, 1, gen_random_uuid(), ${TODAY}::date, ${TODAY}, 4000, 1, 1)`;
    await raw`insert into sale_line values (${call.contactId}, 1, 1, ${coffee.categoryId}, ${coffee.productId}, ${TODAY}, 1, 4000)`;
    await database.transaction((transaction) => rebuildClocks(transaction, [call.contactId], clock.now()));
    await raw`update contact_identity set register_checked_on = ${TODAY}, is_in_register = true where contact_id = ${listed.contactId}`;
    expect(await recheckErrands(shop, clock.now())).toEqual({ cancelled: 2 });
    expect(await stateOf(call)).toMatchObject({ status: 'cancelled', reason: 'need.bought' });
    expect(await stateOf(listed)).toMatchObject({ status: 'cancelled', reason: 'register.listed' });
    expect(await stateOf(stays)).toMatchObject({ status: 'handed' });
  });

  it('passes the same gates as what leaves by itself', async () => {
    const suppressed = await approved('phone', { person: { email: null, phone: '+39 333 9876501' } });
    await database.transaction((transaction) =>
      suppressAddress(
        transaction,
        { kind: 'phone', value: '+393339876501' },
        'objection',
        shop.secretKey,
        clock.now(),
      ),
    );
    const elsewhere = await approved('phone', {
      person: { email: null, phone: '+39 333 9876502', consents: [{ purpose: 'marketing', action: 'granted', channels: ['email'] }] },
    }); // prettier-ignore
    await saveSetting(database, 'letters', { isOn: false }, null, clock.now());
    const off = await approved('letter');
    await send();
    expect(await stateOf(suppressed)).toMatchObject({ status: 'cancelled', reason: 'suppression.address' });
    expect(await stateOf(elsewhere)).toMatchObject({
      status: 'cancelled',
      reason: 'consent.channel_not_chosen',
    });
    expect(await stateOf(off)).toMatchObject({ status: 'cancelled', reason: 'channel.not_connected' });
    await saveSetting(database, 'letters', { isOn: true }, null, clock.now());
  });

  it('nobody has done in time expires with its name, and no cap counts it, while a control counts', async () => {
    await savePressure(database, { ...defaultPressure, caps: [{ channels: [], classes: [], kinds: [], tags: [], max: 1, days: 60 }] }, { now: clock.now(), operatorId: null }); // prettier-ignore
    const letter = await approved('letter');
    const call = await approved('phone');
    await send();
    await raw`update message set send_before = ${clock.now()} where message_id in (${letter.messageId}, ${call.messageId})`;
    await expireMessages(database, clock.now());
    expect(await stateOf(letter)).toMatchObject({ status: 'expired', reason: 'errand.not_posted' });
    expect(await stateOf(call)).toMatchObject({ status: 'expired', reason: 'errand.not_called' });
    const again = await approved('letter', { contactId: letter.contactId });
    await send();
    expect(await stateOf(again)).toMatchObject({ status: 'handed' });
    const control = await approved('letter');
    await raw`update message set status = 'withheld', released_at = ${clock.now()}, assignment = 'control' where message_id = ${control.messageId}`;
    clock.advance(24 * 3_600_000);
    const next = await approved('letter', { contactId: control.contactId });
    await send();
    expect(await stateOf(next)).toMatchObject({ status: 'cancelled', reason: 'caps.reached?max=1&days=60' });
  });
});

describe('the lot of what a person would post', () => {
  it('falls when it would be handed over: a control is withheld, has no errand and takes the place in the plan', async () => {
    const shop = await openShop();
    const letter = await shop.approved('letter');
    await shop.raw`update contact set is_exempt_from_control = false`;
    await shop.raw`insert into control_bucket (household_id, year, bucket, is_control, control_probability, assigned_at)
      select household_id, 2026, 0.01, true, 0.1, ${shop.clock.now()} from contact`;
    expect(await shop.send()).toMatchObject({ withheld: 1, handed: 0 });
    expect(await shop.stateOf(letter)).toEqual({ status: 'withheld', reason: 'control', assignment: 'control', isReleased: true });
    expect(await shop.raw`select 1 from errand`).toHaveLength(0);
    const { limits } = (await planAfter(shop)) as { limits: Record<string, { left: number }> };
    expect(limits['letter:0']?.left ?? 19).toBe(19);
  }); // prettier-ignore
});

async function planAfter(shop: Awaited<ReturnType<typeof openShop>>) {
  await planDay(shop, dayFromIso(TODAY), shop.clock.now());
  const [row] = await shop.raw`select limits from plan_run`;
  return row;
}

describe('who calls', () => {
  it('is who has fewest calls of those with places left, in the order in which they came', () => {
    const caller = (operator_id: number, calls: number, calls_per_day = 3) => ({
      operator_id,
      calls,
      calls_per_day,
    });
    expect(pickCaller([caller(1, 2), caller(2, 1), caller(3, 1)])).toBe(2);
    expect(pickCaller([caller(1, 3), caller(2, 5, 6)])).toBe(2);
    expect(pickCaller([caller(1, 3), caller(2, 6, 6)])).toBeNull();
    expect(pickCaller([])).toBeNull();
  });

  it('has at most so many a day; what is left waits for the next day on which one calls', async () => {
    const shop = await openShop({ calls: [1, 2] });
    const calls = [];
    for (let number = 0; number < 4; number++) calls.push(await shop.approved('phone'));
    expect(await shop.send()).toMatchObject({ handed: 3 });
    const callers = await Promise.all(calls.map(shop.callerOf));
    const [first, second] = shop.callers;
    expect(callers.filter((id) => id === first)).toHaveLength(1);
    expect(callers.filter((id) => id === second)).toHaveLength(2);
    const [waiting] = await shop.raw<{ at: Date }[]>`select not_before as at from send_queue`;
    expect(waiting?.at.toISOString()).toBe('2026-11-25T09:30:00.000Z');
    await cancelOpenMessages(shop.database, calls.map(({ contactId }) => contactId), { stillAllowed: 'none', reason: 'consent.marketing_withdrawn' }, shop.clock.now()); // prettier-ignore
    expect(await Promise.all(calls.map(async (call) => (await shop.stateOf(call))?.status))).toEqual(
      new Array(4).fill('cancelled'),
    );
  });

  it('is of the customer’s own store', async () => {
    const shop = await openShop({ calls: [5, 5] });
    const [first, second] = shop.callers;
    await shop.raw`insert into store (code, name) values ('second', 'Secondo negozio')`;
    const stores = await shop.raw<{ store_id: number }[]>`select store_id from store order by store_id`;
    const [one, two] = stores.map(({ store_id }) => store_id);
    await shop.raw`update operator set store_id = case operator_id when ${first ?? 0} then ${one ?? 0}::integer else ${two ?? 0}::integer end where calls_per_day > 0`;
    const call = await shop.approved('phone');
    await shop.raw`update message set store_id = ${two ?? 0} where message_id = ${call.messageId}`;
    const homeless = await shop.approved('phone');
    expect(await shop.send()).toMatchObject({ handed: 1 });
    expect(await shop.callerOf(call)).toBe(second);
    expect(await shop.stateOf(homeless)).toMatchObject({ status: 'approved' });
  });
});
