import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { dayFromIso } from '../../src/kernel/day.ts';
import { HeadNounCounter } from '../../src/sales/head-noun.ts';
import type { PurchaseHistory } from '../../src/clocks/model/purchase-history.ts';
import { mergePurchaseDays } from '../../src/clocks/model/purchase-history.ts';

/** A public data set prepared as clocks.md 2 and 7 say, with its cut-off days and the day T0 of the hyper-parameters. */
export interface PublicSet {
  readonly name: string;
  readonly title: string;
  readonly history: PurchaseHistory;
  readonly cutoffs: readonly number[];
  readonly fitDay: number;
  /** Gaps are predicted after this day (clocks.md 2.1); null where the design names none. */
  readonly gapsAfter: number | null;
  readonly categoryNames: readonly string[];
}

const FOLDER = new URL('../../../shared/data/', import.meta.url);

type Row = Record<string, string>;

const days = new Map<string, number>();

/** Day of an ISO date, remembered: a file holds few dates and many rows. */
function dayOf(iso: string): number {
  const known = days.get(iso) ?? dayFromIso(iso);
  days.set(iso, known);
  return known;
}

/** Rows of a file of the folder of real data beside the project, or null where it is not there. */
function readRows(file: string): Row[] | null {
  const path = new URL(file, FOLDER);
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  return parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true });
}

/** Purchases with names as keys become columns with dense numbers; day 0 is the first day. */
function toHistory(
  purchases: readonly { customer: string; category: string; day: number; quantity: number }[],
): { history: PurchaseHistory; categoryNames: string[] } {
  const customers = new Map<string, number>();
  const categories = new Map<string, number>();
  const numberOf = (numbers: Map<string, number>, name: string): number => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  };
  const first = purchases.reduce((least, { day }) => Math.min(least, day), Infinity);
  const customer = Int32Array.from(purchases, (purchase) => numberOf(customers, purchase.customer));
  const category = Int32Array.from(purchases, (purchase) => numberOf(categories, purchase.category));
  const history = mergePurchaseDays({
    customerCount: customers.size,
    categoryCount: categories.size,
    customer,
    category,
    day: Int32Array.from(purchases, ({ day }) => day - first),
    quantity: Float64Array.from(purchases, ({ quantity }) => quantity),
  });
  return { history, categoryNames: [...categories.keys()] };
}

const column = (row: Row, name: string): string => row[name] ?? '';

/** Online Retail by head noun (clocks.md 7), with the number of nouns before the small ones became the rest. */
export function loadOnlineRetail(): (PublicSet & { nounCount: number; lines: Map<string, number> }) | null {
  const rows = readRows('online_retail.csv.gz');
  if (!rows) return null;
  const mapping = JSON.parse(
    readFileSync(new URL('../../data/mappings/uci-online-retail.json', import.meta.url), 'utf8'),
  ) as { category: { stopWords: string[]; restName: string; minimumLines: number } };
  const kept = rows.filter(
    (row) =>
      column(row, 'CustomerID') !== '' &&
      Number(row.Quantity) > 0 &&
      Number(row.UnitPrice) > 0 &&
      !column(row, 'InvoiceNo').startsWith('C') &&
      /^\d{5}/.test(column(row, 'StockCode')),
  );
  const rule = mapping.category;
  const counter = new HeadNounCounter({ stopWords: rule.stopWords, restName: rule.restName });
  for (const row of kept) counter.count(column(row, 'StockCode'), column(row, 'Description'));
  const nouns = counter.nouns();
  const minimum = 100;
  const lines = new Map<string, number>();
  const purchases = kept.map((row) => {
    const noun = counter.nounOf(column(row, 'StockCode'), '');
    const category = (nouns.get(noun) ?? 0) < minimum ? rule.restName : noun;
    lines.set(category, (lines.get(category) ?? 0) + 1);
    return {
      customer: column(row, 'CustomerID'),
      category,
      day: dayOf(column(row, 'InvoiceDate').slice(0, 10)),
      quantity: Number(row.Quantity),
    };
  });
  return {
    name: 'online_retail',
    title: 'Online Retail, 419 groups',
    ...toHistory(purchases),
    cutoffs: [219, 254, 289, 324, 359],
    fitDay: 121,
    gapsAfter: 219,
    nounCount: nouns.size,
    lines,
  };
}

/** The online grocer: one clock per customer. */
export function loadGrocer(): PublicSet | null {
  const rows = readRows('grocery_elog.csv');
  return (
    rows && {
      name: 'grocer',
      title: 'online grocer',
      ...toHistory(
        rows.map((row) => ({
          customer: column(row, 'customer_id'),
          category: 'grocery',
          day: dayOf(column(row, 'date')),
          quantity: 1,
        })),
      ),
      cutoffs: [364, 434, 504, 574, 644, 714],
      fitDay: 266,
      gapsAfter: 364,
    }
  );
}

/** CDNOW: one clock per customer, almost memoryless. */
export function loadCdnow(): PublicSet | null {
  const rows = readRows('cdnow_master.csv.gz');
  return (
    rows && {
      name: 'cdnow',
      title: 'CDNOW',
      ...toHistory(
        rows.map((row) => ({
          customer: column(row, 'customer_id'),
          category: 'music',
          day: dayOf(column(row, 'date')),
          quantity: Number(row.cds),
        })),
      ),
      cutoffs: [200, 270, 340, 410, 480, 531],
      fitDay: 136,
      gapsAfter: 270,
    }
  );
}

/** Kaggle groceries: the negative control, where purchase times hold nothing but the popularity of categories. */
export function loadKaggle(): PublicSet | null {
  const rows = readRows('kaggle_groceries.csv.gz');
  return (
    rows && {
      name: 'kaggle',
      title: 'Kaggle groceries (negative control)',
      ...toHistory(
        rows.map((row) => ({
          customer: column(row, 'Member_number'),
          category: column(row, 'itemDescription'),
          day: dayOf(column(row, 'Date').split('-').reverse().join('-')),
          quantity: 1,
        })),
      ),
      cutoffs: [400, 470, 540, 610, 714],
      fitDay: 302,
      gapsAfter: null,
    }
  );
}

/** The usual one-in-ten sample of CDNOW as BG/NBD is published for: repeats in 39 weeks, times in weeks. */
export function loadCdnowSample(): { repeats: number; lastTime: number; endTime: number }[] | null {
  const rows = readRows('cdnow_sample.csv');
  if (!rows) return null;
  const end = dayOf('1997-09-30');
  const days = new Map<string, Set<number>>();
  for (const row of rows) {
    const text = column(row, 'date');
    const day = dayOf(text.includes('-') ? text : `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`);
    if (day > end) continue;
    const customer = column(row, 'master_id');
    days.set(customer, (days.get(customer) ?? new Set()).add(day));
  }
  return [...days.values()].map((visited) => {
    const first = Math.min(...visited);
    return {
      repeats: visited.size - 1,
      lastTime: (Math.max(...visited) - first) / 7,
      endTime: (end - first) / 7,
    };
  });
}
