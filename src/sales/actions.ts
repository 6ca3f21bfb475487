import type { Readable } from 'node:stream';
import { rebuildClocks } from '../clocks/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { RunReading, StartedImport, Table } from '../importing/actions.ts';
import {
  checkMapping,
  findMappings,
  inOneBatch,
  keepMapping,
  markRetried,
  openRejects,
  openTable,
  startRun,
  updateReading,
} from '../importing/actions.ts';
import type { DateFormat, NumberFormat } from '../importing/rules.ts';
import type { Correction, ImportProgress } from '../importing/schema.ts';
import { Failure } from '../kernel/failure.ts';
import { categoryChooser } from './category-rules.ts';
import { claimReceipt, claimableReceipt, isContact, ownsReceipt } from './claim-queries.ts';
import { guessMapping, missingFields } from './guess.ts';
import { countNouns } from './count-nouns.ts';
import { LineReader } from './line-reader.ts';
import type { Pipeline, PipelineResult } from './pipeline.ts';
import { TwoDateFormats, runPipeline } from './pipeline.ts';
import type { ImportSummary, SalesMapping } from './schema.ts';
import { salesMappingSchema } from './schema.ts';

export { countBrokenLines } from './check-queries.ts';
export { readPurchases } from './purchase-file.ts';
export type { PurchaseColumns, PurchaseReading } from './purchase-file.ts';

/** How a file of sales was read: also the formats its columns were found to have. */
interface SalesReading extends RunReading {
  readonly numberFormats: Partial<Record<string, NumberFormat>>;
  readonly dateFormat: DateFormat;
}

/** What to import and how to read it. */
export interface ImportRequest {
  readonly source: { readonly path: string } | { readonly stream: Readable };
  /** What the person called the file. */
  readonly fileName: string;
  /** A mapping as JSON; without one the saved mapping of this layout, a preset, or a guess is used. */
  readonly mapping?: unknown;
  readonly timeZone: string;
  readonly operatorId?: number | null;
  /** Rows done and, once it can be told, about how many there are. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Size of the file in bytes, from which the number of rows is estimated. */
  readonly fileBytes?: number;
  /** Name under which to save the mapping for files of this layout. */
  readonly saveAs?: string | undefined;
}

/**
 * Imports a file of sales: all of it or nothing. The same file twice changes nothing; overlapping files add what is new;
 * a changed receipt replaces its lines and leaves a trace. Rows that cannot be read are kept with their reason.
 * read = accepted + rejected + duplicates. Failures: those of `openTable`, `import_mapping_invalid`,
 * `import_columns_unknown`, `import_date_unknown`, `import_amount_unknown`, `import_column_missing`.
 */
export async function importSales(
  database: Database,
  request: ImportRequest,
  now: Date,
): Promise<ImportSummary> {
  return (await startImport(database, request, now)).finished;
}

/** Opens the file, settles how to read it and begins; `finished` brings the summary. */
export async function startImport(
  database: Database,
  request: ImportRequest,
  now: Date,
): Promise<StartedImport<ImportSummary>> {
  const table = await openTable({ ...request.source, fileName: request.fileName });
  const mapping = await mappingFor(database, table, request.mapping);
  const context = { timeZone: request.timeZone, now };
  const reader = new LineReader(mapping, table.header, table.sample, context);
  if (request.saveAs !== undefined)
    await keepMapping(
      database,
      { kind: 'sales', name: request.saveAs, header: table.header, specification: mapping },
      now,
    );
  const nouns = await countNouns(table, mapping, { timeZone: request.timeZone, now });
  const pipeline = {
    rows: table.batches(),
    mapping,
    reader,
    chooseCategory: categoryChooser(mapping.category, nouns),
    now,
    areFragments: table.areRejects,
    stopsAtOtherDateFormat: mapping.dateFormat === 'auto' && 'path' in request.source,
  };
  const readAgain = (): Pick<Pipeline, 'rows' | 'reader' | 'stopsAtOtherDateFormat'> & {
    reading: SalesReading;
  } => {
    const mixed = new LineReader({ ...mapping, dateFormat: 'mixed' }, table.header, table.sample, context);
    const reading = readingOf(mapping, table.header, mixed, request.timeZone);
    return { rows: table.batches(), reader: mixed, stopsAtOtherDateFormat: false, reading };
  };
  return startRun(
    database,
    { ...runOf(request, readingOf(mapping, table.header, reader, request.timeZone)), now },
    {
      store: (transaction, importRunId, onProgress) =>
        runUntilClear(transaction, { ...pipeline, importRunId, onProgress }, readAgain),
      estimate: (done) =>
        request.fileBytes && table.consumedBytes > 0
          ? Math.round((done * request.fileBytes) / table.consumedBytes)
          : null,
      fileHash: () => table.digest(),
    },
  );
}

/**
 * Runs the import. When a date far down in the file contradicts the format of the first rows, all is undone and read
 * again as a column of two formats: only what has one reading is accepted.
 */
async function runUntilClear(
  transaction: Connection,
  pipeline: Pipeline,
  readAgain: () => Pick<Pipeline, 'rows' | 'reader' | 'stopsAtOtherDateFormat'> & { reading: SalesReading },
): Promise<PipelineResult> {
  await transaction.raw`savepoint reading`;
  try {
    return await runPipeline(transaction, pipeline);
  } catch (error) {
    if (!(error instanceof TwoDateFormats)) throw error;
    await transaction.raw`rollback to savepoint reading`;
    const { reading, ...again } = readAgain();
    await updateReading(transaction, pipeline.importRunId, reading);
    return runPipeline(transaction, { ...pipeline, ...again });
  }
}

function runOf(
  request: Pick<ImportRequest, 'fileName' | 'operatorId' | 'onProgress'>,
  reading: SalesReading,
) {
  const { fileName, operatorId = null, onProgress } = request;
  return { kind: 'sales' as const, fileName, reading, operatorId, onProgress };
}

function readingOf(
  specification: SalesMapping,
  header: readonly string[],
  reader: LineReader,
  timeZone: string,
): SalesReading {
  return {
    specification,
    header,
    numberFormats: reader.numberFormats,
    dateFormat: reader.dateFormat,
    timeZone,
  };
}

/** A given mapping checked, or the one by which this layout is known. */
async function mappingFor(connection: Connection, table: Table, given: unknown): Promise<SalesMapping> {
  const mapping =
    given === undefined
      ? (await recogniseMapping(connection, table)).mapping
      : checkMapping(salesMappingSchema, given);
  const missing = missingFields(mapping);
  if (missing.length > 1) throw new Failure('import_columns_unknown');
  if (missing.includes('date')) throw new Failure('import_date_unknown');
  if (missing.includes('amount')) throw new Failure('import_amount_unknown');
  return mapping;
}

/** The saved mapping of a layout, else a preset or a guess. */
export async function recogniseMapping(
  connection: Connection,
  table: Pick<Table, 'header' | 'sample'>,
): Promise<{ mapping: SalesMapping; name: string | null }> {
  const [saved] = await findMappings(connection, 'sales', salesMappingSchema, table.header);
  if (saved) return { mapping: saved.specification, name: saved.name };
  const guess = guessMapping(table.header, table.sample);
  return { mapping: guess.mapping, name: guess.presetName };
}

/**
 * Reads rejected rows of a run again, corrected or with another mapping. Lines are only added to their receipts. Rows
 * still not readable are rejects of the new run. Failure `not_found`.
 */
export async function retryRejects(
  database: Database,
  request: {
    importRunId: number;
    corrections: readonly Correction[];
    mapping?: SalesMapping | undefined;
    operatorId?: number | null;
  },
  now: Date,
): Promise<ImportSummary> {
  const { importRunId: retriedRunId, corrections } = request;
  const { fileName, reading, rows } = await openRejects(database, 'sales', retriedRunId, corrections);
  const { header, timeZone, numberFormats, dateFormat, specification } = reading as SalesReading;
  const mapping = request.mapping ?? checkMapping(salesMappingSchema, specification);
  const sample = rows.map(({ cells }) => cells);
  const formats = { numberFormats, dateFormat };
  const reader = new LineReader(mapping, header, sample, { timeZone, now, formats });
  const pipeline: Omit<Pipeline, 'importRunId' | 'onProgress'> = {
    rows: inOneBatch(rows),
    mapping,
    reader,
    chooseCategory: categoryChooser(mapping.category, null),
    now,
    areFragments: true,
    stopsAtOtherDateFormat: false,
  };
  const run = runOf(
    { fileName, operatorId: request.operatorId },
    readingOf(mapping, header, reader, timeZone),
  );
  const started = await startRun(
    database,
    { ...run, now },
    {
      store: async (transaction, importRunId, onProgress) => {
        const result = await runPipeline(transaction, { ...pipeline, importRunId, onProgress });
        await markRetried(transaction, retriedRunId, importRunId);
        return result;
      },
      estimate: () => rows.length,
      fileHash: () => null,
    },
  );
  return started.finished;
}

/**
 * Gives an anonymous receipt to a contact who says it is theirs; their clocks are rebuilt. Claimed again by the same
 * contact it changes nothing. Failures `not_found` (receipt or contact), `receipt_already_claimed` by another.
 */
export async function claimAnonymousReceipt(
  database: Database,
  receiptId: number,
  contactId: number,
  now: Date,
): Promise<void> {
  await database.transaction((transaction) => claimInTransaction(transaction, receiptId, contactId, now));
}

/** The same inside a transaction of the caller. */
export async function claimInTransaction(
  transaction: Connection,
  receiptId: number,
  contactId: number,
  now: Date,
): Promise<void> {
  const state = await claimableReceipt(transaction, receiptId);
  if (state !== 'anonymous' && (await ownsReceipt(transaction, receiptId, contactId))) return;
  if (state === 'unknown' || !(await isContact(transaction, contactId)))
    throw new Failure('not_found', { status: 404 });
  if (state === 'claimed') throw new Failure('receipt_already_claimed', { status: 409 });
  await claimReceipt(transaction, receiptId, contactId);
  await rebuildClocks(transaction, [contactId], now);
}
