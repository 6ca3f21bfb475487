import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Database, DatabaseAddress } from '../database/connection.ts';
import { openDatabase } from '../database/connection.ts';
import { startEmbeddedServer } from '../database/embedded.ts';
import { checkDatabaseUrl, databaseFailure } from '../database/failures.ts';
import { migrate } from '../database/migrate.ts';
import type { RouteContext } from '../http/route-context.ts';
import type { Clock } from '../kernel/clock.ts';
import { Failure } from '../kernel/failure.ts';
import type { Environment } from './environment.ts';
import { readEnvironment } from './environment.ts';
import { createLog } from './log.ts';

/** The opened product: database, key, clock and log, constructed once. */
export interface Application extends RouteContext {
  readonly environment: Environment;
  readonly address: DatabaseAddress;
  /** Whether this process owns the embedded server; false when it joined one or uses DATABASE_URL. */
  readonly isServerOwner: boolean;
  readonly log: Logger;
  /** Starts the embedded server again where nobody else has: it ended with its owner, or on a full disk. */
  reviveDatabase(): Promise<void>;
  /** An error with its cause: a database that is only gone because the disk is full says so. */
  explain(error: unknown): unknown;
  close(): Promise<void>;
}

const OLDEST_SERVER = 150_000; // PostgreSQL 15, as server_version_num

const systemClock: Clock = { now: () => new Date() };

/** Opens the database (embedded, joined or by URL), brings the schema up to date and reads the key of the data folder. */
export async function openApplication(
  environment: Environment,
  options: { clock?: Clock; log?: Logger } = {},
): Promise<Application> {
  const log = options.log ?? createLog(environment.logLevel);
  const secretKey = readSecretKey(environment.dataFolder);
  let embedded = environment.databaseUrl ? null : await startEmbeddedServer(environment.dataFolder);
  const address = embedded?.address ?? { url: checkDatabaseUrl(environment.databaseUrl ?? '') };
  const database = openDatabase(address);
  try {
    await checkServerVersion(database);
    const applied = await migrate(database);
    if (applied > 0) log.info({ applied }, 'schema brought up to date');
  } catch (error) {
    await closeAll(database, embedded);
    throw error;
  }
  return {
    environment,
    address,
    isServerOwner: embedded?.isOwner ?? false,
    database,
    clock: options.clock ?? systemClock,
    secretKey,
    dataFolder: environment.dataFolder,
    publicUrl: environment.publicUrl,
    smtpUrl: environment.smtpUrl,
    log,
    reviveDatabase: async () => {
      const server = embedded && (await startEmbeddedServer(environment.dataFolder));
      if (server?.isOwner) embedded = server;
    },
    explain: (error) =>
      embedded?.hasRunOutOfSpace() && databaseFailure(error)?.code === 'database_unreachable'
        ? new Failure('disk_full', { status: 503, cause: error })
        : error,
    close: () => closeAll(database, embedded),
  };
}

/** Failure `database_too_old`. */
async function checkServerVersion({ raw }: Database): Promise<void> {
  const [row] = await raw<{ number: number; version: string }[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version`;
  if (row && row.number < OLDEST_SERVER)
    throw new Failure('database_too_old', { status: 500, params: { version: row.version } });
}

async function closeAll(database: Database, embedded: { stop(): Promise<void> } | null): Promise<void> {
  await database.close();
  await embedded?.stop();
}

/** 32 random bytes in a file beside the database, not in it: a stolen backup of the database opens nothing. */
function readSecretKey(dataFolder: string): Buffer {
  const path = join(dataFolder, 'secret.key');
  try {
    mkdirSync(dataFolder, { recursive: true });
    if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
    if (key.length === 32) return key;
  } catch (cause) {
    throw new Failure(keyFailure((cause as { code?: string }).code), {
      status: 500,
      params: { path, folder: dataFolder },
      cause,
    });
  }
  throw new Failure('data_key_unreadable', { status: 500, params: { path } });
}

/** A key that is there and may not be read is a matter of rights; only one that is gone or broken must come from the backup. */
function keyFailure(code: string | undefined): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk_full';
  return code === 'EISDIR' ? 'data_key_unreadable' : 'data_folder_unusable';
}

/** Opens the product for one command, beside a running program or alone, and closes it whatever happens. */
export async function withApplication<T>(
  options: { data?: string },
  work: (application: Application) => Promise<T>,
): Promise<T> {
  const environment = readEnvironment(process.env, options);
  const application = await openApplication({
    ...environment,
    logLevel: process.env.BENTORNATO_LOG ?? 'warn',
  });
  try {
    return await work(application);
  } catch (error) {
    throw application.explain(error);
  } finally {
    await application.close();
  }
}
