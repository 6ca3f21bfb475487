import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { saveSetting } from '../../src/business/actions.ts';
import { setUpMyShop } from '../../src/business/set-up.ts';
import { dayOfInstant, isoFromDay } from '../../src/kernel/day.ts';
import { approveMessagesFor } from '../support/approved-messages.ts';
import { overDatabase } from '../support/application.ts';
import { openDataFolder, runCommand } from '../support/commands.ts';
import { openMailSink } from '../support/mail-sink.ts';

const owner = { name: 'Marta', email: 'marta@bottega.example.it', password: 'una frase molto lunga' };
const english = { LANG: 'en_GB.UTF-8' };

describe('a mail server that does not take the messages', async () => {
  const { folder, database } = await openDataFolder();
  const now = new Date();
  await setUpMyShop(
    database,
    { kind: 'my_shop', demonstrationSector: 'coffee', owner, business: { name: 'Bottega Inventata', sectors: ['other'], address: 'Via dell’Esempio 1, 00000 Borgo' } }, // prettier-ignore
    now,
  );
  await saveSetting(database, 'plan', { sendFrom: '00:00', sendUntil: '23:59' }, null, now);
  writeFileSync(join(folder, 'secret.key'), Buffer.alloc(32, 1).toString('hex'), { mode: 0o600 });
  const shop = overDatabase(Object.assign(database, { address: { url: '' } }), { now });
  const approved = await approveMessagesFor(shop, 12, isoFromDay(dayOfInstant(now, 'Europe/Rome')));
  const account = { user: 'bottega', password: 'parola' };
  const sink = await openMailSink({ account });
  const send = (smtpUrl: string | null, environment: NodeJS.ProcessEnv = {}) =>
    runCommand(['send', '--json'], {
      data: folder,
      environment: { ...environment, ...(smtpUrl === null ? {} : { BENTORNATO_SMTP_URL: smtpUrl }) },
    });
  const hurry = () => database.raw`update send_queue set not_before = now() - interval '1 minute'`;

  it.each([
    ['is missing', null, 'mail_server_missing', 'Scrivilo in Impostazioni', 'Write it in Settings'],
    ['is down', 'smtp://127.0.0.1:1', 'mail_server_unreachable', 'I messaggi approvati aspettano', 'Approved messages wait'], // prettier-ignore
    ['does not know us', sink.url.replace('parola', 'sbagliata'), 'mail_credentials_wrong', 'correggili in Impostazioni', 'correct them in Settings'], // prettier-ignore
  ])('because it %s is told, and the messages wait', async (_why, smtpUrl, code, italian, inEnglish) => {
    await hurry();
    const sent = await send(smtpUrl);
    expect(sent.json()).toMatchObject({ sent: 0, failed: 0, unknown: 0, problem: { code, message: expect.stringContaining(italian) as string } }); // prettier-ignore
    expect(sent.exitCode).toBe(4);
    await hurry();
    expect((await send(smtpUrl, english)).json()).toMatchObject({ problem: { message: expect.stringContaining(inEnglish) as string } }); // prettier-ignore
    const [waiting] = await database.raw`
      select (select count(*) from send_queue) as queued, (select count(*) from message where status in ('failed', 'unknown', 'expired')) as lost`;
    expect(waiting).toMatchObject({ lost: 0 });
    expect(waiting?.queued).toBeGreaterThan(0);
  });

  it('takes every one of them once it is right again', async () => {
    await hurry();
    const sent = (await send(sink.url)).json<{ sent: number }>();
    expect(sent).not.toHaveProperty('problem');
    const [ended] = await database.raw<{ sent: number; withheld: number }[]>`
      select count(*) filter (where status = 'sent') as sent, count(*) filter (where status = 'withheld') as withheld from message`;
    expect((ended?.sent ?? 0) + (ended?.withheld ?? 0)).toBe(approved);
    expect(sink.accepted.size).toBe(ended?.sent);
    expect([...sink.accepted.values()].every((count) => count === 1)).toBe(true);
  });
});
