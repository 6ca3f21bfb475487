import type { Readable } from 'node:stream';
import Papa from 'papaparse';
import { applyPurchases } from '../clocks/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { Row, Table } from '../importing/actions.ts';
import { openTable } from '../importing/actions.ts';
import { Failure } from '../kernel/failure.ts';
import { headerFingerprint } from '../importing/rules.ts';
import { categoryChooser, isGoodsCode } from './category-rules.ts';
import { claimReceipt, claimableReceipt } from './claim-queries.ts';
import { guessMapping, missingFields } from './guess.ts';
import { HeadNounCounter } from './head-noun.ts';
import type { Reject, RunReading } from './import-run-queries.ts';
import * as runs from './import-run-queries.ts';
import { LineReader } from './line-reader.ts';
import { selectMappings, upsertMapping } from './mapping-queries.ts';
import type { Pipeline } from './pipeline.ts';
import { runPipeline } from './pipeline.ts';
import type { Correction, ImportProgress, ImportSummary, SalesMapping } from './schema.ts';
import { salesMappingSchema } from './schema.ts';
import { createRebuildTables } from './staging-queries.ts';

const PROGRESS_MS = 500;

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

/** An import under way. */
export interface StartedImport {
  readonly importRunId: number;
  readonly finished: Promise<ImportSummary>;
}

/**
 * Imports a file of sales: all of it or nothing. The same file twice changes nothing; overlapping files add what is new;
 * a changed receipt replaces its lines and leaves a trace. Rows that cannot be read are kept with their reason.
 * read = accepted + rejected + duplicates. Failures: those of `openTable`, `import_mapping_invalid`,
 * `import_mapping_incomplete`, `import_column_missing`.
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
): Promise<StartedImport> {
  const start = performance.now();
  const table = await openTable({ ...request.source, fileName: request.fileName });
  const mapping = await mappingFor(database, table, request.mapping);
  const reader = new LineReader(mapping, table.header, table.sample, { timeZone: request.timeZone, now });
  if (request.saveAs !== undefined)
    await saveMapping(database, { name: request.saveAs, header: table.header, specification: mapping }, now);
  const run = { ...request, reading: readingOf(mapping, table.header, reader, request.timeZone) };
  const nouns =
    mapping.category.rule === 'head_noun' ? await countNouns(table, mapping, request.timeZone, now) : null;
  return begin(database, run, now, start, {
    rows: table.batches(),
    mapping,
    reader,
    chooseCategory: categoryChooser(mapping.category, nouns),
    now,
    areFragments: false,
    estimate: (done) =>
      request.fileBytes && table.consumedBytes > 0
        ? Math.round((done * request.fileBytes) / table.consumedBytes)
        : null,
    fileHash: () => table.digest(),
  });
}

function readingOf(
  specification: SalesMapping,
  header: readonly string[],
  reader: LineReader,
  timeZone: string,
): RunReading {
  return {
    specification,
    header,
    numberFormats: reader.numberFormats,
    dateFormat: reader.dateFormat,
    timeZone,
  };
}

type Work = Omit<Pipeline, 'onProgress' | 'importRunId'> & {
  estimate(done: number): number | null;
  fileHash(): Buffer | null;
  /** Written in the transaction of the data. */
  alsoStore?(transaction: Connection, importRunId: number): Promise<void>;
};

async function begin(
  database: Database,
  request: {
    fileName: string;
    reading: RunReading;
    operatorId?: number | null;
    onProgress?: ImportRequest['onProgress'];
  },
  now: Date,
  start: number,
  work: Work,
): Promise<StartedImport> {
  const importRunId = await runs.insertRun(database, {
    ...request,
    operatorId: request.operatorId ?? null,
    now,
  });
  const finished = store(database, importRunId, request.onProgress, start, work).catch(
    async (error: unknown) => {
      const failure =
        error instanceof Failure ? error : new Failure('import_failed', { status: 500, cause: error });
      await runs.failRun(database, importRunId, failure, now).catch(() => undefined);
      throw error;
    },
  );
  finished.catch(() => undefined); // who awaits it gets it; nobody awaiting must not end the process
  return { importRunId, finished };
}

async function store(
  database: Database,
  importRunId: number,
  onProgress: ImportRequest['onProgress'],
  start: number,
  work: Work,
): Promise<ImportSummary> {
  const reporter = progressReporter(database, importRunId, onProgress, work);
  const summary = await database.transaction(async (transaction) => {
    const result = await runPipeline(transaction, { ...work, importRunId, onProgress: reporter.report });
    await work.alsoStore?.(transaction, importRunId);
    const seconds = Math.round(performance.now() - start) / 1000;
    const { read, accepted, rejected, duplicates, returns, anonymous, rejects, ...more } = result;
    const all = {
      importRunId,
      read,
      accepted,
      rejected,
      duplicates,
      returns,
      anonymous,
      seconds,
      rejects,
      ...more,
    };
    await runs.finishRun(transaction, importRunId, {
      summary: all,
      fileHash: work.fileHash(),
      now: work.now,
    });
    return all;
  });
  await reporter.settled();
  return summary;
}

/** Progress goes to the caller at once, and outside the transaction into the run, at most twice a second. */
function progressReporter(
  database: Database,
  importRunId: number,
  onProgress: ImportRequest['onProgress'],
  work: Work,
): { report: Pipeline['onProgress']; settled: () => Promise<void> } {
  let written = performance.now();
  let writing: Promise<void> | null = null;
  return {
    report: ({ phase, done }) => {
      const progress = { phase, done, total: phase === 'reading' ? work.estimate(done) : done };
      onProgress?.(progress);
      if (writing || (phase === 'reading' && performance.now() - written < PROGRESS_MS)) return;
      written = performance.now();
      writing = runs
        .updateProgress(database, importRunId, progress)
        .catch(() => undefined)
        .then(() => {
          writing = null;
        });
    },
    settled: async () => {
      await writing;
    },
  };
}

/** A given mapping checked, or the one by which this layout is known. */
async function mappingFor(connection: Connection, table: Table, given: unknown): Promise<SalesMapping> {
  const mapping =
    given === undefined ? (await recogniseMapping(connection, table)).mapping : parseMapping(given);
  const missing = missingFields(mapping);
  if (missing.length > 0) {
    throw new Failure('import_mapping_incomplete', { params: { fields: missing.join(', ') } });
  }
  return mapping;
}

/** Checks a mapping. Failure `import_mapping_invalid` names what is wrong. */
export function parseMapping(given: unknown): SalesMapping {
  const parsed = salesMappingSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues
    .map((issue) => `${issue.path.join('.')} ${issue.message}`.trim())
    .slice(0, 3)
    .join('; ');
  throw new Failure('import_mapping_invalid', { params: { detail } });
}

/** The saved mapping of a layout, else a preset or a guess. */
export async function recogniseMapping(
  connection: Connection,
  table: Pick<Table, 'header' | 'sample'>,
): Promise<{ mapping: SalesMapping; name: string | null }> {
  const [saved] = await selectMappings(connection, headerFingerprint(table.header));
  const known = saved ? salesMappingSchema.safeParse(saved.specification) : null;
  if (saved && known?.success) return { mapping: known.data, name: saved.name };
  const guess = guessMapping(table.header, table.sample);
  return { mapping: guess.mapping, name: guess.presetName };
}

/** Saves how to read a layout, so that it is recognised next time. */
export function saveMapping(
  connection: Connection,
  mapping: { name: string; header: readonly string[]; specification: SalesMapping },
  now: Date,
): Promise<number> {
  const { name, header, specification } = mapping;
  return upsertMapping(connection, { name, fingerprint: headerFingerprint(header), specification }, now);
}

/** The head nouns of a file are counted over sales of goods to known customers (clocks.md 7, steps 1 to 4). */
async function countNouns(
  table: Table,
  mapping: SalesMapping,
  timeZone: string,
  now: Date,
): Promise<HeadNounCounter | null> {
  const rule = mapping.category;
  if (rule.rule !== 'head_noun') return null;
  const counter = new HeadNounCounter(rule);
  const reader = new LineReader(mapping, table.header, table.sample, { timeZone, now });
  for await (const batch of table.batches()) {
    for (const { cells } of batch) {
      if (reader.read(cells) !== null || reader.customerKind === null) continue;
      const isSale = !reader.isReturn && reader.quantity > 0;
      if (isSale && isGoodsCode(reader.code, rule.goodsCodeDigits))
        counter.count(reader.code, reader.description);
    }
  }
  return counter;
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
    mapping?: SalesMapping;
    operatorId?: number | null;
  },
  now: Date,
): Promise<ImportSummary> {
  const start = performance.now();
  const [run] = await runs.selectRuns(database, request.importRunId, 1);
  if (!run) throw new Failure('not_found', { status: 404 });
  const reading = run.mapping as RunReading;
  const mapping = request.mapping ?? salesMappingSchema.parse(reading.specification);
  const rejects = await runs.selectOpenRejects(database, request.importRunId);
  const rows = correctedRows(rejects, request.corrections);
  const sample = rows.map(({ cells }) => cells);
  const reader = new LineReader(mapping, reading.header, sample, {
    timeZone: reading.timeZone,
    now,
    formats: { numberFormats: reading.numberFormats, dateFormat: reading.dateFormat },
  });
  const started = await begin(
    database,
    {
      fileName: run.file_name,
      reading: readingOf(mapping, reading.header, reader, reading.timeZone),
      operatorId: request.operatorId ?? null,
    },
    now,
    start,
    {
      rows: batched(rows),
      mapping,
      reader,
      chooseCategory: categoryChooser(mapping.category, null),
      now,
      areFragments: true,
      estimate: () => rows.length,
      fileHash: () => null,
      alsoStore: (transaction, retryRunId) => runs.markRetried(transaction, request.importRunId, retryRunId),
    },
  );
  return started.finished;
}

function correctedRows(rejects: readonly Reject[], corrections: readonly Correction[]): Row[] {
  const corrected = new Map(corrections.map(({ lineNumber, cells }) => [lineNumber, cells]));
  return rejects.map(({ lineNumber, cells }) => ({
    lineNumber,
    cells: [...(corrected.get(lineNumber) ?? cells)],
  }));
}

// eslint-disable-next-line @typescript-eslint/require-await -- the pipeline reads asynchronous batches
async function* batched(rows: readonly Row[]): AsyncIterable<readonly Row[]> {
  if (rows.length > 0) yield rows;
}

/** Rejected rows as a CSV to correct in a spreadsheet and import again: line, reason, then the cells as read. */
export async function downloadRejects(
  connection: Connection,
  importRunId: number,
  reasonInWords: (reason: string) => string,
): Promise<string> {
  const [run] = await runs.selectRuns(connection, importRunId, 1);
  if (!run) throw new Failure('not_found', { status: 404 });
  const { header } = run.mapping as RunReading;
  const rejects = await runs.selectOpenRejects(connection, importRunId);
  const rows = rejects.map(({ lineNumber, reason, cells }) => [
    String(lineNumber),
    reasonInWords(reason),
    ...cells.map(withoutFormula),
  ]);
  const text = Papa.unparse([['Riga', 'Motivo', ...header], ...rows], { delimiter: ';', newline: '\r\n' });
  return `\ufeff${text}\r\n`;
}

/** A cell of a stranger's file must not run as a formula when a spreadsheet opens it. */
function withoutFormula(cell: string): string {
  return /^[=@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/**
 * Gives an anonymous receipt to a contact who says it is theirs; their clocks are rebuilt. Failures `not_found`,
 * `receipt_already_claimed`.
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
  if (state === 'unknown') throw new Failure('not_found', { status: 404 });
  if (state === 'claimed') throw new Failure('receipt_already_claimed', { status: 409 });
  await claimReceipt(transaction, receiptId, contactId);
  await createRebuildTables(transaction, contactId);
  await applyPurchases(transaction, now);
}

/** Marks imports that ended with the program as failed: nothing of them was stored. Called when the program starts. */
export async function closeAbandonedImports(database: Database, now: Date): Promise<number> {
  return runs.failAbandonedRuns(database, new Date(now.getTime() - 60_000), now);
}
