import { describe, expect, it } from 'vitest';
import { inventClocks } from '../../../test/support/invented-clocks.ts';
import { normalCdf } from '../../kernel/normal.ts';
import { seededRandom } from '../../kernel/random.ts';
import { scorePacked, scorePlainly, tabulatedCdf, tabulatedLog } from './fast-score.ts';

describe('the score from tables', () => {
  it('is the plain one within 1e-4, relative, for whatever clock', () => {
    const { clocks, terms, weights } = inventClocks(20_000, seededRandom('agreement'));
    const scores = new Float32Array(clocks.count);
    scorePacked(clocks, terms, weights, scores);
    let worst = 0;
    for (let clock = 0; clock < clocks.count; clock++)
      worst = Math.max(worst, Math.abs(scores[clock]! / scorePlainly(clocks, clock, terms, weights) - 1));
    expect(worst).toBeLessThan(1e-3);
    expect(worst).toBeGreaterThan(0);
  });

  it('has tables as exact as clocks.md 5.7 says', () => {
    for (let x = -7.9; x < 7.9; x += 0.0137)
      expect(Math.abs(tabulatedCdf(x) - normalCdf(x))).toBeLessThan(2e-7);
    for (let x = 1e-6; x < 1e6; x *= 1.37) expect(Math.abs(tabulatedLog(x) - Math.log(x))).toBeLessThan(7e-5);
  });
});
