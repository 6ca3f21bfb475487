import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { basename, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { FileBacktest } from '../../clocks/backtest/file-backtest.ts';
import { backtestPurchases, NamedPurchases, PREDICTION_HEADER } from '../../clocks/backtest/file-backtest.ts';
import { guessColumns, salesSynonyms } from '../../importing/rules.ts';
import { checkMapping, openTable } from '../../importing/actions.ts';
import { dayFromIso, isIsoDay, isoFromDay } from '../../kernel/day.ts';
import { Failure } from '../../kernel/failure.ts';
import type { PurchaseColumns } from '../../sales/actions.ts';
import { readPurchases } from '../../sales/actions.ts';
import { salesMappingSchema } from '../../sales/schema.ts';
import type { CommonOptions } from '../command-line.ts';
import { exitCodes, printResult } from '../output.ts';
import { readMapping } from './import.ts';

export interface BacktestCommandOptions extends CommonOptions {
  readonly sales: string;
  readonly mapping?: string;
  readonly customer?: string;
  readonly category?: string;
  readonly date?: string;
  readonly quantity?: string;
  readonly dateFormat: 'day_first' | 'month_first' | 'iso' | 'auto';
  readonly fitUntil?: string;
  readonly cutoffs: string;
  readonly horizon: number;
  readonly out?: string;
}

const TIME_ZONE = 'Europe/Rome';
const HORIZON_MAX_DAYS = 365;
const NOUN_RULE = new URL('../../../data/mappings/uci-online-retail.json', import.meta.url);

/** `bentornato clocks backtest`: how good the clocks are on the past of any file of sales, without a database. */
export async function backtestCommand(options: BacktestCommandOptions): Promise<number> {
  if (options.horizon > HORIZON_MAX_DAYS)
    throw new Failure('backtest_horizon', { params: { days: HORIZON_MAX_DAYS } });
  const path = resolve(options.sales);
  const purchases = new NamedPurchases();
  const reading = options.mapping
    ? { mapping: checkMapping(salesMappingSchema, readMapping(options.mapping)) }
    : { columns: await columnsOf(path, options) };
  let first = Infinity;
  let last = -Infinity;
  const read = await readPurchases(
    { path, fileName: basename(path) },
    reading,
    { timeZone: TIME_ZONE, now: new Date() },
    (customer, category, day, quantity) => {
      purchases.add(customer, category, day, quantity);
      first = Math.min(first, day);
      last = Math.max(last, day);
    },
  );
  if (last < first) throw new Failure('backtest_no_purchases', { params: { file: basename(path) } });
  const dayOf = (text: string): number => dayInFile(text, first, last);
  const cutoffs = options.cutoffs.split(',').map((text) => dayOf(text.trim()));
  const fitDay = options.fitUntil === undefined ? null : dayOf(options.fitUntil);
  if (fitDay !== null && fitDay > Math.min(...cutoffs)) throw new Failure('backtest_fit_day');
  const out = options.out === undefined ? null : createWriteStream(resolve(options.out));
  out?.write(`${PREDICTION_HEADER}\n`);
  const report = backtestPurchases(purchases, { cutoffs, fitDay, horizonDays: options.horizon }, (lines) =>
    out?.write(lines),
  );
  if (out) {
    out.end();
    await Promise.race([finished(out), once(out, 'error').then(([error]) => Promise.reject(error as Error))]);
  }
  const result = {
    read: read.read,
    rejects: read.rejects,
    customers: purchases.customers.length,
    categories: purchases.categories.length,
    horizonDays: options.horizon,
    fitUntil: fitDay === null ? null : isoFromDay(fitDay),
    ...report,
  };
  printResult(result, options.json === true, () => inWords(report));
  return exitCodes.done;
}

/** Columns by the names given. `--category none` is one category; `rule:head_noun` reads the column of descriptions. */
async function columnsOf(path: string, options: BacktestCommandOptions): Promise<PurchaseColumns> {
  const { customer, category, date } = options;
  if (customer === undefined || category === undefined || date === undefined)
    throw new Failure('backtest_columns');
  const columns = { customer, date, quantity: options.quantity ?? null, dateFormat: options.dateFormat };
  if (category === 'none') return { ...columns, category: null };
  if (!category.startsWith('rule:')) return { ...columns, category };
  const { category: rule } = salesMappingSchema.parse(JSON.parse(readFileSync(NOUN_RULE, 'utf8')));
  if (category !== 'rule:head_noun' || rule.rule !== 'head_noun')
    throw new Failure('backtest_rule', { params: { rule: category.slice('rule:'.length) } });
  const { header } = await openTable({ path, fileName: basename(path) });
  const described = guessColumns(header, salesSynonyms).description;
  if (described === undefined) throw new Failure('backtest_description');
  return { ...columns, category: { nounsOf: header[described] ?? '', rule } };
}

/** A day of the file: YYYY-MM-DD, or days since its first purchase. */
function dayInFile(text: string, first: number, last: number): number {
  const day = isIsoDay(text) ? dayFromIso(text) : /^\d{1,5}$/.test(text) ? first + Number(text) : NaN;
  if (Number.isNaN(day)) throw new Failure('invalid_day', { params: { day: text } });
  if (day < first || day >= last)
    throw new Failure('backtest_day_outside', {
      params: { day: text, first: isoFromDay(first), last: isoFromDay(last) },
    });
  return day;
}

function inWords(report: FileBacktest): string {
  const number = (value: number | undefined, digits: number): string =>
    value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(digits);
  const rows = report.mean.map((row) =>
    [
      row.name.padEnd(24),
      number((row.raw ?? row.calibrated).logLoss, 4),
      number(row.auc, 4),
      number((row.raw ?? row.calibrated).calibrationError, 4),
      ...row.precision.map((value) => number(value, 3)),
      ...row.recall.map((value) => number(value, 3)),
    ].join('  '),
  );
  const gaps = report.gaps.map(
    (row) => `${row.name.padEnd(24)}  ${number(row.withinWeek, 3)}  ${number(row.medianErrorDays, 1)}`,
  );
  return [
    `${'model'.padEnd(24)}  log-loss  AUC  ECE  P@1  P@3  P@5  R@1  R@3  R@5`,
    ...rows,
    '',
    `${'day of the next purchase'.padEnd(24)}  within 7 days  median error`,
    ...gaps,
  ].join('\n');
}
