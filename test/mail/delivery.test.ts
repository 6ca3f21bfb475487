import type { AddressObject, ParsedMail } from 'mailparser';
import { simpleParser } from 'mailparser';
import { expect, it } from 'vitest';
import { releaseMessages } from '../../src/main/release.ts';
import { createTestApplication } from '../support/application.ts';
import { approvePromotion, importPeople } from '../support/approved-messages.ts';
import type { Person } from '../support/approved-messages.ts';
import { findBarriers, hasChromium, openChromium, widthOf } from '../support/chromium.ts';
import type { MailPeers } from '../support/mail-peers.ts';
import { describeMail } from '../support/mail-peers.ts';
import { signInOwner } from '../support/owner.ts';

const day = '2026-11-24';
const now = new Date(`${day}T09:30:00Z`);

/** Names that break what was not made for them. */
const NAMES = [
  ['Niccolò', 'D’Angelò'],
  ['Zoë', 'Müller-Čapek'],
  ['Ðorđe', 'Đurić'],
  ['Anna', 'Bianchi "la Rossa"'],
  ['美咲', '山田'],
  ['Sofia', 'Rossi, già Verdi'],
  ['Giulia', 'Neri <giulia>'],
] as const;

const PEOPLE: Person[] = Array.from({ length: 40 }, (_, index) => {
  const [firstName, lastName] = NAMES[index % NAMES.length] ?? ['', ''];
  return { email: `persona${index + 1}@clienti.example.it`, firstName, lastName };
});

/** Landmarks and headings belong to the program that shows the mail; the rest of the guidelines to the mail. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const header = (mail: ParsedMail, name: string): string =>
  mail.headerLines.find(({ key }) => key === name)?.line.replace(/^[^:]*:\s*/, '') ?? '';

const only = (addresses: AddressObject | AddressObject[] | undefined) =>
  [addresses].flat().flatMap((object) => object?.value ?? []);

/** Every mail of these people, taken apart, by mailbox. */
async function readAll(peers: MailPeers, people: readonly Person[]): Promise<Map<string, ParsedMail[]>> {
  const mailboxes = new Map<string, ParsedMail[]>();
  for (const { email } of people) {
    const mails = await peers.readMails(email);
    mailboxes.set(email, await Promise.all(mails.map((mail) => simpleParser(mail))));
  }
  return mailboxes;
}

describeMail('mail through Postfix to Dovecot', async (peers) => {
  const { smtpUrl } = peers;
  const shop = await createTestApplication({ now, smtpUrl, publicUrl: 'https://bottega.example.it' });
  const { database } = shop;
  let mailboxes = new Map<string, ParsedMail[]>();

  it('arrives once for everyone treated and never for the control group', async () => {
    expect(await importPeople(shop, PEOPLE)).toMatchObject({ accepted: PEOPLE.length, rejected: 0 });
    await approvePromotion(shop, day, {
      subject: 'È arrivato il miele, «quello» di Niccolò: 5 €',
      text: 'è arrivato il miele di castagno, 5 € il vasetto: perché aspettare?\n\nTe ne tengo da parte 🍯?',
    });
    const summary = await releaseMessages(shop);
    expect(summary).toMatchObject({ cancelled: 0, failed: 0, unknown: 0, retried: 0 });
    expect(summary.withheld).toBeGreaterThan(0);
    expect(summary.sent + summary.withheld).toBe(PEOPLE.length);

    mailboxes = await readAll(peers, PEOPLE);
    const rows = await database.raw<{ email: string; assignment: string }[]>`
      select i.value as email, m.assignment from message m join contact_identity i on i.contact_id = m.contact_id and i.kind = 'email'`;
    const expected = rows.map(({ email, assignment }) => [email, assignment === 'treated' ? 1 : 0] as const);
    const arrived = rows.map(({ email }) => [email, mailboxes.get(email)?.length] as const);
    expect(arrived).toEqual(expected);
    expect((await releaseMessages(shop)).sent).toBe(0);
  });

  it('carries the words, the names and the shop as they were written, in text and in HTML', () => {
    const people = PEOPLE.filter(({ email }) => mailboxes.get(email)?.length === 1);
    expect(new Set(people.map(({ firstName }) => firstName)).size).toBe(NAMES.length);
    for (const { email, firstName, lastName } of people) {
      const [mail] = mailboxes.get(email) ?? [];
      expect(mail?.subject).toBe('È arrivato il miele, «quello» di Niccolò: 5 €');
      expect(only(mail?.to)).toEqual([{ address: email, name: `${firstName} ${lastName}` }]);
      expect(only(mail?.from)).toEqual([
        { address: 'marta@bottega.example.it', name: 'Marta, Bottega Inventata' },
      ]);
      expect(only(mail?.replyTo)).toMatchObject([{ address: 'marta@bottega.example.it' }]);
      for (const words of [mail?.text, String(mail?.html)]) {
        expect(words).toContain(`Ciao ${firstName},`);
        expect(words).toContain('è arrivato il miele di castagno, 5 € il vasetto: perché aspettare?');
        expect(words).toContain('Te ne tengo da parte 🍯?');
        expect(words).toContain('Bottega Inventata, Via dell’Esempio 1, 00000 Borgo');
      }
      expect(String(mail?.html)).not.toMatch(/<(img|script|link)\b|@import|url\(/);
    }
  });

  it('names the message in sender, Message-ID and a header of its own, and says how to leave', async () => {
    const rows = await database.raw<{ email: string; number: string; token: string }[]>`
      select i.value as email, m.contact_id || '.' || m.message_id as number, l.token from message m
      join contact_identity i on i.contact_id = m.contact_id and i.kind = 'email'
      join public_link l on l.message_id = m.message_id where m.status = 'sent'`;
    expect(rows.length).toBeGreaterThan(30);
    for (const { email, number, token } of rows) {
      const mail = mailboxes.get(email)?.[0];
      if (!mail) throw new Error(`nothing arrived for ${email}`);
      expect(header(mail, 'return-path')).toBe(`<marta+b${number}@bottega.example.it>`);
      expect(mail.messageId).toBe(`<${number}.bentornato@bottega.example.it>`);
      expect(header(mail, 'x-bentornato-message')).toBe(number);
      const [page = '', mailto = ''] = [...header(mail, 'list-unsubscribe').matchAll(/<([^>]+)>/g)].map(
        ([, way = '']) => way.replace(/\s/g, ''),
      );
      expect(page).toBe(`https://bottega.example.it/u/${token}`);
      expect(mailto).toBe(
        `mailto:marta@bottega.example.it?subject=${encodeURIComponent(`Non scrivetemi più [${token}]`)}`,
      );
      expect(header(mail, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
      expect(String(mail.html)).toContain(`href="https://bottega.example.it/u/${token}"`);
      expect(mail.text).toContain(`https://bottega.example.it/p/${token}`);
    }
  });

  it.skipIf(!hasChromium)(
    'reads well on a phone and on a desk, by day and by night, and fetches nothing',
    async () => {
      const [[mail] = []] = [...mailboxes.values()].filter((mails) => mails.length === 1);
      const browser = await openChromium();
      const views = [
        { width: 320, colorScheme: 'dark' },
        { width: 390, colorScheme: 'light' },
        { width: 800, colorScheme: 'light' },
      ] as const;
      for (const { width, colorScheme } of views) {
        const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
        const fetched: string[] = [];
        page.on('request', (request) => fetched.push(request.url()));
        await page.setContent(String(mail?.html), { waitUntil: 'domcontentloaded' });
        expect(await findBarriers(page, WCAG)).toEqual([]);
        expect(await widthOf(page)).toBeLessThanOrEqual(width);
        expect(fetched).toEqual([]);
        for (const words of ['Marta', 'Bottega Inventata', 'Non scrivetemi più', 'Le tue scelte'])
          expect(await page.getByText(words, { exact: true }).isVisible(), words).toBe(true);
        await page.close();
      }
    },
  );

  it('of a shop whose pages nobody can reach lets people leave by mail, where it reads, with no link to nowhere', async () => {
    const hidden = await createTestApplication({ now, smtpUrl });
    const person = { email: 'lucia@clienti.example.it', firstName: 'Lucia', lastName: 'Esempio' };
    await hidden.database.raw`update business set email = ''`;
    const settings = { smtpUrl: '', fromName: 'Marta', dkimDomain: '', dkimSelector: '' };
    const addresses = { fromAddress: 'posta@bottega.example.it', replyTo: 'leggo.io@bottega.example.it' };
    const owner = await signInOwner(hidden);
    expect(await owner.request('PUT', '/api/settings/email', { ...settings, ...addresses })).toMatchObject({
      status: 200,
    });
    await importPeople(hidden, [person]);
    await hidden.database.raw`update contact set is_exempt_from_control = true`;
    await approvePromotion(hidden, day, {});
    expect(await releaseMessages(hidden)).toMatchObject({ sent: 1 });
    const [raw] = await peers.readMails(person.email);
    const mail = await simpleParser(raw ?? Buffer.alloc(0));
    const ways = [...header(mail, 'list-unsubscribe').matchAll(/<([^>]+)>/g)].map(([, way]) => way);
    expect(ways).toHaveLength(1);
    expect(ways[0]).toMatch(/^mailto:leggo\.io@bottega\.example\.it\?subject=Non%20scrivetemi/);
    expect(header(mail, 'list-unsubscribe-post')).toBe('');
    const links = [...String(mail.html).matchAll(/href="([^"]*)"/g)].map(([, link]) => link);
    expect(links).toEqual([expect.stringMatching(/^mailto:leggo\.io@bottega\.example\.it\?subject=/)]);
    for (const words of [mail.text, String(mail.html)])
      expect(words).toContain('Se non vuoi altri messaggi, rispondi NO a questa email.');
    expect(mail.text).not.toMatch(/https?:/);
    expect(only(mail.replyTo)).toMatchObject([{ address: 'leggo.io@bottega.example.it' }]);
  });

  it('lets no line break in a name or subject add a recipient or a header', async () => {
    const attacked = await createTestApplication({ now, smtpUrl });
    const stranger = 'estraneo@clienti.example.it';
    const hidden = `\r\nBcc: ${stranger}\r\nX-Injected: yes\r\n\r\nX`;
    const people = [
      { email: 'nome@clienti.example.it', firstName: `Anna${hidden}`, lastName: `Rossi${hidden}` },
      { email: 'ditta@clienti.example.it', firstName: '', lastName: '', companyName: `Ditta${hidden}` },
    ];
    expect(await importPeople(attacked, people)).toMatchObject({ accepted: 2 });
    // Past every check of the product too: as if another program had written them.
    await attacked.database.raw`
      update contact set is_exempt_from_control = true, first_name = first_name || ${hidden}, last_name = last_name || ${hidden},
        company_name = case when company_name = '' then '' else ${`Ditta${hidden}`} end`;
    await approvePromotion(attacked, day, { subject: `Novità${hidden}` });
    await attacked.database.raw`update message set subject = ${`Novità${hidden}`}`;
    expect(await releaseMessages(attacked)).toMatchObject({ sent: 2 });
    expect(await peers.readMails(stranger)).toEqual([]);
    for (const { email } of people) {
      const mails = await peers.readMails(email);
      expect(mails).toHaveLength(1);
      const mail = await simpleParser(mails[0] ?? Buffer.alloc(0));
      expect(only(mail.to).map(({ address }) => address)).toEqual([email]);
      expect(mail.subject).toMatch(/^Novità/);
      expect(mail.bcc).toBeUndefined();
      expect(header(mail, 'x-injected')).toBe('');
      expect(mail.text).toContain('È arrivato il miele nuovo.');
    }
  });
});
