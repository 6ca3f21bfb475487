import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../../test/support/application.ts';
import { openMailSink } from '../../../test/support/mail-sink.ts';
import type { FrozenContent } from '../../rendering/actions.ts';
import { checkEmailServer, openEmailChannel } from './channel.ts';
import { writeMail } from './mail.ts';
import type { EmailSettings } from './settings.ts';
import { loadEmailSettings, parseSmtpUrl, readDkimKey } from './settings.ts';

const content: FrozenContent = {
  subject: 'Una novità',
  html: '<p>È arrivato</p>',
  text: 'È arrivato',
  recipientName: 'Lucia Bianchi',
  unsubscribeUrl: 'https://negozio.example.it/u/t',
  unsubscribeMailto: 'mailto:risposte@bottega.example.it?subject=Non%20scrivetemi%20pi%C3%B9%20%5Bt%5D',
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

/** A mail as it goes over the wire, long headers in one line, and whom it names to the server. */
async function written(change: { settings?: Partial<EmailSettings>; content?: Partial<FrozenContent> }) {
  const { raw, envelope } = await writeMail(
    { ...settings, ...change.settings },
    { ...message, content: { ...content, ...change.content } },
  );
  return {
    raw: raw
      .toString('utf8')
      .replace(/\r\n[ \t]/g, ' ')
      .replaceAll('\r\n', '\n'),
    envelope,
  };
}

describe('a mail', () => {
  it('names the shop, the person and itself', async () => {
    const { raw, envelope } = await written({});
    expect(raw).toMatch(/^From: "Marta, Bottega" <marta@bottega\.example\.it>$/m);
    expect(raw).toMatch(/^To: Lucia Bianchi <lucia@clienti\.example\.it>$/m);
    expect(raw).toMatch(/^Reply-To: .*<risposte@bottega\.example\.it>$/m);
    expect(raw).toMatch(/^Message-ID: <7\.42\.bentornato@bottega\.example\.it>$/m);
    expect(raw).toMatch(/^X-Bentornato-Message: 7\.42$/m);
    expect(raw).toMatch(/text\/plain/);
    expect(raw).toMatch(/text\/html/);
    expect(envelope).toEqual({
      from: 'marta+b7.42@bottega.example.it',
      to: 'lucia@clienti.example.it',
    });
  });

  it('can be left with one click (RFC 8058), and by writing', async () => {
    const { raw } = await written({});
    expect(raw).toMatch(
      /^List-Unsubscribe: <https:\/\/negozio\.example\.it\/u\/t>, <mailto:risposte@bottega\.example\.it\?subject=Non%20scrivetemi%20pi%C3%B9%20%5Bt%5D>$/m,
    );
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    const { raw: without } = await written({ content: { unsubscribeUrl: null } });
    expect(without).toMatch(/^List-Unsubscribe: <mailto:[^,]*>$/m);
    expect(without).not.toContain('List-Unsubscribe-Post');
  });

  it.each([
    ['a subject', { subject: 'Ciao\r\nBcc: altri@example.com' }],
    ['a name', { recipientName: 'Lucia\r\nBcc: altri@example.com' }],
    ['a name that is an address', { recipientName: 'altri@example.com, "Lucia' }],
  ])('takes no other header and no other recipient from %s', async (_what, change) => {
    const { raw, envelope } = await written({ content: change });
    expect(raw).not.toMatch(/^Bcc:/im);
    expect(raw.match(/^To: .*$/gm)).toHaveLength(1);
    expect(envelope.to).toBe('lucia@clienti.example.it');
  });

  it('signed by DKIM covers both headers of the one click', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const { raw } = await written({
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
    const channel = await openEmailChannel(right);
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
    const channel = await openEmailChannel(wrong);
    expect((await channel?.send(message))?.kind).toBe('unavailable');
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
    const channel = await openEmailChannel({ ...settings, smtpUrl: 'smtp://127.0.0.1:1' });
    expect((await channel?.send(message))?.kind).toBe('unavailable');
    channel?.close();
    expect(await openEmailChannel(settings)).toBeNull();
    await expect(checkEmailServer(settings)).rejects.toMatchObject({ code: 'mail_url_wrong' });
  });
});
