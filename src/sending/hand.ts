import { deskOf } from '../business/rules.ts';
import type { Connection } from '../database/connection.ts';
import { dayOfInstant, instantOfDay } from '../kernel/day.ts';
import { lockCallers } from './errand-queries.ts';
import { pickCaller } from './rules.ts';

/**
 * Who of the desk of a store makes one more call on the day of a moment: of those with places left the one with the fewest calls, then
 * the one who has been in the shop longest. Null where every place is taken.
 */
export async function assignCaller(
  transaction: Connection,
  storeId: number | null,
  {
    stores,
    timeZone,
    now,
  }: { readonly stores: readonly number[]; readonly timeZone: string; readonly now: Date },
): Promise<number | null> {
  const day = dayOfInstant(now, timeZone);
  const callers = await lockCallers(transaction, {
    start: instantOfDay(day, '00:00', timeZone),
    end: instantOfDay(day + 1, '00:00', timeZone),
  });
  const desk = deskOf(storeId, stores);
  return pickCaller(callers.filter((row) => deskOf(row.store_id, stores) === desk));
}
