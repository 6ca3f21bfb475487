import type { Connection } from '../database/connection.ts';
import type { Failure } from '../kernel/failure.ts';
import type { ImportKind, ImportProgress } from './schema.ts';

/** How a run read its file: enough to read its rejected rows again in the same way. Kinds add their own settings. */
export interface RunReading {
  readonly specification: unknown;
  readonly header: readonly string[];
  readonly timeZone: string;
}

/** A rejected row, as it is kept. */
export interface Reject {
  readonly lineNumber: number;
  readonly reason: string;
  readonly field: string;
  readonly cells: readonly string[];
}

export async function insertRun(
  { raw }: Connection,
  run: { kind: ImportKind; fileName: string; reading: RunReading; operatorId: number | null; now: Date },
): Promise<number> {
  const [row] = await raw<{ import_run_id: number }[]>`
    insert into import_run (kind, file_name, mapping, status, operator_id, started_at)
    values (${run.kind}, ${run.fileName}, ${raw.json(run.reading as never)}, 'running', ${run.operatorId}, ${run.now})
    returning import_run_id`;
  return row?.import_run_id ?? 0;
}

/** Corrects how a run reads its file, where that became clear only on the way. */
export async function updateReading({ raw }: Connection, runId: number, reading: RunReading): Promise<void> {
  await raw`update import_run set mapping = ${raw.json(reading as never)} where import_run_id = ${runId}`;
}

export async function updateProgress(
  { raw }: Connection,
  runId: number,
  progress: ImportProgress,
): Promise<void> {
  await raw`update import_run set progress = ${raw.json(progress)} where import_run_id = ${runId} and status = 'running'`;
}

/** Called inside the transaction of the data: a run is done if and only if its data is there. */
export async function finishRun(
  { raw }: Connection,
  runId: number,
  result: { summary: object; fileHash: Buffer | null; now: Date },
): Promise<void> {
  await raw`update import_run set status = 'done', summary = ${raw.json(result.summary as never)}, file_hash = ${result.fileHash},
    finished_at = ${result.now} where import_run_id = ${runId}`;
}

export async function failRun(
  { raw }: Connection,
  runId: number,
  failure: Failure,
  now: Date,
): Promise<void> {
  const told = JSON.stringify({ code: failure.code, params: failure.params });
  await raw`update import_run set status = 'failed', failure = ${told}, finished_at = ${now}
    where import_run_id = ${runId}`;
}

const RUN_LOCK = 7_306_002;

/** Held as long as a run's transaction lives: who can take it knows that the run is over. */
export async function holdRun({ raw }: Connection, runId: number): Promise<void> {
  await raw`select pg_advisory_xact_lock(${RUN_LOCK}, ${runId})`;
}

/** Runs whose process ended while it stored: their transaction is gone with it. */
export async function failAbandonedRuns({ raw }: Connection, now: Date): Promise<number> {
  const result = await raw`
    with running as materialized (select import_run_id from import_run where status = 'running'),
      gone as materialized (select import_run_id from running where pg_try_advisory_xact_lock(${RUN_LOCK}, import_run_id))
    update import_run r set status = 'failed', finished_at = ${now},
      failure = '{"code":"import_interrupted","params":{}}'
    from gone where r.import_run_id = gone.import_run_id and r.status = 'running'`;
  return result.count;
}

export async function insertRejects(
  { raw }: Connection,
  runId: number,
  rejects: readonly Reject[],
): Promise<void> {
  if (rejects.length === 0) return;
  await raw`insert into import_reject (import_run_id, line_number, reason, field, cells)
    select ${runId}::int, line_number, reason, field, cells::jsonb
    from unnest(${rejects.map(({ lineNumber }) => lineNumber)}::int[], ${rejects.map(({ reason }) => reason)}::text[],
      ${rejects.map(({ field }) => field)}::text[], ${rejects.map(({ cells }) => JSON.stringify(cells))}::text[])
      as fresh (line_number, reason, field, cells)`;
}

export interface RunRow {
  import_run_id: number;
  kind: ImportKind;
  file_name: string;
  status: 'running' | 'done' | 'failed';
  progress: unknown;
  summary: unknown;
  failure: string | null;
  mapping: unknown;
  started_at: Date;
  finished_at: Date | null;
  open_rejects: number;
}

/** Runs, the newest first; one when `runId` is given. */
export async function selectRuns(
  { raw }: Connection,
  runId: number | null,
  limit: number,
): Promise<RunRow[]> {
  const rows = await raw<RunRow[]>`
    select import_run_id, kind, file_name, status, progress, summary, failure, mapping, started_at, finished_at,
      (select count(*) from import_reject j where j.import_run_id = i.import_run_id and j.retried_in is null) as open_rejects
    from import_run i
    where (${runId}::int is null or import_run_id = ${runId})
    order by import_run_id desc limit ${limit}`;
  return [...rows];
}

/** Rejected rows that were not retried, in the order of the file. */
export async function selectOpenRejects({ raw }: Connection, runId: number): Promise<Reject[]> {
  const rows = await raw<{ line_number: number; reason: string; field: string; cells: string[] }[]>`
    select line_number, reason, field, cells from import_reject
    where import_run_id = ${runId} and retried_in is null order by line_number`;
  return rows.map((row) => ({
    lineNumber: row.line_number,
    reason: row.reason,
    field: row.field,
    cells: row.cells,
  }));
}

/** Reasons with their counts, most frequent first, and some rows of each. */
export async function selectRejectGroups(
  { raw }: Connection,
  runId: number,
  examples: number,
): Promise<(Reject & { count: number })[]> {
  const rows = await raw<
    { line_number: number; reason: string; field: string; cells: string[]; count: number }[]
  >`
    select line_number, reason, field, cells, count from (
      select j.*, count(*) over (partition by reason) as count,
        row_number() over (partition by reason order by line_number) as position
      from import_reject j where import_run_id = ${runId} and retried_in is null) ranked
    where position <= ${examples} order by count desc, reason, line_number`;
  return rows.map((row) => ({
    lineNumber: row.line_number,
    reason: row.reason,
    field: row.field,
    cells: row.cells,
    count: row.count,
  }));
}

export async function markRetried({ raw }: Connection, runId: number, retryRunId: number): Promise<void> {
  await raw`update import_reject set retried_in = ${retryRunId} where import_run_id = ${runId} and retried_in is null`;
}

/** Whether the very same file was imported before: the day it was. */
export async function selectEarlierRun(
  { raw }: Connection,
  kind: ImportKind,
  fileHash: Buffer,
): Promise<Date | null> {
  const [row] = await raw<{ started_at: Date }[]>`
    select started_at from import_run where kind = ${kind} and status = 'done' and file_hash = ${fileHash}
    order by import_run_id desc limit 1`;
  return row?.started_at ?? null;
}
