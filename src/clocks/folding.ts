import { todayOf } from '../business/actions.ts';
import type { Connection } from '../database/connection.ts';
import { isoFromDay } from '../kernel/day.ts';
import { ensureParameters } from './fitting.ts';
import {
  foldPurchaseEvents,
  lockClocks,
  refreshWindows,
  storeActivity,
  storeFolded,
} from './fold-queries.ts';
import * as queries from './queries.ts';
import { restoreWords } from './words.ts';

/**
 * Updates clocks and activity after an import, inside its transaction. Reads its temporary tables `incoming_line` (lines
 * just accepted of known contacts, already in sale_line) and `clocks_to_rebuild` (contacts whose earlier lines changed).
 * Contacts who bought after their last visit are folded forward; the others are rebuilt from their kept lines, once.
 */
export async function applyPurchases(
  transaction: Connection,
  now: Date,
): Promise<{ updated: number; rebuilt: number }> {
  await lockClocks(transaction);
  await ensureParameters(transaction, now);
  await queries.classifyIncoming(transaction);
  await queries.clearRebuilt(transaction);
  await queries.restoreSnapshots(transaction);
  await queries.createPurchaseEvents(transaction);
  await foldPurchaseEvents(transaction);
  await storeActivity(transaction);
  const today = await todayOf(transaction, now);
  await storeFolded(transaction, isoFromDay(today));
  await refreshWindows(transaction, 'restored', isoFromDay(today));
  await restoreWords(transaction, today);
  await queries.requestReplanOfBuyers(transaction, now);
  return queries.countIncoming(transaction);
}

/** Rebuilds every clock of some contacts from their kept lines: consent given, contacts merged, categories remapped. */
export async function rebuildClocks(
  transaction: Connection,
  contactIds: readonly number[],
  now: Date,
): Promise<void> {
  if (contactIds.length === 0) return;
  await queries.stageRebuild(transaction, contactIds);
  await applyPurchases(transaction, now);
}

/** Consent to profiling withdrawn: item clocks and visit statistics go in the same transaction. */
export async function deleteClocks(transaction: Connection, contactIds: readonly number[]): Promise<void> {
  if (contactIds.length === 0) return;
  await lockClocks(transaction);
  await queries.deleteClocksOf(transaction, contactIds);
}
