import { afterAll, describe, expect, it } from 'vitest';
import { createTestApplication } from '../../../test/support/application.ts';
import { addCategory, addMessage, addPerson } from '../../../test/support/people.ts';
import { openDatabase } from '../../database/connection.ts';
import { sentence } from '../../kernel/catalogue/index.ts';
import { approveMessages } from '../../sending/actions.ts';
import { buildPublicServer } from '../server.ts';
import { publicPages } from './pages.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('the customer’s pages', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database, clock } = shop;
  const { raw } = database;
  const server = await buildPublicServer(shop, publicPages(shop));
  afterAll(() => server.close());

  /** Somebody with a link in a mail, and a message approved for later. */
  async function personWithLink(firstName = 'Ada'): Promise<{ contactId: number; token: string }> {
    const contactId = await addPerson(shop, { firstName });
    const token = `token-${contactId}`;
    await raw`insert into public_link (token, contact_id, created_at) values (${token}, ${contactId}, ${clock.now()})`;
    await approveMessages(
      database,
      [await addMessage(shop, { contactId, planDay: '2026-11-24' })],
      null,
      clock.now(),
    );
    return { contactId, token };
  }
  const statesOf = (contactId: number) => raw<{ purpose: string; state: string; channels: string[] }[]>`
    select purpose, state, channels from consent_state where contact_id = ${contactId} order by purpose`;
  const eventsOf = (contactId: number) => raw<
    { purpose: string; action: string; channels: string[]; method: string; text: string | null }[]
  >`
    select purpose, action, channels, method, t.body as text from consent_event left join consent_text t using (text_hash)
    where contact_id = ${contactId} order by consent_event_id offset 2`;
  const queued = async (contactId: number): Promise<number> =>
    (await raw`select from send_queue where contact_id = ${contactId}`).length;

  it('opens with what the person chose, in the shop’s language, name and colour', async () => {
    const { token } = await personWithLink('Lucia');
    const page = await server.inject(`/p/${token}`);
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.body).toContain('Ciao Lucia, decidi tu');
    expect(page.body).toContain('Bottega Inventata');
    expect(page.body).toMatch(/value="email" checked/);
    expect(page.body).not.toContain('<script');
  });

  it('shows a name as text, whatever it contains', async () => {
    const { token } = await personWithLink('<img src=x onerror=alert(1)>');
    const { body } = await server.inject(`/p/${token}`);
    expect(body).toContain('&lt;img src=x');
    expect(body).not.toContain('<img');
  });

  it('change nothing when a mail filter opens the links', async () => {
    const { contactId, token } = await personWithLink();
    for (const url of [`/u/${token}`, `/p/${token}`, `/u/${token}?List-Unsubscribe=One-Click`]) {
      expect((await server.inject(url)).statusCode).toBe(200);
      expect((await server.inject({ method: 'HEAD', url })).statusCode).toBe(200);
    }
    expect(await eventsOf(contactId)).toEqual([]);
    expect(await queued(contactId)).toBe(1);
  });

  it.each([
    ['URL-encoded', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'multipart, which RFC 8058 prefers',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
    ['of another kind', 'text/plain', 'List-Unsubscribe=One-Click'],
  ])('let a person leave with one click of the mail program, %s', async (_kind, type, payload) => {
    const { contactId, token } = await personWithLink();
    const answer = await server.inject({
      method: 'POST',
      url: `/u/${token}`,
      payload,
      headers: { 'content-type': type },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.location).toBeUndefined();
    expect(await statesOf(contactId)).toMatchObject([
      { purpose: 'marketing', state: 'withdrawn', channels: [] },
      { purpose: 'profiling', state: 'granted' },
    ]);
    expect(await eventsOf(contactId)).toMatchObject([
      { purpose: 'marketing', action: 'withdrawn', method: 'one_click' },
    ]);
    expect(await queued(contactId)).toBe(0);
    const [message] = await raw<
      { status: string; reason: string }[]
    >`select status, reason from message where contact_id = ${contactId}`;
    expect(message).toEqual({ status: 'cancelled', reason: 'consent.marketing_withdrawn' });
  });

  it('let a person leave with one click without any body, and twice', async () => {
    const { contactId, token } = await personWithLink();
    for (const _ of [1, 2])
      expect((await server.inject({ method: 'POST', url: `/u/${token}` })).statusCode).toBe(200);
    expect(await statesOf(contactId)).toMatchObject([{ state: 'withdrawn' }, { state: 'granted' }]);
  });

  it('leave by their own button, and whoever left is welcomed', async () => {
    const { contactId, token } = await personWithLink();
    const answer = await server.inject({ method: 'POST', url: `/p/${token}/stop`, headers: form });
    expect(answer.body).toContain('Non ti scriviamo più');
    expect(await eventsOf(contactId)).toMatchObject([{ action: 'withdrawn', method: 'preference_page' }]);
    expect((await server.inject(`/p/${token}`)).body).toContain('Se vuoi ricominciare');
  });

  it('save exactly the channels that were ticked, with the words that were shown', async () => {
    const { contactId, token } = await personWithLink();
    const payload = 'channel=sms&channel=whatsapp&profiling=yes';
    const answer = await server.inject({ method: 'POST', url: `/p/${token}`, payload, headers: form });
    expect(answer.body).toContain('ti scrive solo come hai scelto');
    expect((await statesOf(contactId))[0]).toEqual({
      purpose: 'marketing',
      state: 'granted',
      channels: ['sms', 'whatsapp'],
    });
    const [granted] = await eventsOf(contactId);
    expect(granted?.text).toContain('Qui scegli se e come Bottega Inventata ti scrive');
    expect(granted?.text).toContain('Scrivetemi con');
    expect(await queued(contactId), 'a message by e-mail, which is no longer wanted').toBe(0);
    const page = (await server.inject(`/p/${token}`)).body;
    expect([...page.matchAll(/value="(\w+)" checked/g)].map(([, name]) => name)).toEqual([
      'sms',
      'whatsapp',
      'yes',
    ]);
  });

  it('mean leaving when no channel is ticked', async () => {
    const { contactId, token } = await personWithLink();
    await server.inject({ method: 'POST', url: `/p/${token}`, payload: 'profiling=yes', headers: form });
    expect((await statesOf(contactId))[0]).toMatchObject({ purpose: 'marketing', state: 'withdrawn' });
    expect(await queued(contactId)).toBe(0);
  });

  it('take item clocks away with the advice, and bring them back with it', async () => {
    const { contactId, token } = await personWithLink();
    const { categoryId, productId } = await addCategory(shop, 'Miele');
    await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
      values (${contactId}, 1, gen_random_uuid(), '2026-10-01', '2026-10-01', 900, 1, 1)`;
    await raw`insert into sale_line values (${contactId}, 1, 1, ${categoryId}, ${productId}, '2026-10-01', 1, 900)`;
    const clocks = () => raw`select category_id from clock where contact_id = ${contactId}`;
    const say = (answer: string) =>
      server.inject({
        method: 'POST',
        url: `/p/${token}`,
        payload: `channel=email&profiling=${answer}`,
        headers: form,
      });
    await say('no');
    expect(await clocks()).toHaveLength(0);
    await say('yes');
    expect(await clocks()).toHaveLength(1);
    const granted = (await eventsOf(contactId)).find(
      ({ purpose, action }) => purpose === 'profiling' && action === 'granted',
    );
    expect(granted?.text).toContain('guardiamo che cosa compri');
    await say('no');
    expect(await clocks()).toHaveLength(0);
  });

  it('say kindly that a link is not whole, and tell nobody whose it was', async () => {
    const { contactId, token } = await personWithLink();
    const wrong = [`/p/${token}x`, '/p/anteprima', `/u/${'A'.repeat(27)}`, '/p/', '/u', `/p/${token}/other`];
    for (const url of wrong) {
      const page = await server.inject(url);
      expect([page.statusCode, page.headers['content-type']], url).toEqual([404, 'text/html; charset=utf-8']);
      expect(page.body, url).toContain('Questa pagina non c’è');
    }
    for (const url of [`/u/${token}x`, `/p/${token}x`, `/p/${token}x/stop`])
      expect(
        (await server.inject({ method: 'POST', url, payload: 'profiling=no', headers: form })).statusCode,
        url,
      ).toBe(404);
    expect(await eventsOf(contactId)).toEqual([]);
  });

  it('are gone with the person', async () => {
    const token = 'token-of-nobody';
    await raw`insert into public_link (token, contact_id, created_at) values (${token}, 999999, ${clock.now()})`;
    expect((await server.inject(`/p/${token}`)).statusCode).toBe(404);
    expect((await server.inject({ method: 'POST', url: `/u/${token}` })).statusCode).toBe(404);
  });

  it('answer a form that is none with a page, not with a program’s words', async () => {
    const { contactId, token } = await personWithLink();
    for (const headers of [{}, { 'content-type': 'application/json' }, { 'content-type': 'text/plain' }]) {
      const answer = await server.inject({ method: 'POST', url: `/p/${token}`, payload: '{}', headers });
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
      expect(answer.body).toContain('Questa volta non è riuscito');
    }
    const long = await server.inject({
      method: 'POST',
      url: `/p/${token}`,
      payload: 'a'.repeat(200_000),
      headers: form,
    });
    expect(long.statusCode).toBe(413);
    expect(await eventsOf(contactId)).toEqual([]);
  });

  it('answer a flood from one visitor with a pause, and a proxy’s word counts only from this computer', async () => {
    const flood = async (remoteAddress: string, forwarded: (at: number) => string): Promise<number[]> => {
      const codes: number[] = [];
      for (let at = 0; at < 125; at += 1) {
        const headers = { 'x-forwarded-for': forwarded(at) };
        codes.push(
          (await server.inject({ method: 'GET', url: '/healthz', remoteAddress, headers })).statusCode,
        );
      }
      return codes;
    };
    const direct = await flood('198.51.100.7', (at) => `203.0.113.${at}`);
    expect(direct.filter((code) => code === 429)).toHaveLength(5);
    const behindTunnel = await flood('127.0.0.1', (at) => `203.0.113.${at}`);
    expect(behindTunnel.filter((code) => code === 429)).toHaveLength(0);
    const invented = await flood('127.0.0.1', (at) => `192.0.2.${at}, 198.51.100.9`);
    expect(invented.filter((code) => code === 429)).toHaveLength(5);
  });
});

describe('without the database the customer’s pages', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const database = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' });
  const server = await buildPublicServer({ ...shop, database }, publicPages({ ...shop, database }));
  afterAll(() => Promise.all([server.close(), database.close()]));

  it('say so in words, in the visitor’s language', async () => {
    const answer = await server.inject({
      method: 'POST',
      url: '/u/token',
      headers: { 'accept-language': 'en' },
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8']);
    expect(answer.body).toBe(sentence('failure.database_unreachable', 'en'));
  });
});
