import type { Connection } from '../database/connection.ts';

/** Clocks and activity of contacts that are not there. The tables have no foreign keys; this takes their place. */
export async function countOrphans({ raw }: Connection): Promise<number> {
  const [row] = await raw<{ count: number }[]>`
    select (select count(*) from clock left join contact c using (contact_id) where c.contact_id is null)
      + (select count(*) from contact_activity left join contact c using (contact_id) where c.contact_id is null) as count`;
  return row?.count ?? 0;
}
