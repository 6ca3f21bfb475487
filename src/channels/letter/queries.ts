import type { Connection } from '../../database/connection.ts';

export async function insertPrintJob(
  { raw }: Connection,
  job: {
    readonly now: Date;
    readonly operatorId: number | null;
    readonly count: number;
    readonly costCents: number;
  },
): Promise<number> {
  const [row] = await raw<{ print_job_id: number }[]>`
    insert into print_job (printed_at, printed_by, letter_count, cost_cents)
    values (${job.now}, ${job.operatorId}, ${job.count}, ${job.costCents}) returning print_job_id`;
  return row?.print_job_id ?? 0;
}

/** Letters that wait to be printed: how many, what they cost, and the first names. */
export async function selectWaiting(
  { raw }: Connection,
  namesMax: number,
): Promise<{ letters: number; cost_cents: number; names: string[] }> {
  const [row] = await raw<{ letters: number; cost_cents: number; names: string[] | null }[]>`
    select count(*) as letters, coalesce(sum(m.cost_cents), 0) as cost_cents,
      (array_agg(coalesce(nullif(c.company_name, ''), trim(c.first_name || ' ' || c.last_name)) order by e.handed_at, m.message_id))[1:${namesMax}::integer] as names
    from message m join errand e using (contact_id, message_id) join contact c using (contact_id)
    where m.status = 'handed' and e.channel = 'letter' and e.print_job_id is null`;
  return { letters: row?.letters ?? 0, cost_cents: row?.cost_cents ?? 0, names: row?.names ?? [] };
}

export interface PrintJobRow {
  readonly print_job_id: number;
  readonly printed_at: Date;
  readonly printed_by: string | null;
  readonly letter_count: number;
  readonly cost_cents: number;
  readonly posted_at: Date | null;
  readonly posted_by: string | null;
  /** Letters that are still in somebody's hands. */
  readonly in_hand: number;
  /** Whose letters are to be taken out. */
  readonly withdrawn: string[] | null;
}

/** The latest print jobs, each with what became of its letters; or one of them. */
export function selectPrintJobs(
  { raw }: Connection,
  wish: { readonly printJobId: number | null; readonly limit: number },
): Promise<PrintJobRow[]> {
  return raw<PrintJobRow[]>`
    with job as (
      select * from print_job where ${wish.printJobId}::integer is null or print_job_id = ${wish.printJobId}
      order by print_job_id desc limit ${wish.limit})
    select j.print_job_id, j.printed_at, p.name as printed_by, j.letter_count, j.cost_cents, j.posted_at, o.name as posted_by,
      count(m.message_id) filter (where m.status = 'handed') as in_hand,
      array_agg(coalesce(nullif(c.company_name, ''), trim(c.first_name || ' ' || c.last_name)) order by m.message_id)
        filter (where m.status in ('cancelled', 'refused')) as withdrawn
    from job j left join operator p on p.operator_id = j.printed_by left join operator o on o.operator_id = j.posted_by
    left join errand e on e.print_job_id = j.print_job_id left join message m on m.contact_id = e.contact_id and m.message_id = e.message_id
    left join contact c on c.contact_id = e.contact_id
    group by j.print_job_id, j.printed_at, p.name, j.letter_count, j.cost_cents, j.posted_at, o.name order by j.print_job_id desc`;
}

export interface LetterRow {
  readonly message_id: number;
  readonly frozen: unknown;
}

/** Letters of a print job, as they were printed; those that were withdrawn since are left out of a second printing. */
export function selectLetters({ raw }: Connection, printJobId: number): Promise<LetterRow[]> {
  return raw<LetterRow[]>`
    select m.message_id, m.frozen from errand e join message m using (contact_id, message_id)
    where e.print_job_id = ${printJobId} and m.status not in ('cancelled', 'refused') order by m.contact_id, m.message_id`;
}

/** Marks a print job as posted; false where it was before. */
export async function markPosted(
  { raw }: Connection,
  job: { readonly printJobId: number; readonly operatorId: number | null; readonly now: Date },
): Promise<boolean> {
  const rows = await raw`
    update print_job set posted_at = ${job.now}, posted_by = ${job.operatorId} where print_job_id = ${job.printJobId} and posted_at is null
    returning print_job_id`;
  return rows.length > 0;
}

/** The town of the shop, for the date of a letter. */
export async function selectTown({ raw }: Connection): Promise<string> {
  const [row] = await raw<{ city: string }[]>`select city from store order by store_id limit 1`;
  return row?.city ?? '';
}
