import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import type { Connection } from '../database/connection.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { applyPurchases, deleteClocks, loadDueClocks, rebuildClocks } from './actions.ts';
import type { ClockState } from './rules.ts';
import { dueWindow, foldPurchase, gapDistribution } from './rules.ts';

const now = new Date('2026-11-24T09:00:00Z');
const START = dayFromIso('2026-01-01');

interface Line {
  readonly contact: number;
  readonly category: number;
  readonly day: number;
  readonly quantity: number;
}

const anyLine = fc.record({
  contact: fc.integer({ min: 1, max: 3 }),
  category: fc.integer({ min: 1, max: 2 }),
  day: fc.integer({ min: 0, max: 60 }),
  quantity: fc.constantFrom(1, 1, 1, 2, 3, -1),
});

/** What the rules say: net purchase days of each clock, folded in the order of their days. */
function foldByRules(lines: readonly Line[]): Map<string, ClockState> {
  const net = new Map<string, number>();
  for (const line of lines) {
    const key = `${line.contact} ${line.category} ${line.day}`;
    net.set(key, (net.get(key) ?? 0) + line.quantity);
  }
  const states = new Map<string, ClockState>();
  const days = [...net]
    .map(([key, quantity]) => ({ parts: key.split(' ').map(Number), quantity }))
    .filter(({ quantity }) => quantity > 0);
  for (const { parts, quantity } of days.sort((a, b) => (a.parts[2] ?? 0) - (b.parts[2] ?? 0))) {
    const key = `${parts[0]} ${parts[1]}`;
    states.set(key, foldPurchase(states.get(key) ?? null, START + (parts[2] ?? 0), quantity));
  }
  return states;
}

describe('clocks in the database', async () => {
  const database = await createTestDatabase();
  await database.raw`insert into category (category_id, name, lookup_name, created_at) values (1, 'Capsule', 'capsule', ${now}), (2, 'Crema viso', 'crema viso', ${now})`;
  await database.raw`insert into contact (contact_id, household_id, created_at, updated_at) select n, n, ${now}, ${now} from generate_series(1, 3) n`;
  await database.raw`insert into consent_state (contact_id, purpose, state, channels, since) select n, 'profiling', 'granted', '{}', ${now} from generate_series(1, 3) n`;
  let receiptId = 0;

  async function sell(connection: Connection, lines: readonly Line[]): Promise<void> {
    const { raw } = connection;
    await raw`create temporary table if not exists incoming_line (contact_id bigint, category_id integer, sold_on date, quantity real, total_cents integer)`;
    await raw`create temporary table if not exists clocks_to_rebuild (contact_id bigint primary key)`;
    await raw`truncate incoming_line, clocks_to_rebuild`;
    for (const line of lines) {
      receiptId += 1;
      const day = isoFromDay(START + line.day);
      const cents = line.quantity * 1000;
      await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
        values (${line.contact}, ${receiptId}, gen_random_uuid(), ${day}::date, ${day}, ${cents}, 1, 1)`;
      await raw`insert into sale_line values (${line.contact}, ${receiptId}, 1, ${line.category}, 1, ${day}, ${line.quantity}, ${cents})`;
      await raw`insert into incoming_line values (${line.contact}, ${line.category}, ${day}, ${line.quantity}, ${cents})`;
    }
    await applyPurchases(connection, now);
    await raw`drop table incoming_line, clocks_to_rebuild`;
  }

  const readClocks = async () =>
    database.raw<Record<string, number | string>[]>`select * from clock order by contact_id, category_id`;
  const readActivity = async () =>
    database.raw<Record<string, number | string>[]>`select * from contact_activity order by contact_id`;

  async function empty(): Promise<void> {
    await database.raw`truncate clock, contact_activity, sale_receipt, sale_line cascade`;
  }

  function expectSame(
    actual: readonly Record<string, unknown>[],
    expected: readonly Record<string, unknown>[],
  ): void {
    expect(actual).toHaveLength(expected.length);
    for (const [index, row] of actual.entries()) {
      for (const [column, value] of Object.entries(expected[index] ?? {})) {
        if (typeof value === 'number' && !Number.isInteger(value))
          expect(row[column], column).toBeCloseTo(value, 6);
        else if (typeof value === 'number')
          expect(Math.abs((row[column] as number) - value), column).toBeLessThan(1e-6);
        else expect(row[column], column).toEqual(value);
      }
    }
  }

  it('are what the rules fold, for any lines, batches and order, returns included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { minLength: 1, maxLength: 25 }),
        fc.array(fc.nat(), { maxLength: 4 }),
        async (lines, cuts) => {
          await empty();
          const borders = [...new Set([0, lines.length, ...cuts.map((cut) => cut % lines.length)])].sort(
            (a, b) => a - b,
          );
          for (const [index, border] of borders.slice(1).entries()) {
            await database.transaction((transaction) =>
              sell(transaction, lines.slice(borders[index], border)),
            );
          }
          const expected = foldByRules(lines);
          const rows = await readClocks();
          expect(rows.map((row) => `${row.contact_id} ${row.category_id}`)).toEqual(
            [...expected.keys()].sort(),
          );
          for (const row of rows) {
            const state = expected.get(`${row.contact_id} ${row.category_id}`);
            if (!state) throw new Error('unexpected clock');
            expect(row).toMatchObject({
              first_day: isoFromDay(state.firstDay),
              last_day: isoFromDay(state.lastDay),
              purchase_count: state.purchaseCount,
            });
            expect(row.log_gap_sum).toBeCloseTo(state.logGapSum, 6);
            expect(row.discounted_gap_count).toBeCloseTo(state.discountedGapCount, 6);
            expect(row.discounted_log_gap_sum).toBeCloseTo(state.discountedLogGapSum, 6);
            expect(row.discounted_log_gap_square_sum).toBeCloseTo(state.discountedLogGapSquareSum, 6);
            for (const [index, tau] of [15, 30, 60, 120, 240].entries())
              expect(row[`decayed_${tau}`]).toBeCloseTo(state.decayed[index] ?? 0, 6);
            expect(row.quantity_sum).toBeCloseTo(state.quantitySum, 6);
            expect(row.last_quantity).toBeCloseTo(state.lastQuantity, 6);
            const [parameters] = await database.raw<
              { mu: number; sigma: number; kappa: number; a: number; b: number }[]
            >`
            select mu, sigma, kappa, a, b from clock_parameter where category_id = ${row.category_id ?? 0}`;
            if (!parameters) throw new Error('a category without parameters');
            const window = dueWindow(gapDistribution(state, parameters), state.lastDay);
            expect(row).toMatchObject({ due_from: isoFromDay(window.from), due_to: isoFromDay(window.to) });
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('equal a rebuild from scratch, visits and totals included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { minLength: 1, maxLength: 25 }), async (lines) => {
        await empty();
        for (const line of lines) await database.transaction((transaction) => sell(transaction, [line]));
        const clocks = await readClocks();
        const activity = await readActivity();
        await database.transaction((transaction) => rebuildClocks(transaction, [1, 2, 3], now));
        expectSame(await readClocks(), clocks);
        expectSame(await readActivity(), activity);
      }),
      { numRuns: 15 },
    );
  });

  it('go when profiling is withdrawn, the last visit and the total stay, and come back the same', async () => {
    await empty();
    await database.transaction((transaction) =>
      sell(transaction, [
        { contact: 1, category: 1, day: 0, quantity: 1 },
        { contact: 1, category: 1, day: 30, quantity: 2 },
        { contact: 1, category: 2, day: 40, quantity: 1 },
      ]),
    );
    const before = await readClocks();
    await database.transaction((transaction) => deleteClocks(transaction, [1]));
    expect(await readClocks()).toHaveLength(0);
    expect(await readActivity()).toMatchObject([
      {
        contact_id: 1,
        total_cents: 4000,
        last_day: isoFromDay(START + 40),
        visit_count: null,
        log_gap_sum: null,
      },
    ]);
    await database.transaction((transaction) => rebuildClocks(transaction, [1], now));
    expectSame(await readClocks(), before);
  });

  it('do not exist without consent to profiling', async () => {
    await empty();
    await database.raw`delete from consent_state where contact_id = 2`;
    await database.transaction((transaction) =>
      sell(transaction, [{ contact: 2, category: 1, day: 5, quantity: 1 }]),
    );
    expect(await readClocks()).toHaveLength(0);
    expect(await readActivity()).toMatchObject([{ contact_id: 2, total_cents: 1000, visit_count: null }]);
  });

  it('are due inside their window and nowhere else', async () => {
    await empty();
    await database.transaction((transaction) =>
      sell(transaction, [{ contact: 1, category: 1, day: 0, quantity: 1 }]),
    );
    const [clock] = await readClocks();
    const from = dayFromIso(String(clock?.due_from));
    const to = dayFromIso(String(clock?.due_to));
    expect(from).toBe(START + 23);
    expect(await loadDueClocks(database, from - 1)).toHaveLength(0);
    expect(await loadDueClocks(database, to + 1)).toHaveLength(0);
    const [due] = await loadDueClocks(database, from);
    expect(due).toMatchObject({
      contactId: 1,
      categoryName: 'Capsule',
      purchaseCount: 1,
      typicalGapDays: 33,
      ownRhythm: false,
    });
    expect(due?.probability).toBeGreaterThan(0.2);
  });
});
