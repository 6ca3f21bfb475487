import { BinaryRows } from '../database/binary-copy.ts';
import type { Connection } from '../database/connection.ts';
import { dayFromIso } from '../kernel/day.ts';
import { contentHashOf } from './content-hash.ts';
import type { ComparableLine, FileEdge } from './reconcile.ts';
import { areTwoHalves, isCutThrough, mergeFragments, reconcileReceipt, storableCents } from './reconcile.ts';
import type { DoubtfulReceipt, ExtendedReceipt, KnownReceipt, StoredLine } from './settle-queries.ts';
import {
  insertChanges,
  removeStored,
  selectDoubtful,
  selectStored,
  setDoubtfulAside,
  updateExtended,
} from './settle-queries.ts';
import { storeBatch } from './staging-queries.ts';
import type { LineCounts } from './staging.ts';

const BATCH_RECEIPTS = 2000;

type Line = StoredLine & ComparableLine;

/** What settling did beyond storing new receipts. */
export interface Settlement {
  changedReceipts: number;
}

/** What one batch of doubtful receipts comes to, before it is written. */
interface Outcome {
  readonly removed: KnownReceipt[];
  readonly changes: { receiptKey: string; previous: unknown }[];
  readonly extended: ExtendedReceipt[];
  readonly lines: BinaryRows;
  readonly anonymousLines: BinaryRows;
  readonly receipts: BinaryRows;
}

/**
 * Decides receipt by receipt what was set aside (sales-formats 6.16): unchanged, extended by new lines, or replaced with
 * a trace. What is to be stored goes the way of a batch; `counts` is corrected.
 */
export async function settleDoubtful(
  transaction: Connection,
  request: { mayKnowReceipts: boolean; importRunId: number; now: Date },
  counts: LineCounts,
): Promise<Settlement> {
  const count = await setDoubtfulAside(transaction, request.mayKnowReceipts);
  const settlement: Settlement = { changedReceipts: 0 };
  for (let from = 1; from <= count; from += BATCH_RECEIPTS) {
    const incoming = await selectDoubtful(transaction, from, from + BATCH_RECEIPTS - 1);
    const groups = groupByPosition(incoming.receipts);
    const stored = await selectStored(
      transaction,
      groups.map(([first]) => first?.receipt_key ?? ''),
    );
    const outcome = emptyOutcome();
    const linesOfFile = linesByReceipt(incoming.lines);
    const linesStored = linesByReceipt(stored.lines);
    const knownByKey = new Map(stored.receipts.map((receipt) => [receipt.receipt_key, receipt]));
    for (const group of groups) {
      const known = knownByKey.get(group[0]?.receipt_key ?? '');
      const knownLines = known ? (linesStored.get(known.receipt_id) ?? []) : [];
      settleReceipt(
        group,
        linesOfFile,
        known ? { receipt: known, lines: knownLines } : null,
        outcome,
        counts,
      );
    }
    await write(transaction, outcome, request);
    settlement.changedReceipts += outcome.removed.length;
  }
  return settlement;
}

function emptyOutcome(): Outcome {
  return {
    removed: [],
    changes: [],
    extended: [],
    lines: new BinaryRows(),
    anonymousLines: new BinaryRows(),
    receipts: new BinaryRows(),
  };
}

function groupByPosition(receipts: readonly DoubtfulReceipt[]): DoubtfulReceipt[][] {
  const groups = new Map<number, DoubtfulReceipt[]>();
  for (const receipt of receipts) {
    const group = groups.get(receipt.position);
    if (group) group.push(receipt);
    else groups.set(receipt.position, [receipt]);
  }
  return [...groups.values()];
}

function linesByReceipt(lines: readonly StoredLine[]): Map<number, Line[]> {
  const grouped = new Map<number, Line[]>();
  for (const line of lines) {
    const comparable = { ...line, productId: line.product_id, totalCents: line.total_cents };
    const group = grouped.get(line.receipt_id);
    if (group) group.push(comparable);
    else grouped.set(line.receipt_id, [comparable]);
  }
  return grouped;
}

function settleReceipt(
  group: readonly DoubtfulReceipt[],
  linesOfFile: ReadonlyMap<number, readonly Line[]>,
  known: { receipt: KnownReceipt; lines: readonly Line[] } | null,
  outcome: Outcome,
  counts: LineCounts,
): void {
  const fragments = group.filter((run) => !run.is_same).map((run) => linesOfFile.get(run.receipt_id) ?? []);
  const named = group.find((run) => run.contact_id !== null) ?? group[0];
  if (!named) return;
  uncount(counts, group, fragments);
  const merged = mergeFragments(fragments);
  counts.duplicates += fragments.reduce((sum, lines) => sum + lines.length, 0) - merged.length;
  if (!known) {
    count(counts, merged, named.contact_id);
    writeReceipt(outcome, named, merged, named.contact_id, sumOf(merged));
    return;
  }
  const edge = group.find((run) => run.file_edge !== null)?.file_edge ?? null;
  const isFragment =
    group.some((run) => run.is_fragment || run.is_same) ||
    isCutThrough({ lines: known.lines, edge: known.receipt.file_edge }, { lines: merged, edge });
  const decision = reconcileReceipt(known.lines, merged, isFragment);
  const contactId = named.contact_id ?? known.receipt.contact_id;
  counts.duplicates += decision.duplicateCount;
  count(counts, decision.added, contactId);
  const isMoved = contactId !== known.receipt.contact_id;
  const fileEdge = edgeAfter(known.receipt.file_edge, edge, isFragment);
  if (isMoved || decision.outcome === 'replaced') {
    const lines = isFragment ? [...known.lines, ...decision.added] : merged;
    const receipt = { ...named, receipt_id: known.receipt.receipt_id, file_edge: fileEdge };
    replace(outcome, receipt, lines, contactId, known);
  } else if (decision.outcome === 'extended') extend(outcome, known, decision.added, fileEdge);
}

/** Two halves make a whole; corrected rows leave the receipt where it stood; a whole receipt stands where its file has it. */
function edgeAfter(known: FileEdge, incoming: FileEdge, isFragment: boolean): FileEdge {
  if (areTwoHalves(known, incoming)) return null;
  return isFragment ? known : incoming;
}

/** Takes back what the staging counted for these receipts when it did not know them to be doubtful. */
function uncount(
  counts: LineCounts,
  group: readonly DoubtfulReceipt[],
  fragments: readonly (readonly Line[])[],
): void {
  const runs = group.filter((run) => !run.is_same);
  runs.forEach((run, index) => {
    const lines = fragments[index] ?? [];
    counts.accepted -= lines.length;
    counts.returns -= lines.filter(isReturn).length;
    if (run.contact_id === null) counts.anonymous -= lines.length;
  });
}

function count(counts: LineCounts, lines: readonly Line[], contactId: number | null): void {
  counts.accepted += lines.length;
  counts.returns += lines.filter(isReturn).length;
  if (contactId === null) counts.anonymous += lines.length;
}

function isReturn(line: Line): boolean {
  return line.quantity < 0 || line.totalCents < 0;
}

function sumOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.totalCents, 0);
}

function replace(
  outcome: Outcome,
  receipt: DoubtfulReceipt,
  lines: readonly Line[],
  contactId: number | null,
  known: { receipt: KnownReceipt; lines: readonly Line[] },
): void {
  outcome.removed.push(known.receipt);
  outcome.changes.push({
    receiptKey: known.receipt.receipt_key,
    previous: {
      contactId: known.receipt.contact_id,
      totalCents: known.receipt.total_cents,
      lines: known.lines.map((line) => ({
        productId: line.productId,
        quantity: line.quantity,
        totalCents: line.totalCents,
      })),
    },
  });
  // The document's own total is the truth where the file gives one; else the lines are.
  const isWhole = lines.length === receipt.line_count;
  writeReceipt(
    outcome,
    receipt,
    lines,
    contactId,
    isWhole ? receipt.total_cents : sumOf(lines),
    known.receipt,
  );
}

function extend(
  outcome: Outcome,
  known: { receipt: KnownReceipt; lines: readonly Line[] },
  added: readonly Line[],
  fileEdge: FileEdge,
): void {
  const { receipt, lines } = known;
  const last = Math.max(0, ...lines.map((line) => line.line_number));
  added.forEach((line, index) => {
    writeLine(
      outcome,
      line,
      receipt.contact_id,
      receipt.receipt_id,
      last + index + 1,
      dayFromIso(receipt.sold_on),
    );
  });
  outcome.extended.push({
    receiptKey: receipt.receipt_key,
    fileEdge,
    contactId: receipt.contact_id,
    receiptId: receipt.receipt_id,
    totalCents: storableCents(receipt.total_cents + sumOf(added)),
    lineCount: lines.length + added.length,
    contentHash: contentHashOf([...lines, ...added]),
  });
}

function writeReceipt(
  outcome: Outcome,
  receipt: DoubtfulReceipt,
  lines: readonly Line[],
  contactId: number | null,
  totalCents: number,
  known?: KnownReceipt,
): void {
  const rows = outcome.receipts;
  const day = dayFromIso(receipt.sold_on);
  rows.row(15);
  if (contactId === null) rows.null();
  else rows.int8(contactId);
  rows.int8(receipt.receipt_id);
  rows.uuid(bytesOf(receipt.receipt_key));
  if (receipt.store_id === null) rows.null();
  else rows.int4(receipt.store_id);
  rows.text(receipt.till);
  rows.text(receipt.number);
  rows.timestamp(receipt.sold_at.getTime());
  rows.date(day);
  rows.int4(storableCents(totalCents));
  rows.int4(lines.length);
  rows.text(receipt.contact_id === null ? (known?.identified_by ?? '') : receipt.identified_by);
  rows.uuid(bytesOf(contentHashOf(lines)));
  if (receipt.file_edge === null) rows.null();
  else rows.text(receipt.file_edge);
  rows.boolean(false);
  rows.boolean(false);
  lines.forEach((line, index) => {
    writeLine(outcome, line, contactId, receipt.receipt_id, index + 1, day);
  });
}

function writeLine(
  outcome: Outcome,
  line: Line,
  contactId: number | null,
  receiptId: number,
  lineNumber: number,
  day: number,
): void {
  const rows = contactId === null ? outcome.anonymousLines : outcome.lines;
  if (contactId === null) rows.row(7);
  else {
    rows.row(8);
    rows.int8(contactId);
  }
  rows.int8(receiptId);
  rows.int4(lineNumber);
  rows.int4(line.category_id);
  rows.int4(line.product_id);
  rows.date(day);
  rows.float4(line.quantity);
  rows.int4(line.total_cents);
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

async function write(
  transaction: Connection,
  outcome: Outcome,
  request: { importRunId: number; now: Date },
): Promise<void> {
  if (outcome.removed.length > 0) {
    await removeStored(transaction, outcome.removed);
    await insertChanges(transaction, outcome.changes, request.importRunId, request.now);
  }
  if (outcome.extended.length > 0) await updateExtended(transaction, outcome.extended);
  await outcome.lines.copyTo(transaction.raw, 'batch_line');
  await outcome.anonymousLines.copyTo(transaction.raw, 'anonymous_line');
  await outcome.receipts.copyTo(transaction.raw, 'batch_receipt');
  await storeBatch(transaction, request.importRunId);
}
