import { describe, expect, it } from 'vitest';
import type { Row } from '../../test/support/clock-shop.ts';
import { firstDifference, NOW, openClockShop, START } from '../../test/support/clock-shop.ts';
import { isoFromDay } from '../kernel/day.ts';
import {
  fitParameters,
  forgetLines,
  forgetOldLines,
  loadContactClocks,
  loadDueClocks,
  overrideHabit,
  recordClockWord,
  rebuildClocks,
} from './actions.ts';

const said = { contactId: 1, categoryId: 1, method: 'counter', operatorId: null, untilDay: null } as const;

describe('what a customer says about a need', async () => {
  const { database, sell, readClocks, empty } = await openClockShop();
  const buy = (...days: number[]) =>
    database.transaction((transaction) =>
      sell(
        transaction,
        days.map((day) => ({ contact: 1, category: 1, day, quantity: 1 })),
      ),
    );

  it('moves the window at once, holds through a new fit and a rebuild, and ends with the next purchase', async () => {
    await empty();
    await buy(0, 30, 60);
    const today = START + 85;
    expect(await loadDueClocks(database, today)).toHaveLength(1);
    await recordClockWord(database, { ...said, word: 'still_lasts' }, today, NOW);
    expect(await loadDueClocks(database, today)).toHaveLength(0);
    const [row] = await readClocks();
    expect(row).toMatchObject({ lasts_until: isoFromDay(today + 8), due_from: isoFromDay(today + 8) });
    const [clock] = await loadContactClocks(database, 1, today);
    expect(clock?.sentence).toContain('gli dura fino al 4 aprile');
    expect(clock?.alive).toBe(1);
    await fitParameters(database, NOW);
    await database.transaction((transaction) => rebuildClocks(transaction, [1], NOW));
    expect((await readClocks())[0]).toMatchObject({
      lasts_until: isoFromDay(today + 8),
      due_from: isoFromDay(today + 8),
    });
    expect(await loadDueClocks(database, today + 8)).toHaveLength(1);
    await buy(95);
    expect((await readClocks())[0]).toMatchObject({ lasts_until: null });
  });

  it('may name the day, later words replace earlier ones, and a day that is over is refused', async () => {
    await empty();
    await buy(0);
    const today = START + 30;
    await recordClockWord(database, { ...said, word: 'keep_aside' }, today, NOW);
    expect((await readClocks())[0]).toMatchObject({ lasts_until: isoFromDay(today + 14) });
    await recordClockWord(database, { ...said, word: 'still_lasts', untilDay: today + 5 }, today, NOW);
    expect((await readClocks())[0]).toMatchObject({ lasts_until: isoFromDay(today + 5) });
    await expect(
      recordClockWord(database, { ...said, word: 'still_lasts', untilDay: today - 1 }, today, NOW),
    ).rejects.toMatchObject({ code: 'word_in_the_past' });
    await expect(
      recordClockWord(database, { ...said, categoryId: 2, word: 'still_lasts' }, today, NOW),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of the owner about a category moves every window of it: on fixed days, after an interval, and back', async () => {
    await empty();
    await buy(0);
    const window = async () => {
      const [row] = await readClocks();
      return [row?.due_from, row?.due_to];
    };
    await overrideHabit(database, 1, null, NOW);
    const learned = await window();
    await overrideHabit(database, 1, { kind: 'interval', days: 180 }, NOW);
    expect(await window()).toEqual(['2026-06-09', '2026-07-30']);
    await overrideHabit(database, 1, { kind: 'fixed_dates', dates: ['04-15', '12-15'] }, NOW);
    expect(await window()).toEqual(['2026-11-15', '2026-12-29']);
    await overrideHabit(database, 1, null, NOW);
    expect(await window()).toEqual(learned);
  });
});

describe('lines that are forgotten', async () => {
  const { database, sell, readClocks, readActivity, empty } = await openClockShop();
  const days = [0, 20, 41, 70, 71, 110, 150];
  const lines = days.flatMap((day, index) => [
    { contact: 1, category: 1, day, quantity: 1 + (index % 2) },
    { contact: 2, category: 1 + (index % 2), day: day + 3, quantity: 1 },
  ]);
  const keptLines = async () =>
    (await database.raw<{ count: number }[]>`select count(*) as count from sale_line`)[0]?.count;

  async function start(): Promise<Record<'clocks' | 'activity', Row[]>> {
    await empty();
    await database.transaction((transaction) => sell(transaction, lines));
    return { clocks: await readClocks(), activity: await readActivity() };
  }

  it('leave the clocks as they were where a snapshot may be kept, also after later sales and a rebuild', async () => {
    const before = await start();
    const options = { before: START + 75, keepSnapshot: true };
    expect(await forgetLines(database, options, NOW)).toEqual({ contacts: 2, lines: 10 });
    expect(await keptLines()).toBe(4);
    expect(firstDifference(await readClocks(), before.clocks)).toBeNull();
    expect(firstDifference(await readActivity(), before.activity)).toBeNull();
    await forgetLines(database, { before: START + 115, keepSnapshot: true }, NOW);
    await database.transaction((transaction) => rebuildClocks(transaction, [1, 2, 3], NOW));
    expect(await keptLines()).toBe(2);
    expect(firstDifference(await readClocks(), before.clocks)).toBeNull();
  });

  it('are those older than the setting says', async () => {
    await start();
    const forgotten = await forgetOldLines(database, new Date('2027-03-15T09:00:00Z'));
    expect(forgotten).toEqual({ before: '2026-03-15', contacts: 2, lines: 8 });
    expect(await keptLines()).toBe(lines.length - 8);
  });

  it('leave nothing of themselves where it may not', async () => {
    await start();
    await forgetLines(database, { before: START + 75, keepSnapshot: false }, NOW);
    expect(await database.raw`select 1 from clock_snapshot`).toHaveLength(0);
    const clocks = await readClocks();
    expect(clocks.find((row) => row.contact_id === 1)).toMatchObject({
      first_day: isoFromDay(START + 110),
      purchase_count: 2,
    });
    expect((await readActivity())[0]).toMatchObject({ total_cents: 10_000, visit_count: 2 });
  });
});
