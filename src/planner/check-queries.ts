import type { Connection } from '../database/connection.ts';

/** Candidates and foreseen messages of contacts that are not there. Their tables have no foreign key to them; this takes its place. */
export async function countOrphans({ raw }: Connection): Promise<number> {
  const [row] = await raw<{ count: number }[]>`
    select count(*) as count from (select contact_id from candidate union all select contact_id from planned_slot) planned
    left join contact c using (contact_id) where c.contact_id is null`;
  return row?.count ?? 0;
}
