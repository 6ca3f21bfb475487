import type { Connection } from '../database/connection.ts';
import * as queries from './queries.ts';

/**
 * Cancels what is planned or approved for some contacts, except on channels still allowed, and takes it off the queue, in
 * the caller's transaction. What is being sent at this very moment is past stopping; its outcome is settled.
 */
export async function cancelOpenMessages(
  transaction: Connection,
  contactIds: readonly number[],
  options: { readonly stillAllowed: readonly string[] | 'none'; readonly reason: string },
  now: Date,
): Promise<number> {
  const allowed = options.stillAllowed === 'none' ? [] : options.stillAllowed;
  return queries.cancelOpen(transaction, contactIds, allowed, options.reason, now);
}
