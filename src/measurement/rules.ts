import { keyedLot } from '../kernel/random.ts';
import type { MessageClass } from '../pressure/rules.ts';

/** Days after a release within which a purchase counts as a return. */
export const WINDOW_DAYS = 14;

/** What is told of a month is reckoned from so many days. */
export const MONTH_DAYS = 30;

/** Days after a customer's first message of a year over which the whole programme is judged: fatigue shows by then. */
export const PROGRAMME_WINDOW_DAYS = 90;

const SMALL_SHOP_CONTACTS = 1000;
const SMALL_SHOP_SHARE = 0.1;
const SHARE = 0.05;

/** Share of households in control for a year: 5 %, 10 % below 1,000 contacts (planner.md A7). */
export function controlShare(contactCount: number): number {
  return contactCount < SMALL_SHOP_CONTACTS ? SMALL_SHOP_SHARE : SHARE;
}

/** Classes whose effect is measured by leaving some out. Services, promises and subscriptions reach everybody. */
export function isMeasured(messageClass: MessageClass): boolean {
  return messageClass === 'promotion' || messageClass === 'care';
}

/** The lot of one decision, drawn anew for each message. */
export function drawDecision(key: Buffer, contactId: number, messageId: number): number {
  return keyedLot(key, 'decision', contactId, messageId);
}

/** The household's lot for a year, the same for whoever has the key. */
export function drawBucket(key: Buffer, householdId: number, year: number): number {
  return keyedLot(key, 'control', householdId, year);
}

/**
 * Probability that a household is in control this year. Nobody is two years running, so the others of last year's lot make
 * up for those who were; a household of the first year has the plain share.
 */
export function controlProbability(share: number, lastYear: 'control' | 'treated' | 'not drawn'): number {
  if (lastYear === 'control') return 0;
  return lastYear === 'treated' ? share / (1 - share) : share;
}
