import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { Failure } from '../kernel/failure.ts';
import { keyFingerprint } from '../kernel/secret.ts';
import type { Connection, Database } from './connection.ts';
import { copyIn, copyOut } from './copy.ts';
import { migrate, migrateWithin, readMigrations } from './migrate.ts';

const FORMAT = 'bentornato-backup';
const COPY_END = '\\.';

const headSchema = z.object({
  format: z.literal(FORMAT),
  migration: z.number().int(),
  keyFingerprint: z.string(),
  createdAt: z.string(),
});
const tableSchema = z.object({ table: z.string(), columns: z.array(z.string()).min(1) });
const tailSchema = z.object({
  rows: z.number().int(),
  sequences: z.array(z.object({ name: z.string(), lastValue: z.number(), isCalled: z.boolean() })),
});

/** What a backup or a restore moved. */
export interface BackupResult {
  readonly tables: number;
  readonly rows: number;
  readonly migration: number;
  readonly createdAt: string;
}

/**
 * Writes everything in the database into one gzip file, as of one moment: a head, every table as PostgreSQL's own text
 * COPY, and a tail that counts the rows, so that a cut file is noticed. It can be read into another major version
 * (15 to 18). The key file is not in it: the secrets inside stay closed without it.
 */
export async function exportBackup(
  database: Database,
  request: { path: string; secretKey: Buffer },
  now: Date,
): Promise<BackupResult> {
  const unfinished = `${request.path}.part`;
  const head = {
    format: FORMAT as typeof FORMAT,
    migration: readMigrations().at(-1)?.version ?? 0,
    keyFingerprint: keyFingerprint(request.secretKey),
    createdAt: now.toISOString(),
  };
  const count = { tables: 0, rows: 0 };
  try {
    await database.transaction(async (transaction) => {
      await transaction.raw`set transaction isolation level repeatable read, read only`;
      const text = Readable.from(backupText(transaction, head, count));
      await pipeline(text, createGzip({ level: 6 }), createWriteStream(unfinished, { mode: 0o600 }));
    });
    await rename(unfinished, request.path);
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw fileFailure('backup_not_written', request.path, cause);
  }
  return { ...count, migration: head.migration, createdAt: head.createdAt };
}

async function* backupText(
  transaction: Connection,
  head: z.infer<typeof headSchema>,
  count: { tables: number; rows: number },
): AsyncIterable<string | Buffer> {
  const { raw } = transaction;
  yield `${JSON.stringify(head)}\n`;
  for (const { table, columns } of await selectTables(transaction)) {
    yield `${JSON.stringify({ table, columns })}\n`;
    const statement = `copy ${table} (${columns.map(quoted).join(', ')}) to stdout`;
    for await (const block of copyOut(raw, statement)) {
      count.rows += countLines(block);
      yield block;
    }
    count.tables += 1;
    yield `${COPY_END}\n`;
  }
  yield `${JSON.stringify({ rows: count.rows, sequences: await selectSequences(transaction) })}\n`;
}

function countLines(block: Buffer): number {
  let lines = 0;
  for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/**
 * Reads a backup into a database in which no business is set up yet, all of it or nothing. A backup of an older version is
 * brought up to date. Failures: `backup_unreadable`, `backup_newer`, `backup_other_key`, `restore_not_empty`.
 */
export async function restoreBackup(
  database: Database,
  request: { path: string; secretKey: Buffer },
): Promise<BackupResult> {
  const lines = linesOf(request.path);
  const head = parsed(headSchema, await nextLine(lines, request.path), request.path);
  if (head.migration > (readMigrations().at(-1)?.version ?? 0)) throw new Failure('backup_newer');
  if (head.keyFingerprint !== keyFingerprint(request.secretKey)) throw new Failure('backup_other_key');
  const count = await database.transaction(async (transaction) => {
    const [business] = await transaction.raw`select 1 from business`;
    if (business) throw new Failure('restore_not_empty');
    await dropEverything(transaction);
    await migrateWithin(transaction, head.migration);
    return loadTables(transaction, lines, request.path);
  });
  await migrate(database);
  return { ...count, migration: head.migration, createdAt: head.createdAt };
}

async function loadTables(
  transaction: Connection,
  lines: AsyncIterator<string>,
  path: string,
): Promise<{ tables: number; rows: number }> {
  const { raw } = transaction;
  const count = { tables: 0, rows: 0 };
  for (;;) {
    const line = await nextLine(lines, path);
    const section = parsed(z.union([tableSchema, tailSchema]), line, path);
    if ('sequences' in section) {
      if (section.rows !== count.rows) throw new Failure('backup_unreadable', { params: { file: path } });
      for (const { name, lastValue, isCalled } of section.sequences)
        await raw`select setval(${name}::regclass, ${lastValue}, ${isCalled})`;
      return count;
    }
    const { table, columns } = section;
    const known = (await selectTables(transaction)).find((candidate) => candidate.table === table);
    if (!known || !columns.every((column) => known.columns.includes(column)))
      throw new Failure('backup_unreadable', { params: { file: path } });
    const statement = `copy ${table} (${columns.map(quoted).join(', ')}) from stdin`;
    await copyIn(raw, statement, rowsUntilEnd(lines, path, count)).catch((error: unknown) => {
      // Rows that do not fit together (SQLSTATE classes 22 and 23) are a damaged file, not our bug.
      const isDamaged = /^2[23]/.test(String((error as { code?: unknown }).code));
      throw isDamaged ? fileFailure('backup_unreadable', path, error) : error;
    });
    count.tables += 1;
  }
}

async function* rowsUntilEnd(
  lines: AsyncIterator<string>,
  path: string,
  count: { rows: number },
): AsyncIterable<string> {
  for (;;) {
    const line = await nextLine(lines, path);
    if (line === COPY_END) return;
    count.rows += 1;
    yield `${line}\n`;
  }
}

/** Lines end with a line feed and nothing else: other signs that some readers break at are data here. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const bytes = createReadStream(path);
  const text = createGunzip();
  bytes.on('error', (error) => text.destroy(error)).pipe(text);
  let rest: Buffer = Buffer.alloc(0);
  for await (const block of text as AsyncIterable<Buffer>) {
    const whole = rest.length === 0 ? block : Buffer.concat([rest, block]);
    const end = whole.lastIndexOf(10);
    rest = whole.subarray(end + 1);
    if (end >= 0) yield* whole.toString('utf8', 0, end).split('\n');
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

async function nextLine(lines: AsyncIterator<string>, path: string): Promise<string> {
  try {
    const next = await lines.next();
    if (next.done !== true) return next.value;
  } catch (cause) {
    throw fileFailure('backup_unreadable', path, cause);
  }
  throw new Failure('backup_unreadable', { params: { file: path } });
}

function parsed<Schema extends z.ZodType>(schema: Schema, line: string, path: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw fileFailure('backup_unreadable', path, cause);
  }
}

function fileFailure(code: string, path: string, cause: unknown): Failure {
  return cause instanceof Failure ? cause : new Failure(code, { params: { file: path }, cause });
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Every table with its stored columns, those that others refer to first. Names are qualified and quoted. */
async function selectTables({ raw }: Connection): Promise<{ table: string; columns: string[] }[]> {
  const tables = await raw<{ oid: number; table: string; columns: string[] }[]>`
    select c.oid::int as oid, format('%I.%I', n.nspname, c.relname) as "table",
      array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind = 'r' and n.nspname in ('public', 'demonstration') and c.relname <> 'schema_migration'
    group by c.oid, n.nspname, c.relname order by n.nspname, c.relname`;
  const references = await raw<{ child: number; parent: number }[]>`
    select conrelid::int as child, confrelid::int as parent from pg_constraint where contype = 'f' and conrelid <> confrelid`;
  const placed = new Set<number>();
  const order: { table: string; columns: string[] }[] = [];
  while (order.length < tables.length) {
    const ready = tables.filter(
      ({ oid }) =>
        !placed.has(oid) && references.every(({ child, parent }) => child !== oid || placed.has(parent)),
    );
    if (ready.length === 0) throw new Error('tables refer to each other in a circle');
    for (const { oid, table, columns } of ready) {
      placed.add(oid);
      order.push({ table, columns });
    }
  }
  return order;
}

async function selectSequences({ raw }: Connection): Promise<z.infer<typeof tailSchema>['sequences']> {
  const names = await raw<{ name: string }[]>`
    select format('%I.%I', schemaname, sequencename) as name from pg_sequences where schemaname in ('public', 'demonstration') order by 1`;
  const sequences: z.infer<typeof tailSchema>['sequences'] = [];
  for (const { name } of names) {
    const [row] = await raw.unsafe<{ last_value: number; is_called: boolean }[]>(
      `select last_value, is_called from ${name}`,
    );
    if (row) sequences.push({ name, lastValue: row.last_value, isCalled: row.is_called });
  }
  return sequences;
}

/** The schema is made anew as the backup's version had it; the caller has made sure that nothing is in it. */
async function dropEverything({ raw }: Connection): Promise<void> {
  await raw`drop schema if exists demonstration cascade`;
  const rows = await raw<{ statement: string }[]>`
    select format('drop %s if exists public.%I cascade', case relkind when 'S' then 'sequence' else 'table' end, relname) as statement
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S') order by relkind = 'S'`;
  for (const { statement } of rows) await raw.unsafe(statement);
}
