import type { Connection, Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import { requestReplan } from '../pressure/actions.ts';
import type { ClockRow } from './queries.ts';
import { habitOf, stateOf } from './queries.ts';
import { distributionOf, dueWindow } from './rules.ts';
import type { WordInsert } from './word-queries.ts';
import * as queries from './word-queries.ts';

/** "Mi dura ancora un po’" without a day is a quarter of the usual gap, a week at least. */
const STILL_LASTS_SHARE = 0.25;
const STILL_LASTS_DAYS_MIN = 7;

/** What is kept aside is fetched within two weeks, or the need is open again. */
const KEPT_ASIDE_DAYS = 14;

/** What a customer said, at the counter, by phone, in a reply or by a link in a message. */
export interface ClockWord {
  readonly contactId: number;
  readonly categoryId: number;
  readonly word: WordInsert['word'];
  /** Until when it lasts or is kept; null where the customer named no day. */
  readonly untilDay: Day | null;
  readonly method: WordInsert['method'];
  readonly operatorId: number | null;
}

/**
 * Keeps the customer's own word: the running gap is longer than the day named, so the window moves at once. A purchase
 * ends it. Failures `not_found` (no such clock), `word_in_the_past`.
 */
export function recordClockWord(database: Database, word: ClockWord, today: Day, now: Date): Promise<void> {
  return database.transaction(async (transaction) => {
    const clock = await queries.selectClock(transaction, word.contactId, word.categoryId);
    if (!clock) throw new Failure('not_found', { status: 404 });
    if (word.untilDay !== null && word.untilDay < today) throw new Failure('word_in_the_past');
    await queries.insertWord(
      transaction,
      {
        contactId: word.contactId,
        categoryId: word.categoryId,
        word: word.word,
        saidOn: isoFromDay(today),
        lastsUntil: isoFromDay(word.untilDay ?? usualEnd(clock, word.word, today)),
        method: word.method,
        operatorId: word.operatorId,
      },
      now,
    );
    await queries.deriveLastsUntil(transaction, [word.contactId]);
    await moveWordedWindows(transaction, { contactIds: [word.contactId] }, today);
    await requestReplan(transaction, [word.contactId], now);
  });
}

function usualEnd(clock: ClockRow, word: WordInsert['word'], today: Day): Day {
  if (word === 'keep_aside') return today + KEPT_ASIDE_DAYS;
  const { m } = distributionOf(stateOf(clock), { parameters: clock, habit: habitOf(clock) }, today);
  return today + Math.max(STILL_LASTS_DAYS_MIN, Math.round(STILL_LASTS_SHARE * Math.exp(m)));
}

/** Words of contacts whose clocks were just rebuilt hold again. */
export async function restoreWords(transaction: Connection, today: Day): Promise<void> {
  const contactIds = await queries.selectRebuiltSpeakers(transaction);
  if (contactIds.length === 0) return;
  await queries.deriveLastsUntil(transaction, contactIds);
  await moveWordedWindows(transaction, { contactIds }, today);
}

/** Due windows of clocks under a customer's word, by the rule `dueWindow`. They are few: computed one by one. */
export async function moveWordedWindows(
  transaction: Connection,
  scope: Parameters<typeof queries.selectWordedClocks>[1],
  today: Day,
): Promise<void> {
  const clocks = await queries.selectWordedClocks(transaction, scope);
  await queries.updateWindows(
    transaction,
    clocks.map((row) => {
      const habit = habitOf(row);
      const state = stateOf(row);
      const window = dueWindow(distributionOf(state, { parameters: row, habit }, today), {
        lastDay: state.lastDay,
        today,
        habit,
        lastsUntil: row.lasts_until === null ? null : dayFromIso(row.lasts_until),
      });
      return {
        contactId: row.contact_id,
        categoryId: row.category_id,
        from: isoFromDay(window.from),
        to: isoFromDay(window.to),
      };
    }),
  );
}
