import type { Connection } from '../../src/database/connection.ts';
import { applyPurchases } from '../../src/clocks/actions.ts';
import { dayFromIso, isoFromDay } from '../../src/kernel/day.ts';
import { createTestDatabase } from './database.ts';

/** First day of the invented sales; a line's `day` counts from it. */
export const START = dayFromIso('2026-01-01');
export const NOW = new Date('2026-11-24T09:00:00Z');

/** One sale line: a receipt of its own. */
export interface Line {
  readonly contact: number;
  readonly category: number;
  readonly day: number;
  readonly quantity: number;
}

export type Row = Record<string, number | string | number[] | null>;

/** A database with customers who said yes to profiling, two categories, and a till that folds into the clocks. */
export async function openClockShop(customers = 3) {
  const database = await createTestDatabase();
  await database.raw`insert into category (category_id, name, lookup_name, created_at) values (1, 'Capsule', 'capsule', ${NOW}), (2, 'Crema viso', 'crema viso', ${NOW})`;
  await database.raw`insert into contact (contact_id, household_id, created_at, updated_at) select n, n, ${NOW}, ${NOW} from generate_series(1, ${customers}::integer) n`;
  const consent = () =>
    database.raw`insert into consent_state (contact_id, purpose, state, channels, since) select n, 'profiling', 'granted', '{}', ${NOW} from generate_series(1, ${customers}::integer) n on conflict do nothing`;
  await consent();
  let receiptId = 0;

  async function insertLines({ raw }: Connection, lines: readonly Line[]): Promise<void> {
    const rows = lines.map((line) => {
      receiptId += 1;
      return { ...line, receiptId, sold_on: isoFromDay(START + line.day), cents: line.quantity * 1000 };
    });
    await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
      select r.contact, r."receiptId", gen_random_uuid(), r.sold_on, r.sold_on, r.cents, 1, 1
      from jsonb_to_recordset(${raw.json(rows)}) as r (contact bigint, "receiptId" bigint, sold_on date, cents integer)`;
    await raw`with r as (select * from jsonb_to_recordset(${raw.json(rows)}) as r (contact bigint, "receiptId" bigint, category integer, sold_on date, quantity real, cents integer)),
      kept as (insert into sale_line select contact, "receiptId", 1, category, 1, sold_on, quantity, cents from r)
      insert into incoming_line select contact, category, sold_on, quantity, cents from r`;
  }

  return {
    database,
    /** Sales as an import brings them. */
    sell: async (connection: Connection, lines: readonly Line[]): Promise<void> => {
      const { raw } = connection;
      await raw`create temporary table if not exists incoming_line (contact_id bigint, category_id integer, sold_on date, quantity real, total_cents integer)`;
      await raw`create temporary table if not exists clocks_to_rebuild (contact_id bigint primary key)`;
      await raw`truncate incoming_line, clocks_to_rebuild`;
      await insertLines(connection, lines);
      await applyPurchases(connection, NOW);
      await raw`drop table incoming_line, clocks_to_rebuild`;
    },
    readClocks: () =>
      database.raw<
        (Row & { contact_id: number; category_id: number })[]
      >`select * from clock order by contact_id, category_id`,
    readActivity: () => database.raw<Row[]>`select * from contact_activity order by contact_id`,
    empty: async (): Promise<void> => {
      await database.raw`truncate clock, contact_activity, sale_receipt, sale_line, clock_word, clock_snapshot, visit_snapshot cascade`;
      await consent();
    },
  };
}

/** The first column in which two tables differ, integers and dates exactly, other numbers by 1e-6 relative; null when none. */
export function firstDifference(actual: readonly Row[], expected: readonly Row[]): string | null {
  if (actual.length !== expected.length) return `${actual.length} rows instead of ${expected.length}`;
  for (const [index, row] of expected.entries()) {
    for (const [column, value] of Object.entries(row)) {
      const found = actual[index]?.[column];
      const isSame =
        typeof value === 'number' && !Number.isInteger(value)
          ? Math.abs(Number(found) - value) <= 1e-6 * Math.max(Math.abs(value), 1e-6)
          : Array.isArray(value)
            ? String(found) === String(value)
            : isClose(found, value);
      if (!isSame) return `${column} of row ${index}: ${String(found)} instead of ${String(value)}`;
    }
  }
  return null;
}

/** Sums that are whole by chance may differ in the last bit. */
const isClose = (found: unknown, value: unknown): boolean =>
  typeof found === 'number' && typeof value === 'number' && !Number.isInteger(found)
    ? Math.abs(found - value) <= 1e-6 * Math.max(Math.abs(value), 1)
    : found === value;
