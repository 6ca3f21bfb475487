import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line } from '../../test/support/clock-shop.ts';
import { firstDifference, NOW, openClockShop, START } from '../../test/support/clock-shop.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { deleteClocks, loadDueClocks, rebuildClocks } from './actions.ts';
import type { ClockState } from './rules.ts';
import { dueWindow, foldPurchase, gapDistribution } from './rules.ts';

const TODAY = dayFromIso('2026-11-24');

/** Few days, so that returns and second receipts fall on days that have something already. */
const anyLine = fc.record({
  contact: fc.integer({ min: 1, max: 3 }),
  category: fc.integer({ min: 1, max: 2 }),
  day: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(7, 8, 30, 31)),
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
  const { database, sell, readClocks, readActivity, empty } = await openClockShop();

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
            const window = dueWindow(gapDistribution(state, parameters), {
              lastDay: state.lastDay,
              today: TODAY,
              habit: { kind: 'learned' },
              lastsUntil: null,
            });
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
        await database.transaction((transaction) => rebuildClocks(transaction, [1, 2, 3], NOW));
        expect(firstDifference(await readClocks(), clocks)).toBeNull();
        expect(firstDifference(await readActivity(), activity)).toBeNull();
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
    await database.transaction((transaction) => rebuildClocks(transaction, [1], NOW));
    expect(firstDifference(await readClocks(), before)).toBeNull();
  });

  it('do not survive a withdrawal that comes while an import is about to store them', async () => {
    await empty();
    const [stored, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const importing = database.transaction(async (transaction) => {
      await sell(transaction, [{ contact: 1, category: 1, day: 0, quantity: 1 }]);
      stored.resolve();
      await mayEnd.promise;
    });
    await stored.promise;
    const withdrawing = database.transaction(async (transaction) => {
      await transaction.raw`delete from consent_state where contact_id = 1`;
      await deleteClocks(transaction, [1]);
    });
    const isWaiting = async (): Promise<void> => {
      while ((await database.raw`select 1 from pg_locks where not granted`).length === 0)
        await setImmediate();
    };
    await Promise.race([withdrawing, isWaiting()]);
    mayEnd.resolve();
    await Promise.all([importing, withdrawing]);
    expect(await readClocks()).toHaveLength(0);
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

  it('equal a rebuild after receipts moved to another contact and back, as a claim or a merge and its undo move them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { minLength: 3, maxLength: 20 }), async (lines) => {
        await empty();
        await database.transaction((transaction) => sell(transaction, lines));
        const before = { clocks: await readClocks(), activity: await readActivity() };
        const move = (from: number, to: number, receipts: readonly number[]) =>
          database.transaction(async (transaction) => {
            const { raw } = transaction;
            await raw`update sale_receipt set contact_id = ${to} where contact_id = ${from} and receipt_id = any(${receipts})`;
            await raw`update sale_line set contact_id = ${to} where contact_id = ${from} and receipt_id = any(${receipts})`;
            await rebuildClocks(transaction, [from, to], NOW);
          });
        const receipts = (
          await database.raw<{ id: number }[]>`select receipt_id as id from sale_receipt where contact_id = 1`
        ).map(({ id }) => id);
        await move(1, 2, receipts);
        const merged = lines.map((line) => (line.contact === 1 ? { ...line, contact: 2 } : line));
        expect(summaryOf(await readClocks())).toEqual(summaryOfStates(foldByRules(merged)));
        await move(2, 1, receipts);
        expect(firstDifference(await readClocks(), before.clocks)).toBeNull();
        expect(firstDifference(await readActivity(), before.activity)).toBeNull();
      }),
      { numRuns: 15 },
    );
  });

  it('go on in one step for a second receipt of the same day, and net it with what is brought back that day', async () => {
    await empty();
    const one = { contact: 1, category: 1, day: 10, quantity: 1 };
    const steps: Line[][] = [
      [{ ...one, day: 0 }],
      [one],
      [{ ...one, quantity: 2 }],
      [{ ...one, category: 2 }],
      [{ ...one, category: 2, quantity: -1 }],
      [{ ...one, category: 2 }],
    ];
    for (const [index, lines] of steps.entries()) {
      await database.transaction((transaction) => sell(transaction, lines));
      const states = foldByRules(steps.slice(0, index + 1).flat());
      expect(summaryOf(await readClocks())).toEqual(summaryOfStates(states));
    }
    expect(await readActivity()).toMatchObject([{ visit_count: 2, last_visit_day: isoFromDay(START + 10) }]);
  });
});

interface Summary {
  readonly key: string;
  readonly purchases: number;
  readonly quantity: number;
  readonly last: number;
}

const summaryOf = (rows: readonly Record<string, unknown>[]): Summary[] =>
  rows.map((row) => ({
    key: `${String(row.contact_id)} ${String(row.category_id)}`,
    purchases: Number(row.purchase_count),
    quantity: Number(row.quantity_sum),
    last: Number(row.last_quantity),
  }));

const summaryOfStates = (states: ReadonlyMap<string, ClockState>): Summary[] =>
  [...states]
    .map(([key, state]) => ({
      key,
      purchases: state.purchaseCount,
      quantity: state.quantitySum,
      last: state.lastQuantity,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
