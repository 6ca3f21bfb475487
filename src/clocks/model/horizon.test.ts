import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatePurchases } from '../../../test/support/simulated-purchases.ts';
import { seededRandom } from '../../kernel/random.ts';
import { scoreClocks, trainClockModel } from './clock-model.ts';
import { HistoryFold } from './clock-table.ts';
import { probabilityWithin } from './horizon.ts';
import { likeliestGap } from './likely-day.ts';

const parameters = { mu: 3.3, sigma: 0.7, kappa: 1, a: 0.4, b: 3 };

describe('the chance within any horizon', () => {
  it('rises with the horizon, is the layer’s at 14 days, and stays a probability', () => {
    const state = fc.record({
      gaps: fc.double({ min: 0, max: 6, noNaN: true }),
      logGapSum: fc.double({ min: 0, max: 24, noNaN: true }),
      silenceDays: fc.integer({ min: 0, max: 4000 }),
    });
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.999, noNaN: true }), state, (fortnight, clock) => {
        const at = [0, 1, 7, 14, 28, 90, 365, 3650].map((days) =>
          probabilityWithin(fortnight, days, clock, parameters),
        );
        expect(at[3]).toBeCloseTo(fortnight, 9);
        for (const [index, p] of at.entries()) {
          expect(p).toBeGreaterThanOrEqual(at[index - 1] ?? 0);
          expect(p).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is calibrated at 7 and 28 days on simulated customers', () => {
    const shop = simulatePurchases(parameters, {
      customers: 6000,
      days: 500,
      arrivalDays: 350,
      random: seededRandom('horizons'),
    });
    const model = trainClockModel(shop, { day: 440, featureSet: 'all', rowsMax: 20_000 });
    const fold = new HistoryFold(shop);
    const { clocks } = fold.advanceTo(440);
    const fortnight = scoreClocks(model, fold.table, 440);
    for (const horizon of [7, 14, 28]) {
      const labels = fold.labelsAfter(440, horizon);
      const predicted = fortnight.reduce((sum, p, clock) => {
        const state = {
          gaps: clocks.discountedGaps(clock),
          logGapSum: clocks.discountedLogGapSum(clock),
          silenceDays: 440 - clocks.lastDay(clock),
        };
        const own = model.renewal.categories[0]!.parameters;
        return sum + probabilityWithin(p, horizon, state, own);
      }, 0);
      const counted = labels.reduce((sum, label) => sum + label, 0);
      expect(Math.abs(predicted / counted - 1)).toBeLessThan(0.1);
    }
  });
});

describe('the model of a small shop', () => {
  it('scores sensibly from its first week on, and with hardly any labels', () => {
    const few = simulatePurchases(parameters, {
      customers: 40,
      days: 60,
      arrivalDays: 50,
      random: seededRandom('small shop'),
    });
    for (const day of [5, 30, 60]) {
      const model = trainClockModel(few, { day, featureSet: 'all' });
      const scores = scoreClocks(model, new HistoryFold(few).advanceTo(day), day);
      expect(scores.every((p) => p > 0 && p < 0.99)).toBe(true);
    }
  });
});

describe('the likeliest day', () => {
  const fresh = (gaps: readonly number[]) => ({
    gaps: gaps.length,
    logGapSum: gaps.reduce((sum, gap) => sum + Math.log(gap), 0),
    recentGaps: Int32Array.from(gaps),
  });
  const at = (gaps: readonly number[]): number => likeliestGap(parameters, fresh(gaps), 7);

  it('is the own rhythm of a regular customer, and one of the two cadences of another', () => {
    expect(Math.abs(at([30, 31, 29, 30, 30]) - 30)).toBeLessThanOrEqual(3);
    expect(Math.abs(at([28, 84, 28, 28, 84]) - 28)).toBeLessThanOrEqual(6);
  });

  it('lies before the median of a skewed distribution where nothing is known', () => {
    expect(at([])).toBeLessThan(Math.exp(parameters.mu));
    expect(at([])).toBeGreaterThanOrEqual(8);
  });
});
