import { generateKeyPairSync } from 'node:crypto';
import nodemailer from 'nodemailer';
import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../../test/support/application.ts';
import { openMailSink } from '../../../test/support/mail-sink.ts';
import type { FrozenContent } from '../../rendering/actions.ts';
import { checkEmailServer, composeMail, openEmailChannel } from './channel.ts';
import { outcomeOfError } from './outcome.ts';
import type { EmailSettings } from './settings.ts';
import { loadEmailSettings, parseSmtpUrl, readDkimKey } from './settings.ts';

const content: FrozenContent = {
  subject: 'Una novità',
  html: '<p>È arrivato</p>',
  text: 'È arrivato',
  recipientName: 'Lucia Bianchi',
  unsubscribeUrl: 'https://negozio.example.it/u/t',
  unsubscribeSubject: 'Non scrivetemi più [t]',
};
const settings: EmailSettings = {
  smtpUrl: null,
  isFromEnvironment: false,
  fromName: 'Marta, Bottega',
  fromAddress: 'marta@bottega.example.it',
  replyTo: 'risposte@bottega.example.it',
  dkim: null,
  dkimDomain: '',
  dkimSelector: 'bentornato',
};
const message = { reference: { contactId: 7, messageId: 42 }, address: 'lucia@clienti.example.it', content };

/** A mail as it would go over the wire. */
async function rawOf(change: {
  settings?: Partial<EmailSettings>;
  content?: Partial<FrozenContent>;
}): Promise<string> {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
  const mail = composeMail(
    { ...settings, ...change.settings },
    { ...message, content: { ...content, ...change.content } },
  );
  const { message: raw } = await transport.sendMail(mail);
  return (raw as Buffer).toString('utf8').replace(/\r\n[ \t]/g, ' ');
}

describe('what an answer of a mail server means', () => {
  const smtp = (responseCode: number, response: string, command = 'RCPT TO') =>
    outcomeOfError(
      Object.assign(new Error(response), { responseCode, response, command, code: 'EENVELOPE' }),
    );

  it.each([
    ['no such user', 550, '550 5.1.1 no such user', 'RCPT TO', true],
    ['no such domain', 550, '550 5.1.2 no such domain', 'RCPT TO', true],
    ['a bare 550 to the recipient', 550, '550 unknown user', 'RCPT TO', true],
    ['moved', 551, '551 5.1.6 moved', 'RCPT TO', true],
    ['a full mailbox', 552, '552 5.2.2 over quota', 'RCPT TO', false],
    ['a disabled mailbox', 550, '550 5.2.1 disabled', 'RCPT TO', false],
    ['no mail taken there', 556, '556 5.1.10 null MX', 'RCPT TO', false],
  ])('%s blames the address', (_what, code, text, command, doesNotExist) => {
    expect(smtp(code, text, command)).toEqual({ kind: 'address_refused', detail: text, doesNotExist });
  });

  it.each([
    ['content', 550, '550 5.7.1 looks like spam', 'DATA'],
    ['DMARC', 550, '550 5.7.26 unauthenticated', 'DATA'],
    ['a block list', 554, '554 5.7.1 blocked', 'RCPT TO'],
    ['a sender it does not know', 550, '550 5.1.8 bad sender address', 'RCPT TO'],
    ['a sender written badly', 553, '553 5.1.7 sender syntax', 'RCPT TO'],
    ['a sender it refuses before it heard of anybody', 550, '550 5.1.1 sender unknown', 'MAIL FROM'],
    ['a bare 550 to the sender', 550, '550 go away', 'MAIL FROM'],
    ['a mail too large', 552, '552 5.2.3 message too large', 'RCPT TO'],
    ['a mail too large, said after it', 552, '552 5.3.4 too big', 'DATA'],
  ])('%s blames us and no customer', (_what, code, text, command) => {
    expect(smtp(code, text, command)).toEqual({ kind: 'refused', detail: text });
  });

  it.each([
    ['greylisting', 450, '450 4.2.0 try later', 'RCPT TO'],
    ['too many at once', 421, '421 4.7.0 slow down', 'DATA'],
    ['a full disk there', 452, '452 4.3.1 no space', 'DATA'],
  ])('%s is tried again', (_what, code, text, command) => {
    expect(smtp(code, text, command)).toEqual({ kind: 'temporary', detail: text, retryAfterSeconds: null });
  });

  it('a password that no longer works waits for the owner, whatever the code', () => {
    const error = Object.assign(new Error('Invalid login: 535 5.7.8'), {
      code: 'EAUTH',
      responseCode: 535,
      command: 'AUTH PLAIN',
    });
    expect(outcomeOfError(error)).toMatchObject({ kind: 'temporary' });
  });

  it.each([
    ['nobody answers', { code: 'ECONNECTION', command: 'CONN' }, 'temporary'],
    ['the name is unknown', { code: 'EDNS' }, 'temporary'],
    ['it hangs before the recipient', { code: 'ETIMEDOUT', command: 'RCPT TO' }, 'temporary'],
    ['it hangs after the content', { code: 'ETIMEDOUT', command: 'DATA' }, 'ambiguous'],
    ['the line breaks, nobody knows when', { code: 'ESOCKET' }, 'ambiguous'],
  ])('when %s it is %s', (_what, fields, kind) => {
    expect(outcomeOfError(Object.assign(new Error('broken'), fields)).kind).toBe(kind);
  });

  it('is kept, but not more than a line or two of it', () => {
    const { detail } = smtp(550, `550 5.7.1 ${'x'.repeat(5000)}`) as { detail: string };
    expect(detail).toHaveLength(500);
  });
});

describe('a mail', () => {
  it('names the shop, the person and itself', async () => {
    const raw = await rawOf({});
    expect(raw).toMatch(/^From: "Marta, Bottega" <marta@bottega\.example\.it>$/m);
    expect(raw).toMatch(/^To: Lucia Bianchi <lucia@clienti\.example\.it>$/m);
    expect(raw).toMatch(/^Reply-To: .*<risposte@bottega\.example\.it>$/m);
    expect(raw).toMatch(/^Message-ID: <7\.42\.bentornato@bottega\.example\.it>$/m);
    expect(raw).toMatch(/^X-Bentornato-Message: 7\.42$/m);
    expect(raw).toMatch(/text\/plain/);
    expect(raw).toMatch(/text\/html/);
    expect(composeMail(settings, message).envelope).toEqual({
      from: 'marta+b7.42@bottega.example.it',
      to: 'lucia@clienti.example.it',
    });
  });

  it('can be left with one click (RFC 8058), and by writing', async () => {
    const raw = await rawOf({});
    expect(raw).toMatch(
      /^List-Unsubscribe: <https:\/\/negozio\.example\.it\/u\/t>, <mailto:risposte@bottega\.example\.it\?subject=Non%20scrivetemi%20pi%C3%B9%20%5Bt%5D>$/m,
    );
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    const without = await rawOf({ content: { unsubscribeUrl: null } });
    expect(without).toMatch(/^List-Unsubscribe: <mailto:[^,]*>$/m);
    expect(without).not.toContain('List-Unsubscribe-Post');
  });

  it.each([
    ['a subject', { subject: 'Ciao\r\nBcc: altri@example.com' }],
    ['a name', { recipientName: 'Lucia\r\nBcc: altri@example.com' }],
    ['a name that is an address', { recipientName: 'altri@example.com, "Lucia' }],
  ])('takes no other header and no other recipient from %s', async (_what, change) => {
    const raw = await rawOf({ content: change });
    expect(raw).not.toMatch(/^Bcc:/im);
    expect(raw.match(/^To: .*$/gm)).toHaveLength(1);
    expect(composeMail(settings, { ...message, content: { ...content, ...change } }).envelope.to).toBe(
      'lucia@clienti.example.it',
    );
  });

  it('signed by DKIM covers both headers of the one click', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const raw = await rawOf({
      settings: { dkim: { domain: 'bottega.example.it', selector: 's', key: privateKey } },
    });
    const signed = (/\bh=([^;]+);/.exec(raw)?.[1] ?? '').toLowerCase().replace(/\s/g, '').split(':');
    for (const header of ['from', 'to', 'subject', 'list-unsubscribe', 'list-unsubscribe-post'])
      expect(signed).toContain(header);
  });
});

describe('the mail settings', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const load = (smtpUrl: string | null = null) =>
    loadEmailSettings(shop.database, shop.secretKey, { smtpUrl });

  it('begin with the shop’s own name and address, and the environment’s server wins', async () => {
    expect(await load()).toMatchObject({
      smtpUrl: null,
      fromName: 'Marta, Bottega Inventata',
      fromAddress: 'marta@bottega.example.it',
      replyTo: 'marta@bottega.example.it',
      dkim: null,
    });
    expect(await load('smtp://127.0.0.1:2525')).toMatchObject({
      smtpUrl: 'smtp://127.0.0.1:2525',
      isFromEnvironment: true,
    });
  });

  it.each(['', 'mail.example.it:465', 'https://mail.example.it', 'smtp://'])(
    'refuse the address %j',
    (text) => {
      expect(() => parseSmtpUrl(text)).toThrow(expect.objectContaining({ code: 'mail_url_wrong' }) as Error);
    },
  );

  it('take an RSA key for the signature and no other, which would leave mails unsigned', () => {
    const pem = (type: 'ed25519') =>
      generateKeyPairSync(type).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const wrong of ['', 'text', pem('ed25519')])
      expect(() => readDkimKey(wrong)).toThrow(expect.objectContaining({ code: 'dkim_key_wrong' }) as Error);
  });
});

describe('a mail server', async () => {
  const sink = await openMailSink({
    account: { user: 'marta', password: 'p@ss word' },
    answer: (recipient) =>
      recipient.startsWith('nessuno')
        ? { code: 550, text: '5.1.1 no such user' }
        : recipient.startsWith('dopo')
          ? { code: 450, text: '4.2.0 later' }
          : null,
  });
  const at = (login: string): EmailSettings => ({
    ...settings,
    smtpUrl: sink.url.replace(/\/\/.*@/, `//${login}@`),
  });

  it('with the right password takes a mail, and its refusals are understood', async () => {
    const right = at('marta:p%40ss%20word');
    await expect(checkEmailServer(right)).resolves.toBeUndefined();
    const channel = openEmailChannel(right);
    const outcomes = [];
    for (const address of [
      'lucia@clienti.example.it',
      'nessuno@clienti.example.it',
      'dopo@clienti.example.it',
    ])
      outcomes.push((await channel?.send({ ...message, address }))?.kind);
    channel?.close();
    expect(outcomes).toEqual(['accepted', 'address_refused', 'temporary']);
    expect([...sink.accepted.keys()]).toEqual(['lucia@clienti.example.it']);
  });

  it('with a wrong password says so, and no message is lost to it', async () => {
    const wrong = at('marta:altra');
    await expect(checkEmailServer(wrong)).rejects.toMatchObject({ code: 'mail_credentials_wrong' });
    const channel = openEmailChannel(wrong);
    expect((await channel?.send(message))?.kind).toBe('temporary');
    channel?.close();
  });

  it('that is not there is told from one that does not speak the language', async () => {
    await expect(checkEmailServer({ ...settings, smtpUrl: 'smtp://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'mail_server_unreachable',
      params: { host: '127.0.0.1' },
    });
    await expect(
      checkEmailServer({ ...settings, smtpUrl: sink.url.replace('smtp:', 'smtps:') }),
    ).rejects.toMatchObject({ code: 'mail_tls_failed' });
    const channel = openEmailChannel({ ...settings, smtpUrl: 'smtp://127.0.0.1:1' });
    expect((await channel?.send(message))?.kind).toBe('temporary');
    channel?.close();
    expect(openEmailChannel(settings)).toBeNull();
    await expect(checkEmailServer(settings)).rejects.toMatchObject({ code: 'mail_url_wrong' });
  });
});
