import { expect, it } from 'vitest';
import { releaseMessages } from '../../src/main/release.ts';
import { createTestApplication } from '../support/application.ts';
import { approvePromotion, importPeople } from '../support/approved-messages.ts';
import { doctorOnMail } from '../support/doctor.ts';
import { describeMail } from '../support/mail-peers.ts';
import { openMailSink } from '../support/mail-sink.ts';
import { signInOwner } from '../support/owner.ts';

const MINUTE_MS = 60_000;
const morning = (day: string): Date => new Date(`${day}T09:30:00Z`);
const addressOf = (name: string): string => `${name.toLowerCase()}@clienti.example.it`;

describeMail('what a real mail server refuses', (peers) => {
  const { postfix, smtpUrl } = peers;

  /** A shop of its own, in which everybody named is written to. */
  async function openShop(day: string, names: readonly string[], words: { subject?: string } = {}) {
    const shop = await createTestApplication({ now: morning(day), smtpUrl });
    const importAll = () =>
      importPeople(
        shop,
        names.map((name) => ({ email: addressOf(name), firstName: name, lastName: 'Esempio' })),
      );
    const approve = async (on: string): Promise<number> => {
      await shop.database.raw`update contact set is_exempt_from_control = true`;
      return approvePromotion(shop, on, words);
    };
    await importAll();
    expect(await approve(day)).toBe(names.length);
    const statuses = () => shop.database.raw<{ status: string; reason: string }[]>`
      select m.status, m.reason from message m join contact_identity i using (contact_id) order by m.plan_day, i.value`;
    const suppressed = async (): Promise<number> =>
      (await shop.database.raw`select 1 from suppression`).length;
    return { shop, importAll, approve, statuses, suppressed };
  }
  const countMails = async (name: string): Promise<number> => (await peers.readMails(addressOf(name))).length;

  it('for good because nobody is there (550 5.1.1) is never written to again, not even after another import', async () => {
    const { shop, importAll, approve, statuses, suppressed } = await openShop('2026-11-02', [
      'Anna',
      'Sparita',
    ]);
    expect(await releaseMessages(shop)).toMatchObject({ sent: 1, failed: 1, retried: 0 });
    expect(await statuses()).toMatchObject([
      { status: 'sent' },
      { status: 'failed', reason: 'send.address_refused' },
    ]);
    const [event] = await shop.database.raw<{ detail: { detail: string } }[]>`
      select detail from message_event where kind = 'bounced'`;
    expect(event?.detail.detail).toMatch(/^550 5\.1\.1 .*User unknown/);
    expect(await suppressed()).toBe(1);

    shop.clock.moveTo(morning('2026-12-10'));
    await importAll();
    expect(await approve('2026-12-10')).toBe(1);
    expect(await releaseMessages(shop)).toMatchObject({ sent: 1, failed: 0 });
    // Even erased and loaded afresh, as by somebody who starts over.
    await shop.database.raw`update contact_identity set unreachable_at = null`;
    shop.clock.moveTo(morning('2027-01-20'));
    expect(await approve('2027-01-20')).toBe(1);
    const [why] = await shop.database.raw<{ reason: string }[]>`
      select reason from candidate join contact_identity i using (contact_id) where plan_day = '2027-01-20' and i.value = ${addressOf('Sparita')}`;
    expect(why?.reason).toBe('suppression.address');
    expect(await releaseMessages(shop)).toMatchObject({ sent: 1, failed: 0 });
    expect(postfix.log().match(/reject: RCPT.*to=<sparita@/g)).toHaveLength(1);
  });

  it('for now (450) is tried again after one, two and four minutes, and arrives when the server takes it', async () => {
    const { shop, statuses, suppressed } = await openShop('2026-11-02', ['Bruno']);
    postfix.answer(addressOf('Bruno'), '450 4.2.1 the mailbox is busy');
    const tried: number[] = [];
    for (let minute = 0; minute < 9; minute += 1) {
      if (minute === 7) postfix.answer(addressOf('Bruno'), null);
      const { retried, sent } = await releaseMessages(shop);
      if (retried + sent === 1) tried.push(minute);
      if (minute < 7) expect(await statuses()).toEqual([{ status: 'approved', reason: 'send.temporary' }]);
      shop.clock.advance(MINUTE_MS);
    }
    expect(tried).toEqual([0, 1, 3, 7]);
    expect(await statuses()).toEqual([{ status: 'sent', reason: '' }]);
    expect(await countMails('Bruno')).toBe(1);
    expect(await suppressed()).toBe(0);
  });

  it('for reasons of its own suppresses nobody and is shown as failed, whether at the recipient or at the content', async () => {
    const { shop, statuses, suppressed } = await openShop('2026-11-02', ['Carla', 'Dario'], {
      subject: 'REFUSED BY CONTENT',
    });
    postfix.answer(addressOf('Carla'), '554 5.7.1 refused by policy');
    expect(await releaseMessages(shop)).toMatchObject({ sent: 0, failed: 2 });
    expect(await statuses()).toEqual([
      { status: 'failed', reason: 'send.refused' },
      { status: 'failed', reason: 'send.refused' },
    ]);
    expect(await suppressed()).toBe(0);
    expect(await shop.database.raw`select 1 from contact_identity where unreachable_at is not null`).toEqual(
      [],
    );
  });

  it.each([
    ['550 5.1.0 <marta@bottega.example.it>: Sender address rejected: User unknown in virtual mailbox table'],
    ['553 5.7.1 Sender address rejected: not owned by user negozio'],
  ])('because of our own address is not held against the customer: %s', async (answer) => {
    const { shop, statuses, suppressed } = await openShop('2026-11-02', ['Elena']);
    postfix.answer(addressOf('Elena'), answer);
    await releaseMessages(shop);
    expect(await statuses()).toEqual([{ status: 'failed', reason: 'send.refused' }]);
    expect(await suppressed()).toBe(0);
    postfix.answer(addressOf('Elena'), null);
  });

  it('because it is down waits, without asking for each message, and leaves once when it is back', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `Fila${index}`);
    const { shop, statuses } = await openShop('2026-11-02', names);
    postfix.stop();
    const first = await releaseMessages(shop);
    expect(first).toMatchObject({ sent: 0, failed: 0, unknown: 0 });
    expect(first.retried).toBeLessThanOrEqual(5);
    expect(await releaseMessages(shop)).toMatchObject({ sent: 0, retried: 0 });
    expect(new Set((await statuses()).map(({ status }) => status))).toEqual(new Set(['approved']));
    expect(await doctorOnMail(shop)).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('I messaggi approvati aspettano') as string,
    });

    await postfix.start();
    shop.clock.advance(MINUTE_MS);
    expect(await releaseMessages(shop)).toMatchObject({ sent: names.length, failed: 0, unknown: 0 });
    expect(await Promise.all(names.map(countMails))).toEqual(names.map(() => 1));
  });

  it('because it does not know the shop waits, says so in words, and leaves once the password is right', async () => {
    const { shop, statuses } = await openShop('2026-11-02', ['Gino', 'Hilde']);
    const wrong = { ...shop, smtpUrl: null };
    const owner = await signInOwner(wrong);
    const settings = { fromName: '', fromAddress: '', replyTo: '', dkimDomain: '', dkimSelector: '' };
    const save = (url: string) => owner.request('PUT', '/api/settings/email', { ...settings, smtpUrl: url });
    const check = async () => (await owner.request('POST', '/api/settings/email/check')).body;
    expect(await save(smtpUrl.replace(/:[^:@]+@/, ':sbagliata@'))).toMatchObject({ status: 200 });
    expect(await releaseMessages(wrong)).toMatchObject({ sent: 0, failed: 0, retried: 2 });
    expect((await statuses()).map(({ status }) => status)).toEqual(['approved', 'approved']);
    const sentence =
      'Il server di posta non accetta nome utente o password. I messaggi approvati aspettano: correggili in Impostazioni.';
    expect(await check()).toMatchObject({ isWorking: false, sentence });
    expect(await doctorOnMail(wrong)).toMatchObject({ state: 'problem', detail: sentence });

    await save(smtpUrl);
    expect(await check()).toMatchObject({ isWorking: true });
    shop.clock.advance(MINUTE_MS);
    expect(await releaseMessages(wrong)).toMatchObject({ sent: 2 });
    expect(await Promise.all(['Gino', 'Hilde'].map(countMails))).toEqual([1, 1]);
  });

  it('after it has taken the content and broken off is not known, and is never sent again', async () => {
    const { shop, statuses } = await openShop('2026-11-02', ['Ida']);
    const breaking = await openMailSink({ breaksAfterContent: true });
    expect(await releaseMessages({ ...shop, smtpUrl: breaking.url })).toMatchObject({ sent: 0, unknown: 1 });
    expect(breaking.accepted.get(addressOf('Ida'))).toBe(1);
    expect(await statuses()).toEqual([{ status: 'unknown', reason: 'send.ambiguous' }]);
    shop.clock.advance(60 * MINUTE_MS);
    expect(await releaseMessages(shop)).toMatchObject({ sent: 0 });
    expect(await countMails('Ida')).toBe(0);
  });
});
