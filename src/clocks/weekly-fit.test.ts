import { describe, expect, it } from 'vitest';
import type { Line, Row } from '../../test/support/clock-shop.ts';
import { NOW, START, firstDifference, openClockShop } from '../../test/support/clock-shop.ts';
import { readMigrations } from '../database/migrate.ts';
import { isoFromDay } from '../kernel/day.ts';
import { seededRandom } from '../kernel/random.ts';
import {
  fitClocks,
  fitClocksFirst,
  fitClocksWeekly,
  loadCategoryClock,
  loadClockQuality,
  loadContactClocks,
  loadDueClocks,
  rebuildClocks,
} from './actions.ts';
import { loadPurchaseHistory } from './history-queries.ts';
import { trainClockModel, scoreClocks } from './model/clock-model.ts';
import { HistoryFold } from './model/clock-table.ts';
import { selectAdoptedModel, selectLatestModel } from './model-queries.ts';
import { scoringModelOf } from './weekly-fit.ts';

const CUSTOMERS = 600;
const DAYS = 327;
const TODAY = START + 327; // the day of NOW

/** Customers with a rhythm of their own in each of two categories, who sometimes buy elsewhere and sometimes leave. */
function inventSales(seed: string): Line[] {
  const random = seededRandom(seed);
  const lines: Line[] = [];
  for (let contact = 1; contact <= CUSTOMERS; contact++)
    for (const category of [1, 2]) {
      const rhythm = 12 + random.integer(30) + 25 * (category - 1);
      let day = random.integer(60);
      while (day < DAYS && random.next() > 0.06) {
        if (random.next() > 0.2) lines.push({ contact, category, day, quantity: 1 + random.integer(3) });
        day += Math.max(1, Math.round(rhythm * Math.exp(0.3 * (random.next() + random.next() - 1))));
      }
    }
  return lines.sort((one, other) => one.day - other.day);
}

const count = (rows: { length: number }): number => rows.length;

describe('the weekly fit', async () => {
  const shop = await openClockShop(CUSTOMERS);
  const { database, sell } = shop;
  const lines = inventSales('weekly fit');
  for (let from = 0; from < DAYS; from += 41)
    await database.transaction((transaction) =>
      sell(
        transaction,
        lines.filter(({ day }) => day >= from && day < from + 41),
      ),
    );
  const readModels = () =>
    database.raw<{ version: number; is_adopted: boolean }[]>`
      select version, is_adopted from clock_model order by version`;

  it('is adopted when a fortnight it had not seen says that it is no worse, and moves parameters and windows', async () => {
    const before = await database.raw`select mu, kappa from clock_parameter order by category_id`;
    const outcome = await fitClocksFirst(database, NOW);
    expect(outcome).toMatchObject({ version: 1, isAdopted: true });
    expect(outcome?.logLoss).toBeLessThan(outcome?.previousLogLoss ?? 0);
    const model = await selectAdoptedModel(database);
    expect(model?.evaluation).toMatchObject({ day: TODAY - 15 });
    expect(model?.evaluation?.bins).toHaveLength(10);
    const after = await database.raw<{ mu: number; category_id: number }[]>`
      select category_id, mu, kappa from clock_parameter order by category_id`;
    expect(after).not.toEqual(before);
    for (const { category_id: id, mu } of after) expect(mu).toBe(model?.document.categories[id]?.mu);
    expect(await fitClocksFirst(database, NOW)).toBeNull();
    const sundayBefore = new Date(NOW.getTime() - 3 * 86_400_000);
    expect(await fitClocksWeekly(database, sundayBefore, NOW)).toBeNull();
  });

  it('scores stored clocks as it scores their history', async () => {
    const { history, categoryIds } = await loadPurchaseHistory(database, {
      until: isoFromDay(TODAY),
      contactsMax: CUSTOMERS,
    });
    const adopted = await selectAdoptedModel(database);
    const table = new HistoryFold(history).advanceTo(TODAY);
    const expected = new Map<string, number>();
    const contactOf = contactsOf(lines);
    scoreClocks(scoringModelOf(adopted!.document, categoryIds), table, TODAY).forEach((probability, clock) =>
      expected.set(
        `${contactOf[table.clocks.customer(clock)]} ${categoryIds[table.clocks.category(clock)]}`,
        probability,
      ),
    );
    const due = await loadDueClocks(database, TODAY);
    expect(count(due)).toBeGreaterThan(20);
    for (const clock of due)
      expect(clock.probability).toBeCloseTo(expected.get(`${clock.contactId} ${clock.categoryId}`) ?? -1, 5);
    const first = due[0]!;
    const profile = await loadContactClocks(database, first.contactId, TODAY);
    expect(profile.find(({ categoryId }) => categoryId === first.categoryId)?.probability).toBeCloseTo(
      first.probability,
      9,
    );
  });

  it('tells how good the clocks were, and of a category its customers and what came of what was said', async () => {
    const quality = await loadClockQuality(database, TODAY);
    expect(quality.state).toBe('judged');
    expect(quality.sentence).toMatch(/ne sarebbero tornati \d+ su 100: ne sono tornati \d+\./);
    expect(quality.details).toHaveLength(3);
    expect(quality.bins.reduce((sum, { clocks }) => sum + clocks, 0)).toBeGreaterThan(1000);
    const far = quality.bins.map(({ said, came, clocks }) => clocks * Math.abs(said - came));
    expect(far.reduce((sum, distance) => sum + distance, 0)).toBeLessThan(
      0.05 * quality.bins.reduce((sum, { clocks }) => sum + clocks, 0),
    );
    const detail = await loadCategoryClock(database, 1, TODAY);
    expect(detail.calibration).toHaveLength(5);
    expect(detail.regularShare).toBeGreaterThan(0.5);
    expect(detail.examples).toHaveLength(5);
    for (const example of detail.examples) {
      expect(example.days.length).toBeGreaterThanOrEqual(3);
      expect([...example.days].sort()).toEqual(example.days);
      expect(example.likelyFrom <= example.medianDay && example.medianDay <= example.likelyTo).toBe(true);
    }
    expect(detail.histogram.reduce((sum, { count: returns }) => sum + returns, 0)).toBe(
      Math.round(detail.customers * shareWithTwo(await shop.readClocks())),
    );
  });

  it('is kept but not adopted when it is worse than the model in use', async () => {
    // A model trained on all that came afterwards cannot be beaten by one that has not seen it.
    const { history, categoryIds } = await loadPurchaseHistory(database, {
      until: isoFromDay(TODAY - 1),
      contactsMax: CUSTOMERS,
    });
    const oracle = trainClockModel(history, {
      day: TODAY - 1,
      featureSet: 'all',
      windows: 1,
      strength: 1e-6,
    });
    const adopted = await selectAdoptedModel(database);
    await database.raw`update clock_model set document = ${database.raw.json({
      ...adopted!.document,
      layer: {
        intercept: oracle.layer.intercept,
        weights: [...oracle.layer.weights],
        means: [...oracle.layer.means],
        deviations: [...oracle.layer.deviations],
      },
    } as never)} where version = 1`;
    expect(await fitClocks(database, NOW)).toMatchObject({ version: 2, isAdopted: false });
    expect(await readModels()).toEqual([
      { version: 1, is_adopted: true },
      { version: 2, is_adopted: false },
    ]);
    expect((await selectAdoptedModel(database))?.version).toBe(1);
    expect((await selectLatestModel(database))?.is_adopted).toBe(false);
    expect((await loadClockQuality(database, TODAY)).details[2]).toContain('restano quelli del');
    expect(categoryIds).toEqual([1, 2]);
  });

  it('reads what a rebuild leaves the same', async () => {
    const clocks = await shop.readClocks();
    const activity = await shop.readActivity();
    await database.transaction((transaction) =>
      rebuildClocks(
        transaction,
        Array.from({ length: CUSTOMERS }, (_, index) => index + 1),
        NOW,
      ),
    );
    expect(firstDifference(await shop.readClocks(), clocks)).toBeNull();
    expect(firstDifference(await shop.readActivity(), activity)).toBeNull();
  });
});

describe('a database from before the layer', async () => {
  const { database, sell, readClocks, readActivity } = await openClockShop(20);

  it('gets the latest gaps and baskets from the lines it keeps', async () => {
    const lines = inventSales('migration').filter(({ contact }) => contact <= 20);
    await database.transaction((transaction) => sell(transaction, lines));
    const clocks = await readClocks();
    const activity = await readActivity();
    await database.raw`update clock set recent_gaps = '{}'`;
    await database.raw`update contact_activity set log_gap_square_sum = null, recent_gaps = null, purchase_count = null, last_basket = null,
      decayed_purchases_30 = null, decayed_purchases_90 = null`;
    const migration = readMigrations().find(({ name }) => name === 'clock_layer');
    for (const statement of migration?.statements.filter((text) => text.startsWith('update')) ?? [])
      await database.raw.unsafe(statement);
    expect(firstDifference(await readClocks(), clocks)).toBeNull();
    expect(firstDifference(await readActivity(), activity)).toBeNull();
  });
});

describe('a shop with hardly any sales', async () => {
  const { database, sell } = await openClockShop();

  it('has nothing to fit, and then a fit that cannot be judged and is not adopted', async () => {
    expect(await fitClocks(database, NOW)).toBeNull();
    expect(await loadClockQuality(database, TODAY)).toMatchObject({ state: 'none', bins: [] });
    await database.transaction((transaction) =>
      sell(transaction, [{ contact: 1, category: 1, day: 300, quantity: 1 }]),
    );
    expect(await fitClocks(database, NOW)).toEqual({
      version: 1,
      isAdopted: false,
      logLoss: null,
      previousLogLoss: null,
    });
    expect(await loadContactClocks(database, 1, TODAY)).toHaveLength(1);
    expect(await loadClockQuality(database, TODAY)).toMatchObject({ state: 'too_little', bins: [] });
    expect(await selectAdoptedModel(database)).toBeNull();
    const [row] = await database.raw<{ used: number; fitted: number }[]>`
      select mu as used, (document -> 'categories' -> '1' ->> 'mu')::float8 as fitted from clock_parameter, clock_model where category_id = 1`;
    expect(row?.used).toBe(row?.fitted);
  });
});

/** Share of the clocks of the first category with a second purchase. */
function shareWithTwo(clocks: readonly Row[]): number {
  const own = clocks.filter((clock) => clock.category_id === 1);
  return own.filter((clock) => Number(clock.purchase_count) > 1).length / own.length;
}

/** Contacts in the order of their first purchases, as the history numbers them. */
function contactsOf(lines: readonly Line[]): number[] {
  const ordered = [...lines].sort((one, other) => one.day - other.day || one.contact - other.contact);
  return [...new Set(ordered.map(({ contact }) => contact))];
}
