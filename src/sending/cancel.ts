import type { Connection } from '../database/connection.ts';
import * as queries from './queries.ts';

/** What to cancel and why: all but some channels, or only what was chosen by what a person bought. */
export type Cancellation = { readonly reason: string } & (
  { readonly stillAllowed: readonly string[] | 'none' } | { readonly chosenBy: 'purchases' }
);

/**
 * Cancels what is planned, approved or in somebody's hands for some contacts and takes it off the queue, in the caller's transaction. What is
 * being sent at this very moment is past stopping; its outcome is settled.
 */
export async function cancelOpenMessages(
  transaction: Connection,
  contactIds: readonly number[],
  cancellation: Cancellation,
  now: Date,
): Promise<number> {
  if (contactIds.length === 0) return 0;
  const { reason } = cancellation;
  if ('chosenBy' in cancellation)
    return queries.cancelOpen(transaction, contactIds, { allowed: [], onlyByPurchases: true, reason, now });
  const allowed = cancellation.stillAllowed === 'none' ? [] : cancellation.stillAllowed;
  return queries.cancelOpen(transaction, contactIds, { allowed, onlyByPurchases: false, reason, now });
}
