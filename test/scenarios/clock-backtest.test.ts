import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { dayFromIso, isoFromDay } from '../../src/kernel/day.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { sharedData } from '../support/shared-data.ts';

const cli = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bentornato-backtest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
  readonly read: number;
  readonly rejects: Record<string, number>;
  readonly horizonDays: number;
  readonly cutoffs: readonly { baseRate: number }[];
  readonly mean: readonly { name: string; auc: number; raw: { logLoss: number } | null }[];
  readonly gaps: readonly { name: string; withinWeek: number }[];
}

/** Runs `clocks backtest` as a program of its own; a failure comes back as its exit code and its JSON. */
async function backtest(words: readonly string[]): Promise<{ code: number; report: Report; error: string }> {
  const run = promisify(execFile)(process.execPath, [cli, 'clocks', 'backtest', ...words, '--json'], {
    env: { ...process.env, LANG: 'it_IT.UTF-8', BENTORNATO_LANGUAGE: 'it' },
    maxBuffer: 50_000_000,
  });
  return run.then(
    ({ stdout }) => ({ code: 0, report: JSON.parse(stdout) as Report, error: '' }),
    (failed: { code: number; stderr: string }) => ({
      code: failed.code,
      report: { read: 0, rejects: {}, horizonDays: 0, cutoffs: [], mean: [], gaps: [] },
      error: failed.stderr,
    }),
  );
}

const START = dayFromIso('2024-01-01');

/** A shop of regular customers, each with a rhythm of their own, over 400 days. */
function writeShop(name: string, header = 'cliente,reparto,giorno,pezzi'): string {
  const random = seededRandom('backtest of a file');
  const rows: string[] = [];
  for (let customer = 1; customer <= 150; customer++) {
    const rhythm = 20 + random.integer(40);
    for (
      let day = random.integer(rhythm);
      day < 400;
      day += Math.max(1, Math.round(rhythm * Math.exp(0.25 * random.normal())))
    )
      rows.push(`c${customer},"Crema, viso",${isoFromDay(START + day)},${1 + random.integer(2)}`);
  }
  const path = join(folder, name);
  writeFileSync(path, [header, ...rows].join('\n'));
  return path;
}

const columns = ['--customer', 'cliente', '--category', 'reparto', '--date', 'giorno', '--quantity', 'pezzi'];

describe('the backtest of a file of sales', () => {
  it('predicts every clock at every cut-off and says how good that was, beside every rule of others', async () => {
    const out = join(folder, 'predictions.csv');
    const words = ['--sales', writeShop('shop.csv'), ...columns, '--cutoffs', '2024-11-01,350', '--out', out];
    const { code, report } = await backtest(words);
    expect(code).toBe(0);
    const lossOf = (name: string) => report.mean.find((row) => row.name === name)?.raw?.logLoss ?? NaN;
    expect(lossOf('all features')).toBeLessThan(lossOf('PG'));
    expect(report.gaps.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Emarsys rule', 'Listrak rule']),
    );
    const [header, ...lines] = readFileSync(out, 'utf8').trim().split('\n');
    expect(header).toBe('cutoff,customer,category,n,p,q10,q50,q90');
    expect(lines).toHaveLength(300);
    expect(lines[0]).toMatch(/^2024-11-01,c\d+,"Crema, viso",\d+,0\.\d{6},\d+\.\d,\d+\.\d,\d+\.\d$/);
    expect(lines[299]).toMatch(/^2024-12-16,/);
    for (const line of lines) {
      const [p = NaN, q10 = NaN, q50 = NaN, q90 = NaN] = line.split(',').slice(-4).map(Number);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThan(1);
      expect([q10, q50, q90]).toEqual([q10, q50, q90].sort((a, b) => a - b));
    }
  });

  it('never sees what comes after a cut-off: other sales after it leave its predictions as they are', async () => {
    const whole = writeShop('whole.csv');
    const cut = join(folder, 'cut.csv');
    const [header = '', ...rows] = readFileSync(whole, 'utf8').split('\n');
    const known = rows.filter((row) => (/\d{4}-\d\d-\d\d/.exec(row)?.[0] ?? '') <= '2024-11-01');
    writeFileSync(cut, [header, ...known, 'altro,altro,2024-12-24,1'].join('\n'));
    const predictions = await Promise.all(
      [whole, cut].map(async (sales, index) => {
        const out = join(folder, `future-${index}.csv`);
        await backtest(['--sales', sales, ...columns, '--cutoffs', '2024-11-01', '--out', out]);
        return readFileSync(out, 'utf8').trim().split('\n').sort();
      }),
    );
    expect(predictions[0]).toHaveLength(151);
    expect(predictions[1]).toEqual(predictions[0]);
  });

  it('fits the clocks once when told until when, learns the layer since, and takes any horizon', async () => {
    const words = ['--sales', writeShop('once.csv'), ...columns, '--cutoffs', '300,340'];
    const [fortnight, month, late] = await Promise.all([
      backtest([...words, '--fit-until', '150']),
      backtest([...words, '--fit-until', '150', '--horizon', '28']),
      backtest([...words, '--fit-until', '299']),
    ]);
    const ours = (of: { report: Report }) => of.report.mean.find(({ name }) => name === 'all features');
    for (const of of [fortnight, month, late]) expect(ours(of)?.auc).toBeGreaterThan(0.8);
    const rate = ({ report }: { report: Report }): number => report.cutoffs[0]?.baseRate ?? NaN;
    expect(rate(month) / rate(fortnight)).toBeGreaterThan(1.5);
    expect(month.report.horizonDays).toBe(28);
  });

  it('takes 200,000 purchases by one customer', async () => {
    const path = join(folder, 'one.csv');
    const lines = Array.from(
      { length: 200_000 },
      (_, line) => `solo,reparto ${line % 50},${isoFromDay(START + (line % 397))},1`,
    );
    writeFileSync(path, ['cliente,reparto,giorno,pezzi', ...lines].join('\n'));
    const { code, report } = await backtest([
      '--sales',
      path,
      ...columns,
      '--cutoffs',
      '2024-06-01,2024-12-01',
    ]);
    expect(code).toBe(0);
    expect(report.read).toBe(200_000);
    expect(report.mean.every(({ raw }) => raw === null || Number.isFinite(raw.logLoss))).toBe(true);
  });

  it.each([
    [
      'a column that is not there',
      'ignoto.csv',
      undefined,
      ['--customer', 'tessera'],
      /non ha una colonna «tessera»/,
    ],
    ['a column twice', 'doppio.csv', 'cliente,cliente,giorno,pezzi', [], /due colonne «cliente»/],
    [
      'a day outside the file',
      'fuori.csv',
      undefined,
      ['--cutoffs', '2030-01-01'],
      /va dal 2024-01-0\d al 2025/,
    ],
    ['a day that is none', 'giorno.csv', undefined, ['--cutoffs', 'domani'], /domani/],
    ['a horizon of years', 'orizzonte.csv', undefined, ['--horizon', '1000'], /365 giorni/],
    [
      'clocks fitted after a cut-off',
      'futuro.csv',
      undefined,
      ['--fit-until', '310'],
      /conoscerebbero il futuro/,
    ],
  ])('says what to do about %s', async (_what, name, header, words, sentence) => {
    const sales = writeShop(name, header);
    const { code, error } = await backtest(['--sales', sales, ...columns, '--cutoffs', '300', ...words]);
    expect(code).toBe(3);
    expect((JSON.parse(error) as { error: { message: string } }).error.message).toMatch(sentence);
  });

  it('leaves out what is not yet, what is no sale and who is nobody, and counts them; one customer or one day is no crash', async () => {
    const few = join(folder, 'few.csv');
    const line = (customer: string, day: string, pieces: number) => `${customer},crema,${day},${pieces}`;
    writeFileSync(
      few,
      [
        'cliente,reparto,giorno,pezzi',
        line('uno', '2024-01-01', 1),
        line('uno', '2024-02-01', 1),
        line('uno', '2024-03-01', -1),
        line('', '2024-03-01', 1),
        line('due', '2099-01-01', 1),
        line('tre', 'boh', 1),
      ].join('\n'),
    );
    const { code, report } = await backtest(['--sales', few, ...columns, '--cutoffs', '2024-01-15']);
    expect(code).toBe(0);
    expect(report.rejects).toEqual({ return: 1, anonymous: 1, date_in_future: 1, date_unreadable: 1 });
    expect(report.read).toBe(6);
  });
});

const grocer = sharedData('data/grocery_elog.csv');

describe.skipIf(grocer === null)('the backtest of a real grocer', () => {
  it('reaches the design’s .1513 log-loss and half of all gaps within a week', async () => {
    const words = [
      '--sales',
      grocer ?? '',
      '--customer',
      'customer_id',
      '--category',
      'none',
      '--date',
      'date',
    ];
    const { report } = await backtest([...words, '--cutoffs', '364,434,504,574,644,714']);
    const ours = report.mean.find(({ name }) => name === 'all features');
    expect(ours?.raw?.logLoss).toBeLessThan(0.1513);
    expect(ours?.auc).toBeGreaterThan(0.928);
    expect(report.gaps.find(({ name }) => name === 'fullest fortnight')?.withinWeek).toBeGreaterThan(0.52);
  });
});
