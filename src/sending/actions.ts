import type { Connection, Database } from '../database/connection.ts';
import { loadTimeZone } from '../business/actions.ts';
import { dayOfInstant, isoFromDay } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import { requestReplan } from '../pressure/actions.ts';
import { keepApprovedWords } from '../rendering/actions.ts';
import { openingOf } from '../rendering/rules.ts';
import { expireHanded } from './errand-queries.ts';
import type { MessageReference } from './queries.ts';
import * as queries from './queries.ts';
import type { Selection } from './schema.ts';

export { cancelOpenMessages } from './cancel.ts';
export { countUnknown, countWaiting } from './queries.ts';
export {
  completeErrand,
  giveUpErrand,
  lettersInHand,
  noteAttempt,
  printLetters,
  putOffErrand,
  recheckErrands,
  requireErrand,
} from './errands.ts';
export type { ErrandDependencies, ErrandRow } from './errands.ts';
export type { MessageReference } from './queries.ts';
export { sendDue } from './send.ts';
export type { SendDependencies, SendSummary } from './send.ts';

/** The messages a selection means: those named, or the undecided ones of a day or group. */
export async function resolveSelection(
  connection: Connection,
  selection: Selection,
): Promise<MessageReference[]> {
  if ('messages' in selection) return selection.messages;
  return queries.selectUndecided(connection, selection.day, selection.source ?? null, selection.except);
}

/**
 * A yes, by a person or by the mode (operator null): planned messages go on the queue, with their words as they are now.
 * Those decided before stay as they are.
 */
export function approveMessages(
  database: Database,
  messages: readonly MessageReference[],
  operatorId: number | null,
  now: Date,
): Promise<number> {
  return database.transaction(async (transaction) => {
    const approved = await queries.approve(transaction, messages, operatorId, now);
    await keepApprovedWords(transaction, approved, now);
    return approved.length;
  });
}

/** Takes approvals back before the messages left. */
export function stopMessages(
  database: Database,
  messages: readonly MessageReference[],
  now: Date,
): Promise<number> {
  return database.transaction((transaction) => queries.takeBack(transaction, messages, now));
}

/** A person's no to messages that have not left, in the caller's transaction. */
export async function refuseMessages(
  transaction: Connection,
  messages: readonly MessageReference[],
  options: { reason: string; operatorId: number | null; now: Date },
): Promise<number> {
  await requestReplan(transaction, [...new Set(messages.map(({ contactId }) => contactId))], options.now);
  return queries.refuse(transaction, messages, options);
}

/** Undo of a refusal, on the day of the plan. */
export async function undoRefusal(database: Database, message: MessageReference, now: Date): Promise<number> {
  const timeZone = await loadTimeZone(database);
  return queries.unrefuse(database, message, isoFromDay(dayOfInstant(now, timeZone)));
}

/** Changes the words of one message that has not left. Failure `message_left`. */
export async function editMessage(
  database: Database,
  message: MessageReference,
  change: { subject?: string | undefined; body?: string | undefined },
): Promise<void> {
  const opening = change.body === undefined ? null : openingOf(change.body);
  const isChanged = await queries.edit(database, message, {
    subject: change.subject ?? null,
    body: change.body ?? null,
    opening,
  });
  if (!isChanged) throw new Failure('message_left', { status: 409 });
}

/** What is past its time: messages approved or in somebody's hands expire, undecided ones of earlier days lapse. */
export async function expireMessages(
  database: Database,
  now: Date,
): Promise<{ expired: number; lapsed: number }> {
  const timeZone = await loadTimeZone(database);
  return database.transaction(async (transaction) => ({
    expired: (await queries.expire(transaction, now)) + (await expireHanded(transaction, now)),
    lapsed: await queries.lapse(transaction, isoFromDay(dayOfInstant(now, timeZone)), now),
  }));
}
