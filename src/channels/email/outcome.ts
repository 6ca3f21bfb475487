import type { ChannelOutcome } from '../../sending/rules.ts';

interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** Enhanced status codes (RFC 3463, RFC 7505) that say the address does not exist, and those that are its fault otherwise. */
const NO_SUCH_ADDRESS = /\b5\.1\.([0-36]|10)\b/;
const ADDRESS_FAULT = /\b5\.(1\.[45]|2\.[0-24])\b/;

/** Servers look at the sender only when they hear the recipient: such a refusal is about us, whatever its code. */
const SENDER_FAULT = /\b5\.1\.[78]\b|\bsender\b[^<>@]*\b(rejected|refused|denied|verif\w+)\b/i;

/** Errors of the connection and of signing in: the server cannot be used now, by no message. */
const UNUSABLE = new Set([
  'EAUTH',
  'ENOAUTH',
  'ECONNECTION',
  'ESOCKET',
  'ETIMEDOUT',
  'EDNS',
  'ETLS',
  'EPROTOCOL',
]);

/**
 * What an error of the mail library means. A server that cannot be used, temporary (4xx), the address's fault and ours are
 * told apart. Whoever broke off after the content was handed over may have kept it: only the caller knows whether it was,
 * for the library reports every broken connection as one that could not be made.
 */
export function outcomeOfError(error: unknown, isContentHandedOver: boolean): ChannelOutcome {
  const smtp = error as SmtpError;
  const detail = (smtp.response ?? smtp.message).slice(0, 500);
  const status = smtp.responseCode ?? 0;
  if (status === 0 && isContentHandedOver) return { kind: 'ambiguous', detail };
  // A server that does not know us any more says so with a 5xx, but the message is not at fault: it waits for the owner.
  if (UNUSABLE.has(smtp.code ?? '')) return { kind: 'unavailable', detail };
  if (status >= 400 && status < 500) return { kind: 'temporary', detail, retryAfterSeconds: null };
  return status >= 500 ? permanent(detail, smtp.command ?? '') : { kind: 'refused', detail };
}

function permanent(detail: string, command: string): ChannelOutcome {
  // Here the server speaks of the sender, whatever code it uses: no customer is at fault.
  if (command === 'MAIL FROM' || SENDER_FAULT.test(detail)) return { kind: 'refused', detail };
  if (NO_SUCH_ADDRESS.test(detail)) return { kind: 'address_refused', detail, doesNotExist: true };
  if (ADDRESS_FAULT.test(detail)) return { kind: 'address_refused', detail, doesNotExist: false };
  const isBare = !/\b5\.\d\.\d+\b/.test(detail);
  if (isBare && command === 'RCPT TO')
    return { kind: 'address_refused', detail, doesNotExist: detail.includes('550') };
  return { kind: 'refused', detail };
}
