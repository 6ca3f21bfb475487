import { describe, expect, it } from 'vitest';
import { addSimulatedShop, noCoverage } from '../../../test/support/simulated-shops.ts';
import { seededRandom } from '../../kernel/random.ts';

/** bench/coverage.ts does the same for 200 shops of each size. */
describe('the uncertainty of the clocks', () => {
  it('is true: of those who come back 77 to 83 in 100 come between q10 and q90, in shops of any size', () => {
    const totals = { likelihood: noCoverage(), moments: noCoverage() };
    const random = seededRandom('coverage');
    for (const customers of [50, 50, 50, 50, 300, 300, 3000]) addSimulatedShop(totals, customers, random);
    const { held, judged, ownError, priorError } = totals.likelihood;
    expect(judged).toBeGreaterThan(1000);
    expect(held / judged).toBeGreaterThan(0.77);
    expect(held / judged).toBeLessThan(0.83);
    expect(ownError).toBeLessThan(priorError);
  });
});
