import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { openManagement, signInAs } from '../../test/support/management.ts';
import type { PersonWish } from '../../test/support/people.ts';
import { addMessage, addPerson } from '../../test/support/people.ts';
import { saveSetting } from '../business/actions.ts';
import { loadProfile } from '../contacts/actions.ts';
import { dayFromIso } from '../kernel/day.ts';
import { approveMessages, expireMessages, recheckErrands, sendDue } from '../sending/actions.ts';
import { listCalls, loadCall, recordOutcome, takeRegisterAnswer } from './actions.ts';
import type { CallOutcomeInput } from './schema.ts';

const TODAY = '2026-11-24'; // a Tuesday

/** A shop with one assistant, at eleven in the morning. */
async function openShop() {
  const shop = await createTestApplication({ now: new Date(`${TODAY}T10:00:00Z`) });
  const { database, clock } = shop;
  const { raw } = database;
  await saveSetting(database, 'calls', { isOn: true }, null, clock.now());
  const [row] = await raw<{ operator_id: number }[]>`
    insert into operator (name, email, password_hash, role, calls_per_day, created_at)
    values ('Ivo', 'ivo@bottega.example.it', '', 'assistant', 30, ${clock.now()}) returning operator_id`;
  const operatorId = row?.operator_id ?? 0;
  const viewer = () => ({ operatorId, now: clock.now() });
  let numbers = 0;
  return {
    ...shop,
    raw,
    operatorId,
    viewer,
    /** One more call in the assistant's hands. */
    async call(person: PersonWish = {}) {
      numbers += 1;
      const phone = `+39 333 12345${String(numbers).padStart(2, '0')}`;
      const contactId = await addPerson(shop, { email: null, phone, ...person });
      await raw`update contact set is_exempt_from_control = true`;
      const reference = await addMessage(shop, { contactId, channel: 'phone', planDay: TODAY, days: 6 });
      await raw`update message set edited_body = 'Ciao, chiamo dalla bottega.' where message_id = ${reference.messageId}`;
      await approveMessages(database, [reference], null, clock.now());
      await sendDue(shop, clock.now(), { limit: 10 });
      return reference;
    },
    say: (message: { contactId: number; messageId: number }, outcome: CallOutcomeInput['outcome'], more: Partial<CallOutcomeInput> = {}) =>
      recordOutcome(shop, message, { outcome, callBackAt: null, note: '', ...more }, viewer()),
    list: (whose: 'mine' | 'everybody' = 'mine') => listCalls(database, whose, viewer()),
    stateOf: async ({ messageId }: { messageId: number }) => {
      const [state] = await raw<{ status: string; reason: string }[]>`select status, reason from message where message_id = ${messageId}`;
      return state;
    },
    to: (iso: string) => clock.moveTo(new Date(iso)),
  }; // prettier-ignore
}

describe('the calls of an assistant', async () => {
  const shop = await openShop();

  it('say who it is, what to say, why now and at which number, in hours in which one may call', async () => {
    const message = await shop.call({ firstName: 'Ada', lastName: 'Rossi' });
    const list = await shop.list();
    expect(list).toMatchObject({ isOn: true, mayCallNow: true, hours: 'Oggi si chiama dalle 10:30 alle 17:30.' });
    expect(list.calls).toMatchObject([
      { name: 'Ada Rossi', phone: '333 123 4501', tel: '+393331234501', caller: 'Ivo', isMine: true, isNow: true, when: 'adesso' },
    ]);
    const detail = await loadCall(shop.database, message, shop.viewer());
    expect(detail.say).toBe('Ciao, chiamo dalla bottega.');
    expect(detail.why).toMatch(/^Rientra in «Prova»/);
    expect(detail.headline).toBe('Non ha ancora comprato.');
    expect(detail.story.map(({ title }) => title)).toContain('Ha detto sì ai messaggi');
    const [other] = [{ operatorId: null, now: shop.clock.now() }];
    expect(await listCalls(shop.database, 'mine', other)).toMatchObject({ calls: [], others: 1 });
    expect((await listCalls(shop.database, 'everybody', other)).calls).toMatchObject([{ isMine: false }]);
    shop.to(`${TODAY}T19:30:00Z`);
    expect(await shop.list()).toMatchObject({ mayCallNow: false });
    shop.to('2026-11-29T10:00:00Z');
    expect(await shop.list()).toMatchObject({ mayCallNow: false, hours: 'Oggi non si chiama.' });
    shop.to(`${TODAY}T10:30:00Z`);
    expect(await shop.say(message, 'spoken', { note: 'Passa sabato.' })).toBe('Segnata tra le telefonate fatte.');
    expect(await shop.stateOf(message)).toMatchObject({ status: 'sent' });
    expect(await shop.list()).toMatchObject({ calls: [], done: [{ name: 'Ada Rossi', sentence: 'Ha risposto. Passa sabato.' }] });
    const profile = await loadProfile(shop.database, message.contactId, dayFromIso(TODAY));
    expect(profile.timeline.find(({ kind }) => kind === 'message')).toMatchObject({ detail: 'Ha risposto. Passa sabato.' });
    await expect(shop.say(message, 'spoken')).rejects.toMatchObject({ code: 'errand_over' });
  }); // prettier-ignore
});

describe('nobody answering', async () => {
  const shop = await openShop();

  it('brings a call back on the next day, twice, and then no more', async () => {
    const message = await shop.call();
    expect(await shop.say(message, 'no_answer')).toContain('mercoledì 25 novembre alle 10:30');
    expect(await shop.list()).toMatchObject({
      calls: [],
      laterCount: 1,
      done: [{ sentence: 'Non ha risposto.' }],
    });
    shop.to('2026-11-25T10:00:00Z');
    expect((await shop.list()).calls).toMatchObject([{ tries: 1, isNow: true }]);
    await shop.say(message, 'no_answer');
    shop.to('2026-11-26T10:00:00Z');
    expect((await shop.list()).calls).toMatchObject([{ tries: 2 }]);
    expect(await shop.say(message, 'no_answer')).toMatch(/^Non ha risposto nemmeno stavolta/);
    expect(await shop.stateOf(message)).toEqual({ status: 'expired', reason: 'errand.no_answer' });
  });

  it('does not bring it back after its time, and skips the days on which one does not call', async () => {
    shop.to('2026-11-28T10:00:00Z'); // a Saturday
    const message = await shop.call();
    await shop.raw`update message set send_before = ${new Date('2026-12-02T16:00:00Z')} where message_id = ${message.messageId}`;
    expect(await shop.say(message, 'no_answer')).toContain('lunedì 30 novembre');
    shop.to('2026-11-30T10:00:00Z');
    await shop.raw`update message set send_before = ${new Date('2026-11-30T16:30:00Z')} where message_id = ${message.messageId}`;
    await shop.say(message, 'no_answer');
    expect(await shop.stateOf(message)).toEqual({ status: 'expired', reason: 'errand.no_answer' });
  });
});

describe('a customer who wants to be called again', async () => {
  const shop = await openShop();
  const at = (iso: string) => ({ callBackAt: iso });

  it('is called at that moment, if one may call then and it is not too far', async () => {
    const message = await shop.call();
    const ask = (iso: string) => shop.say(message, 'call_back', at(iso));
    await expect(ask('2026-11-25T19:30:00Z')).rejects.toMatchObject({ code: 'outside_call_hours' });
    await expect(ask('2026-11-29T10:00:00Z')).rejects.toMatchObject({ code: 'outside_call_hours' });
    await expect(ask(`${TODAY}T09:45:00Z`)).rejects.toMatchObject({ code: 'outside_call_hours' });
    await expect(ask('2026-12-20T10:00:00Z')).rejects.toMatchObject({ code: 'call_too_far' });
    expect(await ask('2026-12-04T15:00:00+01:00')).toBe(
      'Torna tra le cose da fare: venerdì 4 dicembre alle 15:00.',
    );
    expect(await shop.list()).toMatchObject({ calls: [], laterCount: 1 });
    shop.to('2026-12-04T13:00:00Z');
    await expireMessages(shop.database, shop.clock.now());
    expect((await shop.list()).calls).toMatchObject([{ when: 'oggi alle 15:00', isNow: false }]);
  });

  it('was spoken to, also when nobody calls again', async () => {
    shop.to('2026-12-05T10:00:00Z');
    await expireMessages(shop.database, shop.clock.now());
    const [row] = await shop.raw`select status, reason from message`;
    expect(row).toEqual({ status: 'sent', reason: '' });
  });
});

describe('who wants no calls', async () => {
  const shop = await openShop();

  it('is never called again, at once, and still gets what they said yes to', async () => {
    const message = await shop.call();
    await shop.say(message, 'do_not_call');
    expect(await shop.stateOf(message)).toMatchObject({ status: 'sent' });
    const [state] = await shop.raw<{ state: string; channels: string[] }[]>`
      select state, channels from consent_state where contact_id = ${message.contactId} and purpose = 'marketing'`;
    expect(state?.state).toBe('granted');
    expect(state?.channels).not.toContain('phone');
    expect(state?.channels).toContain('email');
    expect(await shop.raw`select reason from suppression`).toEqual([{ reason: 'objection' }]);
    const again = await addMessage(shop, { contactId: message.contactId, channel: 'phone', planDay: '2026-11-25' });
    await approveMessages(shop.database, [again], null, shop.clock.now());
    shop.to('2026-11-25T10:00:00Z');
    await sendDue(shop, shop.clock.now(), { limit: 10 });
    expect(await shop.stateOf(again)).toEqual({ status: 'cancelled', reason: 'suppression.address' });
    const profile = await loadProfile(shop.database, message.contactId, dayFromIso(TODAY));
    expect(profile.timeline.filter(({ kind }) => kind === 'consent').map(({ title }) => title)).toContain('Ha detto no ai messaggi');
  }); // prettier-ignore
});

describe('the opposition register', async () => {
  const shop = await openShop();

  it('is asked about who said yes to calls, and its answer holds from the next look on', async () => {
    const [listed, free] = [await shop.call(), await shop.call()];
    await addPerson(shop, { email: null, phone: '+39 333 9999999', consents: [] });
    const { server } = await openManagement(shop);
    const owner = await signInAs(shop, server, 'owner');
    const numbers = await owner.request('GET', '/api/calls/register');
    expect(numbers.body).toBe('+393331234501\r\n+393331234502\r\n');
    const answer = await owner.request('POST', '/api/calls/register', {
      checkedOn: TODAY,
      listed: '333 1234501\n',
    });
    expect(answer.json()).toEqual({ checked: 2, listed: 1 });
    await recheckErrands(shop, shop.clock.now());
    expect(await shop.stateOf(listed)).toEqual({ status: 'cancelled', reason: 'register.listed' });
    expect(await shop.stateOf(free)).toMatchObject({ status: 'handed' });
    shop.to('2026-12-10T10:00:00Z');
    await shop.raw`update message set send_before = ${new Date('2026-12-20T10:00:00Z')} where status = 'handed'`;
    await recheckErrands(shop, shop.clock.now());
    expect(await shop.stateOf(free)).toEqual({ status: 'cancelled', reason: 'register.check_old' });
    await expect(
      takeRegisterAnswer(shop.database, { checkedOn: TODAY, listed: 'nome e cognome' }, shop.clock.now()),
    ).rejects.toMatchObject({ code: 'phone_wrong' });
  });
});

describe('over HTTP', () => {
  it('an assistant sees and settles their own calls, and only the owner the register', async () => {
    const shop = await openShop();
    const message = await shop.call();
    const { server } = await openManagement(shop);
    const assistant = await signInAs(shop, server, 'assistant');
    await shop.raw`update errand set operator_id = ${assistant.operatorId}`;
    const list = await assistant.request('GET', '/api/calls');
    expect(list.json<{ calls: object[] }>().calls).toHaveLength(1);
    const path = `/api/calls/${message.contactId}/${message.messageId}`;
    expect((await assistant.request('GET', path)).statusCode).toBe(200);
    expect((await assistant.request('POST', `${path}/outcome`, { outcome: 'call_back' })).statusCode).toBe(
      400,
    );
    const done = await assistant.request('POST', `${path}/outcome`, { outcome: 'not_interested' });
    expect(done.json()).toEqual({ sentence: 'Segnata: per ora non gliene parliamo più.' });
    expect((await assistant.request('GET', path)).statusCode).toBe(409);
    expect((await assistant.request('GET', '/api/calls/register')).statusCode).toBe(403);
  });
});
