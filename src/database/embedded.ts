import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  readdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { Failure } from '../kernel/failure.ts';
import type { DatabaseAddress } from './connection.ts';
import { UNPRIVILEGED_ID, isReachableByServer, prepareBinaries, serverAccount } from './embedded-binaries.ts';

const DATABASE = 'bentornato';
const USER = 'bentornato';
const PORT = 5432;
const SOCKET_PATH_MAX = 90; // the system's limit is about 107 bytes, and the socket's own name is added
const START_TIMEOUT_MS = 30_000;
const LOG_MAX_BYTES = 10_000_000;

export interface EmbeddedServer {
  readonly address: DatabaseAddress;
  /** Whether this process started the server and stops it; a second process joins and leaves it running. */
  readonly isOwner: boolean;
  /** Whether the server has said since then that the disk is full, which can end it: its clients only see it gone. */
  hasRunOutOfSpace(): boolean;
  stop(): Promise<void>;
}

/** A shop's program needs a dozen. */
const MAX_CONNECTIONS = 40;

interface Folders {
  readonly base: string;
  readonly cluster: string;
  readonly socket: string;
  readonly log: string;
  readonly owner: string;
}

/**
 * Starts the packaged PostgreSQL on `dataFolder`, or joins the one that already runs there. No TCP port is opened.
 * The server stops with its owner, however the owner ends: a guardian shell holds a pipe and stops it on end-of-file.
 * Failures: `data_folder_unusable`, `database_did_not_start`, `disk_full`, `embedded_server_missing`.
 */
export async function startEmbeddedServer(
  dataFolder: string,
  { maxConnections = MAX_CONNECTIONS }: { readonly maxConnections?: number } = {},
): Promise<EmbeddedServer> {
  const folders = prepareFolders(resolve(dataFolder));
  const hasRunOutOfSpace = watchLog(folders.log);
  const address = { host: folders.socket, port: PORT, user: USER, database: DATABASE };
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const running = await runningServer(folders, address);
    if (running === 'ready') {
      if (isAnotherOwnerAlive(folders))
        return { address, isOwner: false, hasRunOutOfSpace, stop: () => Promise.resolve() };
      return { address, isOwner: true, hasRunOutOfSpace, stop: stopper(folders, guard(folders)) };
    }
    if (running === 'none') {
      const binaries = prepareBinaries(join(folders.base, '..', 'runtime'));
      initialiseCluster(folders, binaries.initdb);
      const guardian = await launch(folders, binaries.postgres, address, {
        deadline,
        hasRunOutOfSpace,
        maxConnections,
      });
      if (guardian) return { address, isOwner: true, hasRunOutOfSpace, stop: stopper(folders, guardian) };
    }
    if (performance.now() > deadline) throw didNotStart(folders);
    await sleep(50);
  }
}

function prepareFolders(dataFolder: string): Folders {
  try {
    return makeFolders(dataFolder);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const isFull = (cause as { code?: string }).code === 'ENOSPC';
    throw new Failure(isFull ? 'disk_full' : 'data_folder_unusable', {
      status: 500,
      params: { folder: dataFolder },
      cause,
    });
  }
}

function makeFolders(dataFolder: string): Folders {
  const base = join(dataFolder, 'postgres');
  mkdirSync(base, { recursive: true });
  letServerPass(dataFolder);
  if (!isReachableByServer(dataFolder)) {
    throw new Failure('data_folder_unreachable', { status: 500, params: { folder: dataFolder } });
  }
  giveToServer(base);
  const wished = join(base, 'socket');
  const short = join(tmpdir(), `bentornato-${createHash('sha256').update(base).digest('hex').slice(0, 12)}`);
  const socket = Buffer.byteLength(wished) <= SOCKET_PATH_MAX ? wished : short;
  mkdirSync(socket, { recursive: true });
  giveToServer(socket);
  return {
    base,
    cluster: join(base, 'data'),
    socket,
    log: join(base, 'server.log'),
    owner: join(base, 'owner.pid'),
  };
}

/** As root the server's account must pass through the data folder (not read it) to reach its own. */
function letServerPass(dataFolder: string): void {
  if (serverAccount().uid === undefined) return;
  const { mode, uid } = statSync(dataFolder);
  if (uid === process.getuid?.()) chmodSync(dataFolder, (mode & 0o777) | 0o011);
}

/** Only the server's account (and root) may enter: the folder's mode is the password. */
function giveToServer(folder: string): void {
  if (serverAccount().uid !== undefined) chownSync(folder, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
  chmodSync(folder, 0o700);
}

/** A cluster is made in a folder of its own and renamed when whole, so that a kill leaves nothing half made in place. */
function initialiseCluster(folders: Folders, initdb: string): void {
  if (existsSync(join(folders.cluster, 'PG_VERSION'))) return;
  for (const name of readdirSync(folders.base)) {
    if (name.startsWith('initialising-')) rmSync(join(folders.base, name), { recursive: true, force: true });
  }
  const unfinished = join(folders.base, `initialising-${process.pid}`);
  const result = spawnSync(
    initdb,
    [
      '-D',
      unfinished,
      '-U',
      USER,
      '--auth-local=trust',
      '--auth-host=reject',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--data-checksums',
      '--wal-segsize=1',
    ],
    {
      ...serverAccount(),
      cwd: '/',
      env: { HOME: folders.base, PATH: process.env.PATH },
      encoding: 'utf8',
    },
  );
  if (result.status !== 0) {
    const cause = result.error ?? new Error(result.stderr);
    const code = /No space left|disk full/i.test(String(cause)) ? 'disk_full' : 'database_did_not_start';
    throw new Failure(code, {
      status: 500,
      params: { folder: folders.base, detail: lastLine(String(cause.message)) },
      cause,
    });
  }
  renameSync(unfinished, folders.cluster);
}

/** Settings for a shop's PC, given on the command line so that a new version can change them. */
function serverSettings(folders: Folders, maxConnections: number): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: folders.socket,
    unix_socket_permissions: '0700',
    dynamic_shared_memory_type: 'mmap', // /dev/shm is 64 MB in containers: parallel joins fail there
    shared_buffers: '128MB',
    work_mem: '32MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '1GB',
    max_connections: String(maxConnections),
    log_timezone: 'UTC',
    log_statement: 'none',
    log_min_messages: 'log', // errors come back to us; here their values, which are personal data, would be kept
    log_min_error_statement: 'panic', // so would their statements
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function launch(
  folders: Folders,
  program: string,
  address: DatabaseAddress,
  {
    deadline,
    hasRunOutOfSpace,
    maxConnections,
  }: { deadline: number; hasRunOutOfSpace: () => boolean; maxConnections: number },
): Promise<ChildProcess | null> {
  if (existsSync(folders.log) && statSync(folders.log).size > LOG_MAX_BYTES) rmSync(folders.log);
  const log = openSync(folders.log, 'a');
  const server = spawn(program, ['-D', folders.cluster, ...serverSettings(folders, maxConnections)], {
    ...serverAccount(),
    cwd: '/',
    env: { HOME: folders.base, PATH: process.env.PATH, TZ: 'UTC' },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let ended = false;
  server.once('exit', () => (ended = true));
  server.once('error', () => (ended = true));
  server.unref();
  while (performance.now() < deadline) {
    if (ended) return endedEarly(folders, hasRunOutOfSpace());
    if ((await connects(address)) === 'ready') return guard(folders);
    await sleep(15);
  }
  throw didNotStart(folders);
}

/** A server that ended at once is retried when its predecessor is only not gone yet, else its last words are the cause. */
function endedEarly(folders: Folders, isFull: boolean): null {
  if (isFull) throw new Failure('disk_full', { status: 500, params: { folder: folders.base } });
  if (/lock file|shared memory block|already in use|is starting up/i.test(tail(folders.log))) return null;
  throw didNotStart(folders);
}

/** A shell that outlives us and stops the server when our end of its pipe closes, for whatever reason. */
function guard(folders: Folders): ChildProcess {
  const pid = postmasterPid(folders);
  const guardian = spawn('/bin/sh', ['-c', 'cat >/dev/null; kill -INT "$0" 2>/dev/null', String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guardian.unref();
  (guardian.stdin as unknown as { unref(): void }).unref();
  writeFileSync(folders.owner, String(process.pid));
  return guardian;
}

function watchLog(log: string): () => boolean {
  const known = existsSync(log) ? statSync(log).size : 0;
  return () => {
    const words = existsSync(log) ? readFileSync(log) : Buffer.alloc(0);
    return words.subarray(words.length < known ? 0 : known).includes('No space left on device');
  };
}

function stopper(folders: Folders, guardian: ChildProcess): () => Promise<void> {
  return async () => {
    const pid = postmasterPid(folders);
    rmSync(folders.owner, { force: true });
    guardian.stdin?.end();
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (pid !== null && isAlive(pid) && performance.now() < deadline) await sleep(20);
  };
}

async function runningServer(folders: Folders, address: DatabaseAddress): Promise<'ready' | 'busy' | 'none'> {
  const pid = postmasterPid(folders);
  if (pid === null || !isAlive(pid)) return 'none';
  const state = await connects(address);
  if (state === 'ready') return 'ready';
  // A file left by a killed server may name a process that is not a server: only its socket says so.
  return state === 'refused' && !existsSync(join(folders.socket, `.s.PGSQL.${PORT}`)) ? 'none' : 'busy';
}

function isAnotherOwnerAlive(folders: Folders): boolean {
  if (!existsSync(folders.owner)) return false;
  const pid = Number(readFileSync(folders.owner, 'utf8'));
  return pid === process.pid || isAlive(pid);
}

/** Tries one connection, creating the database on the first start. */
async function connects(address: DatabaseAddress): Promise<'ready' | 'busy' | 'refused'> {
  const maintenance = postgres({
    ...address,
    database: 'postgres',
    max: 1,
    connect_timeout: 2,
    onnotice: () => undefined,
  } as postgres.Options<Record<string, never>>);
  try {
    const [found] = await maintenance`select 1 from pg_database where datname = ${DATABASE}`;
    if (!found) await maintenance.unsafe(`create database ${DATABASE}`).catch(ignoreDuplicate);
    return 'ready';
  } catch (error) {
    const code = (error as { code?: string }).code;
    return code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'CONNECT_TIMEOUT' ? 'refused' : 'busy';
  } finally {
    await maintenance.end({ timeout: 0 }).catch(() => undefined);
  }
}

function ignoreDuplicate(error: unknown): void {
  if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
}

function postmasterPid(folders: Folders): number | null {
  try {
    const pid = Number(readFileSync(join(folders.cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** A killed process that its parent has not yet reaped still answers to signals. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function didNotStart(folders: Folders): Failure {
  return new Failure('database_did_not_start', {
    status: 500,
    params: {
      folder: folders.base,
      detail: existsSync(folders.log) ? lastLine(readFileSync(folders.log, 'utf8')) : '',
    },
  });
}

const tail = (file: string): string => readFileSync(file, 'utf8').slice(-2_000);
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
