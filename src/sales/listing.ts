import type { Connection } from '../database/connection.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import type { RunReading, RunRow } from './import-run-queries.ts';
import { selectRejectGroups, selectRuns } from './import-run-queries.ts';
import { selectMappings } from './mapping-queries.ts';
import type { ImportRun, RejectGroups, SavedMapping } from './schema.ts';
import { importProgressSchema, importSummarySchema, salesMappingSchema } from './schema.ts';
import { failureInWords, rejectInWords } from './words.ts';

const LISTED_RUNS = 50;
const EXAMPLES = 5;

/** The latest imports of sales, the newest first. */
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
  const summary = importSummarySchema.safeParse(row.summary);
  return {
    importRunId: row.import_run_id,
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
  const run = await runOf(connection, importRunId);
  const groups = new Map<string, RejectGroups['groups'][number]>();
  for (const reject of await selectRejectGroups(connection, importRunId, EXAMPLES)) {
    const { reason, count, lineNumber, field, cells } = reject;
    const group = groups.get(reason) ?? {
      reason,
      sentence: rejectInWords(reason, language),
      count,
      examples: [],
    };
    group.examples.push({ lineNumber, field, cells: [...cells] });
    groups.set(reason, group);
  }
  return { groups: [...groups.values()], header: [...(run.mapping as RunReading).header] };
}

/** Saved ways to read sales files. */
export async function listMappings(connection: Connection): Promise<SavedMapping[]> {
  return (await selectMappings(connection, null)).flatMap((row) => {
    const specification = salesMappingSchema.safeParse(row.specification);
    if (!specification.success) return [];
    return [
      {
        importMappingId: row.import_mapping_id,
        name: row.name,
        specification: specification.data,
        updatedAt: row.updated_at.toISOString(),
      },
    ];
  });
}
