import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatePurchases } from '../../../test/support/simulated-purchases.ts';
import { logBeta, logAddExp } from '../../kernel/gamma.ts';
import { logNormalCdf } from '../../kernel/normal.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { RenewalParameters } from '../rules.ts';
import { DECAY_DAYS, foldPurchase } from '../rules.ts';
import { HistoryFold, foldHistory } from './clock-table.ts';
import { mergePurchaseDays } from './purchase-history.ts';
import { drawSample, fitRenewalModel, sampleClocks } from './renewal-fit.ts';
import type { GapSample } from './renewal-likelihood.ts';
import { fromPoint, logLikelihood, toPoint } from './renewal-likelihood.ts';

const anyParameters = fc.record({
  mu: fc.double({ min: 1, max: 6, noNaN: true }),
  sigma: fc.double({ min: 0.2, max: 2, noNaN: true }),
  kappa: fc.double({ min: 0.05, max: 20, noNaN: true }),
  a: fc.double({ min: 0.05, max: 5, noNaN: true }),
  b: fc.double({ min: 0.1, max: 30, noNaN: true }),
});

/** Clocks of given gaps, and a silence. */
const anyClock = fc.record({
  gaps: fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 12 }),
  silence: fc.integer({ min: 0, max: 3000 }),
});

function sampleOf(clocks: readonly { gaps: readonly number[]; silence: number }[]): GapSample {
  const sum = (gaps: readonly number[], power: number): number =>
    gaps.reduce((total, gap) => total + Math.log(gap) ** power, 0);
  return {
    count: clocks.length,
    gaps: Int32Array.from(clocks, ({ gaps }) => gaps.length),
    logGapSum: Float64Array.from(clocks, ({ gaps }) => sum(gaps, 1)),
    logGapSquareSum: Float64Array.from(clocks, ({ gaps }) => sum(gaps, 2)),
    silenceDays: Float64Array.from(clocks, ({ silence }) => silence),
  };
}

/** ln f of clocks.md 5.3 word for word, with its Beta functions. */
function writtenLikelihood(
  { gaps, silence }: { gaps: readonly number[]; silence: number },
  { mu, sigma, kappa, a, b }: RenewalParameters,
): number {
  const x = gaps.length;
  const sum = gaps.reduce((total, gap) => total + Math.log(gap), 0);
  const square = gaps.reduce((total, gap) => total + Math.log(gap) ** 2, 0);
  const bracket =
    x === 0 ? 0 : Math.max(square - sum ** 2 / x, 0) + ((kappa * x) / (kappa + x)) * (sum / x - mu) ** 2;
  const m = (kappa * mu + sum) / (kappa + x);
  const sd = sigma * Math.sqrt(1 + 1 / (kappa + x));
  const logSurvival = logNormalCdf(-(Math.log(Math.max(silence, 0.5)) - m) / sd);
  return (
    -(x / 2) * Math.log(2 * Math.PI * sigma ** 2) -
    0.5 * Math.log(1 + x / kappa) -
    bracket / (2 * sigma ** 2) +
    logAddExp(logBeta(a + 1, b + x), logBeta(a, b + x + 1) + logSurvival) -
    logBeta(a, b)
  );
}

describe('the likelihood of a renewal clock', () => {
  it('is the formula of clocks.md 5.3', () => {
    fc.assert(
      fc.property(anyParameters, anyClock, (parameters, clock) => {
        const value = logLikelihood(sampleOf([clock]), parameters, new Float64Array(5));
        const written = writtenLikelihood(clock, parameters);
        expect(Math.abs(value - written)).toBeLessThan(1e-8 * (1 + Math.abs(written)));
      }),
    );
  });

  it('has the gradient that finite differences find', () => {
    fc.assert(
      fc.property(anyParameters, fc.array(anyClock, { minLength: 1, maxLength: 5 }), (parameters, clocks) => {
        const sample = sampleOf(clocks);
        const gradient = new Float64Array(5);
        logLikelihood(sample, parameters, gradient);
        const point = toPoint(parameters);
        for (let index = 0; index < 5; index++) {
          const at = (step: number): number =>
            logLikelihood(
              sample,
              fromPoint(point.map((value, other) => value + (other === index ? step : 0))),
              new Float64Array(5),
            );
          const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
          expect(Math.abs(gradient[index]! - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
        }
      }),
    );
  });
});

describe('the fit of renewal clocks', () => {
  const truth = { mu: 3.4, sigma: 0.6, kappa: 1.2, a: 0.6, b: 3 };
  const history = simulatePurchases(truth, {
    customers: 4000,
    days: 900,
    arrivalDays: 300,
    random: seededRandom('recovery'),
  });
  const fold = (): HistoryFold => new HistoryFold(history);
  const table = fold().advanceTo(900);
  const model = fitRenewalModel(table.clocks, table.visits, { day: 900, categoryCount: 1 });

  it('recovers the parameters that simulated customers follow', () => {
    const { parameters, atBound } = model.categories[0]!;
    expect(atBound).toEqual([]);
    expect(Math.abs(parameters.mu - truth.mu)).toBeLessThan(0.05);
    expect(Math.abs(parameters.sigma / truth.sigma - 1)).toBeLessThan(0.05);
    expect(Math.abs(parameters.kappa / truth.kappa - 1)).toBeLessThan(0.15);
    expect(Math.abs(parameters.a / truth.a - 1)).toBeLessThan(0.3);
    expect(Math.abs(parameters.b / truth.b - 1)).toBeLessThan(0.3);
    // The ratio is what decides how many leave after a purchase.
    expect(parameters.a / (parameters.a + parameters.b)).toBeCloseTo(truth.a / (truth.a + truth.b), 1);
  });

  it('finds the same from last week’s parameters as from the centre', () => {
    const again = fitRenewalModel(table.clocks, table.visits, {
      day: 900,
      categoryCount: 1,
      previous: model,
    });
    for (const name of ['mu', 'sigma', 'kappa', 'a', 'b'] as const)
      expect(Math.abs(again.shop.parameters[name] / model.shop.parameters[name] - 1)).toBeLessThan(0.01);
  });

  it('keeps the shop’s parameters in a category with too few gaps, and its prior in a shop without any', () => {
    const few = simulatePurchases(truth, {
      customers: 25,
      days: 90,
      arrivalDays: 60,
      random: seededRandom('few'),
    });
    const small = foldHistory(few);
    const fitted = fitRenewalModel(small.clocks, small.visits, { day: 90, categoryCount: 1 });
    expect(fitted.categories[0]).toBe(fitted.shop);
    const single = foldHistory({
      ...few,
      ...{ customer: few.customer.slice(0, 1), day: few.day.slice(0, 1) },
    });
    const alone = fitRenewalModel(single.clocks, single.visits, { day: few.day[0]!, categoryCount: 1 });
    expect(Math.exp(alone.shop.parameters.mu)).toBeCloseTo(30, -1);
    const none = foldHistory({ ...few, customer: new Int32Array(0), day: new Int32Array(0) });
    const empty = fitRenewalModel(none.clocks, none.visits, { day: 0, categoryCount: 1 });
    expect(empty.shop.parameters.sigma).toBeCloseTo(1, 3);
  });

  it('names the parameter that data without timing push to its bound', () => {
    const random = seededRandom('no timing');
    const once = Array.from({ length: 300 }, (_, clock) => ({
      gaps: clock < 20 ? [600 + random.integer(100)] : [],
      silence: 700,
    }));
    const sample = sampleOf(once);
    const far = { mu: 9, sigma: 0.5, kappa: 50, a: 0.01, b: 900 };
    const gradient = new Float64Array(5);
    expect(Number.isFinite(logLikelihood(sample, far, gradient))).toBe(true);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  it('draws without replacement, in order, the same each time', () => {
    const first = drawSample(1000, 100, seededRandom('draw'));
    expect(new Set(first).size).toBe(100);
    expect([...first]).toEqual([...first].sort((left, right) => left - right));
    expect(drawSample(1000, 100, seededRandom('draw'))).toEqual(first);
    expect([...drawSample(3, 100, seededRandom('draw'))]).toEqual([0, 1, 2]);
  });

  it('sees on a day only what that day knew', () => {
    const halfway = fold().advanceTo(450);
    const seen = history.day.filter((day) => day <= 450).length;
    let counted = 0;
    for (let clock = 0; clock < halfway.clocks.count; clock++) counted += halfway.clocks.purchases(clock);
    expect(counted).toBe(seen);
    expect(sampleClocks(halfway.clocks, Int32Array.of(0), 450).silenceDays[0]).toBeGreaterThanOrEqual(0);
  });
});

describe('statistics in rows', () => {
  const anyPurchase = fc.record({
    customer: fc.integer({ min: 0, max: 2 }),
    category: fc.integer({ min: 0, max: 1 }),
    day: fc.integer({ min: 0, max: 80 }),
    quantity: fc.constantFrom(1, 1, 2, 3, -1),
  });

  it('are those that foldPurchase keeps, whatever the order of the purchases', () => {
    fc.assert(
      fc.property(fc.array(anyPurchase, { maxLength: 60 }), (purchases) => {
        const history = mergePurchaseDays({
          customerCount: 3,
          categoryCount: 2,
          customer: Int32Array.from(purchases, ({ customer }) => customer),
          category: Int32Array.from(purchases, ({ category }) => category),
          day: Int32Array.from(purchases, ({ day }) => day),
          quantity: Float64Array.from(purchases, ({ quantity }) => quantity),
        });
        const { clocks, visits } = foldHistory(history);
        for (let clock = 0; clock < clocks.count; clock++) {
          const who = clocks.customer(clock);
          const own = [...history.day.keys()].filter(
            (event) => history.customer[event] === who && history.category[event] === clocks.category(clock),
          );
          const state = own.reduce<ReturnType<typeof foldPurchase> | null>(
            (before, event) => foldPurchase(before, history.day[event]!, history.quantity[event]!),
            null,
          )!;
          expect([clocks.purchases(clock), clocks.firstDay(clock), clocks.lastDay(clock)]).toEqual([
            state.purchaseCount,
            state.firstDay,
            state.lastDay,
          ]);
          expect(clocks.discountedLogGapSquareSum(clock)).toBeCloseTo(state.discountedLogGapSquareSum, 9);
          expect(clocks.logGapSum(clock)).toBeCloseTo(state.logGapSum, 9);
          expect(DECAY_DAYS.map((_, scale) => clocks.decayed(clock, scale))).toEqual(
            state.decayed.map((count) => expect.closeTo(count, 9) as number),
          );
          expect(clocks.quantitySum(clock)).toBe(state.quantitySum);
          const days = new Set(
            [...history.day.keys()]
              .filter((event) => history.customer[event] === who)
              .map((e) => history.day[e]),
          );
          expect(visits.visits(who)).toBe(days.size);
          expect(clocks.visitsAtLast(clock)).toBe([...days].filter((day) => day! <= state.lastDay).length);
          expect(clocks.visitsAtFirst(clock)).toBe([...days].filter((day) => day! <= state.firstDay).length);
        }
      }),
    );
  });
});
