import type { Connection } from '../database/connection.ts';
import type { FileEdge } from './reconcile.ts';

/**
 * Takes back and sets aside what could not simply be stored: receipts that are known with other lines or another customer,
 * and receipts that stand in several places of the file. Returns how many receipts there are, numbered by `position` from 1.
 */
export async function setDoubtfulAside(connection: Connection, mayKnowReceipts: boolean): Promise<number> {
  const { raw } = connection;
  await raw`create temp table doubtful_key on commit drop as
    select receipt_key from incoming_receipt group by receipt_key having count(*) > 1`;
  if (mayKnowReceipts) {
    await raw`insert into doubtful_key
      select i.receipt_key from incoming_receipt i join receipt_key k using (receipt_key) where not i.is_same
      except select receipt_key from doubtful_key`;
  }
  await raw`create temp table doubtful_receipt on commit drop as
    select dense_rank() over (order by i.receipt_key)::integer as position, i.*
    from incoming_receipt i join doubtful_key using (receipt_key)`;
  const [row] = await raw<
    { count: number }[]
  >`select coalesce(max(position), 0) as count from doubtful_receipt`;
  if (!row?.count) return 0;
  await raw`delete from incoming_receipt i using doubtful_key d where i.receipt_key = d.receipt_key`;
  await raw`delete from incoming_line l using doubtful_receipt d where l.receipt_id = d.receipt_id`;
  await raw`create temp table doubtful_line on commit drop as
    with known as (
      delete from sale_line l using doubtful_receipt d where l.contact_id = d.contact_id and l.receipt_id = d.receipt_id
      returning d.position, l.receipt_id, l.line_number, l.category_id, l.product_id, l.sold_on, l.quantity, l.total_cents),
    anonymous as (
      delete from anonymous_line l using doubtful_receipt d where d.contact_id is null and l.receipt_id = d.receipt_id
      returning d.position, l.receipt_id, l.line_number, l.category_id, l.product_id, l.sold_on, l.quantity, l.total_cents)
    select * from known union all select * from anonymous`;
  await raw`delete from sale_receipt r using doubtful_receipt d where r.contact_id = d.contact_id and r.receipt_id = d.receipt_id`;
  await raw`delete from anonymous_receipt r using doubtful_receipt d where d.contact_id is null and r.receipt_id = d.receipt_id`;
  await raw`create index on doubtful_receipt (position)`;
  await raw`create index on doubtful_line (position)`;
  await raw`analyze doubtful_receipt`;
  return row.count;
}

/** A receipt as some rows of the file give it. */
export interface DoubtfulReceipt {
  position: number;
  contact_id: number | null;
  receipt_id: number;
  receipt_key: string;
  store_id: number | null;
  till: string;
  number: string;
  sold_at: Date;
  sold_on: string;
  total_cents: number;
  line_count: number;
  identified_by: string;
  file_edge: FileEdge;
  is_fragment: boolean;
  is_same: boolean;
}

export interface StoredLine {
  receipt_id: number;
  line_number: number;
  category_id: number;
  product_id: number;
  sold_on: string;
  quantity: number;
  total_cents: number;
}

/** A receipt as it is stored, known or anonymous. */
export interface KnownReceipt {
  receipt_key: string;
  contact_id: number | null;
  receipt_id: number;
  file_edge: FileEdge;
  total_cents: number;
  identified_by: string;
  store_id: number | null;
  till: string;
  number: string;
  sold_at: Date;
  sold_on: string;
}

/** Receipts of the file from `from` to `to` by position, in the order of the file. */
export async function selectDoubtful(
  { raw }: Connection,
  from: number,
  to: number,
): Promise<{ receipts: DoubtfulReceipt[]; lines: (StoredLine & { position: number })[] }> {
  const receipts = await raw<DoubtfulReceipt[]>`
    select position, contact_id, receipt_id, receipt_key, store_id, till, number, sold_at, sold_on, total_cents,
      line_count, identified_by, file_edge, is_fragment, is_same
    from doubtful_receipt where position between ${from} and ${to} order by position, receipt_id`;
  const lines = await raw<(StoredLine & { position: number })[]>`
    select position, receipt_id, line_number, category_id, product_id, sold_on, quantity, total_cents
    from doubtful_line where position between ${from} and ${to} order by position, receipt_id, line_number`;
  return { receipts: [...receipts], lines: [...lines] };
}

/** Stored receipts by key, with their lines in order. */
export async function selectStored(
  { raw }: Connection,
  keys: readonly string[],
): Promise<{ receipts: KnownReceipt[]; lines: StoredLine[] }> {
  const receipts = await raw<KnownReceipt[]>`
    select k.receipt_key, k.contact_id, k.receipt_id, k.file_edge, r.total_cents, r.identified_by, r.store_id, r.till,
      r.number, r.sold_at, r.sold_on
    from receipt_key k join sale_receipt r on r.contact_id = k.contact_id and r.receipt_id = k.receipt_id
    where k.receipt_key = any(${keys as string[]}::uuid[])
    union all
    select k.receipt_key, null, k.receipt_id, k.file_edge, r.total_cents, '', r.store_id, r.till, r.number, r.sold_at,
      r.sold_on
    from receipt_key k join anonymous_receipt r on r.receipt_id = k.receipt_id
    where k.contact_id is null and k.receipt_key = any(${keys as string[]}::uuid[])`;
  const known = receipts.filter((receipt) => receipt.contact_id !== null);
  const anonymous = receipts.filter((receipt) => receipt.contact_id === null);
  const lines = await raw<StoredLine[]>`
    select l.receipt_id, l.line_number, l.category_id, l.product_id, l.sold_on, l.quantity, l.total_cents
    from unnest(${known.map((receipt) => receipt.contact_id ?? 0)}::bigint[],
      ${known.map((receipt) => receipt.receipt_id)}::bigint[]) as wanted (contact_id, receipt_id)
    join sale_line l on l.contact_id = wanted.contact_id and l.receipt_id = wanted.receipt_id
    union all
    select receipt_id, line_number, category_id, product_id, sold_on, quantity, total_cents
    from anonymous_line where receipt_id = any(${anonymous.map((receipt) => receipt.receipt_id)}::bigint[])
    order by 1, 2`;
  return { receipts: [...receipts], lines: [...lines] };
}

/** Takes stored receipts away, to be stored anew; their contacts' clocks are rebuilt. */
export async function removeStored(
  { raw }: Connection,
  receipts: readonly Pick<KnownReceipt, 'receipt_key' | 'contact_id' | 'receipt_id'>[],
): Promise<void> {
  const known = receipts.filter((receipt) => receipt.contact_id !== null);
  const contacts = known.map((receipt) => receipt.contact_id ?? 0);
  const ids = known.map((receipt) => receipt.receipt_id);
  const anonymous = receipts
    .filter((receipt) => receipt.contact_id === null)
    .map((receipt) => receipt.receipt_id);
  await raw`delete from sale_line l using unnest(${contacts}::bigint[], ${ids}::bigint[]) as gone (contact_id, receipt_id)
    where l.contact_id = gone.contact_id and l.receipt_id = gone.receipt_id`;
  await raw`delete from sale_receipt r using unnest(${contacts}::bigint[], ${ids}::bigint[]) as gone (contact_id, receipt_id)
    where r.contact_id = gone.contact_id and r.receipt_id = gone.receipt_id`;
  await raw`delete from anonymous_line where receipt_id = any(${anonymous}::bigint[])`;
  await raw`delete from anonymous_receipt where receipt_id = any(${anonymous}::bigint[])`;
  await raw`delete from receipt_key where receipt_key = any(${receipts.map((receipt) => receipt.receipt_key)}::uuid[])`;
  await addClocksToRebuild({ raw }, contacts);
}

export async function addClocksToRebuild(
  { raw }: Pick<Connection, 'raw'>,
  contacts: readonly number[],
): Promise<void> {
  await raw`insert into clocks_to_rebuild select distinct contact_id from unnest(${contacts as number[]}::bigint[]) as t (contact_id)
    on conflict do nothing`;
}

/** Keeps what receipts looked like before a file changed them. */
export async function insertChanges(
  { raw }: Connection,
  changes: readonly { receiptKey: string; previous: unknown }[],
  importRunId: number,
  now: Date,
): Promise<void> {
  await raw`insert into receipt_change (receipt_key, import_run_id, previous, changed_at)
    select key, ${importRunId}, previous::jsonb, ${now}
    from unnest(${changes.map(({ receiptKey }) => receiptKey)}::uuid[],
      ${changes.map(({ previous }) => JSON.stringify(previous))}::text[]) as t (key, previous)
    on conflict (receipt_key, import_run_id) do nothing`;
}

/** New totals of a receipt to which lines were added. */
export interface ExtendedReceipt {
  readonly receiptKey: string;
  readonly fileEdge: FileEdge;
  readonly contactId: number | null;
  readonly receiptId: number;
  readonly totalCents: number;
  readonly lineCount: number;
  readonly contentHash: string;
}

/** Brings receipts up to date whose lines were extended. */
export async function updateExtended(
  { raw }: Connection,
  extended: readonly ExtendedReceipt[],
): Promise<void> {
  await raw`update receipt_key k set content_hash = t.content_hash, file_edge = t.file_edge
    from unnest(${extended.map((one) => one.receiptKey)}::uuid[], ${extended.map((one) => one.contentHash)}::uuid[],
      ${extended.map((one) => one.fileEdge)}::text[]) as t (receipt_key, content_hash, file_edge)
    where k.receipt_key = t.receipt_key`;
  const known = extended.filter((one) => one.contactId !== null);
  await raw`update sale_receipt r set total_cents = t.total_cents, line_count = t.line_count
    from unnest(${known.map((one) => one.contactId ?? 0)}::bigint[], ${known.map((one) => one.receiptId)}::bigint[],
      ${known.map((one) => one.totalCents)}::int[], ${known.map((one) => one.lineCount)}::int[])
      as t (contact_id, receipt_id, total_cents, line_count)
    where r.contact_id = t.contact_id and r.receipt_id = t.receipt_id`;
  const anonymous = extended.filter((one) => one.contactId === null);
  await raw`update anonymous_receipt r set total_cents = t.total_cents, line_count = t.line_count
    from unnest(${anonymous.map((one) => one.receiptId)}::bigint[], ${anonymous.map((one) => one.totalCents)}::int[],
      ${anonymous.map((one) => one.lineCount)}::int[]) as t (receipt_id, total_cents, line_count)
    where r.receipt_id = t.receipt_id`;
}
