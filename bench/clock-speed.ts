/**
 * Speed of the clocks on one core, with invented data: the twelve-weight score from tables against the plain function in the
 * same run (the ratio holds on a loaded machine, the rates do not), all features, purchases folded, and a whole fit.
 * Design (clocks.md 8): 17 M clocks/s for the twelve weights, 10.8 M updates/s.
 *
 * node bench/clock-speed.ts [--clocks 5000000] [--fit 1000000]
 */
import { parseArgs } from 'node:util';
import { scoreClocks, trainClockModel } from '../src/clocks/model/clock-model.ts';
import { HistoryFold } from '../src/clocks/model/clock-table.ts';
import { scorePacked, scorePlainly } from '../src/clocks/model/fast-score.ts';
import { mergePurchaseDays } from '../src/clocks/model/purchase-history.ts';
import { seededRandom } from '../src/kernel/random.ts';
import { inventClocks } from '../test/support/invented-clocks.ts';

const { values } = parseArgs({
  options: { clocks: { type: 'string', default: '5000000' }, fit: { type: 'string', default: '1000000' } },
});
const RUNS = 5;
const DAYS = 730;

function bestSeconds(work: () => void): number {
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

const millions = (count: number, seconds: number): number => Math.round((count / seconds / 1e6) * 100) / 100;

function measureScores(count: number) {
  const { clocks, terms, weights } = inventClocks(count, seededRandom('speed'));
  const scores = new Float32Array(count);
  const fast = bestSeconds(() => {
    scorePacked(clocks, terms, weights, scores);
  });
  const plain = bestSeconds(() => {
    for (let clock = 0; clock < count; clock++) scores[clock] = scorePlainly(clocks, clock, terms, weights);
  });
  return {
    twelveWeightsPerSecondMillions: millions(count, fast),
    plainPerSecondMillions: millions(count, plain),
    ratio: Math.round((plain / fast) * 10) / 10,
  };
}

/** About `clockCount` clocks in 400 categories, with the repeat purchases of a shop. */
function inventHistory(clockCount: number) {
  const random = seededRandom('fit of a large shop');
  const customers = Math.ceil(clockCount / 10);
  const size = Math.round(clockCount * 1.8);
  const columns = {
    customer: new Int32Array(size),
    category: new Int32Array(size),
    day: new Int32Array(size),
  };
  for (let event = 0; event < size; event++) {
    const isRepeat = event > 1000 && random.next() < 0.45;
    const source = isRepeat ? random.integer(event) : -1;
    columns.customer[event] = isRepeat ? columns.customer[source]! : random.integer(customers);
    columns.category[event] = isRepeat ? columns.category[source]! : Math.floor(random.next() ** 2 * 400);
    columns.day[event] = random.integer(DAYS);
  }
  return mergePurchaseDays({
    customerCount: customers,
    categoryCount: 400,
    ...columns,
    quantity: new Float64Array(size).fill(1),
  });
}

function measureFit(clockCount: number) {
  const history = inventHistory(clockCount);
  const foldStart = performance.now();
  const fold = new HistoryFold(history);
  const numbered = performance.now();
  const table = fold.advanceTo(DAYS);
  const folded = performance.now();
  const model = trainClockModel(history, { day: DAYS, featureSet: 'all' });
  const fitted = performance.now();
  const scores = scoreClocks(model, table, DAYS);
  const scored = performance.now();
  const columns: unknown[] = Object.values(table.clocks);
  const bytes = columns.reduce<number>(
    (sum, column) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0),
    0,
  );
  return {
    clocks: scores.length,
    purchaseDays: history.day.length,
    foldedPerSecondMillions: millions(history.day.length, (folded - numbered) / 1000),
    numberingSeconds: Math.round(numbered - foldStart) / 1000,
    fitSeconds: Math.round(fitted - folded) / 1000,
    allFeaturesPerSecondMillions: millions(scores.length, (scored - fitted) / 1000),
    bytesPerClockWhileFitting: Math.round(bytes / scores.length),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

console.log(
  JSON.stringify({ ...measureScores(Number(values.clocks)), ...measureFit(Number(values.fit)) }, null, 2),
);
