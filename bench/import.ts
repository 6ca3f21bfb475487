/**
 * How long the import of sales takes against `psql \copy` of the same file into one plain table, on the same server in
 * the same run: everything included (parsing, matching, deduplication, clocks of contacts with consent to profiling).
 * Target (docs): at most 12 times as long, aim 8, and our process below 400 MB.
 *
 * node bench/import.ts [--lines 5000000] [--contacts 100000] [--again]
 */
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { Database, DatabaseAddress } from '../src/database/connection.ts';
import { openDatabase } from '../src/database/connection.ts';
import { startEmbeddedServer } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { isoFromDay, dayFromIso } from '../src/kernel/day.ts';
import { seededRandom } from '../src/kernel/random.ts';
import { importSales } from '../src/sales/actions.ts';
import type { ImportSummary } from '../src/sales/schema.ts';

const FIRST_DAY = dayFromIso('2024-01-01');
const DAYS = 700;
const NOW = new Date('2026-01-15T12:00:00Z');
const HEADER = 'Data;Ora;N. scontrino;Cassa;Tessera;Cod. articolo;Descrizione;Reparto;Q.tà;Importo';

interface Measured {
  readonly summary: ImportSummary;
  readonly seconds: number;
  readonly peakRssMb: number;
  readonly phases: Record<string, number>;
}

const card = (contact: number): string => `29${String(contact).padStart(11, '0')}`;

/** Receipts day by day as a till writes them: one to four lines, six in ten with a card, three returns in a hundred. */
async function writeSales(path: string, lines: number, contacts: number): Promise<void> {
  const random = seededRandom('bench import');
  const out = createWriteStream(path);
  let text = `${HEADER}\r\n`;
  let written = 0;
  for (let receipt = 1; written < lines; receipt++) {
    const day = isoFromDay(FIRST_DAY + Math.floor((written / lines) * DAYS));
    const date = `${day.slice(8)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
    const time = `${9 + random.integer(10)}:${10 + random.integer(50)}`;
    const tessera = random.next() < 0.6 ? card(random.integer(contacts)) : '';
    const sign = random.next() < 0.03 ? '-' : '';
    for (let line = 1 + random.integer(4); line > 0 && written < lines; line--, written++) {
      const product = random.integer(5000);
      const amount = `${sign}${3 + (product % 97)},${10 + (product % 90)}`;
      text += `${date};${time};${receipt};${1 + (receipt % 3)};${tessera};A${product};Prodotto numero ${product};Reparto ${product % 60};${sign}1;${amount}\r\n`;
    }
    if (text.length < 1_000_000) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await finished(out);
}

/** Customers who signed up at the counter, with consent to profiling, so that their clocks are kept. */
async function insertContacts({ raw }: Database, contacts: number): Promise<void> {
  await raw`insert into contact (contact_id, household_id, last_name, created_at, updated_at)
    select n, n, 'Cliente ' || n, ${NOW}, ${NOW} from generate_series(1, ${contacts}::int) n`;
  await raw`select setval(pg_get_serial_sequence('contact', 'contact_id'), ${contacts}::int)`;
  await raw`insert into contact_identity (contact_id, kind, value, original, created_at)
    select n, 'card', '29' || lpad((n - 1)::text, 11, '0'), '', ${NOW} from generate_series(1, ${contacts}::int) n`;
  await raw`insert into identity_key select 'card:29' || lpad((n - 1)::text, 11, '0'), n from generate_series(1, ${contacts}::int) n`;
  await raw`insert into consent_state (contact_id, purpose, state, channels, since)
    select n, 'profiling', 'granted', '{}', ${NOW} from generate_series(1, ${contacts}::int) n`;
  await raw`vacuum analyze`;
}

/** Seconds of `psql \copy` into one plain table; without psql, of a COPY of the raw file through our driver. */
async function copyPlainly(
  database: Database,
  address: DatabaseAddress,
  path: string,
): Promise<{ tool: string; seconds: number }> {
  const columns = HEADER.split(';').map((_, index) => `c${index} text`);
  await database.raw.unsafe(`create table plain (${columns.join(', ')})`);
  const hasPsql = spawnSync('psql', ['--version']).status === 0;
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
  await database.raw`drop table plain`;
  return { tool: hasPsql ? 'psql \\copy' : 'copy', seconds };
}

/** In a process of its own, so that its memory is the import's alone. */
async function importInChild(address: DatabaseAddress, path: string): Promise<Measured> {
  const child = fork(import.meta.filename, ['--child'], { serialization: 'json' });
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
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const start = performance.now();
  const phases: Record<string, number> = {};
  const summary = await importSales(
    database,
    {
      source: { path },
      fileName: 'vendite.csv',
      timeZone: 'Europe/Rome',
      onProgress: ({ phase }) => (phases[phase] = Math.round(performance.now() - start) / 1000),
    },
    NOW,
  );
  clearInterval(timer);
  const seconds = (performance.now() - start) / 1000;
  process.send?.({ summary, seconds, peakRssMb: Math.round(peak / 1e6), phases } satisfies Measured);
  await database.close();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      lines: { type: 'string', default: '5000000' },
      contacts: { type: 'string', default: '100000' },
      again: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-bench-'));
  const url = process.env.BENTORNATO_BENCH_DATABASE_URL;
  const server = url ? null : await startEmbeddedServer(folder);
  const address = url ? { url } : (server?.address ?? { url: '' });
  const database = openDatabase(address);
  try {
    await migrate(database);
    await insertContacts(database, Number(values.contacts));
    const path = join(folder, 'vendite.csv');
    await writeSales(path, Number(values.lines), Number(values.contacts));
    const plain = await copyPlainly(database, address, path);
    const first = await importInChild(address, path);
    const again = values.again ? await importInChild(address, path) : null;
    const [clocks] = await database.raw<{ count: number }[]>`select count(*) as count from clock`;
    console.log(
      JSON.stringify({
        lines: Number(values.lines),
        fileMb: Math.round(statSync(path).size / 1e6),
        plainTool: plain.tool,
        plainSeconds: Math.round(plain.seconds * 100) / 100,
        importSeconds: first.seconds,
        ratio: Math.round((first.seconds / plain.seconds) * 100) / 100,
        linesPerSecond: Math.round(Number(values.lines) / first.seconds),
        peakRssMb: first.peakRssMb,
        lastProgress: first.phases,
        clocks: clocks?.count,
        summary: first.summary,
        again: again
          ? { seconds: again.seconds, peakRssMb: again.peakRssMb, summary: again.summary }
          : undefined,
      }),
    );
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
