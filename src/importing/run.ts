import type { Connection, Database } from '../database/connection.ts';
import { databaseFailure } from '../database/failures.ts';
import { Failure } from '../kernel/failure.ts';
import type { RunReading } from './run-queries.ts';
import * as queries from './run-queries.ts';
import type { Row } from './table.ts';
import type { Correction, ImportKind, ImportProgress } from './schema.ts';

const PROGRESS_MS = 500;

/** An import under way; `finished` brings its summary. */
export interface StartedImport<Summary> {
  readonly importRunId: number;
  readonly finished: Promise<Summary>;
}

/** One import as it is begun. */
export interface RunRequest {
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly reading: RunReading;
  readonly operatorId: number | null;
  readonly now: Date;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** What an import does, apart from being recorded. */
export interface RunWork<Counts> {
  /** Reads and stores everything inside the one transaction, and answers what it counted. */
  store(
    transaction: Connection,
    importRunId: number,
    report: (progress: Pick<ImportProgress, 'phase' | 'done'>) => void,
  ): Promise<Counts>;
  /** About how many rows there are, told from how far the file is read. */
  estimate(done: number): number | null;
  /** SHA-256 of the file, once it was read. */
  fileHash(): Buffer | null;
}

/**
 * Records an import and runs it in one transaction: all of it or nothing. Its progress is written at most twice a
 * second; a failure is kept with the run. The work begins before this returns.
 */
export async function startRun<Counts extends object>(
  database: Database,
  request: RunRequest,
  work: RunWork<Counts>,
): Promise<StartedImport<Counts & { importRunId: number; seconds: number }>> {
  const start = performance.now();
  await closeAbandonedImports(database, request.now);
  const importRunId = await queries.insertRun(database, request);
  const finished = storeRun(database, request, importRunId, start, work).catch(async (error: unknown) => {
    const failure = databaseFailure(error) ?? new Failure('import_failed', { status: 500, cause: error });
    await queries.failRun(database, importRunId, failure, request.now).catch(() => undefined);
    throw error;
  });
  finished.catch(() => undefined); // who awaits it gets it; nobody awaiting must not end the process
  return { importRunId, finished };
}

async function storeRun<Counts extends object>(
  database: Database,
  request: RunRequest,
  importRunId: number,
  start: number,
  work: RunWork<Counts>,
): Promise<Counts & { importRunId: number; seconds: number }> {
  const reporter = progressReporter(database, importRunId, request.onProgress, work);
  const summary = await database.transaction(async (transaction) => {
    await queries.holdRun(transaction, importRunId);
    const counts = await work.store(transaction, importRunId, reporter.report);
    const all = { importRunId, ...counts, seconds: Math.round(performance.now() - start) / 1000 };
    const result = { summary: all, fileHash: work.fileHash(), now: request.now };
    await queries.finishRun(transaction, importRunId, result);
    return all;
  });
  await reporter.settled();
  return summary;
}

/** Progress goes to the caller at once, and outside the transaction into the run. */
function progressReporter<Counts>(
  database: Database,
  importRunId: number,
  onProgress: RunRequest['onProgress'],
  work: RunWork<Counts>,
): { report: Parameters<RunWork<Counts>['store']>[2]; settled: () => Promise<void> } {
  let written = performance.now();
  let writing: Promise<void> | null = null;
  return {
    report: ({ phase, done }) => {
      const progress = { phase, done, total: phase === 'reading' ? work.estimate(done) : done };
      onProgress?.(progress);
      if (writing || (phase === 'reading' && performance.now() - written < PROGRESS_MS)) return;
      written = performance.now();
      writing = queries
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

/** Rejected rows of a run as rows to read again, corrected where the person corrected them. Failure `not_found`. */
export async function openRejects(
  connection: Connection,
  kind: ImportKind,
  importRunId: number,
  corrections: readonly Correction[],
): Promise<{ fileName: string; reading: RunReading; rows: Row[] }> {
  const [run] = await queries.selectRuns(connection, importRunId, 1);
  if (run?.kind !== kind) throw new Failure('not_found', { status: 404 });
  const corrected = new Map(corrections.map(({ lineNumber, cells }) => [lineNumber, cells]));
  const rows = (await queries.selectOpenRejects(connection, importRunId)).map(({ lineNumber, cells }) => ({
    lineNumber,
    cells: [...(corrected.get(lineNumber) ?? cells)],
  }));
  return { fileName: run.file_name, reading: run.mapping as RunReading, rows };
}

/** Rows at hand, as the batches that an import reads. */
// eslint-disable-next-line @typescript-eslint/require-await -- imports read asynchronous batches
export async function* inOneBatch(rows: readonly Row[]): AsyncIterable<readonly Row[]> {
  if (rows.length > 0) yield rows;
}

/** Marks imports that ended with their process as failed: nothing of them was stored. Called when one starts. */
export async function closeAbandonedImports(database: Database, now: Date): Promise<number> {
  return database.transaction((transaction) => queries.failAbandonedRuns(transaction, now));
}
