import { describe, expect, it } from 'vitest';
import type { Need } from './timing.ts';
import { drawHeldBackDays } from './timing.ts';

const key = Buffer.alloc(32, 1);
const need = (contactId: number, change: Partial<Need> = {}): Need => ({
  contactId,
  categoryId: 3,
  lastDay: 20_000,
  dueFrom: 20_020,
  dueTo: 20_040,
  ...change,
});

describe('the lot of send days', () => {
  const drawn = Array.from({ length: 20_000 }, (_, contact) => drawHeldBackDays(key, need(contact)) ?? NaN);

  it('holds one need in ten back, evenly among the later days of its window', () => {
    const held = drawn.filter((days) => days > 0);
    expect(held.length / drawn.length).toBeGreaterThan(0.093);
    expect(held.length / drawn.length).toBeLessThan(0.107);
    const counts = Array.from({ length: 20 }, (_, day) => held.filter((days) => days === day + 1).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(held.length);
    expect(Math.min(...counts)).toBeGreaterThan(60);
    expect(Math.max(...counts)).toBeLessThan(140);
  });

  it('stays the same until the category is bought again', () => {
    expect(drawHeldBackDays(key, need(7))).toBe(drawn[7]);
    const again = Array.from({ length: 2_000 }, (_, contact) =>
      drawHeldBackDays(key, need(contact, { lastDay: 20_030 })),
    );
    const twice = again.filter((days, contact) => (days ?? 0) > 0 && (drawn[contact] ?? 0) > 0);
    expect(twice.length).toBeGreaterThan(5);
    expect(twice.length).toBeLessThan(40);
  });

  it('leaves out windows that are too short for another moment', () => {
    expect(drawHeldBackDays(key, need(1, { dueTo: 20_025 }))).toBeNull();
    expect(drawHeldBackDays(key, need(1, { dueTo: 20_026 }))).not.toBeNull();
  });
});
