import { Readable } from 'node:stream';
import type ExcelJS from 'exceljs';
import { Failure } from '../kernel/failure.ts';
import type { ByteSource } from './byte-source.ts';

/** Up to this size (compressed) a workbook is read whole, which is the only way to learn its merged cells. */
const WHOLE_MAX_BYTES = 2_000_000;
const BATCH_ROWS = 1000;

/** A record of a sheet: its row number as the spreadsheet shows it, and its cells as text. */
export interface SheetRecord {
  readonly lineNumber: number;
  readonly cells: string[];
}

/** What only a workbook read whole can tell. */
export interface SheetNotice {
  hasMergedCells: boolean;
  sheetCount: number;
}

/** Records of the first sheet that has any, in batches. Failure `import_file_damaged`. */
export async function* xlsxRecords(
  bytes: ByteSource,
  fileName: string,
  notice: SheetNotice,
): AsyncIterable<SheetRecord[]> {
  const blocks: Buffer[] = [];
  let size = 0;
  const iterator = bytes.blocks()[Symbol.asyncIterator]();
  let next = await iterator.next();
  for (; !next.done && size <= WHOLE_MAX_BYTES; next = await iterator.next()) {
    blocks.push(next.value);
    size += next.value.length;
  }
  try {
    if (next.done) yield* wholeRecords(Buffer.concat(blocks), notice);
    else yield* streamedRecords(continued(blocks, next.value, iterator), notice);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('import_file_damaged', { params: { file: fileName }, cause });
  }
}

async function* continued(
  blocks: Buffer[],
  current: Buffer,
  iterator: AsyncIterator<Buffer>,
): AsyncIterable<Buffer> {
  yield* blocks;
  yield current;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

/** Half a second of loading that only a workbook is worth. */
const loadLibrary = () => import('exceljs');

async function* wholeRecords(file: Buffer, notice: SheetNotice): AsyncIterable<SheetRecord[]> {
  const { default: Excel } = await loadLibrary();
  const workbook = new Excel.Workbook();
  await workbook.xlsx.load(file as unknown as ArrayBuffer);
  const sheet = workbook.worksheets.find((candidate) => candidate.actualRowCount > 0);
  notice.sheetCount = workbook.worksheets.filter((candidate) => candidate.actualRowCount > 0).length;
  if (!sheet) return;
  const batch: SheetRecord[] = [];
  sheet.eachRow({ includeEmpty: false }, (row, lineNumber) => {
    const cells: string[] = [];
    row.eachCell({ includeEmpty: true }, (cell, column) => {
      if (cell.isMerged) notice.hasMergedCells = true;
      // A merged text or day holds for every row it covers; a merged amount must not be counted again in each.
      const isCovered = cell.isMerged && cell.master !== cell;
      const value = cell.value;
      cells[column - 1] = isCovered && isAmount(value, cell.numFmt) ? '' : textOf(value);
    });
    batch.push({ lineNumber, cells: Array.from(cells, (cell) => cell ?? '') });
  });
  yield batch;
}

/** A number with decimals, or one that is shown with decimals or a currency: 50 shown as "50,00 €" is money, 1183 is not. */
function isAmount(value: ExcelJS.CellValue, numberFormat: string | undefined): boolean {
  if (typeof value !== 'number') return false;
  return !Number.isInteger(value) || /0[.,]0|[€$]/.test(numberFormat ?? '');
}

/** Large workbooks stream: merged cells then hold their value only in the first cell they cover. */
async function* streamedRecords(
  blocks: AsyncIterable<Buffer>,
  notice: SheetNotice,
): AsyncIterable<SheetRecord[]> {
  const { default: Excel } = await loadLibrary();
  const source = new WatchedArchive(blocks);
  const reader = new Excel.stream.xlsx.WorkbookReader(source.stream, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  for await (const sheet of source.iterate(reader)) {
    let batch: SheetRecord[] = [];
    let count = 0;
    for await (const row of source.iterate(sheet)) {
      const values = row.values as ExcelJS.CellValue[];
      batch.push({ lineNumber: row.number, cells: Array.from(values.slice(1), (value) => textOf(value)) });
      count++;
      if (batch.length < BATCH_ROWS) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
    if (count === 0) continue;
    notice.sheetCount = 1;
    return;
  }
}

const END_OF_ARCHIVE = Buffer.from('PK\u0005\u0006');

/**
 * The streaming reader waits for ever when its source fails or ends before the archive does. Whoever reads through
 * `iterate` gets that as an error.
 */
class WatchedArchive {
  readonly stream: Readable;
  #failure: Error | null = null;
  #onFailure: ((error: Error) => void) | null = null;

  constructor(blocks: AsyncIterable<Buffer>) {
    this.stream = Readable.from(this.#watched(blocks), { objectMode: false });
    this.stream.on('error', () => undefined); // it reaches the reader through `iterate`
  }

  async *#watched(blocks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    let last: Buffer = Buffer.alloc(0);
    let beforeLast = last;
    try {
      for await (const block of blocks) {
        yield block;
        beforeLast = last;
        last = block;
      }
      if (!Buffer.concat([beforeLast, last]).includes(END_OF_ARCHIVE))
        throw new Error('the archive was cut off');
    } catch (error) {
      this.#failure = error as Error;
      this.#onFailure?.(this.#failure);
      throw error;
    }
  }

  /** One pending `next` at a time is told of a failure: a race against one promise for all rows would keep them all. */
  async *iterate<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> {
    const iterator = items[Symbol.asyncIterator]();
    for (;;) {
      const next = await new Promise<IteratorResult<Item>>((resolve, reject) => {
        this.#onFailure = reject;
        if (this.#failure) reject(this.#failure);
        else iterator.next().then(resolve, reject);
      });
      if (next.done) return;
      yield next.value;
    }
  }
}

/**
 * A cell as text. Days become ISO days, numbers keep a point that cannot be taken for a thousand ("1.2340"), so that a
 * column of numbers and one of texts are read by the same rules.
 */
function textOf(value: ExcelJS.CellValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value.replaceAll('\u0000', '').toWellFormed();
  if (typeof value === 'number') return textOfNumber(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Date) return textOfDate(value);
  if ('result' in value) return textOf(value.result);
  if ('richText' in value) return textOf(value.richText.map((part) => part.text).join(''));
  if ('text' in value) return textOf(value.text);
  return '';
}

function textOfNumber(value: number): string {
  const text = String(Number(value.toPrecision(15)));
  return /^-?\d+\.\d{3}$/.test(text) ? `${text}0` : text;
}

function textOfDate(value: Date): string {
  if (Number.isNaN(value.getTime())) return '';
  const iso = new Date(Math.round(value.getTime() / 1000) * 1000).toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}
