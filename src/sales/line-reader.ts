import { Failure } from '../kernel/failure.ts';
import { dayOfInstant } from '../kernel/day.ts';
import { cutText, foldName } from '../kernel/text.ts';
import { ownText } from '../importing/actions.ts';
import type { DateFormat, DateProblem, NumberFormat, ReadDate } from '../importing/rules.ts';
import {
  LocalInstants,
  centsOf,
  columnPosition,
  detectDateFormat,
  detectNumberFormat,
  hasLostPrecision,
  parseDate,
  parseNumber,
  parseTime,
} from '../importing/rules.ts';
import type { IgnoreRule, SalesColumn, SalesMapping } from './schema.ts';

/** Why a row is not accepted; ignore rules of a mapping add their own names. */
export type RejectReason = DateProblem | (string & {});

const CENTS_MAX = 2_000_000_000;
const QUANTITY_MAX = 1_000_000;
const CODE_MAX = 200;
const TEXT_MAX = 200;
const DAYS_AHEAD_MAX = 1;
const OLDEST_DAY = 7305; // 1990-01-01: before it a date is a mistake of the till
const MS_PER_DAY = 86_400_000;
const numericColumns = ['quantity', 'unitPrice', 'discount', 'amount', 'vat', 'documentTotal'] as const;

/** The kinds of key by which a till names its customer, the most trusted first. */
export const customerKinds = ['card', 'code', 'email', 'phone'] as const;
export type CustomerKind = (typeof customerKinds)[number];
/** The column that names a customer by each kind of key. */
export const keyColumns: Readonly<Record<CustomerKind, SalesColumn>> = {
  card: 'card',
  code: 'customerCode',
  email: 'email',
  phone: 'phone',
};

/** Formats found in a file's first rows, to read more rows of it later. */
export interface ReadingFormats {
  readonly numberFormats: Partial<Record<string, NumberFormat>>;
  readonly dateFormat: DateFormat;
}

/**
 * Interprets rows by a mapping. One object is filled again and again, because a file has millions of rows: read its
 * fields before the next call of `read`.
 */
export class LineReader {
  instant = 0;
  day = 0;
  number = '';
  till = '';
  store = '';
  /** How the customer is named, with the cell as written; null for an anonymous sale. */
  customerKind: CustomerKind | null = null;
  customerKey = '';
  customerName = '';
  code = '';
  ean = '';
  description = '';
  category = '';
  quantity = 0;
  totalCents = 0;
  documentCents: number | null = null;
  refundedCents = 0;
  isReturn = false;
  /** The field a rejection is about. */
  field: SalesColumn | '' = '';
  /** Whether a date contradicted the format that the first rows of the file showed. */
  hasOtherDateFormat = false;

  readonly numberFormats: Partial<Record<SalesColumn, NumberFormat>> = {};
  readonly dateFormat: DateFormat;
  readonly #mapping: SalesMapping;
  readonly #columns: Partial<Record<SalesColumn, number>>;
  readonly #width: number;
  readonly #dates = new Map<string, ReadDate | DateProblem>();
  readonly #times = new Map<string, number | null>();
  readonly #anonymousNames: Map<string, boolean>;
  readonly #anonymousCodes: ReadonlySet<string>;
  readonly #returnTypes: ReadonlySet<string>;
  readonly #instants: LocalInstants;
  readonly #latest: number;
  /** Why the first row of the present receipt was rejected, where its other rows depend on it. */
  #headReason: RejectReason | null = null;

  constructor(
    mapping: SalesMapping,
    header: readonly string[],
    sample: readonly (readonly string[])[],
    context: { timeZone: string; now: Date; formats?: ReadingFormats },
  ) {
    this.#mapping = mapping;
    this.#width = header.length;
    this.#columns = resolveColumns(mapping, header);
    this.#instants = new LocalInstants(context.timeZone);
    this.#latest = dayOfInstant(context.now, context.timeZone) + DAYS_AHEAD_MAX;
    this.#anonymousNames = new Map();
    this.#anonymousCodes = new Set(mapping.anonymousCodes);
    this.#returnTypes = new Set(mapping.returns.typeValues.map(foldName));
    const cellsOf = (field: SalesColumn): string[] => {
      const column = this.#columns[field];
      return column === undefined ? [] : sample.map((row) => row[column] ?? '');
    };
    this.dateFormat =
      context.formats && mapping.dateFormat === 'auto'
        ? context.formats.dateFormat
        : mapping.dateFormat === 'auto'
          ? (detectDateFormat(cellsOf('date')) ?? 'day_first')
          : mapping.dateFormat;
    for (const field of numericColumns) {
      this.numberFormats[field] =
        mapping.numberFormat === 'auto'
          ? (context.formats?.numberFormats[field] ?? detectNumberFormat(cellsOf(field)))
          : mapping.numberFormat;
    }
    this.numberFormats.refundedTotal = this.numberFormats.documentTotal;
  }

  /** Whether the mapping names a column for the field. */
  has(field: SalesColumn): boolean {
    return this.#columns[field] !== undefined;
  }

  /** Reads a row into the fields. Null when it is accepted, else the reason why not. */
  read(cells: readonly string[]): RejectReason | null {
    this.field = '';
    if (cells.length > this.#width && hasExtraCells(cells, this.#width)) return 'too_many_cells';
    const previousNumber = this.number;
    this.number = this.#text(cells, 'number');
    if (this.number.length > CODE_MAX) return this.#reject('number', 'cell_too_long');
    const isContinued = this.#mapping.hasGroupedLines && this.number === previousNumber && this.number !== '';
    if (isContinued && this.#headReason !== null) return this.#rejectWithHead(this.#headReason);
    const reason =
      this.#readIgnored(cells) ??
      this.#readWhen(cells, isContinued) ??
      this.#readProduct(cells) ??
      this.#readAmounts(cells) ??
      this.#readCustomer(cells, isContinued);
    if (!isContinued) this.#headReason = reason;
    return reason;
  }

  /** A row that takes its day and customer from the first row of its receipt must not take them from another receipt. */
  #rejectWithHead(reason: RejectReason): RejectReason {
    const isWanted = this.#mapping.ignore.some((rule) => rule.reason === reason);
    return this.#reject('number', isWanted ? reason : 'receipt_head_rejected');
  }

  #text(cells: readonly string[], field: SalesColumn): string {
    const column = this.#columns[field];
    if (column === undefined) return '';
    const cell = cells[column];
    if (cell === undefined) return '';
    const last = cell.length - 1;
    return last >= 0 &&
      (cell.charCodeAt(0) <= 32 || cell.charCodeAt(last) <= 32 || cell.charCodeAt(0) === 160)
      ? cell.trim()
      : cell;
  }

  #reject(field: SalesColumn, reason: RejectReason): RejectReason {
    this.field = field;
    return reason;
  }

  #readIgnored(cells: readonly string[]): RejectReason | null {
    for (const rule of this.#mapping.ignore) {
      if (this.#isIgnored(cells, rule)) return this.#reject(rule.field, rule.reason);
    }
    return null;
  }

  #isIgnored(cells: readonly string[], rule: IgnoreRule): boolean {
    const cell = this.#text(cells, rule.field);
    if (rule.equals?.includes(cell)) return true;
    if (rule.startsWith !== undefined && cell.startsWith(rule.startsWith)) return true;
    if (rule.atMost === undefined || cell === '') return false;
    return parseNumber(cell, this.numberFormats[rule.field] ?? 'comma') <= rule.atMost;
  }

  #readWhen(cells: readonly string[], isContinued: boolean): RejectReason | null {
    const store = this.#text(cells, 'store');
    const till = this.#text(cells, 'till');
    if (!isContinued || store !== '') this.store = store;
    if (!isContinued || till !== '') this.till = till;
    if (store.length > CODE_MAX) return this.#reject('store', 'cell_too_long');
    if (till.length > CODE_MAX) return this.#reject('till', 'cell_too_long');
    const cell = this.#text(cells, 'date');
    if (isContinued && cell === '') return null;
    let date = this.#dates.get(cell);
    if (date === undefined) {
      date = parseDate(cell, this.dateFormat);
      if (this.#dates.size > 100_000) this.#dates.clear();
      this.#dates.set(ownText(cell), date);
    }
    if (typeof date === 'string') {
      if (date === 'date_other_format') this.hasOtherDateFormat = true;
      return this.#reject('date', date);
    }
    const timeCell = this.#text(cells, 'time');
    let time: number | null = null;
    if (timeCell !== '' && date.milliseconds === null) {
      const known = this.#times.get(timeCell);
      time = known === undefined ? parseTime(timeCell) : known;
      if (known === undefined && this.#times.size < 100_000) this.#times.set(ownText(timeCell), time);
      if (time === null) return this.#reject('time', 'time_unreadable');
    }
    return this.#setInstant(date, time);
  }

  #setInstant(date: ReadDate, time: number | null): RejectReason | null {
    if (date.offsetMinutes === null) {
      this.day = date.day;
      this.instant = this.#instants.instantOf(date.day, date.milliseconds ?? time ?? MS_PER_DAY / 2);
    } else {
      const resolved = this.#instants.resolve(date, time, dayOfInstant);
      this.day = resolved.day;
      this.instant = resolved.instant;
    }
    if (this.day > this.#latest) return this.#reject('date', 'date_in_future');
    return this.day < OLDEST_DAY ? this.#reject('date', 'date_too_old') : null;
  }

  #readProduct(cells: readonly string[]): RejectReason | null {
    this.description = cutText(this.#text(cells, 'description'), TEXT_MAX);
    this.category = cutText(this.#text(cells, 'category'), TEXT_MAX);
    const code = this.#text(cells, 'code');
    const ean = this.#text(cells, 'ean');
    if (code.length > CODE_MAX) return this.#reject('code', 'cell_too_long');
    if (ean.length > CODE_MAX) return this.#reject('ean', 'cell_too_long');
    // What a spreadsheet shortened would make one product of many: the description stands in for it.
    this.code = code !== '' && hasLostPrecision(code) ? '' : code;
    this.ean = ean !== '' && hasLostPrecision(ean) ? '' : ean;
    return null;
  }

  #readAmounts(cells: readonly string[]): RejectReason | null {
    const quantityCell = this.#text(cells, 'quantity');
    let quantity =
      quantityCell === '' ? 1 : parseNumber(quantityCell, this.numberFormats.quantity ?? 'comma');
    if (Number.isNaN(quantity)) return this.#reject('quantity', 'quantity_unreadable');
    if (Math.abs(quantity) > QUANTITY_MAX) return this.#reject('quantity', 'quantity_too_large');
    const cents = this.#readCents(cells, quantity);
    if (typeof cents !== 'number') return cents;
    if (Math.abs(cents) > CENTS_MAX) return this.#reject('amount', 'amount_too_large');
    const isDeclared = this.#isDeclaredReturn(cells);
    const isReturn = isDeclared || quantity < 0 || cents < 0;
    if (isReturn) quantity = -Math.abs(quantity);
    this.quantity = quantity;
    this.totalCents = isReturn ? -Math.abs(cents) : cents;
    this.isReturn = this.quantity < 0 || this.totalCents < 0;
    return this.#readDocument(cells);
  }

  #isDeclaredReturn(cells: readonly string[]): boolean {
    for (const prefix of this.#mapping.returns.numberPrefixes)
      if (this.number.startsWith(prefix)) return true;
    if (this.#returnTypes.size === 0) return false;
    return this.#returnTypes.has(foldName(this.#text(cells, 'type')));
  }

  #readCents(cells: readonly string[], quantity: number): number | RejectReason {
    const amountCell = this.#text(cells, 'amount');
    let amount: number;
    if (amountCell !== '') {
      amount = parseNumber(amountCell, this.numberFormats.amount ?? 'comma');
      if (Number.isNaN(amount)) return this.#reject('amount', 'amount_unreadable');
    } else {
      const priceCell = this.#text(cells, 'unitPrice');
      if (priceCell === '')
        return this.#reject(this.has('amount') ? 'amount' : 'unitPrice', 'amount_missing');
      const price = parseNumber(priceCell, this.numberFormats.unitPrice ?? 'comma');
      if (Number.isNaN(price)) return this.#reject('unitPrice', 'amount_unreadable');
      const discount = this.#discountOf(cells, price * quantity);
      if (discount === null) return this.#reject('discount', 'amount_unreadable');
      amount = price * quantity - discount;
    }
    if (this.#mapping.isVatIncluded) return centsOf(amount);
    const vatCell = this.#text(cells, 'vat').replace('%', '');
    const rate =
      vatCell === '' ? this.#mapping.vatRate : parseNumber(vatCell, this.numberFormats.vat ?? 'comma');
    if (rate === undefined || Number.isNaN(rate)) return this.#reject('vat', 'vat_missing');
    return centsOf(amount * (1 + rate / 100));
  }

  #discountOf(cells: readonly string[], gross: number): number | null {
    const cell = this.#text(cells, 'discount').replace('%', '');
    if (cell === '') return 0;
    const discount = parseNumber(cell, this.numberFormats.discount ?? 'comma');
    if (Number.isNaN(discount)) return null;
    return this.#mapping.discountIs === 'percent' ? (gross * discount) / 100 : discount;
  }

  #readDocument(cells: readonly string[]): RejectReason | null {
    const total = this.#text(cells, 'documentTotal');
    const read = total === '' ? NaN : parseNumber(total, this.numberFormats.documentTotal ?? 'comma');
    this.documentCents = Number.isNaN(read) ? null : centsOf(read);
    const refunded = this.#text(cells, 'refundedTotal');
    const refund = refunded === '' ? NaN : parseNumber(refunded, this.numberFormats.refundedTotal ?? 'comma');
    this.refundedCents = Number.isNaN(refund) ? 0 : centsOf(Math.abs(refund));
    return null;
  }

  #readCustomer(cells: readonly string[], isContinued: boolean): RejectReason | null {
    const name = this.#text(cells, 'customerName');
    let kind: CustomerKind | null = null;
    let key = '';
    for (const candidate of customerKinds) {
      key = this.#text(cells, keyColumns[candidate]);
      if (key === '') continue;
      if (key.length > CODE_MAX) return this.#reject(keyColumns[candidate], 'cell_too_long');
      if (candidate === 'card' || candidate === 'code') {
        if (hasLostPrecision(key)) return this.#reject(keyColumns[candidate], 'customer_code_cut');
        // A spreadsheet or a program that took the code for a number wrote "17850.0".
        if (key.endsWith('.0')) key = key.slice(0, -2);
        if (this.#anonymousCodes.has(key)) continue;
      }
      kind = candidate;
      break;
    }
    if (kind === null && isContinued) return null;
    this.customerKind = kind !== null && name !== '' && this.#isAnonymousName(name) ? null : kind;
    this.customerKey = this.customerKind === null ? '' : key;
    this.customerName = name;
    return null;
  }

  #isAnonymousName(name: string): boolean {
    let known = this.#anonymousNames.get(name);
    if (known === undefined) {
      const folded = foldName(name);
      known = this.#mapping.anonymousNames.some((anonymous) => foldName(anonymous) === folded);
      if (this.#anonymousNames.size < 200_000) this.#anonymousNames.set(ownText(name), known);
    }
    return known;
  }
}

function hasExtraCells(cells: readonly string[], width: number): boolean {
  for (let column = width; column < cells.length; column++) if (cells[column]?.trim()) return true;
  return false;
}

/** Column indexes of a mapping in a header. Failure `import_column_missing` when a named column is not there. */
export function resolveColumns(
  mapping: SalesMapping,
  header: readonly string[],
): Partial<Record<SalesColumn, number>> {
  const found: Partial<Record<SalesColumn, number>> = {};
  for (const [field, reference] of Object.entries(mapping.columns) as [SalesColumn, string | number][]) {
    const column = columnPosition(header, reference);
    if (column < 0) throw new Failure('import_column_missing', { params: { column: String(reference) } });
    found[field] = column;
  }
  return found;
}
