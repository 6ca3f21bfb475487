import nodemailer from 'nodemailer';
import { Failure } from '../../kernel/failure.ts';
import type { FrozenContent } from '../../rendering/actions.ts';
import type { EmailSettings } from './settings.ts';

/** Headers under the signature; both of RFC 8058 must be, and every one that says who writes to whom about what. */
const SIGNED_HEADERS =
  'From:To:Cc:Subject:Date:Message-ID:Reply-To:MIME-Version:Content-Type:Content-Transfer-Encoding:List-Unsubscribe:List-Unsubscribe-Post:List-ID:Feedback-ID';

/** One message to one person, and how the shop leaves its name on it. */
export interface EmailMessage {
  readonly reference: { readonly contactId: number; readonly messageId: number };
  readonly address: string;
  readonly content: FrozenContent;
}

/** A mail as it goes over the wire, signed where the owner gave a key, and whom it names to the server. */
export interface WrittenMail {
  readonly envelope: { readonly from: string; readonly to: string };
  readonly messageId: string;
  readonly raw: Buffer;
}

const writer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** Writes the whole mail. Failure `dkim_key_wrong`: the mail library leaves out a signature it cannot make, without an error. */
export async function writeMail(settings: EmailSettings, message: EmailMessage): Promise<WrittenMail> {
  const mail = composeMail(settings, message);
  const { message: raw } = await writer.sendMail(mail);
  if (!Buffer.isBuffer(raw)) throw new TypeError('the mail library did not return the mail');
  if (settings.dkim && !raw.toString('latin1', 0, 16).startsWith('DKIM-Signature: '))
    throw new Failure('dkim_key_wrong');
  return { envelope: mail.envelope, messageId: mail.messageId, raw };
}

const PROBE: EmailMessage = {
  reference: { contactId: 0, messageId: 0 },
  address: 'nobody@localhost',
  content: {
    subject: '',
    text: '',
    html: '',
    recipientName: '',
    unsubscribeUrl: null,
    unsubscribeMailto: 'mailto:nobody@localhost',
  },
};

/** Writes a mail to nobody and sends it nowhere, to learn beforehand whether it would be signed. Failure `dkim_key_wrong`. */
export async function probeSignature(settings: EmailSettings): Promise<void> {
  if (settings.dkim) await writeMail(settings, PROBE);
}

/** The mail: addresses as objects (never strings), an explicit envelope with a sender that names the message, one-click leaving. */
function composeMail(settings: EmailSettings, message: EmailMessage) {
  const { contactId, messageId } = message.reference;
  const [local = '', domain = ''] = settings.fromAddress.split('@');
  const number = `${contactId}.${messageId}`;
  const { content } = message;
  const { unsubscribeUrl, unsubscribeMailto } = content;
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
        unsubscribeUrl === null ? `<${unsubscribeMailto}>` : `<${unsubscribeUrl}>, <${unsubscribeMailto}>`,
      // RFC 8058 knows one-click leaving only by HTTPS.
      ...(unsubscribeUrl?.startsWith('https:')
        ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
        : {}),
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
