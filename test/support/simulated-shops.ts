import { fitByMoments } from '../../src/clocks/fit.ts';
import type { ClockTable } from '../../src/clocks/model/clock-table.ts';
import { HistoryFold } from '../../src/clocks/model/clock-table.ts';
import { fitRenewalModel } from '../../src/clocks/model/renewal-fit.ts';
import type { RenewalParameters } from '../../src/clocks/rules.ts';
import { priorFor } from '../../src/clocks/priors.ts';
import { conditionalDay, gapDistribution, parametersFromPrior } from '../../src/clocks/rules.ts';
import type { Random } from '../../src/kernel/random.ts';
import { simulatePurchases } from './simulated-purchases.ts';

/** A shop is known for a year and a half; what its customers do is simulated until the slowest of them has come back. */
const KNOWN_DAYS = 540;
/** Some come for the first time when the clocks are fitted already. */
const ARRIVAL_DAYS = 640;
const FOLLOWED_DAYS = 6000;

/** How wide a sector's spread is believed to be. */
const PRIOR_SIGMA = 0.8;

/** How the two fits of the product find parameters: by likelihood, or by moments until that one stands its test. */
export const fits = ['likelihood', 'moments'] as const;
type FitName = (typeof fits)[number];

/** Next purchases of simulated shops against what the clocks said on a day. */
export interface Coverage {
  /** From the second purchase on: within q10 to q90 of all that came. */
  held: number;
  judged: number;
  /** New customers' first gap: Σ |ln(gap said / gap that came)| with the shop's own parameters, and with the sector's prior. */
  ownError: number;
  priorError: number;
  firstPurchases: number;
}

export const noCoverage = (): Coverage => ({
  held: 0,
  judged: 0,
  ownError: 0,
  priorError: 0,
  firstPurchases: 0,
});

/** Draws a shop with a median gap of a month to four and a prior that is wrong by half a unit of ln, and adds how it was met. */
export function addSimulatedShop(totals: Record<FitName, Coverage>, customers: number, random: Random): void {
  const truth: RenewalParameters = {
    mu: Math.log(30) + random.next() * Math.log(4),
    sigma: 0.3 + random.next() * 0.5,
    kappa: 0.5 + random.next() * 3,
    a: 0.3 + random.next(),
    b: 3 + random.next() * 5,
  };
  const history = simulatePurchases(truth, {
    customers,
    days: FOLLOWED_DAYS,
    arrivalDays: ARRIVAL_DAYS,
    random,
  });
  const prior = { median_days: Math.exp(truth.mu + 0.5 * random.normal()), sigma: PRIOR_SIGMA };
  const fold = new HistoryFold(history);
  const table = fold.advanceTo(KNOWN_DAYS);
  const known = table.clocks.count;
  const fitted: Record<FitName, RenewalParameters> = {
    likelihood: fitRenewalModel(table.clocks, table.visits, {
      day: KNOWN_DAYS,
      categoryCount: 1,
      priors: [{ mu: Math.log(prior.median_days), sigma: prior.sigma, gaps: 20, parent: null }],
    }).categories[0]!.parameters,
    moments: momentsOf(table, prior),
  };
  const later = purchasesAfter(fold);
  const alone = parametersFromPrior({ medianDays: prior.median_days, sigma: prior.sigma });
  for (const name of fits) {
    addReturns(totals[name], table, later, fitted[name]);
    addFirstGaps(totals[name], later.slice(known), { own: fitted[name], alone });
  }
}

/** The first two purchase days of every clock after the known ones, by clock. */
function purchasesAfter({ history, clockOf }: HistoryFold): number[][] {
  const days: number[][] = [];
  for (const [event, clock] of clockOf.entries()) {
    const own = (days[clock] ??= []);
    if (history.day[event]! > KNOWN_DAYS && own.length < 2) own.push(history.day[event]!);
  }
  return days;
}

function momentsOf({ clocks }: ClockTable, prior: { median_days: number; sigma: number }): RenewalParameters {
  const sum = (value: (clock: number) => number): number => {
    let total = 0;
    for (let clock = 0; clock < clocks.count; clock++) total += value(clock);
    return total;
  };
  return fitByMoments(
    {
      category_id: 1,
      name: '',
      owner_median_days: null,
      owner_habit: null,
      clock_count: clocks.count,
      gap_count: sum((clock) => clocks.purchases(clock) - 1),
      discounted_gap_count: sum((clock) => clocks.discountedGaps(clock)),
      log_gap_sum: sum((clock) => clocks.discountedLogGapSum(clock)),
      log_gap_square_sum: sum((clock) => clocks.discountedLogGapSquareSum(clock)),
    },
    { ...priorFor(''), ...prior },
  );
}

/** Whoever bought twice or more and comes back; who left is not meant by the interval. */
function addReturns(
  total: Coverage,
  { clocks }: ClockTable,
  later: readonly (readonly number[])[],
  parameters: RenewalParameters,
): void {
  for (let clock = 0; clock < clocks.count; clock++) {
    const next = later[clock]?.[0];
    if (next === undefined || clocks.purchases(clock) < 2) continue;
    const distribution = gapDistribution(
      {
        discountedGapCount: clocks.discountedGaps(clock),
        discountedLogGapSum: clocks.discountedLogGapSum(clock),
      },
      parameters,
    );
    const dayAt = (q: number): number => conditionalDay(distribution, clocks.lastDay(clock), KNOWN_DAYS, q);
    total.judged++;
    if (next >= dayAt(0.1) && next <= dayAt(0.9)) total.held++;
  }
}

function addFirstGaps(
  total: Coverage,
  newcomers: readonly (readonly number[])[],
  { own, alone }: { own: RenewalParameters; alone: RenewalParameters },
): void {
  for (const [first, second] of newcomers) {
    if (first === undefined || second === undefined) continue;
    const came = Math.log(second - first);
    total.firstPurchases++;
    total.ownError += Math.abs(own.mu - came);
    total.priorError += Math.abs(alone.mu - came);
  }
}
