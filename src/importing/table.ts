import { Failure } from '../kernel/failure.ts';
import type { ByteSource, TableSource } from './byte-source.ts';
import { openBytes } from './byte-source.ts';
import type { CsvLayout } from './csv-rows.ts';
import { csvRecords, detectCsvLayout } from './csv-rows.ts';
import { findHeaderRow, isRepeatedHeader, isTotalRow } from './header.ts';
import { isKnownHeaderName } from './synonyms.ts';
import type { Encoding } from './text-decoding.ts';
import type { SheetNotice } from './xlsx-rows.ts';
import { areRejectColumns, rejectColumnCount } from './words.ts';
import { xlsxRecords } from './xlsx-rows.ts';

const SAMPLE_ROWS = 500;

/** A data row: its number in the file as a spreadsheet shows it (the first row is 1), and its cells as written. */
export interface Row {
  readonly lineNumber: number;
  readonly cells: string[];
}

/** What is worth telling about how a file is written. */
export type TableWarning = 'double_encoded' | 'merged_cells' | 'several_sheets' | 'no_header';

/** A file opened as a table. */
export interface Table {
  readonly format: 'csv' | 'xlsx';
  readonly encoding: Encoding;
  /** Empty for a workbook. */
  readonly delimiter: string;
  readonly header: readonly string[];
  /** Row number of the header; 0 when the file has none and the columns were named "Colonna 1", "Colonna 2", ... */
  readonly headerLine: number;
  /** The first data rows, to guess from and to show. */
  readonly sample: readonly (readonly string[])[];
  readonly warnings: readonly TableWarning[];
  /** Whether these are rejected rows of ours that were downloaded and corrected: only parts of their receipts. */
  readonly areRejects: boolean;
  /** Bytes of the file consumed so far. */
  readonly consumedBytes: number;
  /** Data rows in batches: without empty rows, totals and headers repeated on each page. A stream can be read once. */
  batches(): AsyncIterable<Row[]>;
  rows(): AsyncIterable<Row>;
  /** SHA-256 of the file, once it was read to its end. */
  digest(): Buffer;
}

/**
 * Opens a CSV (delimiter `;` `,` tab `|`, gzip or not, UTF-8, UTF-16 or CP1252) or an XLSX as a table. Other kinds of
 * file are refused with a Failure that says what to do (see `recogniseFileKind`); `import_file_empty` when it has no
 * rows.
 */
export async function openTable(source: TableSource): Promise<Table> {
  const bytes = await openBytes(source);
  return bytes.kind === 'xlsx' ? openWorkbook(bytes, source) : openCsv(bytes, source);
}

async function openCsv(bytes: ByteSource, source: TableSource): Promise<Table> {
  const layout = detectCsvLayout(bytes.head, bytes.isWhole);
  const headRows = await recordsOfHead(bytes, layout, source.fileName);
  const frame = frameOf(headRows.slice(layout.skippedRecords), source.fileName);
  const notice = { isDoubleEncoded: false, encoding: layout.encoding };
  return new OpenTable(
    {
      ...frame,
      format: 'csv',
      encoding: layout.encoding,
      delimiter: layout.delimiter,
      warnings: layout.isDoubleEncoded ? [...frame.warnings, 'double_encoded'] : frame.warnings,
    },
    bytes,
    () => numbered(csvRecords(bytes, layout, source.fileName, notice)),
    layout.skippedRecords,
  );
}

/** The head is parsed on its own: what the table looks like is known before it is read. */
async function recordsOfHead(bytes: ByteSource, layout: CsvLayout, fileName: string): Promise<Row[]> {
  const head: ByteSource = { ...onlyHead(bytes) };
  const rows: Row[] = [];
  const notice = { isDoubleEncoded: false, encoding: layout.encoding, mayEndInside: !bytes.isWhole };
  for await (const batch of numbered(csvRecords(head, layout, fileName, notice)))
    for (const row of batch) rows.push(row); // a spread would put a large block on the stack
  if (!bytes.isWhole && rows.length > 1) rows.pop(); // its end lies beyond the head
  return rows;
}

function onlyHead(bytes: ByteSource): ByteSource {
  return {
    kind: bytes.kind,
    head: bytes.head,
    isWhole: true,
    consumedBytes: 0,
    digest: () => bytes.digest(),
    // eslint-disable-next-line @typescript-eslint/require-await -- the reader expects an asynchronous source
    blocks: async function* () {
      yield bytes.head;
    },
  };
}

async function* numbered(records: AsyncIterable<string[][]>): AsyncIterable<Row[]> {
  let lineNumber = 0;
  for await (const batch of records) {
    yield batch.map((cells) => ({ lineNumber: ++lineNumber, cells }));
  }
}

async function openWorkbook(bytes: ByteSource, source: TableSource): Promise<Table> {
  const notice: SheetNotice = { hasMergedCells: false, sheetCount: 0 };
  if (!('path' in source)) throw new Error('a workbook is opened from a file, because it is read twice');
  const rows: Row[] = [];
  for await (const batch of xlsxRecords(bytes, source.fileName, notice)) {
    rows.push(...batch);
    if (rows.length > SAMPLE_ROWS) break;
  }
  const frame = frameOf(rows, source.fileName);
  const warnings = [...frame.warnings];
  if (notice.hasMergedCells) warnings.push('merged_cells');
  if (notice.sheetCount > 1) warnings.push('several_sheets');
  return new OpenTable({ ...frame, format: 'xlsx', encoding: 'utf-8', delimiter: '', warnings }, bytes, () =>
    xlsxRecords(bytes, source.fileName, notice),
  );
}

type Frame = Pick<Table, 'header' | 'headerLine' | 'sample' | 'warnings' | 'areRejects'>;

function frameOf(rows: readonly Row[], fileName: string): Frame {
  const filled = rows.filter((row) => !isEmptyRow(row.cells));
  if (filled.length === 0) throw new Failure('import_file_empty', { params: { file: fileName } });
  const position = findHeaderRow(
    filled.map((row) => row.cells),
    isKnownHeaderName,
  );
  const headerRow = filled[position];
  const named = headerRow
    ? trimmedHeader(headerRow.cells)
    : Array.from(
        { length: Math.max(...filled.map((row) => row.cells.length)) },
        (_, column) => `Colonna ${column + 1}`,
      );
  const areRejects = areRejectColumns(named);
  const skipped = areRejects ? rejectColumnCount : 0;
  const header = named.slice(skipped);
  const sample = filled
    .slice(position + 1)
    .map((row) => row.cells.slice(skipped))
    .filter((cells) => isDataRow(cells, header))
    .slice(0, SAMPLE_ROWS);
  const headerLine = headerRow?.lineNumber ?? 0;
  return { header, headerLine, sample, warnings: headerRow ? [] : ['no_header'], areRejects };
}

function trimmedHeader(cells: readonly string[]): string[] {
  const header = cells.map((cell) => cell.trim());
  while (header.length > 0 && header[header.length - 1] === '') header.pop();
  return header;
}

function isEmptyRow(cells: readonly string[]): boolean {
  for (const cell of cells) if (cell !== '' && cell.trim() !== '') return false;
  return true;
}

function isDataRow(cells: readonly string[], header: readonly string[]): boolean {
  return !isEmptyRow(cells) && !isTotalRow(cells) && !isRepeatedHeader(cells, header);
}

class OpenTable implements Table {
  readonly format: 'csv' | 'xlsx';
  readonly encoding: Encoding;
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly headerLine: number;
  readonly sample: readonly (readonly string[])[];
  readonly warnings: readonly TableWarning[];
  readonly areRejects: boolean;
  readonly #bytes: ByteSource;
  readonly #records: () => AsyncIterable<Row[]>;
  readonly #lastLineAbove: number;

  constructor(
    described: Frame & Pick<Table, 'format' | 'encoding' | 'delimiter'>,
    bytes: ByteSource,
    records: () => AsyncIterable<Row[]>,
    linesAbove = 0,
  ) {
    this.format = described.format;
    this.encoding = described.encoding;
    this.delimiter = described.delimiter;
    this.header = described.header;
    this.headerLine = described.headerLine;
    this.sample = described.sample;
    this.warnings = described.warnings;
    this.areRejects = described.areRejects;
    this.#lastLineAbove = Math.max(described.headerLine, linesAbove);
    this.#bytes = bytes;
    this.#records = records;
  }

  get consumedBytes(): number {
    return this.#bytes.consumedBytes;
  }

  digest(): Buffer {
    return this.#bytes.digest();
  }

  async *batches(): AsyncIterable<Row[]> {
    for await (const read of this.#records()) {
      const batch = this.areRejects ? read.map(withoutRejectColumns) : read;
      const data = batch.filter(
        (row) => row.lineNumber > this.#lastLineAbove && isDataRow(row.cells, this.header),
      );
      if (data.length > 0) yield data;
    }
  }

  async *rows(): AsyncIterable<Row> {
    for await (const batch of this.batches()) yield* batch;
  }
}

/** The cells as they were in the file that was rejected, so that its mapping fits. */
function withoutRejectColumns({ lineNumber, cells }: Row): Row {
  return { lineNumber, cells: cells.slice(rejectColumnCount) };
}
