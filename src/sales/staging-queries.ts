import type { Connection } from '../database/connection.ts';

/** One import at a time stores receipts: two that bring the same receipt would both find it new. */
const IMPORT_LOCK = 7_306_001;

const receiptColumns = (raw: Connection['raw']) =>
  raw`store_id, till, number, sold_at, sold_on, total_cents, line_count`;
const lineColumns = (raw: Connection['raw']) =>
  raw`receipt_id, line_number, category_id, product_id, sold_on, quantity, total_cents`;

/**
 * The temporary tables of an import, gone with its transaction. `batch_line` and `batch_receipt` hold what comes next into the
 * tables of sales; `incoming_line` and `incoming_receipt` what came in so far, for the clocks and for finding what is doubtful.
 */
export async function createStagingTables({ raw }: Connection): Promise<void> {
  await raw`select pg_advisory_xact_lock(${IMPORT_LOCK})`;
  await raw`create temp table incoming_line (
    contact_id bigint not null, receipt_id bigint not null, line_number integer not null,
    category_id integer not null, product_id integer not null, sold_on date not null, quantity real not null,
    total_cents integer not null) on commit drop`;
  await raw`create temp table incoming_receipt (
    contact_id bigint, receipt_id bigint not null, receipt_key uuid not null, store_id integer, till text not null,
    number text not null, sold_at timestamptz not null, sold_on date not null, total_cents integer not null,
    line_count integer not null, identified_by text not null, content_hash uuid not null, file_edge text,
    is_fragment boolean not null, is_same boolean not null) on commit drop`;
  await raw`create temp table batch_line (like incoming_line) on commit drop`;
  await raw`create temp table batch_receipt (like incoming_receipt) on commit drop`;
  await raw`create temp table clocks_to_rebuild (contact_id bigint primary key) on commit drop`;
}

/** Whether any receipt is known yet: the first import of a shop need not look for duplicates. */
export async function hasReceipts({ raw }: Connection): Promise<boolean> {
  const [row] = await raw<{ found: boolean }[]>`select exists (select from receipt_key) as found`;
  return row?.found ?? false;
}

/** Known receipts by key (32 hexadecimal digits): what they contain and whose they are (0: anonymous). */
export async function selectKnownReceipts(
  { raw }: Connection,
  keys: readonly string[],
): Promise<Map<string, { contactId: number; contentHash: string }>> {
  const rows = await raw<{ key: string; contact_id: number | null; content: string }[]>`
    select replace(receipt_key::text, '-', '') as key, contact_id, replace(content_hash::text, '-', '') as content
    from receipt_key where receipt_key = any(${keys as string[]}::uuid[])`;
  return new Map(rows.map((row) => [row.key, { contactId: row.contact_id ?? 0, contentHash: row.content }]));
}

/** Takes `count` receipt ids. */
export async function reserveReceiptIds({ raw }: Connection, count: number): Promise<number[]> {
  const [row] = await raw<{ ids: number[] }[]>`
    select array_agg(nextval('receipt_id_sequence'))::float8[] as ids from generate_series(1, ${count}::int)`;
  return row?.ids ?? [];
}

/**
 * Stores the batch in the order of its contacts: a B-tree is filled faster in its own order. Lines of nobody known are
 * already where they belong. What proves doubtful later is taken back (`setDoubtfulAside`). One statement, so that the
 * server works it off while our process is busy reading.
 */
export async function storeBatch({ raw }: Connection, importRunId: number): Promise<void> {
  const run = raw`${importRunId}::integer`;
  await raw`
    with lines as (
      insert into sale_line (contact_id, ${lineColumns(raw)})
      select contact_id, ${lineColumns(raw)} from batch_line order by contact_id, receipt_id, line_number),
    receipts as (
      insert into sale_receipt (contact_id, receipt_id, receipt_key, ${receiptColumns(raw)}, identified_by, import_run_id)
      select contact_id, receipt_id, receipt_key, ${receiptColumns(raw)}, identified_by, ${run}
      from batch_receipt where contact_id is not null and not is_same order by contact_id, receipt_id),
    anonymous as (
      insert into anonymous_receipt (receipt_id, receipt_key, ${receiptColumns(raw)}, import_run_id)
      select receipt_id, receipt_key, ${receiptColumns(raw)}, ${run}
      from batch_receipt where contact_id is null and not is_same order by receipt_id),
    kept as (insert into incoming_line select * from batch_line)
    insert into incoming_receipt select * from batch_receipt`;
  await raw`truncate batch_line, batch_receipt`;
}

/** Makes the stored receipts known by their keys. Sorted, because at 5 million lines the sort costs a quarter of what it saves. */
export async function storeKeys({ raw }: Connection): Promise<void> {
  await raw`insert into receipt_key (receipt_key, contact_id, receipt_id, content_hash, file_edge)
    select receipt_key, contact_id, receipt_id, content_hash, file_edge from incoming_receipt where not is_same order by receipt_key`;
}
