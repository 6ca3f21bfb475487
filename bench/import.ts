/**
 * How long the import of sales takes against `psql \copy` of the same file into one plain table, on the same server in
 * the same run, before and after: everything included (parsing, matching, deduplication, clocks of contacts with consent
 * to profiling). Limits of the issue: at most 12 times as long, aim 8, and our process below 400 MB. Exit code 1 when missed.
 *
 * Customers are as in a shop: 63 in 100 consented to profiling, and most of what each buys is from six departments of
 * sixty. `--hardest` gives all of them consent and lets them buy anything, which makes four times as many clocks.
 *
 * node bench/import.ts [--lines 5000000] [--contacts 100000] [--again] [--hardest]
 */
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { Database, DatabaseAddress } from '../src/database/connection.ts';
import { openDatabase } from '../src/database/connection.ts';
import { startEmbeddedServer } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { dayFromIso } from '../src/kernel/day.ts';
import type { Random } from '../src/kernel/random.ts';
import { seededRandom } from '../src/kernel/random.ts';
import { importSales } from '../src/sales/actions.ts';
import type { ImportSummary } from '../src/sales/schema.ts';
import { cpuOfEndedChildren, cpuOfServer } from './support/cpu.ts';
import { figure, missedIn, productOptions, round, timed, watchMemory } from './support/measure.ts';
import { DEPARTMENTS, PRODUCTS, TILL_HEADER, TillFile, cardOf } from './support/till-file.ts';

const FIRST_DAY = dayFromIso('2024-01-01');
const DAYS = 700;
const NOW = new Date('2026-01-15T12:00:00Z');

const CONSENT_PERCENT = 63;
const HABITS = 6;
const HABIT_SHARE = 0.85;
const RATIO_LIMIT = 12;
const MEMORY_LIMIT_MB = 400;

interface Size {
  readonly lines: number;
  readonly contacts: number;
  readonly isHardest: boolean;
}

interface Measured {
  readonly summary: ImportSummary;
  readonly seconds: number;
  /** CPU of our process alone. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** When each phase was last heard of. */
  readonly phases: Record<string, number>;
}

/** Receipts day by day as a till writes them: one to four lines, six in ten with a card, three returns in a hundred. */
async function writeSales(path: string, { lines, contacts, isHardest }: Size): Promise<void> {
  const random = seededRandom('bench import');
  const file = new TillFile(path);
  let written = 0;
  for (let number = 1; written < lines; number++) {
    const day = FIRST_DAY + Math.floor((written / lines) * DAYS);
    const time = `${9 + random.integer(10)}:${10 + random.integer(50)}`;
    const contact = random.next() < 0.6 ? random.integer(contacts) : null;
    const isReturn = random.next() < 0.03;
    const size = Math.min(lines - written, 1 + random.integer(4));
    const products = Array.from({ length: size }, () =>
      contact === null || isHardest || random.next() > HABIT_SHARE
        ? random.integer(PRODUCTS)
        : habitOf(contact, random),
    );
    const card = contact === null ? '' : cardOf(contact);
    await file.write({ number, day, time, card, isReturn, products });
    written += size;
  }
  await file.close();
}

/** An article of one of the customer's own departments. */
function habitOf(contact: number, random: Random): number {
  const department = (contact * 7 + random.integer(HABITS) * 11) % DEPARTMENTS;
  return department + DEPARTMENTS * random.integer(Math.floor(PRODUCTS / DEPARTMENTS));
}

/** Customers who signed up at the counter, with or without consent to profiling, so that their clocks are kept or not. */
async function insertContacts({ raw }: Database, { contacts, isHardest }: Size): Promise<void> {
  await raw`insert into contact (contact_id, household_id, last_name, created_at, updated_at)
    select n, n, 'Cliente ' || n, ${NOW}, ${NOW} from generate_series(1, ${contacts}::int) n`;
  await raw`select setval(pg_get_serial_sequence('contact', 'contact_id'), ${contacts}::int)`;
  await raw`insert into contact_identity (contact_id, kind, value, original, created_at)
    select n, 'card', '29' || lpad((n - 1)::text, 11, '0'), '', ${NOW} from generate_series(1, ${contacts}::int) n`;
  await raw`insert into identity_key select 'card:29' || lpad((n - 1)::text, 11, '0'), n from generate_series(1, ${contacts}::int) n`;
  await raw`insert into consent_state (contact_id, purpose, state, channels, since)
    select n, 'profiling', 'granted', '{}', ${NOW} from generate_series(1, ${contacts}::int) n
    where n * 37 % 100 < ${isHardest ? 100 : CONSENT_PERCENT}::int`;
  await raw`vacuum analyze`;
}

/** Seconds of `psql \copy` into one plain table; without psql, of a COPY of the raw file through our driver. */
async function copyPlainly(
  database: Database,
  address: DatabaseAddress,
  path: string,
): Promise<{ seconds: number; cpuSeconds: number; result: 'psql \\copy' | 'copy' }> {
  const columns = TILL_HEADER.split(';').map((_, index) => `c${index} text`);
  await database.raw.unsafe(`create table plain (${columns.join(', ')})`);
  const hasPsql = spawnSync('psql', ['--version']).status === 0;
  const cpuBefore = cpuOfUs();
  const start = performance.now();
  if (hasPsql) {
    const target =
      'url' in address
        ? [address.url]
        : ['-h', address.host, '-p', String(address.port), '-U', address.user, address.database];
    const command = `\\copy plain from '${path}' with (format csv, delimiter ';', header true)`;
    execFileSync('psql', [...target, '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', command]);
  } else {
    const writable = await database.raw
      .unsafe(`copy plain from stdin with (format csv, delimiter ';', header true)`)
      .writable();
    await pipeline(createReadStream(path, { highWaterMark: 262_144 }), writable);
  }
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = cpuOfUs() - cpuBefore;
  await database.raw`drop table plain`;
  return { seconds, cpuSeconds, result: hasPsql ? 'psql \\copy' : 'copy' };
}

/** CPU seconds of this process and of the programs it started that have ended. */
function cpuOfUs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + cpuOfEndedChildren();
}

/** In a process of its own, so that its memory is the import's alone. */
async function importInChild(address: DatabaseAddress, path: string): Promise<Measured> {
  const child = fork(import.meta.filename, ['--child'], { serialization: 'json', execArgv: productOptions });
  child.send({ address, path });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      resolve(message as Measured);
      child.disconnect();
    });
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`the import ended with ${code}`));
    });
  });
}

async function runChild(address: DatabaseAddress, path: string): Promise<void> {
  const database = openDatabase(address);
  const memory = watchMemory();
  const start = performance.now();
  const phases: Record<string, number> = {};
  const { seconds, result } = await timed(() =>
    importSales(
      database,
      {
        source: { path },
        fileName: 'vendite.csv',
        timeZone: 'Europe/Rome',
        onProgress: ({ phase }) => (phases[phase] = round((performance.now() - start) / 1000)),
      },
      NOW,
    ),
  );
  const { user, system } = process.cpuUsage();
  const { peakMb } = memory.stop();
  await database.close();
  const measured = { summary: result, seconds, cpuSeconds: (user + system) / 1e6, peakMb, phases };
  process.send?.(measured satisfies Measured);
}

interface Cost {
  readonly seconds: number;
  /** CPU of our side and of the server together; null where it cannot be told. */
  readonly cpuSeconds: number | null;
}

/** Runs work that says what CPU our side took, and adds what the server took. */
async function costOf<T>(
  serverPid: number | null,
  work: () => Promise<{ seconds: number; cpuSeconds: number; result: T }>,
): Promise<Cost & { result: T }> {
  const before = cpuOfServer(serverPid);
  const { seconds, cpuSeconds, result } = await work();
  const after = cpuOfServer(serverPid);
  const cpu = before === null || after === null ? null : round(cpuSeconds + after - before);
  return { seconds: round(seconds), cpuSeconds: cpu, result };
}

const ratioOf = (whole: number | null, part: number | null): number | null =>
  whole === null || part === null ? null : round(whole / part);

async function measure(
  database: Database,
  address: DatabaseAddress,
  serverPid: number | null,
  options: { path: string; lines: number; isRepeated: boolean },
) {
  const plain = () => costOf(serverPid, () => copyPlainly(database, address, options.path));
  const bring = () =>
    costOf(serverPid, async () => {
      const measured = await importInChild(address, options.path);
      return { seconds: measured.seconds, cpuSeconds: measured.cpuSeconds, result: measured };
    });
  const before = await plain();
  const first = await bring();
  const after = await plain();
  const again = options.isRepeated ? await bring() : null;
  const plainSeconds = (before.seconds + after.seconds) / 2;
  const plainCpu =
    before.cpuSeconds === null || after.cpuSeconds === null
      ? null
      : (before.cpuSeconds + after.cpuSeconds) / 2;
  const describe = ({ seconds, cpuSeconds, result }: Awaited<ReturnType<typeof bring>>) => ({
    seconds,
    cpuSeconds,
    ourCpuSeconds: round(result.cpuSeconds),
    ratio: figure(seconds / plainSeconds, 'times', RATIO_LIMIT, 'issue'),
    cpuRatio: ratioOf(cpuSeconds, plainCpu),
    peakMemory: figure(result.peakMb, 'MB', MEMORY_LIMIT_MB, 'issue'),
    linesPerSecond: Math.round(options.lines / seconds),
    lastProgress: result.phases,
    summary: result.summary,
  });
  return {
    plain: {
      tool: before.result,
      seconds: [before.seconds, after.seconds],
      cpuSeconds: [before.cpuSeconds, after.cpuSeconds],
    },
    import: describe(first),
    again: again ? describe(again) : null,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      lines: { type: 'string', default: '5000000' },
      contacts: { type: 'string', default: '100000' },
      again: { type: 'boolean', default: false },
      hardest: { type: 'boolean', default: false },
    },
  });
  const lines = Number(values.lines);
  const size = { lines, contacts: Number(values.contacts), isHardest: values.hardest };
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-bench-'));
  const url = process.env.BENTORNATO_BENCH_DATABASE_URL;
  const server = url ? null : await startEmbeddedServer(folder);
  const address = url ? { url } : (server?.address ?? { url: '' });
  const database = openDatabase(address);
  try {
    await migrate(database);
    await insertContacts(database, size);
    const path = join(folder, 'vendite.csv');
    await writeSales(path, size);
    const serverPid = server
      ? Number.parseInt(readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8'))
      : null;
    const measured = await measure(database, address, serverPid, { path, lines, isRepeated: values.again });
    const [row] = await database.raw<{ clocks: number; version: string }[]>`
      select (select count(*) from clock) as clocks, current_setting('server_version') as version`;
    const missed = missedIn(measured);
    console.log(
      JSON.stringify(
        {
          ...size,
          fileMb: Math.round(statSync(path).size / 1e6),
          server: row?.version,
          clocks: row?.clocks,
          ...measured,
          missed,
        },
        null,
        1,
      ),
    );
    if (missed.length > 0) process.exitCode = 1;
  } finally {
    await database.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv.includes('--child')) {
  process.once('message', (message) => {
    const { address, path } = message as { address: DatabaseAddress; path: string };
    void runChild(address, path);
  });
} else await main();
