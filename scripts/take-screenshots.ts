/**
 * Renews the pictures of the README and the guide in docs/images from the running product: a demonstration shop and an empty one, each in a
 * folder of its own, on a fixed day. Needs Chromium.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import type { Browser, Page } from 'playwright-core';
import { startTrialMailbox } from '../src/channels/email/trial-mailbox.ts';
import { createDemonstration } from '../src/demonstration/actions.ts';
import { ManualClock } from '../src/kernel/clock.ts';
import { dayOfInstant } from '../src/kernel/day.ts';
import { openApplication } from '../src/main/application.ts';
import { readEnvironment } from '../src/main/environment.ts';
import { serve } from '../src/main/serve.ts';
import { launchBrowser } from '../test/browser/launch.ts';

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
const MORNING = new Date('2026-10-29T08:30:00Z');
const MAX_BYTES = 170_000;
const owner = { name: 'Marta', email: 'marta@example.it', password: 'una frase molto lunga' };
const HEADER = 'Data;Ora;Scontrino;Tessera;Articolo;Reparto;Quantità;Importo';
const ROWS = [
  '28/10/2026;09:12;4118;2900000000018;Capsule intense 100;Capsule;1;22,90',
  '28/10/2026;09:40;4119;;Caffè al banco;Bar;2;2,40',
  '28/10/2026;10:05;4120;2900000000025;Crema viso all’olivo;Crema viso;1;34,00',
];

/** Runs the product in a throwaway folder while `work` looks at it. */
async function withShop(isDemonstration: boolean, work: (url: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-pictures-'));
  chmodSync(folder, 0o755);
  const opened = await openApplication(readEnvironment({ PORT: '0' }, { data: join(folder, 'data') }), {
    clock: new ManualClock(MORNING),
    log: pino({ level: 'error' }),
  });
  const mailbox = await startTrialMailbox(opened.database, opened.clock);
  const application = { ...opened, smtpUrl: mailbox.url };
  try {
    if (isDemonstration)
      await createDemonstration(
        application,
        {
          sector: 'coffee',
          contactCount: 2000,
          seed: 'bentornato',
          today: dayOfInstant(MORNING, 'Europe/Rome'),
          owner,
        },
        MORNING,
      );
    const running = await serve(application);
    await work(running.managementUrl);
    await running.stop();
  } finally {
    await mailbox.close();
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1260, height: 700 },
    locale: 'it-IT',
    timezoneId: 'Europe/Rome',
    reducedMotion: 'reduce',
  });
  return context.newPage();
}

async function take(page: Page, name: string): Promise<void> {
  const path = join(IMAGES, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = statSync(path);
  if (size > MAX_BYTES) throw new Error(`${name}.png has ${size} bytes, more than ${MAX_BYTES}`);
  console.log(`${name}.png ${Math.round(size / 1000)} kB`);
}

async function lookAtDemonstration(page: Page): Promise<void> {
  await page.goto('/');
  await page
    .getByRole('button', { name: /^Apri il messaggio per/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Perché proprio oggi' }).waitFor();
  await take(page, 'oggi');
  const card = page.getByRole('link', { name: /^Apri la scheda di/ });
  await card.click();
  await page.getByRole('img', { name: /^Asse del tempo/ }).waitFor();
  await take(page, 'customer');
  await page.goto('/orologi');
  await page.getByRole('img', { name: /di solito si ricompra/ }).waitFor();
  await take(page, 'clocks');
  await page.goto('/risultati');
  await page.getByRole('heading', { name: 'Come lo sappiamo' }).waitFor();
  await take(page, 'results');
  await page.goto('/importa');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Scegli il file delle vendite' }).click();
  const buffer = Buffer.from([HEADER, ...ROWS].join('\n'));
  await (await chooser).setFiles({ name: 'vendite-ottobre.csv', mimeType: 'text/csv', buffer });
  await page.getByText('Così entrano le vendite.').waitFor();
  await take(page, 'import');
  await page.goto('/');
  await page.getByRole('button', { name: /^Approva tutti/ }).click();
  await page.getByText(/telefonat[ae] da fare/).waitFor({ timeout: 60_000 });
  await page.goto('/da-fare');
  await page
    .getByRole('button', { name: /^Telefonata a/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Cosa dire' }).waitFor();
  await take(page, 'to-do');
}

async function lookAtSetUp(page: Page): Promise<void> {
  await page.goto('/');
  const next = page.getByRole('button', { name: 'Avanti' });
  await next.click();
  await next.click();
  await page.getByLabel('Nome del negozio').fill('Chicco e Rosa');
  await page.getByLabel('Il tuo nome').fill(owner.name);
  await page.getByLabel('Email').fill(owner.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(owner.password);
  await next.click();
  await page.getByText('Ciao Giulia').waitFor();
  await take(page, 'set-up');
}

mkdirSync(IMAGES, { recursive: true });
const browser = await launchBrowser();
await withShop(true, async (url) => lookAtDemonstration(await openPage(browser, url)));
await withShop(false, async (url) => lookAtSetUp(await openPage(browser, url)));
await browser.close();
