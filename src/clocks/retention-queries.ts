import type { Connection } from '../database/connection.ts';
import { stateColumns, visitColumns } from './queries.ts';

/** Contacts with lines before a day, some at a time: a scan of sale_line, once a month. */
export async function selectContactsWithLinesBefore(
  { raw }: Connection,
  before: string,
  limit: number,
): Promise<number[]> {
  const rows = await raw<{ contact_id: number }[]>`
    select distinct contact_id from sale_line where sold_on < ${before} order by contact_id limit ${limit}`;
  return rows.map((row) => row.contact_id);
}

/** Keeps the clocks of some contacts as they are now, dated. */
export async function insertSnapshots(
  { raw }: Connection,
  contactIds: readonly number[],
  day: string,
): Promise<void> {
  await raw`
    insert into clock_snapshot (contact_id, category_id, snapshot_day, ${stateColumns(raw)})
    select contact_id, category_id, ${day}::date, ${stateColumns(raw)} from clock where contact_id = any(${contactIds})`;
  await raw`
    insert into visit_snapshot (contact_id, snapshot_day, last_day, ${visitColumns(raw)})
    select contact_id, ${day}::date, last_visit_day, ${visitColumns(raw)}
    from contact_activity where contact_id = any(${contactIds}) and visit_count is not null and last_visit_day is not null`;
}

export async function deleteLinesBefore(
  { raw }: Connection,
  contactIds: readonly number[],
  before: string,
): Promise<number> {
  const result =
    await raw`delete from sale_line where contact_id = any(${contactIds}) and sold_on < ${before}`;
  return result.count;
}
