import { BinaryRows } from '../database/binary-copy.ts';
import type { Connection } from '../database/connection.ts';
import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ContentHash, uuidOf } from './content-hash.ts';
import type { CustomerLookup } from './customer-lookup.ts';
import type { ProductLookup } from './product-lookup.ts';
import type { ReceiptBatch, ReceiptRun } from './receipt-batch.ts';
import { storableCents } from './reconcile.ts';
import type { StoreLookup } from './store-lookup.ts';
import { reserveReceiptIds, selectKnownReceipts, storeBatch } from './staging-queries.ts';

/** Lines by what became of them so far. */
export interface LineCounts {
  accepted: number;
  duplicates: number;
  returns: number;
  anonymous: number;
}

export interface Lookups {
  readonly products: ProductLookup;
  readonly customers: CustomerLookup;
  readonly stores: StoreLookup;
}

const EMPTY = Buffer.alloc(16);

/**
 * Stores batches of receipts as they come. Receipts that are known with the same content and customer are not sent at
 * all; what else is known, or stands in several places of the file, is taken back and settled afterwards.
 */
export class Staging {
  readonly counts: LineCounts = { accepted: 0, duplicates: 0, returns: 0, anonymous: 0 };
  readonly #transaction: Connection;
  readonly #lookups: Lookups;
  readonly #importRunId: number;
  readonly #mayKnowReceipts: boolean;
  readonly #maxReceiptsPerDay: number;
  readonly #lastVisit = new Map<number, { day: number; count: number }>();
  readonly #suspects = new Set<number>();
  readonly #lines = new BinaryRows();
  readonly #anonymousLines = new BinaryRows();
  readonly #receipts = new BinaryRows();
  readonly #content = new ContentHash();
  readonly #contentBytes = Buffer.alloc(16);
  #isSent = false;

  constructor(
    transaction: Connection,
    lookups: Lookups,
    options: { importRunId: number; mayKnowReceipts: boolean; maxReceiptsPerDay: number },
  ) {
    this.#importRunId = options.importRunId;
    this.#transaction = transaction;
    this.#lookups = lookups;
    this.#mayKnowReceipts = options.mayKnowReceipts;
    this.#maxReceiptsPerDay = options.maxReceiptsPerDay;
  }

  /** Cards with more receipts in a day than one person makes: probably the cashier's own. */
  get suspectCount(): number {
    return this.#suspects.size;
  }

  async add(batch: ReceiptBatch): Promise<void> {
    if (batch.runs.length === 0) return;
    const { products, customers, stores } = this.#lookups;
    await products.resolve(this.#transaction);
    await customers.resolve(this.#transaction);
    await stores.resolve(this.#transaction, batch.runs);
    const known = this.#mayKnowReceipts
      ? await selectKnownReceipts(
          this.#transaction,
          batch.runs.map((run) => uuidOf(run.key)),
        )
      : null;
    const refunds = batch.runs.filter((run) => run.refundedCents > 0);
    const ids = await reserveReceiptIds(this.#transaction, batch.runs.length + refunds.length);
    const storing = this.#storeLast(); // the server stores the batch before while this one is written
    storing.catch(() => undefined); // awaited below
    await nextTurn(); // it is on its way before we are busy
    for (const [position, run] of batch.runs.entries()) {
      const receiptId = ids[position] ?? 0;
      this.#hashContent(batch, run);
      const contactId = customers.contactId(run.customer);
      const found = known?.get(run.key);
      const isSame =
        found?.contentHash === this.#contentBytes.toString('hex') &&
        (contactId === 0 || contactId === found.contactId);
      this.#count(run, contactId, isSame);
      this.#writeReceipt(run, receiptId, contactId, isSame);
      if (!isSame) this.#writeLines(batch, run, receiptId, contactId);
    }
    for (const [position, run] of refunds.entries()) {
      this.#writeRefund(run, ids[batch.runs.length + position] ?? 0, customers.contactId(run.customer));
    }
    await storing;
    await this.#send();
  }

  /** Stores what was sent last; nothing is left to store afterwards. */
  async finish(): Promise<void> {
    await this.#storeLast();
  }

  #hashContent(batch: ReceiptBatch, run: ReceiptRun): void {
    this.#content.reset();
    for (let line = run.firstLine; line < run.firstLine + run.lineCount; line++) {
      const product = this.#lookups.products.productId(batch.products[line] ?? 0);
      this.#content.add(product, batch.quantities[line] ?? 0, batch.totals[line] ?? 0);
    }
    this.#content.writeTo(this.#contentBytes, 0);
  }

  #count(run: ReceiptRun, contactId: number, isSame: boolean): void {
    if (isSame) {
      this.counts.duplicates += run.lineCount;
      return;
    }
    this.counts.accepted += run.lineCount;
    this.counts.returns += run.returnCount;
    if (contactId === 0) this.counts.anonymous += run.lineCount;
    else this.#noteVisit(contactId, run.day);
  }

  #noteVisit(contactId: number, day: number): void {
    const last = this.#lastVisit.get(contactId);
    if (last?.day !== day) this.#lastVisit.set(contactId, { day, count: 1 });
    else if (++last.count > this.#maxReceiptsPerDay) this.#suspects.add(contactId);
  }

  #writeLines(batch: ReceiptBatch, run: ReceiptRun, receiptId: number, contactId: number): void {
    const rows = contactId === 0 ? this.#anonymousLines : this.#lines;
    for (let offset = 0; offset < run.lineCount; offset++) {
      const line = run.firstLine + offset;
      const product = batch.products[line] ?? 0;
      if (contactId === 0) rows.row(7);
      else {
        rows.row(8);
        rows.int8(contactId);
      }
      rows.int8(receiptId);
      rows.int4(offset + 1);
      rows.int4(this.#lookups.products.categoryId(product));
      rows.int4(this.#lookups.products.productId(product));
      rows.date(run.day);
      rows.float4(batch.quantities[line] ?? 0);
      rows.int4(batch.totals[line] ?? 0);
    }
  }

  #writeReceipt(run: ReceiptRun, receiptId: number, contactId: number, isSame: boolean): void {
    const rows = this.#receipts;
    rows.row(15);
    if (contactId === 0) rows.null();
    else rows.int8(contactId);
    rows.int8(receiptId);
    rows.uuid(Buffer.from(run.key, 'hex'));
    const store = this.#lookups.stores.storeId(run.store);
    if (store === null) rows.null();
    else rows.int4(store);
    rows.text(run.till);
    rows.text(run.number);
    rows.timestamp(run.instant);
    rows.date(run.day);
    rows.int4(storableCents(run.documentCents ?? run.totalCents));
    rows.int4(run.lineCount);
    rows.text(contactId === 0 ? '' : this.#lookups.customers.kind(run.customer));
    rows.uuid(this.#contentBytes);
    if (run.edge === null) rows.null();
    else rows.text(run.edge);
    rows.boolean(run.isFragment);
    rows.boolean(isSame);
  }

  /** A refund that the file gives for the whole document only: money back, no article (sales-formats F5). */
  #writeRefund(run: ReceiptRun, receiptId: number, contactId: number): void {
    EMPTY.copy(this.#contentBytes);
    const refund = {
      ...run,
      key: hash('md5', Buffer.concat([Buffer.from(run.key, 'hex'), Buffer.from('refund')])),
      lineCount: 0,
      documentCents: -run.refundedCents,
      edge: null,
    };
    this.#writeReceipt(refund, receiptId, contactId, false);
  }

  async #storeLast(): Promise<void> {
    if (!this.#isSent) return;
    this.#isSent = false;
    await storeBatch(this.#transaction, this.#importRunId);
  }

  async #send(): Promise<void> {
    const { raw } = this.#transaction;
    await this.#lines.copyTo(raw, 'batch_line');
    await this.#anonymousLines.copyTo(raw, 'anonymous_line');
    await this.#receipts.copyTo(raw, 'batch_receipt');
    this.#isSent = true;
  }
}
