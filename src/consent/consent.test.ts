import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addCategory, addMessage, addPerson } from '../../test/support/people.ts';
import { importContacts } from '../contacts/import.ts';
import { loadProfile } from '../contacts/actions.ts';
import { dayFromIso } from '../kernel/day.ts';
import { addressHash } from '../kernel/secret.ts';
import { planDay } from '../planner/actions.ts';
import { approveMessages } from '../sending/actions.ts';
import type { NewConsentEvent } from './actions.ts';
import {
  countStateMismatches,
  derive,
  recordConsentEvents,
  suppressAddress,
  suppressedAmong,
} from './actions.ts';
import { selectLedger, selectStates } from './queries.ts';
import { consentChannels } from './rules.ts';

describe('the ledger', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database, clock } = shop;
  const { raw } = database;
  const say = (event: Partial<NewConsentEvent> & { contactId: number }, now = clock.now()): Promise<void> =>
    database.transaction((transaction) =>
      recordConsentEvents(
        transaction,
        [{ purpose: 'marketing', action: 'granted', channels: [], text: null, language: 'it', method: 'counter', occurredAt: now, evidence: {}, ...event }],
        now,
      ),
    ); // prettier-ignore

  it('and the state that is kept agree, for any events, batches and order', async () => {
    const contacts = [await addPerson(shop, { consents: [] }), await addPerson(shop, { consents: [] })];
    const anyEvent = fc.record({
      contactId: fc.constantFrom(...contacts),
      purpose: fc.constantFrom('marketing' as const, 'profiling' as const),
      action: fc.constantFrom('granted' as const, 'withdrawn' as const),
      channels: fc.subarray([...consentChannels]),
      daysAgo: fc.constantFrom(0, 0, 1, 30, -1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), async (batches) => {
        await raw`delete from consent_state where contact_id = any(${contacts})`;
        await raw`delete from consent_event where contact_id = any(${contacts})`;
        for (const batch of batches) {
          clock.advance(60_000);
          const events = batch.map(({ daysAgo, ...event }): NewConsentEvent => ({
            ...event,
            text: null,
            language: 'it',
            method: 'counter',
            occurredAt: new Date(clock.now().getTime() - daysAgo * 86_400_000),
            evidence: {},
          }));
          await database.transaction((transaction) => recordConsentEvents(transaction, events, clock.now()));
        }
        const order = (a: { contactId: number; purpose: string }, b: { contactId: number; purpose: string }): number =>
          a.contactId - b.contactId || a.purpose.localeCompare(b.purpose);
        const derived = derive(await selectLedger(database, contacts));
        expect([...(await selectStates(database, contacts))].sort(order)).toEqual(derived.sort(order));
        expect((await selectLedger(database, contacts)).length).toBe(batches.flat().length);
      }),
      { numRuns: 15 },
    ); // prettier-ignore
    expect(await countStateMismatches(database)).toBe(0);
  });

  it('only grows: nothing in the product changes or deletes a line of it', async () => {
    const contactId = await addPerson(shop);
    const before =
      await raw`select * from consent_event where contact_id = ${contactId} order by consent_event_id`;
    await say({ contactId, action: 'withdrawn' });
    await say({ contactId, channels: ['sms'] });
    const after =
      await raw`select * from consent_event where contact_id = ${contactId} order by consent_event_id`;
    expect(after.slice(0, before.length)).toEqual([...before]);
    expect(after).toHaveLength(before.length + 2);
  });

  it('keeps the exact words that were shown once, with language, method, operator and evidence', async () => {
    const contactId = await addPerson(shop, { consents: [] });
    const text = 'Vuoi i nostri messaggi? Puoi cambiare idea quando vuoi.';
    const evidence = { reference: 'foglio 12', riga: 3 };
    await say({ contactId, text, method: 'paper', evidence });
    await say({ contactId, text, purpose: 'profiling', method: 'paper', evidence });
    const rows = await raw<Record<string, unknown>[]>`
      select purpose, body, e.language, method, evidence from consent_event e join consent_text using (text_hash) where contact_id = ${contactId} order by purpose`;
    expect(rows).toEqual([
      { purpose: 'marketing', body: text, language: 'it', method: 'paper', evidence },
      { purpose: 'profiling', body: text, language: 'it', method: 'paper', evidence },
    ]);
    expect(await raw`select from consent_text where body = ${text}`).toHaveLength(1);
  });

  it('shows a mismatch when something wrote past it', async () => {
    const contactId = await addPerson(shop, { consents: [] });
    await raw`insert into consent_state (contact_id, purpose, state, channels, since) values (${contactId}, 'marketing', 'granted', '{}', now())`;
    expect(await countStateMismatches(database)).toBe(1);
    await raw`delete from consent_state where contact_id = ${contactId}`;
    expect(await countStateMismatches(database)).toBe(0);
  });

  it('says in the profile what counts, not only what was said last', async () => {
    const contactId = await addPerson(shop, {
      consents: [{ purpose: 'marketing', action: 'granted', channels: [] }],
    });
    await say({
      contactId,
      action: 'withdrawn',
      channels: ['sms', 'whatsapp', 'telegram', 'messenger', 'phone', 'letter'],
    });
    const { consents } = await loadProfile(database, contactId, dayFromIso('2026-11-24'));
    expect(consents[0]).toMatchObject({ purpose: 'marketing', state: 'granted' });
    expect(consents[0]?.sentence).toBe('sì, con email: 10 gennaio, su un foglio firmato');
    expect(consents[1]).toMatchObject({ purpose: 'profiling', state: 'unknown' });
    await say({ contactId, action: 'withdrawn' });
    const after = await loadProfile(database, contactId, dayFromIso('2026-11-24'));
    expect(after.consents[0]).toMatchObject({ state: 'withdrawn', sentence: 'no: 24 novembre, al banco' });
  });
});

describe('a withdrawal', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database, clock } = shop;
  const { raw } = database;
  const { categoryId, productId } = await addCategory(shop, 'Miele');
  const no = (contactId: number, change: Partial<NewConsentEvent>): NewConsentEvent => ({
    contactId,
    purpose: 'marketing',
    action: 'withdrawn',
    channels: [],
    text: null,
    language: 'it',
    method: 'counter',
    occurredAt: clock.now(),
    evidence: {},
    ...change,
  });
  const record = (event: NewConsentEvent): Promise<void> =>
    database.transaction((transaction) => recordConsentEvents(transaction, [event], clock.now()));
  let receipts = 0;
  async function buy(contactId: number, day: string): Promise<void> {
    receipts += 1;
    await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
      values (${contactId}, ${receipts}, gen_random_uuid(), ${day}::date, ${day}, 900, 1, 1)`;
    await raw`insert into sale_line values (${contactId}, ${receipts}, 1, ${categoryId}, ${productId}, ${day}, 1, 900)`;
  }
  const statusesOf = (contactId: number) => raw<{ source: string; status: string; reason: string }[]>`
    select source, status, reason from message where contact_id = ${contactId} order by source`;

  it('of profiling deletes the item clocks in the same transaction, and one that fails leaves both', async () => {
    const contactId = await addPerson(shop, { consents: [] });
    await buy(contactId, '2026-09-01');
    await record(no(contactId, { purpose: 'profiling', action: 'granted' }));
    const clocks = () => raw`select from clock where contact_id = ${contactId}`;
    expect(await clocks()).toHaveLength(1);
    const profiling = no(contactId, { purpose: 'profiling' });
    await expect(
      database.transaction(async (transaction) => {
        await recordConsentEvents(transaction, [profiling], clock.now());
        expect(await transaction.raw`select from clock where contact_id = ${contactId}`).toHaveLength(0);
        throw new Error('the power went');
      }),
    ).rejects.toThrow('the power went');
    expect(await clocks()).toHaveLength(1);
    await record(profiling);
    expect(await clocks()).toHaveLength(0);
    const [activity] =
      await raw`select last_day, total_cents, visit_count from contact_activity where contact_id = ${contactId}`;
    expect(activity).toEqual({ last_day: '2026-09-01', total_cents: 900, visit_count: null });
  });

  it('of profiling cancels at once what was chosen by purchases, and only that', async () => {
    const contactId = await addPerson(shop);
    const [buyers] = await raw<{ campaign_id: number }[]>`
      insert into campaign (name, class, starts_on, ends_on, audience, template_id, subject, body, created_at)
      values ('Chi compra', 'promotion', '2026-11-24', '2026-11-30', ${raw.json({ kind: 'buyers', categoryIds: [categoryId] })}, 1, 'a', 'b', now()) returning campaign_id`;
    const day = { contactId, planDay: '2026-11-24' };
    const clockMessage = await addMessage(shop, { ...day, source: 'a clock', categoryId });
    await addMessage(shop, { ...day, source: 'b buyers', campaignId: buyers?.campaign_id ?? 0 });
    await addMessage(shop, { ...day, source: 'c everyone' });
    await approveMessages(database, [clockMessage], null, clock.now());
    await record(no(contactId, { purpose: 'profiling' }));
    expect(await statusesOf(contactId)).toEqual([
      { source: 'a clock', status: 'cancelled', reason: 'profiling.not_granted' },
      { source: 'b buyers', status: 'cancelled', reason: 'profiling.not_granted' },
      { source: 'c everyone', status: 'planned', reason: '' },
    ]);
    expect(await raw`select from send_queue where contact_id = ${contactId}`).toHaveLength(0);
  });

  it('of marketing cancels what is planned and queued at once, except what the person is owed', async () => {
    const contactId = await addPerson(shop);
    const day = { contactId, planDay: '2026-11-24' };
    const queued = await addMessage(shop, { ...day, source: 'a' });
    await addMessage(shop, { ...day, source: 'b' });
    await addMessage(shop, { ...day, source: 'c', messageClass: 'service' });
    await approveMessages(database, [queued], null, clock.now());
    await record(no(contactId, { channels: ['sms'] }));
    expect(
      (await statusesOf(contactId)).map(({ status }) => status),
      'another channel was meant',
    ).toEqual(['approved', 'planned', 'planned']);
    await record(no(contactId, {}));
    expect(await statusesOf(contactId)).toEqual([
      { source: 'a', status: 'cancelled', reason: 'consent.marketing_withdrawn' },
      { source: 'b', status: 'cancelled', reason: 'consent.marketing_withdrawn' },
      { source: 'c', status: 'planned', reason: '' },
    ]);
    expect(await raw`select from send_queue where contact_id = ${contactId}`).toHaveLength(0);
  });

  it('of an address stays through another import of the list, as a suppression does', async () => {
    const list = [
      'Email;Nome;Marketing;Data consenso;Metodo consenso;Prova',
      'torna@clienti.example.it;Ada;sì;2026-01-10;foglio;foglio 1',
      'rimbalza@clienti.example.it;Bea;sì;2026-01-10;foglio;foglio 2',
      'resta@clienti.example.it;Cora;sì;2026-01-10;foglio;foglio 3',
    ].join('\n');
    const read = () =>
      importContacts(
        database,
        {
          source: { stream: Readable.from([Buffer.from(list)]) },
          fileName: 'clienti.csv',
          timeZone: 'Europe/Rome',
        },
        clock.now(),
      );
    expect(await read()).toMatchObject({ accepted: 3, consents: 3 });
    const [left] = await raw<
      { contact_id: number }[]
    >`select contact_id from contact_identity where value = 'torna@clienti.example.it'`;
    await record(no(left?.contact_id ?? 0, { method: 'one_click' }));
    const bounced = { kind: 'email', value: 'rimbalza@clienti.example.it' };
    await database.transaction((transaction) =>
      suppressAddress(transaction, bounced, 'hard_bounce', shop.secretKey, clock.now()),
    );
    clock.advance(86_400_000);
    expect(await read()).toMatchObject({ read: 3, rejected: 0, consents: 0 });
    const hash = addressHash(shop.secretKey, bounced.kind, bounced.value);
    expect((await suppressedAmong(database, [hash])).size).toBe(1);
    const [states] =
      await raw`select state from consent_state where contact_id = ${left?.contact_id ?? 0} and purpose = 'marketing'`;
    expect(states).toEqual({ state: 'withdrawn' });

    await raw`delete from campaign`;
    await raw`insert into campaign (name, class, starts_on, ends_on, audience, template_id, subject, body, created_at)
      values ('Per tutti', 'promotion', '2026-11-25', '2026-11-30', ${raw.json({ kind: 'everyone' })}, 1, 'a', 'b', now())`;
    await planDay(shop, dayFromIso('2026-11-25'), clock.now());
    const reasons =
      await raw`select i.value, d.reason from candidate d join contact_identity i using (contact_id) where i.value like '%a@clienti.example.it' order by i.value`;
    expect(reasons).toEqual([
      { value: 'resta@clienti.example.it', reason: 'planned' },
      { value: 'rimbalza@clienti.example.it', reason: 'suppression.address' },
      { value: 'torna@clienti.example.it', reason: 'consent.marketing_withdrawn' },
    ]);
  });

  it('of an address is kept as a keyed hash that does not show the address', async () => {
    const rows = await raw<{ row: string }[]>`select t::text as row from suppression t`;
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) expect(row).not.toContain('rimbalza');
    const other = addressHash(Buffer.alloc(32, 2), 'email', 'rimbalza@clienti.example.it');
    expect((await suppressedAmong(database, [other])).size).toBe(0);
  });
});
