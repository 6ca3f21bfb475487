import type { Connection } from '../database/connection.ts';
import { writeCsv } from '../kernel/csv.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import type { RunReading, RunRow } from './run-queries.ts';
import { selectOpenRejects, selectRejectGroups, selectRuns } from './run-queries.ts';
import type { ImportRun, RejectGroups } from './schema.ts';
import { importProgressSchema, importRunSchema } from './schema.ts';
import { columnPosition } from './header.ts';
import { failureInWords, rejectColumns, rejectInWords } from './words.ts';

const LISTED_RUNS = 50;
const EXAMPLES = 5;

/** The latest imports, the newest first. */
export async function listImports(connection: Connection, language: Language): Promise<ImportRun[]> {
  return (await selectRuns(connection, null, LISTED_RUNS)).map((row) => importOf(row, language));
}

/** One import. Failure `not_found`. */
export async function loadImport(
  connection: Connection,
  importRunId: number,
  language: Language,
): Promise<ImportRun> {
  return importOf(await runOf(connection, importRunId), language);
}

async function runOf(connection: Connection, importRunId: number): Promise<RunRow> {
  const [row] = await selectRuns(connection, importRunId, 1);
  if (!row) throw new Failure('not_found', { status: 404 });
  return row;
}

function importOf(row: RunRow, language: Language): ImportRun {
  const progress = importProgressSchema.safeParse(row.progress);
  const summary = importRunSchema.shape.summary.safeParse(row.summary);
  return {
    importRunId: row.import_run_id,
    kind: row.kind,
    fileName: row.file_name,
    status: row.status,
    progress: progress.success ? progress.data : null,
    summary: summary.success ? summary.data : null,
    failure: failureInWords(row.failure, language),
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    openRejects: row.open_rejects,
  };
}

/** Rejected rows of an import by reason, with a few rows of each. Failure `not_found`. */
export async function loadRejectGroups(
  connection: Connection,
  importRunId: number,
  language: Language,
): Promise<RejectGroups> {
  const reading = (await runOf(connection, importRunId)).mapping as RunReading;
  const groups = new Map<string, RejectGroups['groups'][number]>();
  for (const reject of await selectRejectGroups(connection, importRunId, EXAMPLES)) {
    const { reason, count, lineNumber, field, cells } = reject;
    const group = groups.get(reason) ?? {
      reason,
      sentence: rejectInWords(reason, language),
      count,
      examples: [],
    };
    group.examples.push({ lineNumber, column: columnOf(reading, field), cells: [...cells] });
    groups.set(reason, group);
  }
  return { groups: [...groups.values()], header: [...reading.header] };
}

/** Where a field stood in the file, from 0; null when no column held it. */
function columnOf({ specification, header }: RunReading, field: string): number | null {
  const { columns } = specification as { columns: Partial<Record<string, string | number>> };
  const reference = columns[field];
  if (reference === undefined) return null;
  const position = columnPosition(header, reference);
  return position < 0 ? null : position;
}

/** Rejected rows as a CSV to correct in a spreadsheet and import again: line, reason, then the cells as read. */
export async function downloadRejects(
  connection: Connection,
  importRunId: number,
  language: Language,
): Promise<string> {
  const { header } = (await runOf(connection, importRunId)).mapping as RunReading;
  const rejects = await selectOpenRejects(connection, importRunId);
  const rows = rejects.map(({ lineNumber, reason, cells }) => [
    String(lineNumber),
    rejectInWords(reason, language),
    ...cells,
  ]);
  return writeCsv([[...rejectColumns(language), ...header], ...rows]);
}
