import type { Connection } from '../database/connection.ts';
import type { Table } from '../importing/actions.ts';
import { doubtOf, openTable, rejectInWords, selectEarlierRun } from '../importing/actions.ts';
import { detectDateFormat, hasLostPrecision } from '../importing/rules.ts';
import type { Language } from '../kernel/language.ts';
import { recogniseMapping } from './actions.ts';
import { categoryChooser } from './category-rules.ts';
import { missingFields } from './guess.ts';
import { HeadNounCounter } from './head-noun.ts';
import { LineReader, resolveColumns } from './line-reader.ts';
import type { Doubt } from '../importing/schema.ts';
import type { PreviewLine, SalesColumn, SalesMapping, SalesPreview } from './schema.ts';

const SHOWN_ROWS = 20;
const numericColumns: readonly SalesColumn[] = ['amount', 'unitPrice', 'quantity'];
const customerColumns: readonly SalesColumn[] = ['card', 'customerCode', 'email', 'phone'];

/** What a file looks like to us before it is imported. */
export interface PreviewRequest {
  readonly path: string;
  readonly fileName: string;
  /** Another way to read it than the one recognised. */
  readonly mapping?: SalesMapping | undefined;
  readonly timeZone: string;
  readonly language: Language;
  readonly fileHash?: Buffer;
}

/** The mapping recognised or guessed, the first rows as they would be read, and what a person should look at. */
export async function previewTable(
  connection: Connection,
  request: PreviewRequest,
  now: Date,
): Promise<Omit<SalesPreview, 'uploadId'>> {
  const table = await openTable({ path: request.path, fileName: request.fileName });
  const recognised =
    request.mapping === undefined
      ? await recogniseMapping(connection, table)
      : { mapping: request.mapping, name: null };
  const { mapping } = recognised;
  const missing = missingFields(mapping);
  const doubts = doubtsOf(table, mapping, request.language);
  if (request.fileHash && (await selectEarlierRun(connection, 'sales', request.fileHash)))
    doubts.push(doubtOf('seen_before', '', '', request.language));
  return {
    fileName: request.fileName,
    format: table.format,
    encoding: table.encoding,
    delimiter: table.delimiter,
    header: [...table.header],
    mapping,
    mappingName: recognised.name,
    isComplete: missing.length === 0,
    doubts,
    lines: missing.length === 0 ? await firstLines(table, mapping, request, now) : [],
  };
}

function doubtsOf(table: Table, mapping: SalesMapping, language: Language): Doubt[] {
  const columns = resolveColumns(mapping, table.header);
  const cellsOf = (column: number): string[] => table.sample.map((row) => row[column] ?? '');
  const nameOf = (column: number): string => table.header[column] ?? '';
  const doubts = table.warnings.map((code) => doubtOf(code, '', '', language));
  for (const field of missingFields(mapping)) doubts.push(doubtOf(`${field}_missing`, field, '', language));
  if (columns.date !== undefined && mapping.dateFormat === 'auto') {
    const cells = cellsOf(columns.date);
    if (detectDateFormat(cells) === 'mixed')
      doubts.push(doubtOf('date_two_formats', 'date', nameOf(columns.date), language));
    else if (isUnclear(cells)) doubts.push(doubtOf('date_unclear', 'date', nameOf(columns.date), language));
  }
  const reader = new LineReader(mapping, table.header, table.sample, { timeZone: 'UTC', now: new Date(0) });
  for (const field of numericColumns) {
    const column = columns[field];
    if (column !== undefined && reader.numberFormats[field] === 'mixed')
      doubts.push(doubtOf('number_two_formats', field, nameOf(column), language));
  }
  for (const field of ['code', 'ean'] as const) {
    const column = columns[field];
    if (column !== undefined && cellsOf(column).some(hasLostPrecision))
      doubts.push(doubtOf('code_cut', field, nameOf(column), language));
  }
  if (!customerColumns.some((field) => columns[field] !== undefined))
    doubts.push(doubtOf('no_customer', 'card', '', language));
  return doubts;
}

/** Days like 03/04/2026 only: nothing in the column says which number is the month. */
function isUnclear(cells: readonly string[]): boolean {
  let filled = 0;
  const swapped = new Set<string>();
  for (const cell of cells) {
    const parts = /^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}/.exec(cell.trim());
    if (!parts) continue;
    if (Number(parts[1]) > 12 || Number(parts[2]) > 12) return false;
    filled++;
    swapped.add(parts[0]);
  }
  // A file of one day or two is always so; only a longer one is worth a question.
  return filled > 0 && swapped.size > 2;
}

async function firstLines(
  table: Table,
  mapping: SalesMapping,
  request: PreviewRequest,
  now: Date,
): Promise<PreviewLine[]> {
  const reader = new LineReader(mapping, table.header, table.sample, { timeZone: request.timeZone, now });
  const nouns = mapping.category.rule === 'head_noun' ? new HeadNounCounter(mapping.category) : null;
  const choose = categoryChooser(
    mapping.category.rule === 'head_noun' ? { ...mapping.category, minimumLines: 0 } : mapping.category,
    nouns,
  );
  const lines: PreviewLine[] = [];
  for await (const { lineNumber, cells } of table.rows()) {
    const reason = reader.read(cells);
    const isRead = reason === null;
    lines.push({
      lineNumber,
      cells: [...cells],
      reason,
      reasonSentence: isRead ? null : rejectInWords(reason, request.language),
      soldAt: isRead ? new Date(reader.instant).toISOString() : null,
      number: reader.number,
      customer: isRead ? reader.customerKey : '',
      product: reader.description || reader.code || reader.ean,
      category: isRead ? choose(reader).path.join(' > ') : '',
      quantity: isRead ? reader.quantity : null,
      totalCents: isRead ? reader.totalCents : null,
      isReturn: isRead && reader.isReturn,
    });
    if (lines.length >= SHOWN_ROWS) break;
  }
  return lines;
}
