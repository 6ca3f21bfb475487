import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Database } from '../../src/database/connection.ts';
import { openDatabase } from '../../src/database/connection.ts';
import { startEmbeddedServer } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';

export const launcher = fileURLToPath(new URL('../../bentornato', import.meta.url));

/** How a command is called: nothing of the environment of the tests reaches it but the path of the programs. */
export interface Call {
  readonly data?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly program?: string;
}

/** A command that has ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
  /** The one document on standard output. */
  json<T = Record<string, unknown>>(): T;
  /** The one document on standard error. */
  failure(): { code: string; message: string };
}

function spawnCommand(words: readonly string[], call: Call): ChildProcess {
  const data = call.data === undefined ? [] : ['--data', call.data];
  return spawn(call.program ?? launcher, [...words, ...data], {
    cwd: call.cwd ?? '/',
    env: { PATH: process.env.PATH, HOME: tmpdir(), ...call.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the program as a person would at a terminal, to its end. */
export async function runCommand(words: readonly string[], call: Call = {}): Promise<Ended> {
  const child = spawnCommand(words, call);
  let output = '';
  let errors = '';
  child.stdout?.on('data', (text: Buffer) => (output += text.toString('utf8')));
  child.stderr?.on('data', (text: Buffer) => (errors += text.toString('utf8')));
  await once(child, 'close');
  return {
    exitCode: child.exitCode,
    output,
    errors,
    json: <T>() => JSON.parse(output) as T,
    failure: () => (JSON.parse(errors) as { error: { code: string; message: string } }).error,
  };
}

/** The program as it runs in a shop. */
export interface Started {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it wrote to its errors so far. */
  errors(): string;
  stop(): Promise<number | null>;
}

/** Starts the program and waits until it says where it is. */
export async function startProgram(call: Call, words: readonly string[] = ['start']): Promise<Started> {
  const ports = { PORT: '0', BENTORNATO_PUBLIC_PORT: '0', BENTORNATO_LOG: 'error' };
  const child = spawnCommand(words, { ...call, environment: { ...ports, ...call.environment } });
  const ended = once(child, 'close');
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => (errors += text.toString('utf8')));
  const url = await new Promise<string>((resolve, reject) => {
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /^Bentornato: (\S+)$/.exec(line)?.[1];
        if (found) resolve(found);
      });
    void ended.then(() => {
      reject(new Error(`it ended with ${child.exitCode}: ${errors}`));
    });
  });
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    await ended;
    return child.exitCode;
  };
  afterAll(async () => {
    if (child.exitCode === null) await stop();
  });
  return { url, child, errors: () => errors, stop };
}

/** An empty folder for this test file, which the account of the database may pass. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-cli-'));
  chmodSync(folder, 0o755);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A data folder whose database the test keeps running: commands join it, and the test sees what they leave in it. */
export async function openDataFolder(): Promise<{ folder: string; database: Database }> {
  const folder = temporaryFolder();
  const server = await startEmbeddedServer(folder);
  const database = openDatabase(server.address, { maxConnections: 4 });
  await migrate(database);
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  return { folder, database };
}
