import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../../test/support/application.ts';
import { openManagement, signInAs } from '../../../test/support/management.ts';
import { codesOf, describePaper, pagesOf, wordsOf } from '../../../test/support/paper.ts';
import type { PersonWish } from '../../../test/support/people.ts';
import { addMessage, addPerson } from '../../../test/support/people.ts';
import { saveSetting } from '../../business/actions.ts';
import { recordConsentEvents } from '../../consent/actions.ts';
import { loadProfile } from '../../contacts/actions.ts';
import { dayFromIso } from '../../kernel/day.ts';
import { approveMessages, expireMessages, sendDue } from '../../sending/actions.ts';
import {
  listLetters,
  markPosted,
  printedLabels,
  printedLetters,
  startPrinting,
  throwAway,
} from './actions.ts';
import { writeLabels, writeLetters } from './pdf.ts';
import { addressFields, labelPlace, runsOf } from './rules.ts';

const TODAY = '2026-11-24';
const paper = {
  envelope: 'window_right', shopName: 'Bottega Inventata', brandColour: '#813b57', sender: ['Via dell’Esempio 1, 00000 Borgo'],
  title: 'Lettere', now: new Date(`${TODAY}T10:00:00Z`),
} as const; // prettier-ignore
const page = {
  address: ['Ștefan Łukasz Čapek', 'Via delle Prove 24', '50100 Borgo FI'],
  date: 'Borgo, 24 novembre 2026',
  paragraphs: ['Ciao Ștefan,', 'è arrivato il miele nuovo.', 'A presto,\nMarta\nBottega Inventata'],
  foot: ['Se non vuoi altre lettere, dillo in negozio.', 'Bottega Inventata, P.IVA 00000000000'],
  url: 'https://negozio.example.it/p/abcdefghijklmnopqrstuvwxyz12',
  reference: 'L-7',
};

describe('labels of 70 × 37 mm', () => {
  it('fill a sheet row by row, and go on after those that are gone', () => {
    expect(labelPlace(0, 0)).toEqual({ sheet: 0, left: 0, top: 0.5 });
    expect(labelPlace(4, 0)).toEqual({ sheet: 0, left: 70, top: 37.5 });
    expect(labelPlace(23, 0)).toEqual({ sheet: 0, left: 140, top: 259.5 });
    expect(labelPlace(0, 23)).toMatchObject({ sheet: 0, left: 140 });
    expect(labelPlace(1, 23)).toMatchObject({ sheet: 1, left: 0 });
  });
});

describe('a code', () => {
  it('is drawn as the runs of its dark modules, each module once', () => {
    const dark = ['##.#', '....', '.###', '#..#'];
    const runs = runsOf(4, (row, column) => dark[row]?.[column] === '#');
    const drawn = dark.map((line) => line.replaceAll('#', '.').split(''));
    for (const { row, column, length } of runs)
      for (let one = column; one < column + length; one++)
        drawn[row]![one] = drawn[row]![one] === '.' ? '#' : '2';
    expect(drawn.map((line) => line.join(''))).toEqual(dark);
    expect(runs).toHaveLength(5);
  });
});

describePaper('a letter on paper', () => {
  it.each([
    ['window_right', { left: 108, top: 46, right: 196, bottom: 84 }],
    ['window_left', { left: 20, top: 62.7, right: 105, bottom: 90 }],
  ] as const)('has its address in the window of the envelope: %s', async (envelope, window) => {
    const pdf = await writeLetters([page], { ...paper, envelope });
    const address = wordsOf(pdf).filter(
      ({ left, top }) => left > window.left && top > addressFields[envelope].top - 1 && top < window.bottom,
    );
    expect(address.map(({ text }) => text)).toEqual(page.address.join(' ').split(' '));
    for (const { left, top, right, bottom } of address) {
      expect(left).toBeGreaterThan(window.left + 2);
      expect(top).toBeGreaterThan(window.top - 0.1);
      expect(right).toBeLessThan(window.right - 2);
      expect(bottom).toBeLessThan(window.bottom);
    }
  }); // prettier-ignore

  it('keeps a long name within the window by smaller letters', async () => {
    const long = 'Studio Associato di Consulenza Amministrativa e Fiscale Bianchi e Verdi';
    const words = wordsOf(await writeLetters([{ ...page, address: [long, ...page.address] }], paper));
    expect(words.find(({ text, top }) => text === 'Verdi' && top < 95)?.right).toBeLessThan(193);
  });

  it('carries a code that a telephone reads, and none where nobody can reach the page', async () => {
    const pdf = await writeLetters([page, { ...page, url: null }], paper);
    expect(codesOf(pdf)).toEqual([[page.url], []]);
    for (const text of pagesOf(pdf)) {
      expect(text).toContain('Se non vuoi altre lettere');
      expect(text).toContain('L-7');
    }
  });

  it('takes one page, and what does not fit goes overleaf without losing a word', async () => {
    expect(pagesOf(await writeLetters([page, page], paper))).toHaveLength(2);
    const words = Array.from({ length: 900 }, (_, number) => `parola${number}`);
    const pdf = await writeLetters([{ ...page, paragraphs: [words.join(' ')] }], paper);
    const printed = wordsOf(pdf).filter(({ text }) => text.startsWith('parola'));
    expect(printed.map(({ text }) => text)).toEqual(words);
    expect(printed.every(({ bottom }) => bottom < 207)).toBe(true);
    expect(printed.at(-1)?.page).toBeGreaterThan(1);
  });

  it('and labels stand each on its own', async () => {
    const addresses = Array.from({ length: 25 }, (_, number) => [`Persona${number}`, 'Via delle Prove 24', '50100 Borgo FI']);
    const words = wordsOf(await writeLabels(addresses, paper, 1));
    const names = words.filter(({ text }) => text.startsWith('Persona'));
    expect(names).toHaveLength(25);
    for (const [number, { page: sheet, left, top }] of names.entries()) {
      const place = labelPlace(number, 1);
      expect(sheet).toBe(place.sheet + 1);
      expect(left - place.left).toBeCloseTo(7, 0);
      expect(top).toBeGreaterThan(place.top + 3);
      expect(top).toBeLessThan(place.top + 30);
    }
  }); // prettier-ignore
});

/** A shop that writes letters. */
async function openShop() {
  const shop = await createTestApplication({ now: new Date(`${TODAY}T10:00:00Z`) });
  const { database, clock } = shop;
  const { raw } = database;
  await saveSetting(
    database,
    'letters',
    { isOn: true, paperCents: 20, postageCents: 130 },
    null,
    clock.now(),
  );
  let people = 0;
  return {
    ...shop,
    raw,
    actor: () => ({ operatorId: null, now: clock.now() }),
    /** One more letter that waits to be printed. */
    letter: async (person: PersonWish = {}) => {
      people += 1;
      const home = { email: null, street: `Via dell’Esempio ${people}`, postcode: '50100', city: 'Borgo', province: 'FI' };
      const contactId = await addPerson(shop, { ...home, ...person });
      await raw`update contact set is_exempt_from_control = true`;
      const reference = await addMessage(shop, { contactId, channel: 'letter', planDay: clock.now().toISOString().slice(0, 10), days: 4 });
      await raw`update message set cost_cents = 150, edited_body = ${'Ciao,\n\nÈ arrivato il miele.\n\nA presto,\nMarta'} where message_id = ${reference.messageId}`;
      await approveMessages(database, [reference], null, clock.now());
      await sendDue(shop, clock.now(), { limit: 10 });
      return reference;
    },
    list: () => listLetters(database, clock.now()),
    stateOf: async ({ messageId }: { messageId: number }) => {
      const [row] = await raw<{ status: string; reason: string }[]>`select status, reason from message where message_id = ${messageId}`;
      return row;
    },
    withdraw: (contactId: number) =>
      database.transaction((transaction) =>
        recordConsentEvents(
          transaction,
          [{ contactId, purpose: 'marketing', action: 'withdrawn', channels: ['letter'], text: null, language: 'it', method: 'counter',
            occurredAt: clock.now(), evidence: {} }],
          clock.now(),
        ),
      ),
  }; // prettier-ignore
}

describe('a print job', async () => {
  const shop = await openShop();
  const { database, clock } = shop;
  const ada = await shop.letter({ firstName: 'Ada', lastName: 'Rossi' });
  const bea = await shop.letter({ firstName: 'Bea', lastName: 'Neri' });
  const cora = await shop.letter({ firstName: 'Cora', lastName: 'Bruni' });
  let printJobId = 0;

  it('takes the letters that wait, but for those of who withdrew, and is counted with its cost', async () => {
    expect(await shop.list()).toMatchObject({ isOn: true, waiting: 3, names: ['Ada Rossi', 'Bea Neri', 'Cora Bruni'] });
    await shop.withdraw(cora.contactId);
    expect(await shop.list()).toMatchObject({ waiting: 2 });
    printJobId = (await startPrinting(shop, shop.actor())) ?? 0;
    expect(await startPrinting(shop, shop.actor())).toBeNull();
    const list = await shop.list();
    expect(list).toMatchObject({ waiting: 0, jobs: [{ printJobId, letters: 2, costCents: 300, state: 'in_hand' }] });
    expect(list.jobs[0]?.sentence).toBe('2 lettere stampate il 24 novembre: da imbucare.');
  }); // prettier-ignore

  it('does not expire while nobody says whether it was posted', async () => {
    clock.advance(9 * 86_400_000);
    await expireMessages(database, clock.now());
    expect(await shop.stateOf(ada)).toMatchObject({ status: 'handed' });
  });

  it('says whose letter is to be taken out, and leaves it out of a second printing', async () => {
    await shop.withdraw(bea.contactId);
    expect((await shop.list()).jobs).toMatchObject([{ toTakeOut: ['Bea Neri'] }]);
    const first = await printedLetters(database, printJobId);
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    expect((await printedLabels(database, printJobId, 0)).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('posted by a person is sent, on the timeline, and once only', async () => {
    await markPosted(shop, printJobId, shop.actor());
    expect(await shop.stateOf(ada)).toEqual({ status: 'sent', reason: '' });
    expect(await shop.stateOf(bea)).toMatchObject({ status: 'cancelled' });
    expect((await shop.list()).jobs).toMatchObject([{ state: 'posted', toTakeOut: [] }]);
    await expect(markPosted(shop, printJobId, shop.actor())).rejects.toMatchObject({ code: 'errand_over' });
    await expect(throwAway(shop, printJobId, clock.now())).rejects.toMatchObject({ code: 'errand_over' });
    const profile = await loadProfile(database, ada.contactId, dayFromIso(TODAY));
    expect(profile.timeline.find(({ kind }) => kind === 'message')?.title).toBe('Lettera: Una novità');
  });

  it('thrown away reached nobody', async () => {
    const dora = await shop.letter();
    const another = (await startPrinting(shop, shop.actor())) ?? 0;
    await throwAway(shop, another, clock.now());
    expect(await shop.stateOf(dora)).toEqual({ status: 'expired', reason: 'errand.thrown_away' });
    expect((await shop.list()).jobs[0]).toMatchObject({ state: 'thrown_away' });
  });
});

describePaper('the letters of a print job', () => {
  it('carry the words approved, the address, the date of printing and the customer’s own page', async () => {
    const shop = await openShop();
    const withPages = { ...shop, publicUrl: 'https://negozio.example.it' };
    await shop.raw`update store set city = 'Borgo'`;
    const reference = await shop.letter({ firstName: 'Ada', lastName: 'Rossi', companyName: 'Studio Rossi' });
    await shop.raw`update message set status = 'approved', frozen = null where message_id = ${reference.messageId}`;
    await shop.raw`delete from errand`;
    await shop.raw`insert into send_queue (message_id, contact_id, channel, not_before, send_before)
      select message_id, contact_id, channel, send_after, send_before from message`;
    await sendDue(withPages, shop.clock.now(), { limit: 10 });
    const printJobId = (await startPrinting(withPages, shop.actor())) ?? 0;
    shop.clock.advance(86_400_000);
    const pdf = await printedLetters(shop.database, printJobId);
    const [text = ''] = pagesOf(pdf);
    for (const words of ['Studio Rossi', 'Ada Rossi', '50100 Borgo FI', 'Borgo, 24 novembre 2026', 'È arrivato il miele.', 'Marta'])
      expect(text).toContain(words);
    const [token] = await shop.raw<{ token: string }[]>`select token from public_link order by created_at desc, token limit 1`;
    const [code = ''] = codesOf(pdf)[0] ?? [];
    expect(code).toMatch(/^https:\/\/negozio\.example\.it\/p\//);
    const [link] = await shop.raw`select message_id from public_link where token = ${code.split('/').at(-1) ?? ''}`;
    expect(link).toEqual({ message_id: reference.messageId });
    expect(token).toBeDefined();
  });
}); // prettier-ignore

describe('over HTTP', () => {
  it('an assistant prints, gets the PDF and says that it is posted', async () => {
    const shop = await openShop();
    await shop.letter();
    const { server } = await openManagement(shop);
    const assistant = await signInAs(shop, server, 'assistant');
    const printed = await assistant.request('POST', '/api/letters/print');
    const { printJobId } = printed.json<{ printJobId: number }>();
    const path = `/api/letters/print-jobs/${printJobId}`;
    const pdf = await assistant.request('GET', `${path}/letters.pdf`);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
    expect((await assistant.request('GET', `${path}/labels.pdf?used=3`)).statusCode).toBe(200);
    expect((await assistant.request('GET', `${path}/labels.pdf?used=24`)).statusCode).toBe(400);
    expect((await assistant.request('GET', '/api/letters/print-jobs/999/letters.pdf')).statusCode).toBe(404);
    expect((await assistant.request('POST', `${path}/posted`)).json()).toMatchObject({
      jobs: [{ state: 'posted' }],
    });
    expect((await assistant.request('POST', `${path}/thrown-away`)).statusCode).toBe(409);
  });
});
