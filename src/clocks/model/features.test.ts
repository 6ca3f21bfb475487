import { describe, expect, it } from 'vitest';
import { simulatePurchases } from '../../../test/support/simulated-purchases.ts';
import { incompleteBeta } from '../../kernel/gamma.ts';
import { normalCdf } from '../../kernel/normal.ts';
import { seededRandom } from '../../kernel/random.ts';
import { recentRates } from './category-rates.ts';
import { ClockRows } from './clock-rows.ts';
import { scoreClocks, trainClockModel } from './clock-model.ts';
import type { ClockTable } from './clock-table.ts';
import { HistoryFold, foldHistory } from './clock-table.ts';
import { computeFeatures, featuresOf } from './feature-rows.ts';
import { logit } from './features.ts';
import { rawWeights, sigmoid } from './logistic.ts';
import type { PurchaseHistory } from './purchase-history.ts';
import { mergePurchaseDays } from './purchase-history.ts';
import {
  RenewalBlock,
  blockColumn,
  createOwnSpread,
  createPredictive,
  ownGapsLogits,
  ownSpreadLogits,
  predict,
  studentCdf,
} from './renewal-block.ts';
import type { RenewalModel } from './renewal-fit.ts';

const parameters = { mu: 3, sigma: 0.8, kappa: 1, a: 0.5, b: 4 };
const renewal: RenewalModel = {
  shop: { parameters, atBound: [] },
  visits: { parameters: { ...parameters, mu: 2.5 }, atBound: [] },
  categories: [
    { parameters, atBound: [] },
    { parameters, atBound: [] },
  ],
  gaps: [
    { meanGapDays: 30, meanLogGap: 3 },
    { meanGapDays: 60, meanLogGap: 4 },
  ],
};

/** Customer 0 buys category 0 on days 0, 20, 30 and category 1 on day 20; customer 1 buys category 0 on day 5. */
const history: PurchaseHistory = {
  customerCount: 2,
  categoryCount: 2,
  customer: Int32Array.of(0, 1, 0, 0, 0),
  category: Int32Array.of(0, 0, 0, 1, 0),
  day: Int32Array.of(0, 5, 20, 20, 30),
  quantity: Float64Array.of(1, 2, 3, 1, 2),
};

const at40 = { day: 40, horizonDays: 14, set: 'all' as const };
const names = featuresOf('all').map(([name]) => name);
const everyClock = ({ clocks }: ClockTable): Int32Array =>
  Int32Array.from({ length: clocks.count }, (_, clock) => clock);

describe('the features of a clock', () => {
  const table = foldHistory(history);
  const rows = computeFeatures(table, renewal, { ...at40, chosen: everyClock(table) });
  const width = names.length;
  const of = (clock: number, name: string): number => rows[clock * width + names.indexOf(name)]!;

  it('are those of clocks.md 5.4, by hand, for a clock of three purchases', () => {
    const sum = Math.log(20) * 0.85 + Math.log(10);
    const weight = 1 + 1.85;
    const m = (3 + sum) / weight;
    const sd = 0.8 * Math.sqrt(1 + 1 / weight);
    const z = (Math.log(10) - m) / sd;
    const [now, later] = [normalCdf(-z), normalCdf(-(Math.log(24) - m) / sd)];
    const stayed = 4 + 1.85;
    const byHand: Record<string, number> = {
      'discounted clock': logit((stayed * (now - later)) / (0.5 + stayed * now)),
      'z now': z,
      'z squared': z * z,
      'z at the end': (Math.log(24) - m) / sd,
      'purchases 30': Math.log(Math.exp(-40 / 30) + Math.exp(-20 / 30) + Math.exp(-10 / 30) + 0.02),
      'visits 90': Math.log(Math.exp(-40 / 90) + Math.exp(-20 / 90) + Math.exp(-10 / 90) + 0.02),
      'long-run rate': Math.log(2.5 / 70),
      count: Math.log(3),
      'one-timer': 0,
      silence: Math.log(11),
      'silence against visits': 0,
      'missed visits': 0,
      'per-visit rate': Math.log(2.3 / 5),
      visits: Math.log(4),
      quantity: Math.log(2.1 / 2.1),
      age: Math.log(41),
      basket: Math.log(4 / 3),
      'last basket': 0,
      'share of visits': Math.log(3.5 / 5),
    };
    for (const [name, value] of Object.entries(byHand))
      expect([name, of(0, name)]).toEqual([name, expect.closeTo(value, 3)]);
  });

  it('know what a customer did elsewhere since', () => {
    const elsewhere = 2;
    expect(table.clocks.category(elsewhere)).toBe(1);
    expect(of(elsewhere, 'one-timer')).toBe(1);
    expect(of(elsewhere, 'spread')).toBe(1);
    expect(of(elsewhere, 'missed visits')).toBeCloseTo(Math.log(2), 6);
    expect(of(elsewhere, 'silence against visits')).toBeCloseTo(Math.log(21 / 11), 6);
  });

  it('count in the category only who existed before the fortnight and bought in it', () => {
    const rates = recentRates(table.clocks, { day: 30, horizonDays: 14, categoryCount: 2 });
    expect(rates[0]).toBeCloseTo((1 + 20 * 0.5) / 22, 9);
    expect(rates[1]).toBeCloseTo(0.5, 9);
  });

  it('do not change when the future does', () => {
    const shop = simulatePurchases(parameters, {
      customers: 200,
      days: 300,
      arrivalDays: 100,
      categories: 2,
      random: seededRandom('future'),
    });
    const until = shop.day.filter((day) => day <= 200).length;
    const cut = <Column extends Int32Array | Float64Array>(column: Column): Column =>
      column.slice(0, until) as Column;
    const past = {
      ...shop,
      customer: cut(shop.customer),
      category: cut(shop.category),
      day: cut(shop.day),
      quantity: cut(shop.quantity),
    };
    const scoreOn200 = (known: PurchaseHistory): Float64Array => {
      const model = trainClockModel(known, { day: 200, featureSet: 'all' });
      return scoreClocks(model, new HistoryFold(known).advanceTo(200), 200);
    };
    expect(scoreOn200(shop)).toEqual(scoreOn200(past));
  });

  it('of category vanish in a shop with one category, and all stay finite for one customer', () => {
    const single = mergePurchaseDays({ ...history, categoryCount: 1, category: new Int32Array(5) });
    const one = foldHistory(single);
    const own = computeFeatures(one, renewal, { ...at40, chosen: everyClock(one) });
    for (const name of ['category 15', 'category 30', 'category 120', 'category size'])
      expect(own[names.indexOf(name)]).toBeCloseTo(0, 6);
    expect(own.every(Number.isFinite)).toBe(true);
  });
});

describe('the clock with its own spread and the clock of own gaps', () => {
  it.each([
    [4, 1.5],
    [5, 0.7],
    [10, 2.2],
    [30, 3],
  ])('take Student’s t with %d degrees of freedom within 0.002 at %d (DLMF 8.17)', (freedom, t) => {
    const exact = 1 - 0.5 * incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
    expect(Math.abs(studentCdf(t, freedom) - exact)).toBeLessThan(0.002);
    expect(studentCdf(-t, freedom)).toBeCloseTo(1 - studentCdf(t, freedom), 12);
  });

  /** ln odds with own spread and of own gaps of a clock with these gaps after a silence. */
  const own = (gaps: readonly number[], silenceDays: number): { spread: number; gaps: number } => {
    const logs = gaps.map(Math.log);
    const block = new RenewalBlock([parameters]);
    block.count = 1;
    block.silenceDays[0] = silenceDays;
    block.purchases[0] = gaps.length + 1;
    block.gaps[0] = gaps.length;
    block.logGapSum[0] = logs.reduce((sum, log) => sum + log, 0);
    block.logGapSquareSum[0] = logs.reduce((sum, log) => sum + log * log, 0);
    block.takeLogarithms(14);
    const predictive = createPredictive();
    predict(block, block.gaps, block.logGapSum, predictive);
    const [spread, ownGaps] = [blockColumn(), blockColumn()];
    ownSpreadLogits(block, predictive, createOwnSpread(), spread);
    const rows = new ClockRows(1);
    rows.start(0, 0, 0, 1);
    for (const gap of gaps) rows.addGap(0, rows.lastDay(0) + gap);
    ownGapsLogits(block, predictive, rows.facts, ownGaps);
    return { spread: spread[0]!, gaps: ownGaps[0]! };
  };

  it('tell a regular customer from an irregular one of the same mean', () => {
    const regular = [28, 28, 28, 28, 28, 28];
    const irregular = [7, 112, 7, 112, 7, 112];
    expect(own(regular, 21).spread).toBeGreaterThan(own(irregular, 21).spread + 0.5);
    // Two cadences: after 40 silent days the short one is over and the long one far.
    expect(own(irregular, 100).gaps).toBeGreaterThan(own(irregular, 40).gaps + 0.5);
    expect(own(regular, 21).gaps).toBeGreaterThan(own(regular, 1).gaps + 1);
  });

  it('are the renewal clock where there is no gap', () => {
    const sd = 0.8 * Math.SQRT2;
    const [now, later] = [10, 24].map((days) => normalCdf((3 - Math.log(days)) / sd)) as [number, number];
    expect(own([], 10).gaps).toBeCloseTo(logit((4 * (now - later)) / (0.5 + 4 * now)), 3);
  });
});

describe('the score of a table', () => {
  it('is the logistic function of the weighted features, computed once per clock, customer and category', () => {
    const shop = simulatePurchases(parameters, {
      customers: 700,
      days: 300,
      arrivalDays: 100,
      categories: 3,
      random: seededRandom('score'),
    });
    const table = foldHistory(shop);
    const model = trainClockModel(shop, { day: 300, featureSet: 'all' });
    const features = computeFeatures(table, model.renewal, {
      day: 300,
      horizonDays: 14,
      set: 'all',
      chosen: everyClock(table),
    });
    const { raw, offset } = rawWeights(model.layer);
    const scores = scoreClocks(model, table, 300);
    expect(scores.length).toBeGreaterThan(600);
    for (const [clock, score] of scores.entries()) {
      const sum = raw.reduce(
        (total, w, column) => total + w * features[clock * names.length + column]!,
        offset,
      );
      expect(Math.abs(score - sigmoid(sum))).toBeLessThan(1e-6);
    }
  });
});
