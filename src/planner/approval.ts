import type { Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay } from '../kernel/day.ts';
import { approveMessages } from '../sending/actions.ts';
import { selectUndecidedByMode } from './queries.ts';

/** Who approves: a person for each message, nobody, or nobody unless a person refuses by a stated hour. */
export type ApprovalMode = 'suggest' | 'automatic' | 'automatic_unless_refused';

/** Modes that may be approved without a person at this moment. */
export function modesDue(isHourOver: boolean): ApprovalMode[] {
  return isHourOver ? ['automatic', 'automatic_unless_refused'] : ['automatic'];
}

/** Approves the day's undecided messages whose mode is one of `modes`; the shop's mode is the default of clocks. */
export async function approveByMode(
  database: Database,
  options: {
    day: Day;
    modes: readonly ApprovalMode[];
    shopMode: ApprovalMode;
    /** Until when the messages that leave "unless refused" could be refused: later ones wait for a person. */
    refusableUntil?: Date;
  },
  now: Date,
): Promise<{ approved: number }> {
  const messages = await selectUndecidedByMode(
    database,
    isoFromDay(options.day),
    options.modes,
    options.shopMode,
    options.refusableUntil ?? null,
  );
  if (messages.length === 0) return { approved: 0 };
  const references = messages.map((row) => ({ contactId: row.contact_id, messageId: row.message_id }));
  return { approved: await approveMessages(database, references, null, now) };
}

/** Approves every undecided message of a day, as "Approva tutti" on Oggi does. */
export function approveDay(database: Database, day: Day, now: Date): Promise<{ approved: number }> {
  return approveByMode(
    database,
    { day, modes: ['suggest', 'automatic', 'automatic_unless_refused'], shopMode: 'suggest' },
    now,
  );
}
