import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { approveMessages } from '../../src/sending/actions.ts';
import { addMessage } from '../support/people.ts';
import {
  describeInBrowser,
  expectAccessible,
  expectFingerSized,
  expectNoSidewaysScroll,
  useBrowser,
} from './browser.ts';
import type { RunningShop } from './shop.ts';
import { startDemonstration } from './shop.ts';

const MORNING = new Date('2026-10-29T10:00:00Z'); // a Thursday, eleven in Rome
const TODAY = '2026-10-29';

/** Puts three calls and two letters into people's hands, by the same way as a plan does: approved, and left to the worker. */
async function handOut({ application }: RunningShop): Promise<void> {
  const { database, clock } = application;
  const { raw } = database;
  const firms = await raw<{ contact_id: number }[]>`
    update contact set is_exempt_from_control = true where company_name <> '' returning contact_id`;
  const ids = firms.map((row) => row.contact_id).sort((one, other) => one - other);
  expect(ids.length).toBeGreaterThan(4);
  for (const [number, contactId] of ids.slice(0, 3).entries())
    await raw`insert into contact_identity (contact_id, kind, value, original, created_at)
      values (${contactId}, 'phone', ${`+390450099000${number}`}, '', ${clock.now()}) on conflict do nothing`;
  await raw`delete from message where status = 'planned' and contact_id = any(${ids})`;
  const shop = application;
  for (const [number, contactId] of ids.slice(0, 5).entries()) {
    const channel = number < 3 ? 'phone' : 'letter';
    const message = await addMessage(shop, { contactId, channel, planDay: TODAY, days: 6 });
    await approveMessages(database, [message], null, clock.now());
  }
  for (let tries = 0; tries < 60; tries++) {
    const [row] = await raw<{ handed: number }[]>`select count(*) as handed from errand`;
    if (row?.handed === 5) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the worker handed nothing over');
}

describeInBrowser('what is done by hand', () => {
  const browser = useBrowser();
  let shop: RunningShop;
  let page: Page;
  beforeAll(async () => {
    shop = await startDemonstration(MORNING, { contactCount: 150, playedDays: 0 });
    await handOut(shop);
    page = await browser.newPage(shop.managementUrl, 'phone');
  });

  const calls = () => page.getByRole('button', { name: /^Telefonata a / });
  const openFirst = async (): Promise<void> => {
    await calls().first().click();
    await page.getByRole('heading', { name: 'Cosa dire' }).waitFor();
  };

  it('is counted on Oggi, and leads to the list', async () => {
    await page.goto('/');
    await page.getByText('3 telefonate da fare.').waitFor();
    await page.getByText('2 lettere da stampare.').waitFor();
    await page.getByRole('link', { name: 'Vai a Da fare' }).click();
    await page.getByRole('heading', { level: 1, name: 'Da fare' }).waitFor();
    await calls().first().waitFor();
    expect(await calls().count()).toBe(2);
    await page.getByText('Un’altra telefonata di oggi è di un collega.').waitFor();
    expect(await page.title()).toBe('Da fare · Chicco e Rosa');
  });

  it('shows who it is, what to say and the number to dial, for everybody’s eyes and fingers', async () => {
    await openFirst();
    const dial = page.getByRole('link', { name: /^Chiama / });
    expect(await dial.getAttribute('href')).toMatch(/^tel:\+39\d+$/);
    await page.getByText('Chiedi di', { exact: false }).waitFor();
    for (const size of [390, 820, 1280]) {
      await page.setViewportSize({ width: size, height: 844 });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expectFingerSized(page);
  });

  it('takes what came of a call, with a note, and brings back who did not answer', async () => {
    await page.getByLabel('Un appunto, se serve').fill('Passa sabato');
    await page.getByRole('button', { name: 'Ci ho parlato' }).click();
    await page.getByText('Segnata tra le telefonate fatte.').waitFor();
    await page.getByText('Ha risposto. Passa sabato').waitFor();
    await openFirst();
    await page.getByRole('button', { name: 'Non risponde' }).click();
    await page.getByText(/Torna tra le cose da fare: venerdì 30 ottobre/).waitFor();
    await page.getByText('Hai fatto tutte le telefonate di oggi.').waitFor();
    await page.getByText('Un’altra è per i prossimi giorni.').waitFor();
  });

  it('asks before nobody calls a customer any more', async () => {
    await page.getByText('Di tutti').click();
    await openFirst();
    await page.getByRole('button', { name: 'Non vuole telefonate' }).click();
    await page.getByText(/^Da adesso nessuno chiama più/).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Torna indietro' }).click();
    await page.getByRole('button', { name: 'Richiamare più tardi' }).click();
    await page.getByLabel('Quando richiamare').fill('2026-10-30T22:00');
    await page.getByRole('button', { name: 'Richiama allora' }).click();
    await page.getByText(/A quell’ora non si chiama/).waitFor();
    await page.getByRole('button', { name: 'Torna indietro' }).click();
    await page.getByRole('button', { name: 'Non vuole telefonate' }).click();
    await page.getByRole('button', { name: 'Sì, niente più telefonate' }).click();
    await page.getByText('Segnato: niente più telefonate.').waitFor();
    const [row] = await shop.application.database.raw<{ reason: string }[]>`select reason from suppression`;
    expect(row?.reason).toBe('objection');
  });

  it('prints the letters, and learns from a person that they are in the post', async () => {
    await page.getByRole('button', { name: 'Prepara la stampa' }).click();
    await page.getByText('Il foglio è pronto: apri il PDF e stampalo.').waitFor();
    const link = page.getByRole('link', { name: /^Apri il PDF delle lettere: 2 lettere stampate/ });
    const pdf = await page.request.get((await link.getAttribute('href')) ?? '');
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
    await expectAccessible(page);
    await expectFingerSized(page);
    await page.getByRole('button', { name: 'Imbucate' }).click();
    await page.getByText(/^2 lettere imbucate il 29 ottobre/).waitFor();
    const [row] = await shop.application.database.raw<{ sent: number }[]>`
      select count(*) as sent from message where channel = 'letter' and status = 'sent'`;
    expect(row?.sent).toBe(2);
  });

  it('is switched on and off in Impostazioni, and the menu follows', async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto('/impostazioni');
    for (const name of ['Scrivi anche per posta', 'Chiama anche i clienti']) {
      await page.getByRole('switch', { name }).click();
      const form = page.locator('form').filter({ has: page.getByRole('switch', { name }) });
      await form.getByRole('button', { name: 'Salva' }).click();
      await page.getByText('Salvato.').first().waitFor();
    }
    await page.getByRole('link', { name: 'Da fare' }).waitFor({ state: 'detached' });
    await page.goto('/da-fare');
    await page.getByText('quando le accendi in Impostazioni', { exact: false }).waitFor();
    await expectAccessible(page);
  });
});
