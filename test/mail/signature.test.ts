import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { saveSetting } from '../../src/business/actions.ts';
import { loadEmailSettings, openEmailChannel } from '../../src/channels/email/actions.ts';
import { seal } from '../../src/kernel/secret.ts';
import { releaseMessages } from '../../src/main/release.ts';
import { createTestApplication } from '../support/application.ts';
import { approvePromotion, importPeople } from '../support/approved-messages.ts';
import { doctorOnMail } from '../support/doctor.ts';
import { openDkimVerifier } from '../support/dkim-verifier.ts';
import { describeMail } from '../support/mail-peers.ts';
import { signInOwner } from '../support/owner.ts';

const day = '2026-11-24';
const pemOf = (key: KeyObject): string =>
  String(key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }));
const rsaPair = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength });
const ed25519Key = (): string => pemOf(generateKeyPairSync('ed25519').privateKey);
const rsaKey = (modulusLength?: number): string => pemOf(rsaPair(modulusLength).privateKey);

const settings = {
  smtpUrl: '',
  fromName: 'Marta della Bottega',
  fromAddress: 'marta@bottega.example.it',
  replyTo: '',
  dkimDomain: 'bottega.example.it',
  dkimSelector: 'negozio',
};

describeMail('the signature of the shop', async (peers) => {
  const shop = await createTestApplication({
    now: new Date(`${day}T09:30:00Z`),
    smtpUrl: peers.smtpUrl,
    publicUrl: 'https://bottega.example.it',
  });
  const owner = await signInOwner(shop);
  let stop: () => Promise<void> = () => Promise.resolve();
  afterAll(() => stop());
  const save = (change: object) => owner.request('PUT', '/api/settings/email', { ...settings, ...change });

  it.each([
    ['an Ed25519 key', ed25519Key()],
    ['a public key', pemOf(rsaPair().publicKey)],
    ['a key too short to be accepted by anybody', rsaKey(512)],
    ['half a key', rsaKey().slice(0, 800)],
    ['no key at all', 'la mia chiave'],
  ])('is refused in the settings with %s', async (_what, dkimKey) => {
    const answer = await save({ dkimKey });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'dkim_key_wrong' });
    expect((await owner.request('GET', '/api/settings/email')).body).toMatchObject({ hasDkimKey: false });
  });

  it('is verified by a stranger, who finds the key where the product said to publish it', async () => {
    expect(await save({ dkimKey: rsaKey() })).toMatchObject({ status: 200, body: { hasDkimKey: true } });
    const check = await owner.request('POST', '/api/settings/email/check');
    expect(check.body).toMatchObject({ isWorking: true });
    const verifier = await openDkimVerifier((check.body as { dkimRecord: string }).dkimRecord);
    stop = verifier.end;
    const person = { email: 'anna@clienti.example.it', firstName: 'Niccolò', lastName: 'D’Angelò' };
    await importPeople(shop, [person]);
    await shop.database.raw`update contact set is_exempt_from_control = true`;
    await approvePromotion(shop, day, {
      subject: 'È arrivato il miele: «quello»',
      text: 'Perché aspettare? 🍯',
    });
    expect(await releaseMessages(shop)).toMatchObject({ sent: 1 });
    const [raw] = await peers.readMails(person.email);
    const mail = (raw ?? Buffer.alloc(0)).toString('latin1');
    const verifies = (text: string): boolean => verifier.verifies(Buffer.from(text, 'latin1'));

    expect(verifies(mail)).toBe(true);
    const alterations: [string, string | RegExp, string][] = [
      ['one-click leaving', 'List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Click'],
      ['the way to leave', 'https://bottega.example.it/u/', 'https://altrove.example.it/u/'],
      ['the body', 'Bottega Inventata', 'Bottega Cambiata'],
      ['the sender', /^From: [^<]*/m, 'From: Estraneo '],
      ['the subject', /^Subject: /m, 'Subject: X'],
    ];
    for (const [what, from, to] of alterations) {
      const altered = mail.replace(from, to);
      expect(altered, what).not.toBe(mail);
      expect(verifies(altered), what).toBe(false);
    }
  });

  it('is for the domain of the sender when the owner names none', async () => {
    expect(await save({ dkimDomain: '' })).toMatchObject({ status: 200 });
    const check = await owner.request('POST', '/api/settings/email/check');
    expect(check.body).toMatchObject({
      dkimRecord: expect.stringMatching(/^negozio\._domainkey\.bottega\.example\.it TXT /) as string,
    });
  });

  it('is never left out: with a key that cannot sign nothing leaves, and the owner is told', async () => {
    const next = '2026-11-25';
    shop.clock.moveTo(new Date(`${next}T09:30:00Z`));
    await importPeople(shop, [{ email: 'bruno@clienti.example.it', firstName: 'Bruno', lastName: 'Verdi' }]);
    await approvePromotion(shop, next, {});
    // As a program of before, or another one, may have stored it.
    const sealedDkimKey = seal(shop.secretKey, ed25519Key());
    await saveSetting(shop.database, 'email', { ...settings, sealedDkimKey }, null, shop.clock.now());
    await expect(releaseMessages(shop)).rejects.toThrow('dkim_key_wrong');
    expect(await peers.readMails('bruno@clienti.example.it')).toEqual([]);
    const waiting = await shop.database
      .raw`select 1 from message where plan_day = ${next} and status = 'approved'`;
    expect(waiting.length).toBeGreaterThan(0);
    expect(await doctorOnMail(shop)).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('Senza firma i messaggi non partono') as string,
    });
  });

  it('is tried before anything leaves', async () => {
    await save({ dkimKey: rsaKey() });
    const loaded = await loadEmailSettings(shop.database, shop.secretKey, { smtpUrl: peers.smtpUrl });
    const { publicKey } = rsaPair();
    const unfit = { ...loaded, dkim: { domain: 'bottega.example.it', selector: 'negozio', key: publicKey } };
    await expect(openEmailChannel(unfit)).rejects.toThrow('dkim_key_wrong');
  });
});
