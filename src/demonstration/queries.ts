import type { Connection } from '../database/connection.ts';
import type { Person } from './rules.ts';

/** The generator's own knowledge stands in a schema that the product never reads. */
export async function savePeople(
  { raw }: Connection,
  people: readonly { person: Person; contactId: number }[],
): Promise<void> {
  const rows = people.map(({ person, contactId }) => ({
    number: person.number,
    contact_id: contactId,
    state: person,
  }));
  const batch = 5_000;
  for (let start = 0; start < rows.length; start += batch) {
    await raw`
      insert into demonstration.person (number, contact_id, state)
      select r.* from jsonb_to_recordset(${raw.json(rows.slice(start, start + batch) as never)}) as r (number integer, contact_id bigint, state jsonb)
      on conflict (number) do update set state = excluded.state`;
  }
}

export async function loadPeople({ raw }: Connection): Promise<{ person: Person; contactId: number }[]> {
  const rows = await raw<
    { contact_id: number; state: Person }[]
  >`select contact_id, state from demonstration.person order by number`;
  return rows.map((row) => ({ person: row.state, contactId: row.contact_id }));
}

export interface Progress {
  readonly sector: string;
  readonly seed: string;
  readonly last_day: string;
  readonly receipts: number;
}

export async function saveProgress({ raw }: Connection, progress: Progress): Promise<void> {
  await raw`
    insert into demonstration.progress (one, sector, seed, last_day, receipts) values (1, ${progress.sector}, ${progress.seed}, ${progress.last_day}, ${progress.receipts})
    on conflict (one) do update set last_day = excluded.last_day, receipts = excluded.receipts`;
}

export async function loadProgress({ raw }: Connection): Promise<Progress | undefined> {
  const [row] = await raw<Progress[]>`select sector, seed, last_day, receipts from demonstration.progress`;
  return row;
}

/** Whom a message reached on a day. */
export async function selectReached({ raw }: Connection, from: Date, to: Date): Promise<number[]> {
  const rows = await raw<
    { contact_id: number }[]
  >`select contact_id from message where status = 'sent' and released_at >= ${from}::timestamptz - interval '21 days' and settled_at >= ${from} and settled_at < ${to}`;
  return rows.map((row) => row.contact_id);
}
