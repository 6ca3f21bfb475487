import type { Connection } from '../database/connection.ts';

/** Candidates of contacts that are not there. The table has no foreign key to them; this takes its place. */
export async function countOrphans({ raw }: Connection): Promise<number> {
  const [row] = await raw<{ count: number }[]>`
    select count(*) as count from candidate left join contact c using (contact_id) where c.contact_id is null`;
  return row?.count ?? 0;
}
