import { SMTPServer } from 'smtp-server';
import { simpleParser } from 'mailparser';
import type { Connection, Database } from '../../database/connection.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';

const LIST_MAX = 100;

/** "Posta di prova": a mail server on loopback that keeps every mail in the database instead of delivering it. */
export async function startTrialMailbox(
  database: Database,
  clock: Clock,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const sender = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
        const recipient = session.envelope.rcptTo.map(({ address }) => address).join(', ');
        keep(database, { sender, recipient, raw: Buffer.concat(parts) }, clock.now()).then(
          () => done(),
          done,
        );
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function keep(
  { raw }: Database,
  mail: { sender: string; recipient: string; raw: Buffer },
  now: Date,
): Promise<void> {
  const { subject } = await simpleParser(mail.raw, {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
  });
  await raw`insert into trial_mail (recipient, sender, subject, raw, received_at) values (${mail.recipient}, ${mail.sender}, ${subject ?? ''}, ${mail.raw}, ${now})`;
}

/** The latest mails of the trial mailbox. */
export async function listTrialMails({ raw }: Connection) {
  const rows = await raw<{ trial_mail_id: number; recipient: string; subject: string; received_at: Date }[]>`
    select trial_mail_id, recipient, subject, received_at from trial_mail order by trial_mail_id desc limit ${LIST_MAX}`;
  return rows.map((row) => ({
    trialMailId: row.trial_mail_id,
    recipient: row.recipient,
    subject: row.subject,
    receivedAt: row.received_at.toISOString(),
  }));
}

/** One mail taken apart for the screen. The page shows the HTML in a sandboxed frame without scripts. Failure `not_found`. */
export async function readTrialMail({ raw }: Connection, trialMailId: number) {
  const [row] = await raw<
    { recipient: string; sender: string; subject: string; raw: Buffer; received_at: Date }[]
  >`
    select recipient, sender, subject, raw, received_at from trial_mail where trial_mail_id = ${trialMailId}`;
  if (!row) throw new Failure('not_found', { status: 404 });
  const mail = await simpleParser(row.raw);
  const header = (name: string): string =>
    mail.headerLines.find((line) => line.key === name)?.line.replace(/^[^:]*:\s*/, '') ?? '';
  return {
    trialMailId,
    recipient: row.recipient,
    from: mail.from?.text ?? row.sender,
    subject: row.subject,
    receivedAt: row.received_at.toISOString(),
    text: mail.text ?? '',
    html: mail.html || '',
    listUnsubscribe: header('list-unsubscribe'),
  };
}
