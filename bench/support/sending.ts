import nodemailer from 'nodemailer';
import { loadEmailSettings } from '../../src/channels/email/actions.ts';
import { writeMail } from '../../src/channels/email/mail.ts';
import type { Application } from '../../src/main/application.ts';
import type { FrozenContent } from '../../src/rendering/actions.ts';
import { sendDue } from '../../src/sending/actions.ts';
import { round, timed } from './measure.ts';

/** As the worker claims them, and as the channel opens connections. */
const CLAIMED_AT_ONCE = 50;
const CONNECTIONS = 5;

export interface SendFigures {
  readonly sent: number;
  readonly withheld: number;
  readonly seconds: number;
  readonly messagesPerSecond: number;
  readonly plainSeconds: number;
  readonly plainMessagesPerSecond: number;
  /** How many times as long as a loop of nodemailer over the same mails, already written. */
  readonly ratio: number;
}

/** Sends so many of the messages on the queue by the product's path, then the same mails by nodemailer alone. */
export async function measureSending(application: Application, count: number): Promise<SendFigures> {
  const { clock } = application;
  const total = { sent: 0, withheld: 0 };
  const own = await timed(async () => {
    while (total.sent + total.withheld < count) {
      const summary = await sendDue(application, clock.now(), { limit: CLAIMED_AT_ONCE });
      total.sent += summary.sent;
      total.withheld += summary.withheld;
      if (Object.values(summary).every((ended) => ended === 0)) break;
    }
  });
  const plain = await sendPlainly(application, total.sent);
  return {
    ...total,
    seconds: own.seconds,
    messagesPerSecond: Math.round(total.sent / own.seconds),
    plainSeconds: plain,
    plainMessagesPerSecond: Math.round(total.sent / plain),
    ratio: round(own.seconds / plain),
  };
}

async function sendPlainly(application: Application, count: number): Promise<number> {
  const { database, secretKey, smtpUrl } = application;
  const settings = await loadEmailSettings(database, secretKey, { smtpUrl });
  const rows = await database.raw<
    { contact_id: number; message_id: number; frozen: FrozenContent; email: string }[]
  >`
    select m.contact_id, m.message_id, m.frozen, i.value as email from message m join contact_identity i using (contact_id)
    where m.status = 'sent' and i.kind = 'email' order by m.released_at desc, m.message_id limit ${count}`;
  const mails = await Promise.all(
    rows.map((row) =>
      writeMail(settings, {
        reference: { contactId: row.contact_id, messageId: row.message_id },
        address: row.email,
        content: row.frozen,
      }),
    ),
  );
  const { hostname, port } = new URL(smtpUrl ?? '');
  const transport = nodemailer.createTransport({
    host: hostname,
    port: Number(port),
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
  });
  const { seconds } = await timed(async () => {
    const waiting = [...mails];
    const lane = async (): Promise<void> => {
      for (let mail = waiting.shift(); mail; mail = waiting.shift()) await transport.sendMail(mail);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  });
  transport.close();
  return seconds;
}
