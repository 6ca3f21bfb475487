import type { Connection } from '../database/connection.ts';

/** Whether a receipt waits for its customer. Locks it against a second claim at the same time. */
export async function claimableReceipt(
  { raw }: Connection,
  receiptId: number,
): Promise<'anonymous' | 'claimed' | 'unknown'> {
  const [anonymous] = await raw`select 1 from anonymous_receipt where receipt_id = ${receiptId} for update`;
  if (anonymous) return 'anonymous';
  const [known] =
    await raw`select 1 from receipt_key where receipt_id = ${receiptId} and contact_id is not null limit 1`;
  return known ? 'claimed' : 'unknown';
}

/** Whether a contact has a receipt already: then there is nothing to claim. */
export async function ownsReceipt(
  { raw }: Connection,
  receiptId: number,
  contactId: number,
): Promise<boolean> {
  const rows =
    await raw`select 1 from sale_receipt where contact_id = ${contactId} and receipt_id = ${receiptId}`;
  return rows.length > 0;
}

/** Whether there is such a contact: receipts have no foreign key that would say so. */
export async function isContact({ raw }: Connection, contactId: number): Promise<boolean> {
  return (await raw`select 1 from contact where contact_id = ${contactId}`).length > 0;
}

/** Moves an anonymous receipt with its lines to a contact. */
export async function claimReceipt({ raw }: Connection, receiptId: number, contactId: number): Promise<void> {
  await raw`with moved as (delete from anonymous_receipt where receipt_id = ${receiptId} returning *)
    insert into sale_receipt (contact_id, receipt_id, receipt_key, store_id, till, number, sold_at, sold_on, total_cents,
      line_count, identified_by, import_run_id)
    select ${contactId}, receipt_id, receipt_key, store_id, till, number, sold_at, sold_on, total_cents, line_count,
      'claim', import_run_id from moved`;
  await raw`with moved as (delete from anonymous_line where receipt_id = ${receiptId} returning *)
    insert into sale_line (contact_id, receipt_id, line_number, category_id, product_id, sold_on, quantity, total_cents)
    select ${contactId}, receipt_id, line_number, category_id, product_id, sold_on, quantity, total_cents from moved`;
  await raw`update receipt_key set contact_id = ${contactId}
    where receipt_key = (select receipt_key from sale_receipt where contact_id = ${contactId} and receipt_id = ${receiptId})`;
}
