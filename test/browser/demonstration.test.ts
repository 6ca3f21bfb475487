import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { playDays } from '../../src/demonstration/actions.ts';
import { describeInBrowser, useBrowser } from './browser.ts';
import type { RunningShop } from './shop.ts';
import { startDemonstration } from './shop.ts';

const MORNING = new Date('2026-10-29T10:00:00Z');

const countIn = (text: string | null): number => Number(/\d+/.exec(text ?? '')?.[0] ?? 0);

describeInBrowser('ten minutes at the demonstration shop', () => {
  const browser = useBrowser();
  let shop: RunningShop;
  let page: Page;
  beforeAll(async () => {
    shop = await startDemonstration(MORNING, { contactCount: 150, playedDays: 0 });
    page = await browser.newPage(shop.managementUrl);
  });

  const heading = (): Locator => page.getByRole('heading', { level: 1 });
  const firstMessage = (): Locator => page.getByRole('button', { name: /^Apri il messaggio per / }).first();
  const nameOf = async (row: Locator): Promise<string> =>
    ((await row.getAttribute('aria-label')) ?? '').replace('Apri il messaggio per ', '');

  const habitOf = async (category: string): Promise<unknown> =>
    (
      await shop.application.database.raw<{ owner_habit: unknown }[]>`
        select owner_habit from category where name = ${category}`
    )[0]?.owner_habit;

  it('opens by itself, and its headline is the answer', async () => {
    await page.goto('/');
    await heading().filter({ hasText: 'messaggi da approvare' }).waitFor();
    expect(countIn(await heading().textContent())).toBeGreaterThan(4);
    await page.getByText('Buongiorno Marta, è giovedì 29 ottobre').waitFor();
    expect(await page.title()).toBe('Oggi · Chicco e Rosa');
  });

  it('shows the words as they will arrive and why this person, today', async () => {
    await firstMessage().click();
    await page.getByRole('heading', { name: 'Perché proprio oggi' }).waitFor();
    await page.getByText(/^Ciao \p{Lu}\p{L}+/u).waitFor();
    await page.getByText(/Compra .* ogni \d+ giorni circa|Ha comprato .* una volta sola/).waitFor();
    await page.getByText(/^Ha detto sì ai messaggi il/).waitFor();
  });

  it('keeps the words that were changed for one person', async () => {
    await page.getByRole('button', { name: 'Modifica' }).click();
    await page.getByLabel('Le parole del messaggio').fill('Ciao, domani assaggiamo la miscela nuova. Marta');
    await page.getByRole('button', { name: 'Tieni queste parole' }).click();
    await page.getByText('Il messaggio è cambiato.').waitFor();
    await page.getByText('Ciao, domani assaggiamo la miscela nuova. Marta').waitFor();
  });

  it('takes a no with its reason, and takes the no back', async () => {
    const before = countIn(await heading().textContent());
    const name = await nameOf(firstMessage());
    await page.getByRole('button', { name: 'Non scrivere' }).click();
    await page.getByText(`${name}: oggi nessun messaggio.`).waitFor();
    await page.getByRole('button', { name: 'Troppo presto' }).click();
    await heading()
      .filter({ hasText: `${before - 1} ` })
      .waitFor();
    await page.getByRole('button', { name: `Rimetti ${name} tra le proposte` }).click();
    await heading()
      .filter({ hasText: `${before} ` })
      .waitFor();
    expect(await page.getByRole('heading', { name: 'Oggi hai detto di no' }).count()).toBe(0);
  });

  it('sends to those who are ticked and to nobody else', async () => {
    const before = countIn(await heading().textContent());
    const everybody = page.getByRole('button', { name: `Approva tutti e ${before}` });
    await everybody.waitFor();
    const name = await nameOf(firstMessage());
    await page.getByRole('checkbox', { name: `Scrivi a ${name}` }).uncheck();
    await page.getByRole('button', { name: `Approva ${before - 1}`, exact: true }).waitFor();
    const group = page.getByRole('region').filter({ has: firstMessage() });
    const approve = group.getByRole('button', { name: /^Approva \d+$/ });
    const count = countIn(await approve.textContent());
    await approve.click();
    await page
      .getByText(count === 1 ? 'Fatto. Un messaggio approvato.' : `Fatto. ${count} messaggi approvati.`)
      .waitFor();
    await heading()
      .filter({ hasText: before - count === 1 ? 'Un messaggio' : `${before - count} messaggi` })
      .waitFor();
    expect(await nameOf(firstMessage())).toBe(name);
    await page.getByRole('checkbox', { name: `Scrivi a ${name}` }).check();
  });

  it('approves everything else by keyboard alone', async () => {
    const everybody = page.getByRole('button', { name: /^Approva (tutti e \d+|il messaggio)$/ });
    await everybody.waitFor();
    await page.reload();
    await everybody.waitFor();
    const isFocused = everybody.and(page.locator(':focus'));
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      if ((await isFocused.count()) > 0) break;
    }
    expect(await isFocused.count()).toBe(1);
    await page.keyboard.press('Enter');
    await heading().filter({ hasText: 'Per oggi hai finito' }).waitFor();
  });

  it('lets the mails arrive in Posta di prova and says who was left out by lot', async () => {
    await page.getByText(/messaggi sono partiti\.$/).waitFor();
    await page.getByRole('link', { name: 'Guarda le email arrivate' }).click();
    await heading().filter({ hasText: 'Posta di prova' }).waitFor();
    const mails = page.getByRole('button', { name: /@example\.it/ });
    await mails.first().waitFor();
    const [row] = await shop.application.database.raw<{ sent: number }[]>`
      select count(*)::int as sent from message where plan_day = '2026-10-29' and status = 'sent'`;
    expect(row?.sent).toBeGreaterThan(3);
    await mails.nth(1).click();
    const mail = page.frameLocator('iframe');
    await mail
      .getByText(/^(A presto|Ciao)/)
      // The first words stand twice: hidden, for the list of the mail program, and where they are read.
      .filter({ visible: true })
      .first()
      .waitFor();
    await mail.getByText('Non scrivetemi più').waitFor();
  });

  it('opens the customer’s own page from the mail, without a login, and a no counts at once', async () => {
    const link = await page
      .frameLocator('iframe')
      .getByRole('link', { name: 'Le tue scelte' })
      .getAttribute('href');
    const visitor = await browser.newPage(shop.publicUrl, 'phone');
    await visitor.goto(link ?? '');
    await visitor.getByRole('heading', { level: 1 }).waitFor();
    await visitor.getByRole('button', { name: /Non scrivetemi più/ }).click();
    await visitor.getByRole('heading', { level: 1 }).waitFor();
    await expect
      .poll(async () => {
        const [row] = await shop.application.database.raw<{ left: number }[]>`
          select count(*)::int as left from consent_event where method = 'preference_page' and action = 'withdrawn'`;
        return row?.left;
      })
      .toBe(1);
  });

  it('shows a customer with past and future on one axis, and the same in words', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Clienti' }).click();
    await page.getByLabel('Cerca').fill('example.it');
    await page.getByText('sì ai messaggi').first().click();
    await page.getByRole('heading', { name: 'La sua storia, e cosa viene dopo' }).waitFor();
    await page.getByRole('img', { name: /^Asse del tempo/ }).waitFor();
    await page.getByRole('heading', { name: 'Ha detto sì, ha detto no' }).waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(1);
  });

  it('lets the owner decide a return time, and go back to the calculation', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Orologi' }).click();
    const detail = page.getByRole('region', { name: 'Capsule' });
    await detail.getByRole('img', { name: /di solito si ricompra dopo \d+ giorni/ }).waitFor();
    await detail.getByRole('textbox', { name: 'Giorni' }).fill('45');
    await detail.getByRole('button', { name: 'Usa questi giorni' }).click();
    await page
      .getByRole('button', { name: /^Capsule/ })
      .getByText('deciso da te')
      .waitFor();
    await detail.getByRole('button', { name: 'Torna al calcolo' }).click();
    await page
      .getByRole('button', { name: /^Capsule/ })
      .getByText('deciso da te')
      .waitFor({ state: 'detached' });
  });

  it('says how good the clocks are, and takes a need that returns on fixed days', async () => {
    const quality = page.getByRole('region', { name: 'Quanto sono buoni gli orologi?' });
    await quality.getByText(/ne sarebbero tornati \d+ su 100: ne sono tornati \d+/).waitFor();
    await quality.getByRole('img', { name: /Quanti dicevamo/ }).waitFor();
    const detail = page.getByRole('region', { name: 'Capsule' });
    await detail.getByText('In giorni fissi dell’anno').click();
    await detail.getByRole('textbox', { name: 'Giorni dell’anno' }).fill('31/4');
    await detail.getByText('Scrivi giorno e mese, per esempio 15/11.').waitFor();
    await detail.getByRole('textbox', { name: 'Giorni dell’anno' }).fill('15/4 15/11');
    await detail.getByRole('button', { name: 'Salva' }).click();
    await expect.poll(() => habitOf('Capsule')).toEqual({ kind: 'fixed_dates', dates: ['04-15', '11-15'] });
    await detail.getByRole('button', { name: 'Torna alle abitudini del settore' }).click();
    await expect.poll(() => habitOf('Capsule')).toBeNull();
  });

  it('hears at the counter that something still lasts', async () => {
    await page.getByRole('region', { name: 'Capsule' }).getByRole('link').first().click();
    await page.getByRole('button', { name: 'Gli dura ancora: Capsule' }).click();
    await page.getByText(/Ha detto che gli dura fino al/).waitFor();
  });

  it('makes a promotion, which is among the proposals of its first day', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Iniziative' }).click();
    await page.getByRole('button', { name: 'Nuova iniziativa' }).click();
    await page.getByLabel('Nome, solo per te').fill('Assaggio di novembre');
    await page.getByText('Per chi compra…').click();
    await page.getByRole('combobox', { name: 'Categorie' }).press('ArrowDown');
    await page.getByRole('option', { name: 'Caffè macinato' }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('Oggetto dell’email').fill('Sabato si assaggia');
    await page.getByLabel('Le tue parole').fill('Sabato apriamo la miscela nuova. Passi a sentirla?');
    await page.getByText('Sabato apriamo la miscela nuova').last().waitFor();
    await page.getByRole('button', { name: 'Metti in calendario' }).click();
    const campaign = page.getByRole('region', { name: 'Assaggio di novembre' });
    await campaign.getByText(/Oggi raggiunge/).waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Oggi' }).click();
    await page.getByRole('heading', { name: /^Assaggio di novembre: / }).waitFor();
  });

  it('says who came back the day after, once there are sales to see it', async () => {
    const { application } = shop;
    await playDays(application, 2);
    application.clock.moveTo(new Date('2026-10-31T10:00:00Z'));
    await page.getByRole('navigation').getByRole('link', { name: 'Oggi' }).click();
    await page.getByText('è sabato 31 ottobre').waitFor();
    await page
      .getByText(
        /^Ieri (un cliente è tornato|\d+ clienti sono tornati) dopo un messaggio, con .* di spesa\.$/,
      )
      .waitFor();
    await page.getByText('Le vendite arrivano fino al 30 ottobre.').waitFor();
  });

  it('tells what the messages brought without claiming more than it knows', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Risultati' }).click();
    await page.getByRole('heading', { name: 'Come lo sappiamo' }).waitFor();
    await page.getByText(/messaggi contati: .* lasciati fuori a sorte/).waitFor();
    await page.getByText('Il confronto semplice, da guardare una volta').click();
    await page
      .getByText(/clienti ricevono/)
      .first()
      .waitFor();
    await page.getByText(/messaggi, .* in tutto/).waitFor();
  });
});
