import type { CoreWeights, DayTerms, PackedClocks } from '../../src/clocks/model/fast-score.ts';
import type { Random } from '../../src/kernel/random.ts';

/** Packed clocks of invented statistics, 400 categories, ten clocks per customer, on day 800; for speed and agreement. */
export function inventClocks(
  count: number,
  random: Random,
): { clocks: PackedClocks; terms: DayTerms; weights: CoreWeights } {
  const customers = Math.ceil(count / 10);
  const clocks: PackedClocks = {
    count,
    purchases: new Uint16Array(count),
    discountedGaps: new Float32Array(count),
    discountedLogGapSum: new Float32Array(count),
    lastDay: new Int32Array(count),
    firstDay: new Int32Array(count),
    decayed30: new Float32Array(count),
    decayed120: new Float32Array(count),
    logQuantityRatio: new Float32Array(count),
    category: new Uint16Array(count),
    customer: new Uint32Array(count),
  };
  for (let clock = 0; clock < count; clock++) {
    const gaps = Math.floor(random.next() ** 3 * 20);
    const discounted = (1 - 0.85 ** gaps) / 0.15;
    clocks.purchases[clock] = gaps + 1;
    clocks.discountedGaps[clock] = discounted;
    clocks.discountedLogGapSum[clock] = discounted * (3 + random.normal() * 0.7);
    clocks.lastDay[clock] = 800 - random.integer(700);
    clocks.firstDay[clock] = 50;
    clocks.decayed30[clock] = 1 + random.next() * gaps;
    clocks.decayed120[clock] = 1 + random.next() * gaps;
    clocks.logQuantityRatio[clock] = random.normal() * 0.3;
    clocks.category[clock] = random.integer(400);
    clocks.customer[clock] = random.integer(customers);
  }
  return {
    clocks,
    terms: {
      day: 800,
      horizonDays: 14,
      parameters: Array.from({ length: 400 }, () => ({
        mu: 3.5 + random.normal() * 0.5,
        sigma: 0.8,
        kappa: 1,
        a: 0.4,
        b: 3,
      })),
      categoryTerm: Float64Array.from({ length: 400 }, () => random.normal() * 0.3),
      customerTerm: Float64Array.from({ length: customers }, () => random.normal() * 0.3),
    },
    weights: {
      intercept: -1,
      clock: 0.4,
      z: -0.2,
      decayed30: 0.1,
      decayed120: 0.3,
      count: 0.1,
      oneTimer: -0.2,
      silence: -0.1,
      quantity: -0.05,
    },
  };
}
