import type { MessageClass } from '../pressure/rules.ts';

/** What a channel answered, the same for every channel (channels.md 14). */
export type ChannelOutcome =
  | { readonly kind: 'accepted'; readonly externalId: string; readonly response: string }
  /** The address is at fault, for good: it is marked and, where it does not exist, suppressed. */
  | { readonly kind: 'address_refused'; readonly detail: string; readonly doesNotExist: boolean }
  /** We are at fault (content, policy, settings): nobody is suppressed and the owner is told. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** The channel itself does not work now: no message got through, and none would. */
  | { readonly kind: 'unavailable'; readonly detail: string }
  /** Not now; nothing was delivered. */
  | { readonly kind: 'temporary'; readonly detail: string; readonly retryAfterSeconds: number | null }
  /** Perhaps accepted: the connection broke after the content was handed over. */
  | { readonly kind: 'ambiguous'; readonly detail: string };

/** Where a message goes after an outcome. */
export type Settlement =
  | { readonly status: 'sent'; readonly reason: '' }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'unknown'; readonly reason: string }
  | { readonly status: 'approved'; readonly reason: string; readonly notBefore: Date };

const FIRST_RETRY_SECONDS = 60;
const LONGEST_RETRY_SECONDS = 3600;
/** A channel that works again must not be found an hour late. */
const LONGEST_OUTAGE_RETRY_SECONDS = 300;

/** Seconds before attempt number `attempts + 1`: one minute, doubled each time up to the longest; the server's own wish if longer. */
export function retryDelaySeconds(
  attempts: number,
  wishedSeconds: number | null,
  longestSeconds: number = LONGEST_RETRY_SECONDS,
): number {
  return Math.max(Math.min(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), longestSeconds), wishedSeconds ?? 0);
}

/** Decides what becomes of a message after an attempt. A temporary refusal is tried again while its time lasts. */
export function settle(
  outcome: ChannelOutcome,
  facts: { messageClass: MessageClass; attempts: number; sendBefore: Date; now: Date },
): Settlement {
  switch (outcome.kind) {
    case 'accepted':
      return { status: 'sent', reason: '' };
    case 'address_refused':
      return { status: 'failed', reason: 'send.address_refused' };
    case 'refused':
      return { status: 'failed', reason: 'send.refused' };
    case 'ambiguous':
      return facts.messageClass === 'service'
        ? retry(null, facts)
        : { status: 'unknown', reason: 'send.ambiguous' };
    case 'temporary':
      return retry(outcome.retryAfterSeconds, facts);
    case 'unavailable':
      return retry(null, { ...facts, longestSeconds: LONGEST_OUTAGE_RETRY_SECONDS });
  }
}

function retry(
  wishedSeconds: number | null,
  facts: { attempts: number; sendBefore: Date; now: Date; longestSeconds?: number },
): Settlement {
  const delaySeconds = retryDelaySeconds(facts.attempts, wishedSeconds, facts.longestSeconds);
  const notBefore = new Date(facts.now.getTime() + delaySeconds * 1000);
  return notBefore < facts.sendBefore
    ? { status: 'approved', reason: 'send.temporary', notBefore }
    : { status: 'failed', reason: 'send.gave_up' };
}

/** What a crash left behind: a promotion that may have left is never sent again, a service message is (architecture.md). */
export function afterCrash(messageClass: MessageClass): 'unknown' | 'approved' {
  return messageClass === 'service' ? 'approved' : 'unknown';
}

/** Whether a moment of the day, as "HH:MM", is within the sending hours. */
export function isWithinHours(timeOfDay: string, hours: { from: string; until: string }): boolean {
  return timeOfDay >= hours.from && timeOfDay < hours.until;
}

/** Of those who have places left on a day the one with the fewest calls, in the order given; null where nobody has. */
export function pickCaller(
  callers: readonly {
    readonly operator_id: number;
    readonly calls_per_day: number;
    readonly calls: number;
  }[],
): number | null {
  let best: (typeof callers)[number] | null = null;
  for (const caller of callers)
    if (caller.calls < caller.calls_per_day && (best === null || caller.calls < best.calls)) best = caller;
  return best?.operator_id ?? null;
}
