import nodemailer from 'nodemailer';
import { Failure } from '../../kernel/failure.ts';
import type { FrozenContent } from '../../rendering/actions.ts';
import type { ChannelOutcome } from '../../sending/rules.ts';
import { outcomeOfError } from './outcome.ts';
import type { EmailSettings } from './settings.ts';
import { parseSmtpUrl } from './settings.ts';

const CONNECTIONS = 5;
const TIMEOUT_MS = 20_000;

/** Headers under the signature; both of RFC 8058 must be, and nodemailer's own list leaves one of them out. */
const SIGNED_HEADERS =
  'From:To:Cc:Subject:Date:Message-ID:Reply-To:MIME-Version:Content-Type:Content-Transfer-Encoding:List-Unsubscribe:List-Unsubscribe-Post:List-ID:Feedback-ID';

/** One message to one person, and how the shop leaves its name on it. */
export interface EmailMessage {
  readonly reference: { readonly contactId: number; readonly messageId: number };
  readonly address: string;
  readonly content: FrozenContent;
}

/** Opens the channel to the mail server, or null when none is known. Failure `mail_url_wrong`. */
export function openEmailChannel(
  settings: EmailSettings,
): { send(message: EmailMessage): Promise<ChannelOutcome>; close(): void } | null {
  if (settings.smtpUrl === null) return null;
  const transport = nodemailer.createTransport({
    ...transportOptions(settings),
    pool: true,
    maxConnections: CONNECTIONS,
  });
  return {
    send: async (message) => {
      try {
        const info = await transport.sendMail(composeMail(settings, message));
        const [rejected] = info.rejected;
        if (rejected) return { kind: 'address_refused', detail: info.response, doesNotExist: false };
        return { kind: 'accepted', externalId: info.messageId, response: info.response };
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    close: () => {
      transport.close();
    },
  };
}

/** Tries the mail server with the owner's credentials. Failures: `mail_server_unreachable`, `mail_credentials_wrong`, `mail_tls_failed`. */
export async function checkEmailServer(settings: EmailSettings): Promise<void> {
  if (settings.smtpUrl === null) throw new Failure('mail_url_wrong');
  const { hostname } = parseSmtpUrl(settings.smtpUrl);
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

/** The mail: addresses as objects (never strings), an explicit envelope with a sender that names the message, one-click leaving. */
export function composeMail(settings: EmailSettings, message: EmailMessage) {
  const { contactId, messageId } = message.reference;
  const [local = '', domain = ''] = settings.fromAddress.split('@');
  const number = `${contactId}.${messageId}`;
  const { content } = message;
  const mailto = `mailto:${settings.replyTo}?subject=${encodeURIComponent(content.unsubscribeSubject)}`;
  return {
    from: { name: settings.fromName, address: settings.fromAddress },
    to: { name: content.recipientName, address: message.address },
    replyTo: { name: settings.fromName, address: settings.replyTo },
    envelope: { from: `${local}+b${number}@${domain}`, to: message.address },
    subject: content.subject,
    text: content.text,
    html: content.html,
    messageId: `<${number}.bentornato@${domain}>`,
    headers: {
      'X-Bentornato-Message': number,
      'List-Unsubscribe':
        content.unsubscribeUrl === null ? `<${mailto}>` : `<${content.unsubscribeUrl}>, <${mailto}>`,
      ...(content.unsubscribeUrl === null ? {} : { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
    ...(settings.dkim
      ? {
          dkim: {
            domainName: settings.dkim.domain,
            keySelector: settings.dkim.selector,
            privateKey: settings.dkim.key as unknown as string,
            headerFieldNames: SIGNED_HEADERS,
          },
        }
      : {}),
  };
}
