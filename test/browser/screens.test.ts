import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { approveMessages } from '../../src/sending/actions.ts';
import {
  describeInBrowser,
  expectAccessible,
  expectFingerSized,
  expectNoSidewaysScroll,
  useBrowser,
} from './browser.ts';
import type { RunningShop } from './shop.ts';
import { startDemonstration, startEmptyShop } from './shop.ts';

const MORNING = new Date('2026-10-29T10:00:00Z');

interface Screen {
  readonly name: string;
  readonly path: string;
  readonly ready: (page: Page) => Promise<unknown>;
}

const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

const screens: readonly Screen[] = [
  { name: 'Oggi', path: '/', ready: heading(/da approvare/) },
  {
    name: 'Oggi with an open message',
    path: '/',
    ready: async (page) => {
      await page
        .getByRole('button', { name: /^Apri il messaggio per/ })
        .first()
        .click();
      await page.getByRole('heading', { name: 'Perché proprio oggi' }).waitFor();
      await page.getByText(/oggi restano fuori/).click();
    },
  },
  {
    name: 'Oggi while refusing',
    path: '/',
    ready: async (page) => {
      await page
        .getByRole('button', { name: /^Apri il messaggio per/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Non scrivere' }).click();
      await page.getByRole('button', { name: 'Troppo presto' }).waitFor();
    },
  },
  { name: 'Da fare', path: '/da-fare', ready: heading('Da fare') },
  { name: 'Clienti', path: '/clienti', ready: (page) => page.getByText('sì ai messaggi').first().waitFor() },
  {
    name: 'a customer',
    path: '/clienti/1',
    ready: (page) => page.getByRole('img', { name: /^Asse del tempo/ }).waitFor(),
  },
  {
    name: 'Orologi',
    path: '/orologi',
    ready: (page) => page.getByRole('img', { name: /di solito si ricompra/ }).waitFor(),
  },
  {
    name: 'Iniziative',
    path: '/iniziative',
    ready: (page) => page.getByText('Nessuna iniziativa.').waitFor(),
  },
  {
    name: 'a new campaign',
    path: '/iniziative',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Nuova iniziativa' }).click();
      await page.getByText('Per chi compra…').click();
      await page.getByRole('combobox', { name: 'Categorie' }).waitFor();
    },
  },
  {
    name: 'Risultati',
    path: '/risultati',
    ready: async (page) => {
      await page.getByRole('heading', { name: 'Come lo sappiamo' }).waitFor();
      await page.getByText(/^Il piano di oggi è (al|il) .*migliore possibile/).waitFor();
      await page.getByRole('img', { name: /quanto vale il piano di ogni giorno/ }).waitFor();
    },
  },
  { name: 'Importa', path: '/importa', ready: (page) => page.getByText('I file già caricati').waitFor() },
  {
    name: 'an import',
    path: '/importa/1',
    ready: (page) => page.getByRole('link', { name: 'Vai a Oggi' }).waitFor(),
  },
  {
    name: 'the look at a file',
    path: '/importa',
    ready: async (page) => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Scegli il file delle vendite' }).click();
      const text = 'Data;Scontrino;Tessera;Articolo;Importo\n29/10/2026;1;2900000000018;Capsule;22,90';
      await (await chooser).setFiles({ name: 'oggi.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.getByText('Così entrano le vendite.').waitFor();
    },
  },
  {
    name: 'Impostazioni',
    path: '/impostazioni',
    ready: async (page) => {
      await page.getByRole('heading', { name: 'La posta' }).waitFor();
      await page.getByRole('heading', { name: 'Quando sei chiuso' }).waitFor();
      await page.getByText('la firma DKIM').click();
    },
  },
  {
    name: 'Impostazioni while rules are written',
    path: '/impostazioni',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Cambia il limite 3' }).click();
      await page.getByRole('button', { name: 'Aggiungi una regola' }).click();
      await page.getByRole('button', { name: 'Aggiungi un giorno di riposo' }).click();
      await page.getByText('domenica', { exact: true }).click();
      await page.getByText('Scegli almeno un giorno.').waitFor();
    },
  },
  {
    name: 'Posta di prova',
    path: '/posta-di-prova',
    ready: (page) =>
      page
        .getByRole('button', { name: /@example\.it/ })
        .first()
        .waitFor({ timeout: 60_000 }),
  },
  { name: 'Altro', path: '/altro', ready: heading('Altro') },
  { name: 'an address without a page', path: '/nessuna', ready: heading('Qui non c’è niente') },
  {
    name: 'a customer who is not there',
    path: '/clienti/99999999',
    ready: (page) => page.getByRole('alert').waitFor(),
  },
];

/** A yes to the first proposals, so that there are mails to look at beside proposals to decide. */
async function sendSome({ application }: RunningShop, count: number): Promise<void> {
  const { database, clock } = application;
  const first = await database.raw<{ contactId: number; messageId: number }[]>`
    select contact_id as "contactId", message_id as "messageId" from message
    where status = 'planned' order by message_id limit ${count}`;
  expect(await approveMessages(database, first, null, clock.now())).toBe(count);
}

describeInBrowser('every screen', () => {
  const browser = useBrowser();
  let shop: RunningShop;
  let empty: RunningShop;
  beforeAll(async () => {
    shop = await startDemonstration(MORNING, { contactCount: 80, playedDays: 0 });
    await sendSome(shop, 2);
    empty = await startEmptyShop(MORNING);
  });

  describe.each(['phone', 'desktop'] as const)('on a %s', (size) => {
    let page: Page;
    beforeAll(async () => {
      page = await browser.newPage(shop.managementUrl, size);
    });

    it.each(screens)('$name can be used by everybody', async ({ path, ready }) => {
      await page.goto(path);
      await ready(page);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      if (size === 'phone') await expectFingerSized(page);
    });

    it('the set-up can be used by everybody, and in English', async () => {
      const visitor = await browser.newPage(empty.managementUrl, size, { language: 'en-GB' });
      await visitor.goto('/');
      await visitor.getByRole('heading', { level: 1, name: 'Let us begin' }).waitFor();
      await expectAccessible(visitor);
      for (const title of ['What do you sell?', 'Who are you?']) {
        await visitor.getByRole('button', { name: 'Next' }).click();
        await visitor.getByRole('heading', { level: 1, name: title }).waitFor();
        await expectAccessible(visitor);
        await expectNoSidewaysScroll(visitor);
      }
    });
  });

  it('Oggi is cut off at no width between a phone and a wide screen', async () => {
    const page = await browser.newPage(shop.managementUrl);
    await page.goto('/');
    await page
      .getByRole('button', { name: /^Apri il messaggio per/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Perché proprio oggi' }).waitFor();
    for (const width of [320, 390, 641, 768, 861, 1024, 1180, 1241, 1600]) {
      await page.setViewportSize({ width, height: 800 });
      await expectNoSidewaysScroll(page);
    }
  });

  it('the main job is done on a phone, with the main action under the thumb', async () => {
    const page = await browser.newPage(shop.managementUrl, 'phone');
    await page.goto('/');
    const approve = page.getByRole('button', { name: /^Approva (tutti e \d+|il messaggio)$/ });
    await approve.waitFor();
    const box = await approve.boundingBox();
    expect(box?.y).toBeGreaterThan(600);
    expect(box?.width).toBeGreaterThan(300);
    await approve.click();
    await page.getByRole('heading', { level: 1, name: 'Per oggi hai finito' }).waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });

  it('says what to do when the program cannot be reached, and goes on by itself afterwards', async () => {
    const page = await browser.newPage(shop.managementUrl, 'phone');
    await page.goto('/orologi');
    await page.getByRole('img', { name: /di solito si ricompra/ }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('navigation').getByRole('link', { name: 'Risultati' }).click();
    await page.getByText('Non c’è collegamento con il programma.').waitFor();
    await expectAccessible(page);
    await page.context().setOffline(false);
    await page
      .getByRole('heading', { name: 'Come lo sappiamo' })
      .or(page.getByRole('button', { name: 'Riprova' }))
      .first()
      .waitFor();
    const retry = page.getByRole('button', { name: 'Riprova' });
    if (await retry.isVisible()) await retry.click();
    await page.getByRole('heading', { name: 'Come lo sappiamo' }).waitFor();
  });
});
