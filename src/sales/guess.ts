import {
  columnReference,
  detectDateFormat,
  foldHeader,
  guessColumns,
  isNumberColumn,
  salesSynonyms,
} from '../importing/rules.ts';
import type { SalesColumn, SalesMapping, SalesMappingInput } from './schema.ts';
import { salesMappingSchema } from './schema.ts';

/** Words by which a type column marks goods brought back or a sale taken back. */
const RETURN_WORDS = [
  'reso',
  'resi',
  'rimborso',
  'storno',
  'annullo',
  'annullamento',
  'nota di credito',
  'nota credito',
  'nc',
  'refund',
  'return',
  'rückerstattung',
];

/** A layout known by the names of its columns. */
interface Preset {
  readonly name: string;
  readonly signature: readonly string[];
  readonly mapping: SalesMappingInput;
}

const presets: readonly Preset[] = [
  {
    name: 'SumUp',
    signature: ['Transaktionsnummer', 'Typ', 'Menge', 'Preis (brutto)'],
    mapping: {
      source: 'sumup',
      columns: {
        date: 'Datum',
        number: 'Transaktionsnummer',
        type: 'Typ',
        quantity: 'Menge',
        description: 'Beschreibung',
        category: 'Category',
        code: 'Sku',
        amount: 'Preis (brutto)',
      },
      numberFormat: 'dot',
      dateFormat: 'day_first',
      returns: { typeValues: ['Rückerstattung'] },
    },
  },
  {
    name: 'Square',
    signature: ['Gross Sales', 'Net Sales', 'Transaction ID', 'Event Type', 'Item'],
    mapping: {
      source: 'square',
      columns: {
        date: 'Date',
        time: 'Time',
        number: 'Transaction ID',
        till: 'Device Name',
        store: 'Location',
        type: 'Event Type',
        category: 'Category',
        description: 'Item',
        code: 'SKU',
        ean: 'GTIN',
        quantity: 'Qty',
        amount: 'Net Sales',
        customerCode: 'Customer ID',
        customerName: 'Customer Name',
      },
      numberFormat: 'auto',
      returns: { typeValues: ['Refund'] },
    },
  },
  {
    name: 'Shopify',
    signature: ['Lineitem quantity', 'Lineitem name', 'Lineitem price', 'Financial Status'],
    mapping: {
      source: 'shopify',
      columns: {
        date: 'Created at',
        number: 'Name',
        store: 'Location',
        email: 'Email',
        phone: 'Phone',
        description: 'Lineitem name',
        code: 'Lineitem sku',
        quantity: 'Lineitem quantity',
        unitPrice: 'Lineitem price',
        discount: 'Lineitem discount',
        documentTotal: 'Total',
        refundedTotal: 'Refunded Amount',
        type: 'Financial Status',
      },
      numberFormat: 'dot',
      dateFormat: 'iso',
      discountIs: 'amount',
      hasGroupedLines: true,
      category: { rule: 'fixed', name: 'Tutto' },
      ignore: [{ field: 'type', equals: ['voided'], reason: 'voided' }],
    },
  },
];

/** A way to read a file, found without asking. */
export interface MappingGuess {
  readonly mapping: SalesMapping;
  /** The preset recognised, or null for a guess from the column names. */
  readonly presetName: string | null;
  /** Fields without which nothing can be imported and that were not found. */
  readonly missing: readonly ('date' | 'amount')[];
}

/** Guesses how to read a file from its column names and its first rows. */
export function guessMapping(
  header: readonly string[],
  sample: readonly (readonly string[])[],
): MappingGuess {
  const names = new Set(header.map(foldHeader));
  const preset = presets.find(({ signature }) => signature.every((name) => names.has(foldHeader(name))));
  if (preset) {
    const columns = Object.fromEntries(
      Object.entries(preset.mapping.columns).filter(([, name]) => names.has(foldHeader(String(name)))),
    );
    const mapping = salesMappingSchema.parse({ ...preset.mapping, columns });
    return { mapping, presetName: preset.name, missing: missingFields(mapping) };
  }
  const mapping = guessFromNames(header, sample);
  return { mapping, presetName: null, missing: missingFields(mapping) };
}

function guessFromNames(header: readonly string[], sample: readonly (readonly string[])[]): SalesMapping {
  const found = guessColumns(header, salesSynonyms);
  const cellsOf = (column: number): string[] => sample.map((row) => row[column] ?? '');
  const columns: Partial<Record<SalesColumn, string | number>> = {};
  for (const [field, column] of Object.entries(found)) {
    if (field === 'payment') continue;
    const isNumeric = ['amount', 'unitPrice', 'quantity'].includes(field);
    if (isNumeric && sample.length > 0 && !mostlyNumbers(cellsOf(column))) continue;
    columns[field as SalesColumn] = columnReference(header, column);
  }
  if (columns.date === undefined) {
    const dated = header.findIndex((_, column) => detectDateFormat(cellsOf(column)) !== null);
    const format = dated < 0 ? null : detectDateFormat(cellsOf(dated));
    if (format !== null && format !== 'serial') columns.date = dated + 1;
  }
  const discountHeader = found.discount === undefined ? '' : (header[found.discount] ?? '');
  return salesMappingSchema.parse({
    columns,
    discountIs: discountHeader.includes('%') || columns.amount !== undefined ? 'percent' : 'amount',
    returns: { numberPrefixes: [], typeValues: columns.type === undefined ? [] : RETURN_WORDS },
    category:
      columns.category === undefined ? { rule: 'fixed', name: 'Tutto' } : { rule: 'column', separator: '>' },
  });
}

/** A stray word in a column of amounts must not hide the column. */
function mostlyNumbers(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  const numbers = filled.filter((cell) => isNumberColumn([cell]));
  return filled.length === 0 || numbers.length * 2 >= filled.length;
}

/** What a mapping lacks to be usable. */
export function missingFields(mapping: SalesMapping): ('date' | 'amount')[] {
  const missing: ('date' | 'amount')[] = [];
  if (mapping.columns.date === undefined) missing.push('date');
  if (mapping.columns.amount === undefined && mapping.columns.unitPrice === undefined) missing.push('amount');
  return missing;
}
