/**
 * How true the uncertainty of the clocks is, on simulated shops of 50, 300 and 3,000 customers whose truth is known: of the next
 * purchases of customers seen twice or more, how many fall between the days that q10 and q90 name (the mission: 77 to 83 in
 * 100); and how far the day said after a first purchase is from the one that came, against the sector's prior alone.
 *
 * node bench/coverage.ts [--shops 200]
 */
import { parseArgs } from 'node:util';
import { seededRandom } from '../src/kernel/random.ts';
import type { Coverage } from '../test/support/simulated-shops.ts';
import { addSimulatedShop, fits, noCoverage } from '../test/support/simulated-shops.ts';
import { round } from './support/measure.ts';

const SIZES = [50, 300, 3000] as const;
const COVERAGE = { from: 0.77, to: 0.83 };

function describe({ held, judged, ownError, priorError, firstPurchases }: Coverage) {
  return {
    nextPurchases: judged,
    coverage: round(held / judged, 4),
    firstPurchases,
    errorOfOwn: round(ownError / firstPurchases, 3),
    errorOfPrior: round(priorError / firstPurchases, 3),
  };
}

const { values } = parseArgs({ options: { shops: { type: 'string', default: '200' } } });
const results = SIZES.map((customers) => {
  const totals = { likelihood: noCoverage(), moments: noCoverage() };
  const random = seededRandom(`shops of ${customers}`);
  for (let shop = 0; shop < Number(values.shops); shop++) addSimulatedShop(totals, customers, random);
  // Moments are used for the minutes between the first import and the first fit: shown, not judged.
  const coverage = totals.likelihood.held / totals.likelihood.judged;
  return {
    customers,
    isKept: coverage >= COVERAGE.from && coverage <= COVERAGE.to,
    ...Object.fromEntries(fits.map((name) => [name, describe(totals[name])])),
  };
});
console.log(JSON.stringify({ shopsOfEachSize: Number(values.shops), results }, null, 1));
if (!results.every(({ isKept }) => isKept)) process.exitCode = 1;
