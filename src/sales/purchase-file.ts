import type { Table, TableSource } from '../importing/actions.ts';
import { openTable } from '../importing/actions.ts';
import type { NumberFormat } from '../importing/rules.ts';
import { detectDateFormat, detectNumberFormat, parseDate, parseNumber } from '../importing/rules.ts';
import { Failure } from '../kernel/failure.ts';
import type { Day } from '../kernel/day.ts';
import { dayOfInstant } from '../kernel/day.ts';
import { categoryChooser } from './category-rules.ts';
import { countNouns } from './count-nouns.ts';
import { HeadNounCounter } from './head-noun.ts';
import { LineReader, keyColumns, resolveColumns } from './line-reader.ts';
import type { CategoryRule, SalesMapping } from './schema.ts';

/** Where the columns of a plain file of purchases stand, by their names. */
export interface PurchaseColumns {
  readonly customer: string;
  /** A column, or the head nouns of a column of descriptions, or null where everything is one category. */
  readonly category: string | { readonly nounsOf: string; readonly rule: HeadNounRule } | null;
  readonly date: string;
  readonly quantity: string | null;
  readonly dateFormat: 'day_first' | 'month_first' | 'iso' | 'auto';
}

type HeadNounRule = Extract<CategoryRule, { rule: 'head_noun' }>;

/** How many rows were read, and how many were left out and why. */
export interface PurchaseReading {
  readonly read: number;
  readonly rejects: Readonly<Record<string, number>>;
}

/** One purchase, with the names as the file has them. */
type Take = (customer: string, category: string, day: Day, quantity: number) => void;

const ONE_CATEGORY = 'all';

/**
 * Reads purchases of known customers from a file of sales, without a database: by a mapping, or by columns. Returns and
 * what is no goods are left out, as clocks.md 7 does. Failures: those of `openTable`, `import_column_missing`,
 * `import_column_unknown`, `import_column_twice`.
 */
export async function readPurchases(
  source: TableSource,
  reading: { readonly mapping: SalesMapping } | { readonly columns: PurchaseColumns },
  context: { readonly timeZone: string; readonly now: Date },
  take: Take,
): Promise<PurchaseReading> {
  const table = await openTable(source);
  const reader =
    'mapping' in reading
      ? await readerOfMapping(table, reading.mapping, context)
      : await readerOfColumns(table, reading.columns, context);
  const rejects: Record<string, number> = {};
  let read = 0;
  for await (const row of table.rows()) {
    read += 1;
    const reason = reader(row.cells, take);
    if (reason !== null) rejects[reason] = (rejects[reason] ?? 0) + 1;
  }
  return { read, rejects };
}

/** Takes a row, or says why not. */
type RowReader = (cells: readonly string[], take: Take) => string | null;

async function readerOfMapping(
  table: Table,
  mapping: SalesMapping,
  context: { readonly timeZone: string; readonly now: Date },
): Promise<RowReader> {
  const choose = categoryChooser(mapping.category, await countNouns(table, mapping, context));
  const columns = resolveColumns(mapping, table.header);
  const reader = new LineReader(mapping, table.header, table.sample, context);
  return (cells, take) => {
    const reason = reader.read(cells);
    if (reason !== null) return reason;
    if (reader.customerKind === null) return 'anonymous';
    if (reader.isReturn || reader.quantity <= 0) return 'return';
    const { path, hasClock } = choose(reader);
    if (!hasClock) return 'not_goods';
    // The name as the file writes it; the further lines of a grouped receipt do not repeat it.
    const written = cells[columns[keyColumns[reader.customerKind]] ?? -1]?.trim() ?? '';
    take(written === '' ? reader.customerKey : written, path.join(' > '), reader.day, reader.quantity);
    return null;
  };
}

/** What `readerOfColumns` knows of a file. */
interface PlainColumns {
  readonly customer: number;
  readonly category: number | null;
  readonly date: number;
  readonly quantity: number | null;
}

async function readerOfColumns(
  table: Table,
  columns: PurchaseColumns,
  context: { readonly timeZone: string; readonly now: Date },
): Promise<RowReader> {
  const place = placeColumns(table.header, columns);
  const cellsOf = (column: number): string[] => table.sample.map((cells) => cells[column] ?? '');
  const dateFormat =
    columns.dateFormat === 'auto'
      ? (detectDateFormat(cellsOf(place.date)) ?? 'day_first')
      : columns.dateFormat;
  const numberFormat: NumberFormat =
    place.quantity === null ? 'dot' : detectNumberFormat(cellsOf(place.quantity));
  const latest = dayOfInstant(context.now, context.timeZone);
  const categoryOf = await chooserOfColumn(
    table,
    place,
    typeof columns.category === 'object' ? (columns.category?.rule ?? null) : null,
  );
  return (cells, take) => {
    const customer = cells[place.customer]?.trim() ?? '';
    if (customer === '') return 'anonymous';
    const date = parseDate(cells[place.date] ?? '', dateFormat);
    if (typeof date === 'string') return date;
    if (date.day > latest) return 'date_in_future';
    const cell = place.quantity === null ? '' : (cells[place.quantity]?.trim() ?? '');
    const quantity = cell === '' ? 1 : parseNumber(cell, numberFormat);
    if (Number.isNaN(quantity)) return 'quantity_unreadable';
    if (quantity <= 0) return 'return';
    const category = categoryOf(cells);
    if (category === '') return 'category_missing';
    take(customer, category, date.day, quantity);
    return null;
  };
}

/** Columns by their names as the header writes them. Failures `import_column_missing`, `import_column_twice`. */
function placeColumns(header: readonly string[], columns: PurchaseColumns): PlainColumns {
  const place = (name: string): number => {
    const found = [...header.keys()].filter((column) => header[column] === name);
    if (found.length > 1) throw new Failure('import_column_twice', { params: { column: name } });
    if (found.length === 1) return found[0] ?? 0;
    throw new Failure('import_column_unknown', { params: { column: name, columns: header.join(', ') } });
  };
  return {
    customer: place(columns.customer),
    category:
      columns.category === null
        ? null
        : place(typeof columns.category === 'string' ? columns.category : columns.category.nounsOf),
    date: place(columns.date),
    quantity: columns.quantity === null ? null : place(columns.quantity),
  };
}

/** The category as written, all in one, or the head noun of a description with rare ones together. */
async function chooserOfColumn(
  table: Table,
  place: PlainColumns,
  rule: HeadNounRule | null,
): Promise<(cells: readonly string[]) => string> {
  const { category } = place;
  if (category === null) return () => ONE_CATEGORY;
  const textOf = (cells: readonly string[]): string => cells[category]?.trim() ?? '';
  if (rule === null) return textOf;
  const counter = new HeadNounCounter(rule);
  for await (const { cells } of table.rows())
    if ((cells[place.customer] ?? '').trim() !== '' && textOf(cells) !== '')
      counter.count(textOf(cells), textOf(cells));
  const counts = counter.nouns();
  return (cells) => {
    const text = textOf(cells);
    if (text === '') return '';
    const noun = counter.nounOf(text, text);
    return (counts.get(noun) ?? 0) >= rule.minimumLines ? noun : rule.restName;
  };
}
