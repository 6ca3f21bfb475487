/**
 * A million clocks in PostgreSQL: how long it takes to read and score them by the model in use, and to write those back whose
 * window is open, as the daily plan does. The whole plan of that day stands beside it.
 *
 * node bench/stored-clocks.ts [--folder DIR] [--contacts 100000] [--breadth 45]
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setUpMyShop } from '../src/business/set-up.ts';
import { fitClocks, loadDueClocks } from '../src/clocks/actions.ts';
import type { DueClock } from '../src/clocks/rules.ts';
import { loadScoredClocks } from '../src/clocks/scoring.ts';
import type { Database } from '../src/database/connection.ts';
import { isoFromDay } from '../src/kernel/day.ts';
import { planDay } from '../src/planner/actions.ts';
import type { CandidateInsert } from '../src/planner/queries.ts';
import { replaceCandidates } from '../src/planner/queries.ts';
import { importSales } from '../src/sales/actions.ts';
import { describeMachine, figure, median, missedIn, timed, watchMemory } from './support/measure.ts';
import { createPeople } from './support/people.ts';
import { writeShopSales } from './support/rhythms.ts';
import { days, momentOf, openShop, owner } from './support/shop.ts';

const LIMIT_SECONDS = 10;
const RUNS = 3;
const HISTORY_DAYS = 180;
const day = days.ordinary;
const now = momentOf(day, '05:00');

const say = (line: string): void => console.error(line);

/** A shop whose customers buy from up to so many of its sixty departments, by the product's own paths. Built once in a folder. */
async function prepare(folder: string, size: { contacts: number; breadth: number }): Promise<void> {
  const mark = join(folder, 'wide-shop.json');
  if (existsSync(mark)) {
    if (readFileSync(mark, 'utf8') === JSON.stringify(size)) return;
    throw new Error(`${folder} holds a shop of another size`);
  }
  mkdirSync(folder, { recursive: true });
  const { database, close } = await opened(folder);
  const business = { name: 'Bottega Inventata', address: 'Via dell’Esempio 1, 00000 Borgo' };
  await setUpMyShop(database, { kind: 'my_shop', demonstrationSector: 'coffee', owner, business }, now);
  await createPeople(database, size.contacts, momentOf(day - 700, '10:00'));
  const path = join(folder, 'vendite.csv');
  await writeShopSales(path, { ...size, lines: 0, lastDay: day - 1, days: HISTORY_DAYS });
  const source = { source: { path }, fileName: 'vendite.csv', timeZone: 'Europe/Rome' };
  const imported = await timed(() => importSales(database, source, now));
  rmSync(path);
  say(`import: ${imported.seconds} s`);
  const fit = await timed(() => fitClocks(database, now));
  if (fit.result?.isAdopted !== true) throw new Error('The fitted clocks were not adopted');
  say(`fit: ${fit.seconds} s`);
  await database.raw`vacuum analyze`;
  await close();
  writeFileSync(mark, JSON.stringify(size));
}

async function opened(folder: string) {
  const application = await openShop(folder, now);
  return { application, database: application.database, close: () => application.close() };
}

/** A due clock as the plan stores it, before anybody asked whether one may write. */
function candidateOf(clock: DueClock): CandidateInsert {
  return {
    contact_id: clock.contactId,
    source: `clock:${clock.categoryId}`,
    channel: 'email',
    class: 'promotion',
    category_id: clock.categoryId,
    campaign_id: null,
    probability: clock.probability,
    value_cents: 0,
    verdict: 'blocked',
    reason: 'value_below_cost',
  };
}

/** Reads, scores and writes back, each time as if for the first time. */
async function scoreAndWrite(database: Database) {
  const { seconds, result } = await timed(() =>
    database.transaction(async (transaction) => {
      const due = await loadDueClocks(transaction, day);
      await replaceCandidates(transaction, isoFromDay(day), due.map(candidateOf), null);
      return due.length;
    }),
  );
  say(`scored and written back: ${result} due, ${seconds} s`);
  return { seconds, due: result };
}

async function measure(folder: string) {
  const { application, database, close } = await opened(folder);
  const memory = watchMemory();
  const [stored] = await database.raw<{ clocks: number }[]>`select count(*) as clocks from clock`;
  const scored = await timed(() =>
    loadScoredClocks(database, { dueIn: { from: day, to: day } }, { day, refresh: true }),
  );
  const runs: { seconds: number; due: number }[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await scoreAndWrite(database));
  const { peakMb } = memory.stop();
  const plan = await timed(() => planDay(application, day, now));
  await close();
  return {
    machine: describeMachine(),
    clocks: stored?.clocks ?? 0,
    scored: scored.result.stored.clocks.count,
    scoreSeconds: scored.seconds,
    due: runs[0]?.due ?? 0,
    scoredAndWrittenBack: figure(median(runs.map((run) => run.seconds)), 's', LIMIT_SECONDS, 'issue'),
    peakMemoryMb: peakMb,
    wholePlanSeconds: plan.seconds,
  };
}

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    contacts: { type: 'string', default: '100000' },
    breadth: { type: 'string', default: '45' },
  },
});
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'bentornato-bench-'));
if (!values.folder) chmodSync(folder, 0o711); // as root the server's own account must pass through
try {
  await prepare(folder, { contacts: Number(values.contacts), breadth: Number(values.breadth) });
  const result = await measure(folder);
  const missed = missedIn(result);
  console.log(JSON.stringify({ ...result, missed }, null, 1));
  if (missed.length > 0) process.exitCode = 1;
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
