import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHashOf } from './content-hash.ts';
import { isCutThrough, lineKey, mergeFragments, reconcileReceipt, storableCents } from './reconcile.ts';

const line = fc.record({
  productId: fc.integer({ min: 1, max: 3 }),
  quantity: fc.constantFrom(1, 2, -1, 0.35),
  totalCents: fc.constantFrom(500, 1495, -1495),
});
const lines = fc.array(line, { maxLength: 6 });
const counted = (all: readonly { productId: number; quantity: number; totalCents: number }[]): string[] =>
  all.map(lineKey).sort();

describe('a receipt that comes again', () => {
  it('with the same lines in any order is the same', () => {
    fc.assert(
      fc.property(lines, fc.boolean(), (known, isFragment) => {
        const again = [...known].reverse();
        expect(reconcileReceipt(known, again, isFragment)).toEqual({
          outcome: 'same',
          added: [],
          duplicateCount: known.length,
        });
        expect(contentHashOf(again)).toBe(contentHashOf(known));
      }),
    );
  });

  it('counts every line either as added or as there already, and only a whole one takes lines away', () => {
    fc.assert(
      fc.property(lines, lines, fc.boolean(), (known, incoming, isFragment) => {
        const { outcome, added, duplicateCount } = reconcileReceipt(known, incoming, isFragment);
        expect(added.length + duplicateCount).toBe(incoming.length);
        if (isFragment) expect(outcome).not.toBe('replaced');
        if (outcome !== 'replaced') return;
        // What replaces the known lines is the file's: each of its lines was known or is added.
        expect(incoming.length - added.length).toBeLessThan(known.length);
      }),
    );
  });

  it('keeps two equal lines two, and takes an export that was pasted twice for one', () => {
    const two = [
      { productId: 1, quantity: 1, totalCents: 500 },
      { productId: 1, quantity: 1, totalCents: 500 },
    ];
    expect(reconcileReceipt(two.slice(1), two, false)).toMatchObject({
      outcome: 'extended',
      duplicateCount: 1,
    });
    expect(mergeFragments([two, two])).toEqual(two);
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 6 }), (whole, cut) => {
        expect(counted(mergeFragments([whole, whole.slice(0, cut), whole]))).toEqual(counted(whole));
      }),
    );
  });
});

describe('a receipt at the edge of a file', () => {
  const known = [1, 2, 3].map((productId) => ({ productId, quantity: 1, totalCents: 100 * productId }));

  it('was cut through it when all its lines are known, in whatever order', () => {
    const stored = { lines: known, edge: null };
    expect(isCutThrough(stored, { lines: known.slice(0, 2), edge: 'last' })).toBe(true);
    expect(isCutThrough(stored, { lines: known.slice(1).reverse(), edge: 'last' })).toBe(true);
    expect(isCutThrough(stored, { lines: known.slice(0, 2), edge: null })).toBe(false);
    const other = [{ productId: 9, quantity: 1, totalCents: 900 }];
    expect(isCutThrough(stored, { lines: [...known, ...other], edge: 'last' })).toBe(false);
  });

  it('joins the other half that lay at the edge of another file', () => {
    const half = { lines: known.slice(0, 1), edge: 'last' as const };
    expect(isCutThrough(half, { lines: known.slice(1), edge: 'first' })).toBe(true);
  });
});

describe('a total', () => {
  it('beyond what any shop sells is kept within its column', () => {
    expect(storableCents(1495)).toBe(1495);
    expect(storableCents(9e12)).toBe(2_000_000_000);
    expect(storableCents(-9e12)).toBe(-2_000_000_000);
  });
});
