import type { ChannelOutcome } from '../../sending/rules.ts';

interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** Enhanced status codes (RFC 3463) that say the address does not exist, and those that are the address's fault otherwise. */
const NO_SUCH_ADDRESS = /\b5\.1\.[0-36]\b/;
const ADDRESS_FAULT = /\b5\.(1\.(?![78]\b)\d+|2\.[0124])\b/;

/** Before the content was handed over nothing can have been delivered; after it, silence is ambiguous. */
const BEFORE_CONTENT = new Set(['CONN', 'EHLO', 'HELO', 'STARTTLS', 'AUTH', 'MAIL FROM', 'RCPT TO', 'API']);

/**
 * What an error of the mail library means. Temporary (4xx), the address's fault and ours are told apart; a connection
 * that broke after the content was handed over is ambiguous.
 */
export function outcomeOfError(error: unknown): ChannelOutcome {
  const smtp = error as SmtpError;
  const detail = (smtp.response ?? smtp.message).slice(0, 500);
  // A server that does not know us any more says so with a 5xx, but the message is not at fault: it waits for the owner.
  if (smtp.code === 'EAUTH') return { kind: 'temporary', detail, retryAfterSeconds: null };
  const status = smtp.responseCode ?? 0;
  if (status >= 400 && status < 500) return { kind: 'temporary', detail, retryAfterSeconds: null };
  if (status >= 500) return permanent(detail, smtp.command ?? '');
  const isSafe =
    smtp.code === 'ECONNECTION' ||
    smtp.code === 'EDNS' ||
    smtp.code === 'ETLS' ||
    BEFORE_CONTENT.has(smtp.command ?? '');
  return isSafe ? { kind: 'temporary', detail, retryAfterSeconds: null } : { kind: 'ambiguous', detail };
}

function permanent(detail: string, command: string): ChannelOutcome {
  // Here the server speaks of the sender, whatever code it uses: no customer is at fault.
  if (command === 'MAIL FROM') return { kind: 'refused', detail };
  if (NO_SUCH_ADDRESS.test(detail)) return { kind: 'address_refused', detail, doesNotExist: true };
  if (ADDRESS_FAULT.test(detail)) return { kind: 'address_refused', detail, doesNotExist: false };
  const isBare = !/\b5\.\d\.\d+\b/.test(detail);
  if (isBare && command === 'RCPT TO')
    return { kind: 'address_refused', detail, doesNotExist: detail.includes('550') };
  return { kind: 'refused', detail };
}
