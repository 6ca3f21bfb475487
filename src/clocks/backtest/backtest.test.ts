import { beforeAll, describe, expect, it } from 'vitest';
import type { PublicSet } from '../../../bench/support/public-data.ts';
import { loadCdnow, loadCdnowSample, loadGrocer } from '../../../bench/support/public-data.ts';
import { simulatePurchases } from '../../../test/support/simulated-purchases.ts';
import { sharedData } from '../../../test/support/shared-data.ts';
import { seededRandom } from '../../kernel/random.ts';
import { HistoryFold } from '../model/clock-table.ts';
import { fitRenewalModel } from '../model/renewal-fit.ts';
import type { CutoffResult } from './backtest.ts';
import { averageOverCutoffs, runBacktest } from './backtest.ts';
import { bgNbdProbability, fitBgNbd } from './bg-nbd.ts';
import { fitGammaClocks, gammaClockProbability } from './gamma-clock.ts';
import { gapRules, judgeGaps } from './gaps.ts';
import { computeShopMeans } from './shop-means.ts';

const grocerFile = sharedData('data/grocery_elog.csv');
const cdnowFile = sharedData('data/cdnow_master.csv.gz');
const sampleFile = sharedData('data/cdnow_sample.csv');

describe.skipIf(grocerFile === null)('the online grocer', () => {
  let set: PublicSet;
  let results: CutoffResult[];
  // Not in the body, which runs even where its tests are skipped.
  beforeAll(() => {
    set = loadGrocer()!;
    results = runBacktest(set.history, {
      cutoffs: set.cutoffs,
      fitDay: set.fitDay,
      featureSets: ['published', 'all'],
      withBaselines: true,
    });
  });
  const row = (name: string) =>
    averageOverCutoffs(results.filter(({ purchasesMin }) => purchasesMin === 1)).find(
      (candidate) => candidate.name === name,
    )!;

  it('has the renewal parameters of clocks.md 5.3: 3.323, .704, .786, .451, .713', () => {
    const { clocks, visits } = new HistoryFold(set.history).advanceTo(set.fitDay);
    const { parameters } = fitRenewalModel(clocks, visits, { day: set.fitDay, categoryCount: 1 }).shop;
    expect(parameters.mu).toBeCloseTo(3.323, 2);
    expect(parameters.sigma).toBeCloseTo(0.704, 2);
    expect(parameters.kappa).toBeCloseTo(0.786, 2);
    expect(parameters.a).toBeCloseTo(0.451, 2);
    expect(parameters.b).toBeCloseTo(0.713, 2);
  });

  it('has 1,525 clocks and a base rate of .0721 (clocks.md 6)', () => {
    expect(set.history.day.length).toBe(10_483);
    expect(results.every((result) => result.purchasesMin === 2 || result.clocks === 1525)).toBe(true);
    const rates = results.filter(({ purchasesMin }) => purchasesMin === 1).map(({ baseRate }) => baseRate);
    expect(rates.reduce((sum, rate) => sum + rate, 0) / rates.length).toBeCloseTo(0.0721, 4);
  });

  it('has the baselines of clocks.md 6.1', () => {
    expect(row('global mean').auc).toBeCloseTo(0.892, 3);
    expect(row('last+mean').auc).toBeCloseTo(0.9123, 3);
    expect(row('last+mean').calibrated.logLoss).toBeCloseTo(0.1695, 3);
    expect(row('PG').auc).toBeCloseTo(0.887, 3);
    expect(row('PG').raw?.logLoss).toBeCloseTo(0.1929, 3);
    expect(row('MPG').auc).toBeCloseTo(0.8836, 3);
    expect(row('MPG').raw?.logLoss).toBeCloseTo(0.1991, 3);
    expect(row('freq_n').auc).toBeCloseTo(0.8865, 3);
    expect(row('ATD').auc).toBeCloseTo(0.8925, 3);
    expect(row('decayed frequency (120 d)').auc).toBeCloseTo(0.9144, 3);
    expect(Math.abs((row('log-normal EB').raw?.logLoss ?? 1) - 0.1602)).toBeLessThan(0.0015);
  });

  it('has the 26 features within 0.0005 log-loss and .002 AUC of .1508 and .928, and all features at most .145 and at least .935', () => {
    const published = row('26 features');
    expect(Math.abs((published.raw?.logLoss ?? 1) - 0.1508)).toBeLessThan(0.0005);
    expect(Math.abs(published.auc - 0.928)).toBeLessThan(0.002);
    const all = row('all features');
    expect(all.raw?.logLoss).toBeLessThan(0.145);
    expect(all.auc).toBeGreaterThan(0.935);
  });

  it('has the day of the next purchase within a week for .525 by the median and .56 or more by the fullest fortnight', () => {
    const table = new HistoryFold(set.history).advanceTo(364);
    const renewal = fitRenewalModel(table.clocks, table.visits, { day: 364, categoryCount: 1 });
    const judged = judgeGaps(set.history, gapRules(computeShopMeans(table), renewal), {
      after: 364,
      purchasesMin: 2,
    });
    const within = Object.fromEntries(judged.map(({ name, withinWeek }) => [name, withinWeek]));
    expect(judged[0]?.gaps).toBe(2872);
    expect(within['last+mean']).toBeCloseTo(0.481, 3);
    expect(within['Emarsys rule']).toBeCloseTo(0.482, 3);
    expect(within['discounted EB median']).toBeCloseTo(0.525, 3);
    expect(within['fullest fortnight']).toBeGreaterThan(0.56);
  });
});

describe.skipIf(cdnowFile === null)('CDNOW', () => {
  it('is rebuilt at day 340', { timeout: 60_000 }, () => {
    const set = loadCdnow()!;
    expect(set.history.day.length).toBe(67_591);
    const [result] = runBacktest(set.history, {
      cutoffs: [340],
      fitDay: set.fitDay,
      featureSets: ['published'],
      withBaselines: false,
      rowsMax: 30_000,
    });
    expect(result?.clocks).toBe(23_570);
    const [model] = result?.models ?? [];
    expect(model?.raw?.logLoss).toBeLessThan(0.1515);
    expect(model?.auc).toBeGreaterThan(0.802);
  });
});

describe.skipIf(sampleFile === null)('BG/NBD on the CDNOW sample', () => {
  it('has r .243, α 4.414, a .793, b 2.426 (Fader, Hardie and Lee 2005, 39 weeks)', () => {
    const model = fitBgNbd(loadCdnowSample()!);
    expect(model.r).toBeCloseTo(0.243, 2);
    expect(model.alpha).toBeCloseTo(4.414, 1);
    expect(model.a).toBeCloseTo(0.793, 1);
    expect(model.b).toBeCloseTo(2.426, 1);
  });
});

describe('baselines on simulated customers', () => {
  const shop = simulatePurchases(
    { mu: 3.2, sigma: 0.6, kappa: 1.5, a: 0.5, b: 4 },
    { customers: 800, days: 400, arrivalDays: 100, random: seededRandom('baselines') },
  );
  const table = new HistoryFold(shop).advanceTo(400);

  it('include a gamma clock that sees regular gaps and yields probabilities that rise with the horizon', () => {
    const [clock] = fitGammaClocks(table, computeShopMeans(table), 400);
    expect(clock?.k).toBeGreaterThan(1.3);
    const state = { gaps: 3, gapDays: 80, silence: 20 };
    const at = [7, 14, 60].map((horizonDays) => gammaClockProbability(clock!, { ...state, horizonDays }));
    expect(at[0]!).toBeLessThan(at[1]!);
    expect(at[1]!).toBeLessThan(at[2]!);
  });

  it('let BG/NBD think less of those who are silent beyond their habit', () => {
    const model = { r: 0.8, alpha: 20, a: 0.8, b: 2.5 };
    const chance = (lastTime: number): number =>
      bgNbdProbability(model, { repeats: 8, lastTime, endTime: 400 }, 14);
    expect(chance(390)).toBeGreaterThan(3 * chance(100));
  });

  it('do not beat the model on data that follow it', () => {
    const results = runBacktest(shop, { cutoffs: [330, 370], featureSets: ['all'], withBaselines: true });
    const rows = averageOverCutoffs(results.filter(({ purchasesMin }) => purchasesMin === 1));
    const loss = (name: string): number => rows.find((row) => row.name === name)?.calibrated.logLoss ?? NaN;
    for (const name of ['last+mean', 'Emarsys rule', 'Listrak rule', 'MPG', 'PG', 'freq_n'])
      expect(loss('all features')).toBeLessThan(loss(name));
  });
});
