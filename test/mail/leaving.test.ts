import { simpleParser } from 'mailparser';
import { afterAll, expect, it } from 'vitest';
import { buildPublicServer } from '../../src/http/server.ts';
import { publicPages } from '../../src/http/public/pages.ts';
import { releaseMessages } from '../../src/main/release.ts';
import { createTestApplication } from '../support/application.ts';
import { approvePromotion, importPeople } from '../support/approved-messages.ts';
import { findBarriers, hasChromium, openChromium, widthOf } from '../support/chromium.ts';
import { describeMail } from '../support/mail-peers.ts';
import { openSecureFront } from '../support/secure-front.ts';

const PEOPLE = ['Anna', 'Bruno', 'Carla', 'Dario'].map((name) => ({
  email: `${name.toLowerCase()}@clienti.example.it`,
  firstName: name,
  lastName: 'Esempio',
}));
const [ANNA, BRUNO, CARLA, DARIO] = PEOPLE.map(({ email }) => email) as [string, string, string, string];
const morning = (day: string): Date => new Date(`${day}T09:30:00Z`);

describeMail('who does not want any more', async (peers) => {
  const front = await openSecureFront();
  const { smtpUrl, postfix } = peers;
  const shop = await createTestApplication({ now: morning('2026-11-02'), smtpUrl, publicUrl: front.url });
  const { database, clock } = shop;
  const pages = await buildPublicServer(shop, publicPages(shop));
  front.behind(Number(new URL(await pages.listen({ port: 0, host: '127.0.0.1' })).port));
  afterAll(() => pages.close());

  /** The exact address in the header of the latest mail, as a mail program reads it. */
  async function oneClickUrlOf(email: string): Promise<string> {
    const mail = await simpleParser((await peers.readMails(email)).at(-1) ?? Buffer.alloc(0));
    const line = mail.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? '';
    return /<(https:[^>]+)>/.exec(line.replace(/\r?\n\s+/g, ''))?.[1] ?? '';
  }
  const oneClick = (url: string) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
      redirect: 'manual',
    });
  const stateOf = (email: string) => database.raw<{ purpose: string; state: string; channels: string[] }[]>`
    select purpose, state, channels from consent_state join contact_identity i using (contact_id) where i.value = ${email} and purpose = 'marketing'`;
  const messagesOf = (email: string) => database.raw<{ status: string; reason: string }[]>`
    select m.status, m.reason from message m join contact_identity i using (contact_id) where i.value = ${email} order by m.message_id`;
  const countMails = async (email: string): Promise<number> => (await peers.readMails(email)).length;

  it('finds a page behind the link, and looking at it changes nothing', async () => {
    await importPeople(shop, PEOPLE);
    await database.raw`update contact set is_exempt_from_control = true`;
    expect(await approvePromotion(shop, '2026-11-02', {})).toBe(PEOPLE.length);
    expect(await releaseMessages(shop)).toMatchObject({ sent: PEOPLE.length });
    const url = await oneClickUrlOf(ANNA);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const answer = await fetch(url, { method });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(await (await fetch(url)).text()).toContain('Non ti scriviamo più?');
    expect(await stateOf(ANNA)).toMatchObject([{ state: 'granted' }]);
  });

  it('is out with one click in the mail program: no cookie, no redirect, and what was queued never leaves', async () => {
    clock.moveTo(morning('2026-12-02'));
    expect(await approvePromotion(shop, '2026-12-02', { subject: 'Per Natale' })).toBe(PEOPLE.length);
    postfix.answer(CARLA, '450 4.2.1 try again later');
    expect((await oneClick(await oneClickUrlOf(ANNA))).status).toBe(200);
    expect(await stateOf(ANNA)).toMatchObject([{ state: 'withdrawn', channels: [] }]);
    expect(await messagesOf(ANNA)).toMatchObject([
      { status: 'sent' },
      { status: 'cancelled', reason: 'consent.marketing_withdrawn' },
    ]);
    expect(await releaseMessages(shop)).toMatchObject({ sent: 2, retried: 1, cancelled: 0 });

    // Carla's was refused for now and waits to be tried again: her no takes that one too.
    expect((await oneClick(await oneClickUrlOf(CARLA))).status).toBe(200);
    postfix.answer(CARLA, null);
    clock.advance(3_600_000);
    expect(await releaseMessages(shop)).toMatchObject({ sent: 0, retried: 0 });
    expect(await Promise.all(PEOPLE.map(({ email }) => countMails(email)))).toEqual([1, 2, 1, 2]);
  });

  it('stays out: a second click, another import and the next plan change nothing', async () => {
    expect((await oneClick(await oneClickUrlOf(ANNA))).status).toBe(200);
    clock.moveTo(morning('2027-01-12'));
    await importPeople(shop, PEOPLE);
    expect(await stateOf(ANNA)).toMatchObject([{ state: 'withdrawn' }]);
    expect(await approvePromotion(shop, '2027-01-12', { subject: 'Anno nuovo' })).toBe(2);
  });

  it('chooses on a page without a login what still may come, and it counts at once', async () => {
    const url = (await oneClickUrlOf(BRUNO)).replace('/u/', '/p/');
    const page = await (await fetch(url)).text();
    expect(page).toContain('Ciao Bruno, decidi tu');
    const form = new URLSearchParams({ channel: 'letter', profiling: 'no' });
    const saved = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
    expect(saved.status).toBe(200);
    expect(await saved.text()).toContain('Fatto, vale da adesso');
    expect(await stateOf(BRUNO)).toEqual([{ purpose: 'marketing', state: 'granted', channels: ['letter'] }]);
    expect(await releaseMessages(shop)).toMatchObject({ sent: 1 });
    expect(await countMails(BRUNO)).toBe(2);
    expect(await countMails(DARIO)).toBe(3);
    expect(await (await fetch(url)).text()).toMatch(/value="letter" checked/);
  });

  it.skipIf(!hasChromium)('can use the pages on a phone, whatever the eyes and hands', async () => {
    const page = await (
      await openChromium()
    ).newPage({
      viewport: { width: 390, height: 844 },
      ignoreHTTPSErrors: true,
      bypassCSP: true,
    });
    const leave = await oneClickUrlOf(DARIO);
    for (const url of [leave, leave.replace('/u/', '/p/'), leave.replace(/\/u\/.*/, '/u/none')]) {
      await page.goto(url, { waitUntil: 'domcontentloaded' });
      expect(await findBarriers(page), url).toEqual([]);
      expect(await widthOf(page)).toBeLessThanOrEqual(390);
    }
    await page.goto(leave.replace('/u/', '/p/'), { waitUntil: 'domcontentloaded' });
    await page.getByRole('button', { name: 'Non scrivetemi più' }).click();
    await page.getByRole('heading', { name: 'Non ti scriviamo più' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(await stateOf(DARIO)).toMatchObject([{ state: 'withdrawn' }]);
  });
});
