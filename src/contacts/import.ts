import type { Readable } from 'node:stream';
import type { Connection, Database } from '../database/connection.ts';
import type { Row, RunReading, StartedImport } from '../importing/actions.ts';
import {
  checkMapping,
  findMappings,
  inOneBatch,
  insertRejects,
  keepMapping,
  markRetried,
  openRejects,
  openTable,
  startRun,
} from '../importing/actions.ts';
import type { Correction, ImportProgress } from '../importing/schema.ts';
import { dayFromIso, dayOfInstant } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import { importBatch, newTally } from './import-batch.ts';
import { ContactReader } from './import-row.ts';
import { guessContactMapping } from './import-rules.ts';
import type { ContactImportSummary, ContactMapping } from './import-schema.ts';
import { contactMappingSchema } from './import-schema.ts';

export interface ContactImportRequest {
  readonly source: { readonly path: string } | { readonly stream: Readable };
  readonly fileName: string;
  /** A mapping as JSON; without one the saved mapping of this layout or a guess from its header is used. */
  readonly mapping?: unknown;
  readonly timeZone: string;
  readonly operatorId?: number | null;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Size of the file in bytes, from which the number of rows is estimated. */
  readonly fileBytes?: number;
  /** Name under which to save the mapping for files of this layout. */
  readonly saveAs?: string | undefined;
}

/**
 * Imports a list of contacts in one transaction: read = accepted + updated + unchanged + rejected. People are matched by
 * e-mail, phone, card or code, never by name; the same file twice changes nothing. A yes counts only with evidence.
 * Failures: those of `openTable`, `contact_file_without_key`, `evidence_in_future`, `import_mapping_invalid`,
 * `import_column_missing`.
 */
export async function importContacts(
  database: Database,
  request: ContactImportRequest,
  now: Date,
): Promise<ContactImportSummary> {
  return (await startContactImport(database, request, now)).finished;
}

/** Opens the list, settles how to read it and begins; `finished` brings the summary. */
export async function startContactImport(
  database: Database,
  request: ContactImportRequest,
  now: Date,
): Promise<StartedImport<ContactImportSummary>> {
  const table = await openTable({ ...request.source, fileName: request.fileName });
  const mapping =
    request.mapping === undefined
      ? (await recogniseContactMapping(database, table.header)).mapping
      : checkMapping(contactMappingSchema, request.mapping);
  const reading = { specification: mapping, header: table.header, timeZone: request.timeZone };
  if (request.saveAs !== undefined) {
    const named = { kind: 'contacts' as const, name: request.saveAs, header: table.header };
    await keepMapping(database, { ...named, specification: mapping }, now);
  }
  return begin(database, { ...request, reading, mapping, rows: table.batches() }, now, {
    estimate: (done) =>
      request.fileBytes && table.consumedBytes > 0
        ? Math.round((done * request.fileBytes) / table.consumedBytes)
        : null,
    fileHash: () => table.digest(),
  });
}

/** The saved mapping of a layout, else a guess from the names of its columns. */
export async function recogniseContactMapping(
  connection: Connection,
  header: readonly string[],
): Promise<{ mapping: ContactMapping; name: string | null }> {
  const [saved] = await findMappings(connection, 'contacts', contactMappingSchema, header);
  return saved
    ? { mapping: saved.specification, name: saved.name }
    : { mapping: guessContactMapping(header), name: null };
}

/** Reads rejected rows again, corrected or with another mapping; rows still not readable are rejects of the new run. */
export async function retryContactRejects(
  database: Database,
  request: {
    importRunId: number;
    corrections: readonly Correction[];
    mapping?: ContactMapping | undefined;
    operatorId: number | null;
  },
  now: Date,
): Promise<ContactImportSummary> {
  const { importRunId: retriedRunId, corrections, operatorId } = request;
  const { fileName, reading, rows } = await openRejects(database, 'contacts', retriedRunId, corrections);
  const mapping = request.mapping ?? checkMapping(contactMappingSchema, reading.specification);
  const retry = { fileName, operatorId, mapping, reading: { ...reading, specification: mapping } };
  const started = await begin(database, { ...retry, rows: inOneBatch(rows) }, now, {
    estimate: () => rows.length,
    fileHash: () => null,
    alsoStore: (transaction, importRunId) => markRetried(transaction, retriedRunId, importRunId),
  });
  return started.finished;
}

/** Rows of a list on their way in. Failures `contact_file_without_key`, `evidence_in_future`. */
async function begin(
  database: Database,
  request: {
    readonly fileName: string;
    readonly reading: RunReading;
    readonly mapping: ContactMapping;
    readonly rows: AsyncIterable<readonly Row[]>;
    readonly operatorId?: number | null | undefined;
    readonly onProgress?: ContactImportRequest['onProgress'];
  },
  now: Date,
  file: {
    estimate(done: number): number | null;
    fileHash(): Buffer | null;
    alsoStore?(transaction: Connection, importRunId: number): Promise<void>;
  },
): Promise<StartedImport<ContactImportSummary>> {
  const { fileName, reading, mapping, rows, operatorId = null, onProgress } = request;
  const today = dayOfInstant(now, reading.timeZone);
  const reader = new ContactReader(mapping, reading.header, today);
  if (!reader.hasKey) throw new Failure('contact_file_without_key');
  if (mapping.evidence && dayFromIso(mapping.evidence.date) > today) throw new Failure('evidence_in_future');
  return startRun(
    database,
    { kind: 'contacts', fileName, reading, operatorId, now, onProgress },
    {
      ...file,
      store: async (transaction, importRunId, report) => {
        const tally = newTally();
        const context = { reader, mapping, timeZone: reading.timeZone, operatorId, now, tally };
        for await (const batch of rows) {
          await importBatch(transaction, batch, context);
          report({ phase: 'reading', done: tally.read });
        }
        await insertRejects(transaction, importRunId, tally.rejects);
        await file.alsoStore?.(transaction, importRunId);
        const { rejects, ...counts } = tally;
        const reasons: Record<string, number> = {};
        for (const { reason } of rejects) reasons[reason] = (reasons[reason] ?? 0) + 1;
        return { ...counts, rejected: rejects.length, rejects: reasons };
      },
    },
  );
}
