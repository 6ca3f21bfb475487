import { loadRetentionSettings, todayOf } from '../business/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay, monthsBefore } from '../kernel/day.ts';
import { foldPurchaseEvents, lockClocks, storeActivity, storeFolded } from './fold-queries.ts';
import { rebuildClocks } from './folding.ts';
import * as queries from './queries.ts';
import { deleteLinesBefore, insertSnapshots, selectContactsWithLinesBefore } from './retention-queries.ts';

const CONTACTS_PER_BATCH = 5_000;

/** Forgets items as old as the owner's setting says. */
export async function forgetOldLines(
  database: Database,
  now: Date,
): Promise<{ before: string; contacts: number; lines: number }> {
  const { itemMonths, keepSnapshot } = await loadRetentionSettings(database);
  const before = monthsBefore(await todayOf(database, now), itemMonths);
  const forgotten = await forgetLines(database, { before, keepSnapshot }, now);
  return { before: isoFromDay(before), ...forgotten };
}

/**
 * Forgets what was bought before a day (law.md RET-1): item lines go, receipts keep their totals. With `keepSnapshot` each
 * clock keeps, as numbers dated the day before, what it had learned, and a rebuild starts there; without, clocks are what
 * the kept lines say. Contacts in batches, each in a transaction of its own, so that it may be cut off and go on.
 */
export async function forgetLines(
  database: Database,
  options: { readonly before: Day; readonly keepSnapshot: boolean },
  now: Date,
): Promise<{ contacts: number; lines: number }> {
  const before = isoFromDay(options.before);
  let contacts = 0;
  let lines = 0;
  for (;;) {
    const contactIds = await selectContactsWithLinesBefore(database, before, CONTACTS_PER_BATCH);
    if (contactIds.length === 0) return { contacts, lines };
    contacts += contactIds.length;
    lines += await database.transaction(async (transaction) => {
      await lockClocks(transaction);
      if (options.keepSnapshot) await takeSnapshots(transaction, contactIds, options.before);
      else await queries.deleteSnapshots(transaction, contactIds);
      const deleted = await deleteLinesBefore(transaction, contactIds, before);
      await rebuildClocks(transaction, contactIds, now);
      return deleted;
    });
  }
}

/** The clocks of some contacts as they stood on the evening before a day; the rebuild that follows puts them right again. */
async function takeSnapshots(
  transaction: Connection,
  contactIds: readonly number[],
  before: Day,
): Promise<void> {
  await queries.stageRebuild(transaction, contactIds);
  await queries.classifyIncoming(transaction);
  await queries.clearRebuilt(transaction);
  await queries.restoreSnapshots(transaction);
  await queries.createPurchaseEvents(transaction, isoFromDay(before));
  await foldPurchaseEvents(transaction);
  await storeActivity(transaction);
  await storeFolded(transaction, isoFromDay(before));
  await queries.deleteSnapshots(transaction, contactIds);
  await insertSnapshots(transaction, contactIds, isoFromDay(before - 1));
}
