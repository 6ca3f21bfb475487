import { describe, expect, it } from 'vitest';
import { controlProbability, controlShare, drawBucket, isMeasured } from './rules.ts';

const key = Buffer.alloc(32, 7);

/** Which of some households are in control in each of some years, as the product draws them. */
function drawYears(households: number, years: readonly number[], share: number): boolean[][] {
  return Array.from({ length: households }, (_, household) => {
    const drawn: boolean[] = [];
    for (const year of years) {
      const last = drawn.at(-1);
      const before = last === undefined ? 'not drawn' : last ? 'control' : 'treated';
      drawn.push(drawBucket(key, household, year) < controlProbability(share, before));
    }
    return drawn;
  });
}

describe('the control group', () => {
  it('is a tenth of a small shop and a twentieth from 1,000 contacts on (planner.md A7)', () => {
    expect([0, 300, 999, 1000, 100_000].map(controlShare)).toEqual([0.1, 0.1, 0.1, 0.05, 0.05]);
  });

  it.each([0.05, 0.1])(
    'has the share %d in the first year and in every other, and nobody two years running',
    (share) => {
      const years = [2026, 2027, 2028, 2029];
      const size = 8_000;
      const drawn = drawYears(size, years, share);
      for (const [index, year] of years.entries()) {
        const part = drawn.filter((household) => household[index]).length / size;
        expect(Math.abs(part - share), `${year}`).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / size));
        const again = drawn.filter((household) => household[index] && household[index + 1]).length;
        expect(again, `${year}`).toBe(0);
      }
    },
  );

  it('says the probability that the lot really has, after each outcome of the year before', () => {
    const size = 8_000;
    const drawn = drawYears(size, [2026, 2027], 0.1);
    const free = drawn.filter(([first]) => !first);
    const part = free.filter(([, second]) => second).length / free.length;
    const stated = controlProbability(0.1, 'treated');
    expect(stated).toBeCloseTo(1 / 9, 10);
    expect(Math.abs(part - stated)).toBeLessThan(4 * Math.sqrt((stated * (1 - stated)) / free.length));
    expect(controlProbability(0.1, 'control')).toBe(0);
    expect(controlProbability(0.1, 'not drawn')).toBe(0.1);
  });

  it('falls the same for whoever has the key, and otherwise with another', () => {
    const draw = (secret: Buffer): number[] =>
      Array.from({ length: 50 }, (_, household) => drawBucket(secret, household, 2026));
    expect(draw(key)).toEqual(draw(Buffer.from(key)));
    expect(draw(key)).not.toEqual(draw(Buffer.alloc(32, 8)));
    expect(new Set(draw(key)).size).toBe(50);
  });

  it('is for what persuades, not for what is owed', () => {
    const classes = ['human_reply', 'service', 'subscription', 'promise', 'care', 'promotion'] as const;
    expect(classes.filter(isMeasured)).toEqual(['care', 'promotion']);
  });
});
