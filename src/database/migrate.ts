import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { Failure } from '../kernel/failure.ts';
import type { Connection, Database } from './connection.ts';

const MIGRATIONS = new URL('../../db/migrations/', import.meta.url);
const MIGRATION_LOCK = 0x62656e74; // "bent"

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
  readonly hash: string;
}

/** The migrations of this version of the program, in order. */
export function readMigrations(): Migration[] {
  return readdirSync(MIGRATIONS)
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, MIGRATIONS), 'utf8');
      return {
        version: Number(file.slice(0, 4)),
        name: file.slice(5, -4),
        statements: splitStatements(text),
        hash: createHash('sha256').update(text).digest('hex'),
      };
    });
}

/** One statement at a time, as a distributed PostgreSQL demands. A statement ends with ";" at the end of a line. */
export function splitStatements(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.replace(/^\s*--.*$/gm, '').trim())
    .filter((statement) => statement !== '');
}

/**
 * Brings the schema up to this version, each migration in a transaction of its own, and returns how many were applied.
 * A database of a newer version is refused (Failure `database_newer`), an edited migration too (`migration_changed`).
 */
export async function migrate(database: Database): Promise<number> {
  await createMigrationTable(database);
  let applied = 0;
  for (const migration of readMigrations())
    applied += await database.transaction((transaction) => applyMigration(transaction, migration));
  return applied;
}

/** Makes the schema of a version inside the caller's transaction, in a database that has none. */
export async function migrateWithin(transaction: Connection, version: number): Promise<void> {
  await createMigrationTable(transaction);
  for (const migration of readMigrations().filter((candidate) => candidate.version <= version))
    await applyMigration(transaction, migration);
}

async function createMigrationTable({ raw }: Connection): Promise<void> {
  await raw`create table if not exists schema_migration (
    version integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`;
  await raw`comment on table schema_migration is 'distribution: local. Which migrations this database has had.'`;
}

async function applyMigration({ raw }: Connection, migration: Migration): Promise<number> {
  await raw`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
  const known = await raw<
    { version: number; hash: string }[]
  >`select version, hash from schema_migration where version >= ${migration.version}`;
  const newest = Math.max(0, ...known.map((row) => row.version));
  if (newest > (readMigrations().at(-1)?.version ?? 0)) throw new Failure('database_newer', { status: 500 });
  const row = known.find((candidate) => candidate.version === migration.version);
  if (row && row.hash !== migration.hash) {
    throw new Failure('migration_changed', { status: 500, params: { name: migration.name } });
  }
  if (row) return 0;
  for (const statement of migration.statements) await raw.unsafe(statement);
  await raw`insert into schema_migration (version, name, hash) values (${migration.version}, ${migration.name}, ${migration.hash})`;
  return 1;
}
