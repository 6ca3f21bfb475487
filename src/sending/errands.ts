import type { Connection } from '../database/connection.ts';
import { Failure } from '../kernel/failure.ts';
import * as errands from './errand-queries.ts';
import type { MessageReference } from './queries.ts';
import * as queries from './queries.ts';
import type { ReleaseContext } from './release.ts';
import { lookAgain, openRelease } from './release.ts';
import type { SendDependencies } from './send.ts';

/** What is needed to look once more at what is in somebody's hands. */
export type ErrandDependencies = Pick<SendDependencies, 'database' | 'secretKey' | 'publicUrl'>;

/**
 * Looks again at what is in somebody's hands, as the last look did: who bought meanwhile, withdrew, or is in the register by now is taken
 * off the list with the reason. Returns how many. Caps are not counted again: it took its place when it was released.
 */
export async function recheckErrands(
  dependencies: ErrandDependencies,
  now: Date,
): Promise<{ cancelled: number }> {
  const { database, secretKey, publicUrl } = dependencies;
  const handed = await errands.selectHanded(database, null);
  if (handed.length === 0) return { cancelled: 0 };
  const context = await openRelease(database, {
    secretKey,
    publicUrl,
    hasSender: true,
    now,
    leaseEnd: () => now,
  });
  let cancelled = 0;
  for (const message of handed)
    if (!(await database.transaction((transaction) => keepHanded(transaction, message, context))))
      cancelled += 1;
  return { cancelled };
}

async function keepHanded(
  transaction: Connection,
  message: MessageReference,
  context: ReleaseContext,
): Promise<boolean> {
  const reason = await lookAgain(transaction, message, context);
  if (reason === null) return true;
  await errands.updateHanded(transaction, message, { status: 'cancelled', reason, now: context.now });
  return false;
}

/** An errand that is still to be done, its message locked. Failure `errand_over`. */
export async function requireErrand(
  transaction: Connection,
  message: MessageReference,
): Promise<errands.ErrandRow> {
  const errand = await errands.lockErrand(transaction, message);
  if (!errand) throw new Failure('errand_over', { status: 409 });
  return errand;
}

/** A person did what was in their hands: it reached the customer, with what is to be remembered of it. */
export async function completeErrand(
  transaction: Connection,
  message: MessageReference,
  done: { readonly kind: 'posted' | 'called'; readonly detail: object; readonly now: Date },
): Promise<void> {
  await errands.updateHanded(transaction, message, { status: 'sent', reason: '', now: done.now });
  await queries.insertEvents(transaction, [message], done.kind, done.detail, done.now);
}

/** Nobody was reached, and it is not tried again. */
export async function giveUpErrand(
  transaction: Connection,
  message: MessageReference,
  { reason, now }: { readonly reason: string; readonly now: Date },
): Promise<void> {
  await errands.updateHanded(transaction, message, { status: 'expired', reason, now });
}

/** An attempt that is on record and did not end the errand. */
export async function noteAttempt(
  transaction: Connection,
  message: MessageReference,
  { detail, now }: { readonly detail: object; readonly now: Date },
): Promise<void> {
  await queries.insertEvents(transaction, [message], 'called', detail, now);
}

/** Puts all letters that wait to be printed into a print job; the caller has made it. Returns them with their costs in cents. */
export async function printLetters(
  transaction: Connection,
  newJob: (letters: { readonly count: number; readonly costCents: number }) => Promise<number>,
): Promise<number | null> {
  const letters = await errands.lockUnprinted(transaction);
  if (letters.length === 0) return null;
  const costCents = letters.reduce((sum, letter) => sum + letter.costCents, 0);
  const printJobId = await newJob({ count: letters.length, costCents });
  await errands.markPrinted(transaction, letters, printJobId);
  return printJobId;
}

/** Letters of a print job that a person has in hand, to be posted or thrown away. */
export const lettersInHand = (connection: Connection, printJobId: number): Promise<MessageReference[]> =>
  errands.selectHanded(connection, printJobId);

export { putOffErrand } from './errand-queries.ts';
export type { ErrandRow } from './errand-queries.ts';
