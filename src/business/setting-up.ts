import type { Connection, Database } from '../database/connection.ts';

const SETTING_UP_LOCK = 0x73657475; // "setu"

/**
 * Does work during which nothing else should look at the shop: a plan or a fit of a demonstration that is half made would
 * be another one minutes later, under the eyes of its owner. Ends with the connection, also when the process is killed.
 */
export function whileSettingUp<T>(database: Database, work: () => Promise<T>): Promise<T> {
  return database.transaction(async ({ raw }) => {
    await raw`select pg_advisory_xact_lock(${SETTING_UP_LOCK})`;
    return work();
  });
}

/** Whether a shop is being set up now, by this process or another. */
export async function isBeingSetUp({ raw }: Connection): Promise<boolean> {
  const [row] = await raw<{ free: boolean }[]>`select pg_try_advisory_xact_lock(${SETTING_UP_LOCK}) as free`;
  return row?.free === false;
}
