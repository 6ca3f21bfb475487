import { hash } from 'node:crypto';
import type { CustomerLookup } from './customer-lookup.ts';
import type { LineReader } from './line-reader.ts';
import type { ProductLookup } from './product-lookup.ts';
import type { FileEdge } from './reconcile.ts';

/** A receipt as it stands in a file: consecutive lines with one key. */
export interface ReceiptRun {
  /** 32 hexadecimal digits: a Buffer each would be a piece of memory outside the heap for every receipt. */
  readonly key: string;
  readonly store: string;
  readonly till: string;
  readonly number: string;
  readonly instant: number;
  readonly day: number;
  readonly firstLine: number;
  lineCount: number;
  /** Index in the customer look-up; -1 is anonymous. */
  customer: number;
  totalCents: number;
  documentCents: number | null;
  refundedCents: number;
  returnCount: number;
  edge: FileEdge;
  /** The file does not hold the whole receipt: some of its rows were rejected, or corrected rows are retried. */
  isFragment: boolean;
}

/** The lines of some receipts, in columns, between reading and storing. */
export interface ReceiptBatch {
  readonly runs: ReceiptRun[];
  readonly products: number[];
  readonly quantities: number[];
  readonly totals: number[];
}

/** Cuts the lines of a file into receipts and the receipts into batches. */
export class ReceiptBuilder {
  readonly #source: string;
  readonly #isNumberUnique: boolean;
  readonly #products: ProductLookup;
  readonly #customers: CustomerLookup;
  readonly #areAllFragments: boolean;
  #batch: ReceiptBatch = emptyBatch();
  #run: ReceiptRun | null = null;
  #runCount = 0;
  #rejectedNumber: string | null = null;
  #unnamed = '';

  constructor(
    mapping: { source: string; isNumberUnique: boolean },
    lookups: { products: ProductLookup; customers: CustomerLookup },
    areAllFragments: boolean,
  ) {
    this.#source = mapping.source;
    this.#isNumberUnique = mapping.isNumberUnique;
    this.#products = lookups.products;
    this.#customers = lookups.customers;
    this.#areAllFragments = areAllFragments;
  }

  get lineCount(): number {
    return this.#batch.products.length;
  }

  /** Whether the next accepted line belongs to another receipt than the last one, so that a batch may end here. */
  isBoundary(line: LineReader): boolean {
    return this.#run !== null && !this.#continues(line);
  }

  /** Adds an accepted line. */
  add(line: LineReader): void {
    const product = this.#products.indexOf(line);
    const customer =
      line.customerKind === null
        ? -1
        : this.#customers.indexOf(line.customerKind, line.customerKey, line.customerName);
    if (this.#run === null || !this.#continues(line)) this.#begin(line);
    const run = this.#run;
    if (run === null) return;
    if (run.customer < 0) run.customer = customer;
    if (run.documentCents === null) run.documentCents = line.documentCents;
    run.refundedCents = Math.max(run.refundedCents, line.refundedCents);
    run.lineCount++;
    run.totalCents += line.totalCents;
    if (line.isReturn) run.returnCount++;
    this.#batch.products.push(product);
    this.#batch.quantities.push(line.quantity);
    this.#batch.totals.push(line.totalCents);
  }

  /** Notes that a row of the receipt with this number was rejected: what the file holds of it is not all. */
  noteRejected(number: string): void {
    this.#rejectedNumber = number;
    if (this.#run?.number === number) this.#run.isFragment = true;
  }

  /** Takes the receipts collected so far. At the end of the file the last receipt is at its edge. */
  take(isEnd: boolean): ReceiptBatch {
    if (isEnd && this.#run && !this.#areAllFragments) {
      // A file with one receipt was not cut through it: it is a document of its own.
      this.#run.edge = this.#runCount > 1 ? 'last' : null;
    }
    const batch = this.#batch;
    this.#batch = emptyBatch();
    this.#run = null;
    return batch;
  }

  #continues(line: LineReader): boolean {
    const run = this.#run;
    return (
      run !== null &&
      line.number === run.number &&
      line.till === run.till &&
      line.store === run.store &&
      (line.day === run.day || this.#isNumberUnique) &&
      (line.number !== '' || unnamedKey(line) === this.#unnamed)
    );
  }

  #begin(line: LineReader): void {
    this.#unnamed = line.number === '' ? unnamedKey(line) : '';
    const day = this.#isNumberUnique ? '' : String(line.day);
    const name = [this.#source, line.store, line.till, day, line.number || this.#unnamed].join('\u0000');
    this.#runCount++;
    this.#run = {
      key: hash('md5', name),
      store: line.store,
      till: line.till,
      number: line.number,
      instant: line.instant,
      day: line.day,
      firstLine: this.#batch.products.length,
      lineCount: 0,
      customer: -1,
      totalCents: 0,
      documentCents: null,
      refundedCents: 0,
      returnCount: 0,
      edge: this.#runCount === 1 && !this.#areAllFragments ? 'first' : null,
      isFragment: this.#areAllFragments || this.#rejectedNumber === line.number,
    };
    this.#batch.runs.push(this.#run);
  }
}

function emptyBatch(): ReceiptBatch {
  return { runs: [], products: [], quantities: [], totals: [] };
}

/** Where a file has no receipt numbers, one customer at one moment is one receipt. */
function unnamedKey(line: LineReader): string {
  return `${line.instant}\u0001${line.customerKind ?? ''}\u0001${line.customerKey}`;
}
