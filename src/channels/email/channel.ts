import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import type MailMessage from 'nodemailer/lib/mailer/mail-message.js';
import { Failure } from '../../kernel/failure.ts';
import type { ChannelOutcome } from '../../sending/rules.ts';
import type { EmailMessage } from './mail.ts';
import { probeSignature, writeMail } from './mail.ts';
import { outcomeOfError } from './outcome.ts';
import type { EmailSettings } from './settings.ts';
import { parseSmtpUrl } from './settings.ts';

const CONNECTIONS = 5;
const TIMEOUT_MS = 20_000;

/**
 * Opens the channel to the mail server, or null when none is known. Failures: `mail_url_wrong`, `dkim_key_wrong` (rather than
 * send unsigned what the owner wants signed).
 */
export async function openEmailChannel(
  settings: EmailSettings,
): Promise<{ send(message: EmailMessage): Promise<ChannelOutcome>; close(): void } | null> {
  if (settings.smtpUrl === null) return null;
  await probeSignature(settings);
  const transport = nodemailer.createTransport({
    ...transportOptions(settings),
    pool: true,
    maxConnections: CONNECTIONS,
  });
  transport.use('stream', noteHandOver);
  return {
    send: async (message) => {
      const handOver = { hasBegun: false };
      try {
        const mail = await writeMail(settings, message);
        const { response } = await transport.sendMail({ ...mail, handOver } as typeof mail);
        return { kind: 'accepted', externalId: mail.messageId, response };
      } catch (error) {
        return outcomeOfError(error, handOver.hasBegun);
      }
    },
    close: () => {
      transport.close();
    },
  };
}

/** Notes on the mail when its content is first read, which is when the server has asked for it. */
function noteHandOver({ data, message }: MailMessage, done: (error?: Error | null) => void): void {
  const { handOver } = data as { handOver?: { hasBegun: boolean } };
  message.processFunc((content) =>
    Readable.from(
      (async function* () {
        if (handOver) handOver.hasBegun = true;
        yield* content;
      })(),
    ),
  );
  done();
}

/** Tries the mail server with the owner's credentials. Failures: `mail_server_unreachable`, `mail_credentials_wrong`, `mail_tls_failed`, `dkim_key_wrong`. */
export async function checkEmailServer(settings: EmailSettings): Promise<void> {
  if (settings.smtpUrl === null) throw new Failure('mail_url_wrong');
  const { hostname } = parseSmtpUrl(settings.smtpUrl);
  await probeSignature(settings);
  const transport = nodemailer.createTransport(transportOptions(settings));
  try {
    await transport.verify();
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === 'EAUTH') throw new Failure('mail_credentials_wrong', { cause });
    if (code === 'ETLS' || code === 'ESOCKET')
      throw new Failure(isTls(cause) ? 'mail_tls_failed' : 'mail_server_unreachable', {
        params: { host: hostname },
        cause,
      });
    throw new Failure('mail_server_unreachable', { params: { host: hostname }, cause });
  } finally {
    transport.close();
  }
}

const isTls = (error: unknown): boolean =>
  /ssl|tls|certificate|wrong version/i.test(String((error as Error).message));

function transportOptions(settings: EmailSettings) {
  const url = parseSmtpUrl(settings.smtpUrl ?? '');
  const isSecure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname,
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    secure: isSecure,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    tls: { rejectUnauthorized: url.searchParams.get('unverified') !== 'yes' },
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
  };
}
