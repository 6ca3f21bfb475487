import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { PressureInput } from '../../src/pressure/schema.ts';
import {
  describeInBrowser,
  expectAccessible,
  expectFingerSized,
  expectNoSidewaysScroll,
  sizes,
  useBrowser,
} from './browser.ts';
import { contactFile, salesFile } from './files.ts';
import type { RunningShop } from './shop.ts';
import { owner, startEmptyShop } from './shop.ts';

const FIRST_DAY = new Date('2026-10-29T10:00:00Z');
const SECOND_DAY = new Date('2026-10-30T10:00:00Z');
const MUCH_LATER = new Date('2026-12-10T10:00:00Z');

const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

describeInBrowser('a shop of one’s own, from nothing to the first messages', () => {
  const browser = useBrowser();
  let shop: RunningShop;
  let page: Page;
  beforeAll(async () => {
    shop = await startEmptyShop(FIRST_DAY);
    page = await browser.newPage(shop.managementUrl);
  });

  const heading = (name: string | RegExp): Locator => page.getByRole('heading', { level: 1, name });
  const go = (place: string): Promise<void> =>
    page.getByRole('navigation').getByRole('link', { name: place }).click();
  const signIn = async (password: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Email' }).fill(owner.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Entra' }).click();
  };
  const chooseFile = async (button: string, file: ReturnType<typeof csv>): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: button }).click();
    await (await chooser).setFiles(file);
  };

  it('is set up with three questions, each of which may be left as it is', async () => {
    await page.goto('/');
    await heading('Cominciamo').waitFor();
    await page.getByRole('button', { name: /^Il mio negozio/ }).click();
    await page.getByRole('button', { name: 'Avanti' }).click();
    await page.getByText('1 di 3').waitFor();
    await page.getByRole('button', { name: 'Caffè e capsule' }).click();
    await page.getByRole('button', { name: 'Avanti' }).click();
    await heading('Chi sei?').waitFor();
    await page.getByRole('button', { name: 'Avanti' }).click();
    await page.getByText('La password è troppo corta: almeno dieci caratteri.').waitFor();
    await page.getByLabel('Nome del negozio').fill('Bottega Inventata');
    await page.getByLabel('Il tuo nome').fill(owner.name);
    await page.getByLabel('Email').fill(owner.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(owner.password);
    await page.getByRole('button', { name: 'Avanti' }).click();
    await page.getByText('Bottega Inventata').waitFor();
    await page.getByText('Con il Lei').click();
    await page.getByText('Gentile Giulia Ferrante').waitFor();
    await page.getByText('Con il tu').click();
    await page.getByRole('button', { name: 'Comincia' }).click();
    await heading('Qui arriveranno le tue proposte').waitFor();
  });

  it('asks for the password, and says when it is wrong', async () => {
    await page.getByRole('button', { name: 'Esci' }).click();
    await heading('Bentornato').waitFor();
    await signIn('un’altra frase');
    await page
      .getByRole('alert')
      .filter({ hasText: /password/i })
      .waitFor();
    await signIn(owner.password);
    await heading('Qui arriveranno le tue proposte').waitFor();
  });

  it('takes in contacts after a column is corrected, and keeps the row that cannot be read', async () => {
    await page.getByRole('link', { name: 'Carica le vendite' }).click();
    await chooseFile('Scegli il file dei contatti', csv('clienti.csv', contactFile()));
    await heading('clienti.csv').waitFor();
    const column = page.getByRole('combobox', { name: 'Cosa contiene la colonna Recapito elettronico' });
    await column.click();
    await page.getByRole('option', { name: 'Email', exact: true }).click();
    await page.getByText('persona1@clienti.example.it').last().waitFor();
    await page.getByRole('button', { name: 'Carica i contatti' }).click();
    await heading(/I contatti sono dentro/).waitFor();
    await page.getByText('l’email non è scritta bene').waitFor();
  });

  it('retries the corrected row', async () => {
    await page
      .getByRole('textbox', { name: /Recapito elettronico, riga/ })
      .fill('persona12@clienti.example.it');
    await page.getByRole('button', { name: 'Riprova con la riga corretta' }).click();
    await page.getByText('Righe entrate: 1. Ancora fuori: 0.').waitFor();
    await go('Clienti');
    await page.getByText('12 clienti').waitFor();
  });

  it('shows how far the sales are, then what came in and what stayed out', async () => {
    await go('Importa');
    await chooseFile('Scegli il file delle vendite', csv('cassa.csv', salesFile('2026-10-29')));
    await heading('cassa.csv').waitFor();
    await page.getByText('Così entrano le vendite.').waitFor();
    await page.getByRole('button', { name: 'Carica le vendite' }).click();
    await page.getByRole('progressbar', { name: 'Quanto manca' }).waitFor();
    await heading('Le vendite sono dentro. 2 righe no').waitFor({ timeout: 60_000 });
    expect(await page.getByText('40.060').count()).toBe(1);
    await page
      .getByRole('textbox', { name: /^Data, riga/ })
      .first()
      .fill('28/02/2026');
    await page.getByRole('button', { name: 'Riprova con la riga corretta' }).click();
    await page.getByText('Righe entrate: 1. Ancora fuori: 1.').waitFor();
    await go('Importa');
    await page.getByText('1 riga da correggere').waitFor();
  });

  it('proposes the next morning, sends after a yes, and says that mail has left', async () => {
    shop.application.clock.moveTo(SECOND_DAY);
    await go('Oggi');
    await page.getByRole('heading', { name: /stanno per finire: Capsule/ }).waitFor();
    await page
      .getByRole('button', { name: /^Apri il messaggio per Persona Numero/ })
      .first()
      .click();
    await page.getByText('Ciao Persona,').waitFor();
    await page.getByRole('button', { name: /^Approva tutti e \d+$/ }).click();
    await heading('Per oggi hai finito').waitFor();
    await page.getByText(/messaggi sono partiti\./).waitFor();
    const [row] = await shop.application.database.raw<{ mails: number }[]>`
      select count(*)::int as mails from trial_mail`;
    expect(row?.mails).toBeGreaterThan(5);
  });

  it('keeps what is changed in the settings, and speaks the language that was chosen', async () => {
    await go('Impostazioni');
    const shopForm = page.locator('form').filter({ has: page.getByRole('heading', { name: 'Il negozio' }) });
    await shopForm.getByLabel('Telefono').fill('+39 000 000000');
    await shopForm.getByRole('button', { name: 'Salva' }).click();
    await page.getByText('Salvato.').waitFor();
    await page.getByLabel('Chiuso dal').fill('2026-12-24');
    await page.getByLabel('al', { exact: true }).fill('2027-01-06');
    await page.getByRole('button', { name: 'Aggiungi', exact: true }).click();
    await page.getByText('dal 24 dicembre 2026 al 6 gennaio 2027').waitFor();
    await shopForm.getByText('English').click();
    await shopForm.getByRole('button', { name: 'Salva' }).click();
    await heading('Settings').waitFor();
    await page.reload();
    await heading('Settings').waitFor();
    expect(await page.getByLabel('Phone').inputValue()).toBe('+39 000 000000');
    await page.getByText('from 24 December 2026 to 6 January 2027').waitFor();
    await page.locator('form').getByText('Italiano').click();
    await page.getByRole('button', { name: 'Save' }).first().click();
    await heading('Impostazioni').waitFor();
  });

  const pressure = (): Locator =>
    page.locator('form').filter({
      has: page.getByRole('heading', { name: 'Quanto spesso scrivi alla stessa persona' }),
    });
  const save = async (): Promise<void> => {
    await pressure().getByRole('button', { name: 'Salva' }).click();
    await pressure().getByRole('button', { name: 'Annulla le modifiche' }).waitFor({ state: 'hidden' });
  };
  const choose = async (field: Locator, option: string): Promise<void> => {
    await field.click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };

  it('says what another limit would change before it is kept', async () => {
    await go('Impostazioni');
    const limits = pressure();
    await limits.getByText('Al massimo un messaggio ogni 14 giorni.').waitFor();
    await limits.getByRole('button', { name: 'Cambia il limite 1' }).click();
    await limits.getByLabel('in quanti giorni').fill('30');
    await limits.getByRole('button', { name: 'Che cosa cambierebbe?' }).click();
    await limits.getByText(/^Negli ultimi 90 giorni: di \d+ messaggi ne avrebbe fermati \d+\./).waitFor();
    await limits.getByRole('button', { name: 'Aggiungi un limite' }).click();
    expect(await limits.getByText(/^Negli ultimi 90 giorni/).count()).toBe(0);
    await limits.getByRole('button', { name: 'Togli il limite 6' }).click();
    await save();
    await page.reload();
    await limits.getByText('Al massimo un messaggio ogni 30 giorni.').first().waitFor();
  });

  it('keeps two kinds of messages apart and lets a channel rest, in the words of the shopkeeper', async () => {
    const rules = pressure();
    await rules.getByText('Nessuna regola: valgono i limiti qui sopra.').waitFor();
    await rules.getByRole('button', { name: 'Aggiungi una regola' }).click();
    await choose(rules.getByRole('combobox', { name: 'da', exact: true }), 'un SMS');
    const days = rules.getByLabel('entro quanti giorni');
    await days.fill('');
    await rules.getByText('Un numero intero tra 1 e 366.').waitFor();
    await rules.getByRole('button', { name: 'Aggiungi un giorno di riposo' }).click();
    await rules.getByText('domenica', { exact: true }).click();
    await rules.getByText('Scegli almeno un giorno.').waitFor();
    await expectAccessible(page);
    await rules.getByRole('button', { name: 'Salva' }).click();
    expect(await days.and(page.locator(':focus')).count()).toBe(1);
    await days.fill('10');
    await rules.getByText('domenica', { exact: true }).click();
    await choose(rules.getByRole('combobox', { name: 'Che cosa riposa' }), 'SMS');
    await rules.getByRole('button', { name: 'Che cosa cambierebbe?' }).click();
    await rules.getByText(/^Negli ultimi 90 giorni/).waitFor();
    await save();
    await rules.getByText('Mai una promozione entro 10 giorni da un messaggio per SMS.').waitFor();
    await rules.getByText('Di domenica niente SMS.').waitFor();
    const [row] = await shop.application.database.raw<{ rules: PressureInput; versions: number }[]>`
      select rules, version as versions from pressure_version order by version desc limit 1`;
    expect(row?.versions).toBe(2);
    expect(row?.rules.quiet).toEqual([{ channels: ['sms'], weekdays: [7], onHolidays: false }]);
    expect(row?.rules.exclusions).toMatchObject([
      { scope: { classes: ['promotion'] }, other: { channels: ['sms'], classes: [] }, days: 10 },
    ]);
  });

  it('undoes changes before they are kept, takes rules away, and says when there are as many as there can be', async () => {
    const rules = pressure();
    await rules.getByRole('button', { name: 'Togli la regola 1' }).click();
    await rules.getByRole('button', { name: 'Togli il giorno di riposo 1' }).click();
    await rules.getByText('Nessun giorno in più.').waitFor();
    await rules.getByRole('button', { name: 'Annulla le modifiche' }).click();
    await rules.getByText('Di domenica niente SMS.').waitFor();
    await rules.getByRole('button', { name: 'Togli la regola 1' }).click();
    await rules.getByRole('button', { name: 'Togli il giorno di riposo 1' }).click();
    for (let more = 6; more <= 12; more++)
      await rules.getByRole('button', { name: 'Aggiungi un limite' }).click();
    await rules.getByText('Di più non si può: sono già 12.').waitFor();
    await save();
    await rules.getByText('Nessuna regola: valgono i limiti qui sopra.').waitFor();
    await page.setViewportSize(sizes.phone);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await expectFingerSized(page);
    await page.setViewportSize(sizes.desktop);
    expect(await rules.getByRole('button', { name: /^Cambia il limite/ }).count()).toBe(12);
    await rules.getByRole('button', { name: 'Togli il limite 12' }).click();
    await save();
  });

  it('asks to sign in again when the session has ended, and nothing of the page is lost', async () => {
    await go('Iniziative');
    await page.getByRole('button', { name: 'Nuova iniziativa' }).click();
    await page.getByLabel('Nome, solo per te').fill('Serata a porte chiuse');
    shop.application.clock.moveTo(MUCH_LATER);
    await page.getByLabel('Oggetto dell’email').fill('Vieni?');
    await page.getByLabel('Le tue parole').fill('Ti aspettiamo.');
    await page.getByRole('button', { name: 'Metti in calendario' }).click();
    await page.getByText('Trovi tutto come l’hai lasciato.').waitFor();
    await signIn(owner.password);
    await heading('Iniziative').waitFor();
    expect(new URL(page.url()).pathname).toBe('/iniziative');
    expect(await page.getByLabel('Nome, solo per te').inputValue()).toBe('Serata a porte chiuse');
    expect(await page.getByLabel('Le tue parole').inputValue()).toBe('Ti aspettiamo.');
  });
});
