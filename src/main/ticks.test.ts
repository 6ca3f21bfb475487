import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import type { Tick } from './ticks.ts';
import { dailyAt, everyMinutes, runDueTicks, weeklyOn } from './ticks.ts';

const rome = 'Europe/Rome';
const at = (iso: string): Date => new Date(iso);

describe('slots', () => {
  it('are at the local time on both nights of the clock change', () => {
    expect(dailyAt('05:30')(at('2026-10-25T12:00:00Z'), rome)).toEqual(at('2026-10-25T04:30:00Z'));
    expect(dailyAt('05:30')(at('2026-10-24T12:00:00Z'), rome)).toEqual(at('2026-10-24T03:30:00Z'));
    expect(dailyAt('02:30')(at('2026-03-29T12:00:00Z'), rome)).toEqual(at('2026-03-29T01:30:00Z'));
  });

  it('are yesterday’s before the hour has come', () => {
    expect(dailyAt('05:30')(at('2026-11-24T03:00:00Z'), rome)).toEqual(at('2026-11-23T04:30:00Z'));
  });

  it('of a weekly tick are on its weekday', () => {
    expect(weeklyOn(7, '03:00')(at('2026-11-24T12:00:00Z'), rome)).toEqual(at('2026-11-22T02:00:00Z'));
    expect(everyMinutes(15)(at('2026-11-24T12:44:59Z'), rome)).toEqual(at('2026-11-24T12:30:00Z'));
  });
});

describe('due ticks', async () => {
  const database = await createTestDatabase();
  const runs: string[] = [];
  const tick: Tick = {
    name: 'daily',
    latestSlot: dailyAt('05:30'),
    run: (slot) => {
      runs.push(slot.toISOString());
      return Promise.resolve({ done: true });
    },
  };

  it('run once for a slot, however often they are asked', async () => {
    await runDueTicks(database, [tick], at('2026-11-24T08:00:00Z'), rome);
    await runDueTicks(database, [tick], at('2026-11-24T09:00:00Z'), rome);
    expect(runs).toEqual(['2026-11-24T04:30:00.000Z']);
  });

  it('run once after three days of silence', async () => {
    await runDueTicks(database, [tick], at('2026-11-27T09:00:00Z'), rome);
    expect(runs.slice(1)).toEqual(['2026-11-27T04:30:00.000Z']);
  });

  it('are not run twice by two processes at the same moment', async () => {
    const now = at('2026-11-28T09:00:00Z');
    const ran = await Promise.all([1, 2, 3, 4].map(() => runDueTicks(database, [tick], now, rome)));
    expect(ran.flat()).toEqual(['daily']);
  });

  it('are taken up again when a crash cut them off, and not before a quarter of an hour', async () => {
    let attempts = 0;
    const failing: Tick = {
      name: 'failing',
      latestSlot: dailyAt('05:30'),
      run: () => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new Error('cut off')) : Promise.resolve();
      },
    };
    const start = at('2026-11-29T09:00:00Z');
    await expect(runDueTicks(database, [failing], start, rome)).rejects.toThrow('cut off');
    await runDueTicks(database, [failing], new Date(start.getTime() + 60_000), rome);
    expect(attempts).toBe(1);
    await runDueTicks(database, [failing], new Date(start.getTime() + 16 * 60_000), rome);
    expect(attempts).toBe(2);
  });
});
