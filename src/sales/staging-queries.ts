import type { Connection } from '../database/connection.ts';

/** One import at a time stores receipts: two that bring the same receipt would both find it new. */
const IMPORT_LOCK = 7_306_001;

/**
 * The temporary tables of an import, gone with its transaction. `incoming_line` holds lines of known contacts in the
 * columns that the clocks read, and what else `sale_line` needs.
 */
export async function createStagingTables({ raw }: Connection): Promise<void> {
  await raw`select pg_advisory_xact_lock(${IMPORT_LOCK})`;
  await raw`create temp table incoming_line (
    contact_id bigint not null, receipt_id bigint not null, line_number integer not null,
    category_id integer not null, product_id integer not null, sold_on date not null, quantity real not null,
    total_cents integer not null) on commit drop`;
  await raw`create temp table incoming_anonymous_line (
    receipt_id bigint not null, line_number integer not null, category_id integer not null,
    product_id integer not null, sold_on date not null, quantity real not null, total_cents integer not null)
    on commit drop`;
  await raw`create temp table incoming_receipt (
    contact_id bigint, receipt_id bigint not null, receipt_key uuid not null, store_id integer, till text not null,
    number text not null, sold_at timestamptz not null, sold_on date not null, total_cents integer not null,
    line_count integer not null, identified_by text not null, content_hash uuid not null, file_edge text,
    is_fragment boolean not null, is_same boolean not null) on commit drop`;
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

/** Stores what is new: receipts that were settled as new or changed, and their lines, in the order of their contacts. */
export async function storeIncoming(connection: Connection, importRunId: number): Promise<void> {
  const { raw } = connection;
  await raw`delete from incoming_receipt where is_same`;
  // Sorted, because a B-tree filled in its own order is written once and a random one again and again: at 5 million
  // lines the sort costs a quarter of what it saves, and a contact's lines lie together afterwards.
  await raw`insert into receipt_key (receipt_key, contact_id, receipt_id, content_hash, file_edge)
    select receipt_key, contact_id, receipt_id, content_hash, file_edge from incoming_receipt order by receipt_key`;
  await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, store_id, till, number, sold_at, sold_on,
      total_cents, line_count, identified_by, import_run_id)
    select contact_id, receipt_id, receipt_key, store_id, till, number, sold_at, sold_on, total_cents, line_count,
      identified_by, ${importRunId}
    from incoming_receipt where contact_id is not null order by contact_id, receipt_id`;
  await raw`insert into sale_line (contact_id, receipt_id, line_number, category_id, product_id, sold_on, quantity,
      total_cents)
    select contact_id, receipt_id, line_number, category_id, product_id, sold_on, quantity, total_cents
    from incoming_line order by contact_id, receipt_id, line_number`;
  await raw`insert into anonymous_receipt (receipt_id, receipt_key, store_id, till, number, sold_at, sold_on,
      total_cents, line_count, import_run_id)
    select receipt_id, receipt_key, store_id, till, number, sold_at, sold_on, total_cents, line_count, ${importRunId}
    from incoming_receipt where contact_id is null order by receipt_id`;
  await raw`insert into anonymous_line (receipt_id, line_number, category_id, product_id, sold_on, quantity, total_cents)
    select receipt_id, line_number, category_id, product_id, sold_on, quantity, total_cents
    from incoming_anonymous_line order by receipt_id, line_number`;
}
