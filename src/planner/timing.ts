import type { Day } from '../kernel/day.ts';
import { keyedLot } from '../kernel/random.ts';

/** Share of needs that are held back. */
const HELD_BACK_SHARE = 0.1;
/** In a shorter window there is no other moment to speak of. */
const WINDOW_MIN_DAYS = 7;

/** A need of a contact: what it will buy again, and its last purchase of it. */
export interface Need {
  readonly contactId: number;
  readonly categoryId: number;
  readonly lastDay: Day;
  /** Days on which it may be written about, both included. */
  readonly dueFrom: Day;
  readonly dueTo: Day;
}

/**
 * Days by which a need is held back within its window, so that on time and later can be compared (planner.md A3: what is chosen must be
 * randomised to be learned of). One need in ten, by a lot of its own that stays the same until it is bought again; evenly among the days of
 * its window after the first. 0: on time; null: the window is too short to take part.
 */
export function drawHeldBackDays(
  key: Buffer,
  { contactId, categoryId, lastDay, dueFrom, dueTo }: Need,
): number | null {
  const later = dueTo - dueFrom;
  if (later + 1 < WINDOW_MIN_DAYS) return null;
  const lot = keyedLot(key, 'send day', contactId, categoryId, lastDay);
  return lot < HELD_BACK_SHARE ? 1 + Math.floor((lot / HELD_BACK_SHARE) * later) : 0;
}
