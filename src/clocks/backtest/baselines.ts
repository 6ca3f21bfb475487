import { DECAY_DAYS, renewalProbability } from '../rules.ts';
import type { ClockTable } from '../model/clock-table.ts';
import type { RenewalModel } from '../model/renewal-fit.ts';
import type { BgNbd } from './bg-nbd.ts';
import { bgNbdProbability, fitBgNbd } from './bg-nbd.ts';
import type { GammaClock } from './gamma-clock.ts';
import { fitGammaClocks, gammaClockProbability } from './gamma-clock.ts';
import type { RatePrior } from './poisson-gamma.ts';
import { fitObservedRates, fitRatePriors } from './poisson-gamma.ts';
import type { ShopMeans } from './shop-means.ts';
import { computeShopMeans } from './shop-means.ts';

/** A rule to compare with. Scores that are no probabilities are judged after the isotonic map only (clocks.md 2.1). */
export interface Baseline {
  readonly name: string;
  readonly isProbability: boolean;
  /** Scores of every clock of a table that stands at `day`. */
  readonly score: (table: ClockTable, day: number, horizonDays: number) => Float64Array;
}

/** What is known of one clock on a day, as the rules name it (clocks.md 2 and 4). */
interface ClockView {
  readonly n: number;
  readonly x: number;
  /** Days since the last purchase, since the first (at least 1), and between the two. */
  readonly t: number;
  readonly age: number;
  readonly span: number;
  readonly h: number;
  readonly category: number;
  readonly clock: number;
  /** Own mean gap, or the shrunk mean of the category. */
  readonly meanGap: number;
}

function scoreEach(
  table: ClockTable,
  day: number,
  h: number,
  means: ShopMeans,
  score: (view: ClockView) => number,
) {
  const { clocks } = table;
  return Float64Array.from({ length: clocks.count }, (_, clock) => {
    const n = clocks.purchases(clock);
    const x = n - 1;
    const span = clocks.lastDay(clock) - clocks.firstDay(clock);
    const category = clocks.category(clock);
    return score({
      n,
      x,
      t: day - clocks.lastDay(clock),
      age: Math.max(day - clocks.firstDay(clock), 1),
      span,
      h,
      category,
      clock,
      meanGap: x > 0 ? span / x : means.gapDays[category]!,
    });
  });
}

const EMARSYS_OWN_FROM = 3;

/** Scores that are not probabilities: distance of the window's middle from an expected day, and counts. */
function plainRules(means: ShopMeans): Baseline[] {
  const rule = (name: string, score: (view: ClockView) => number): Baseline => ({
    name,
    isProbability: false,
    score: (table, day, h) => scoreEach(table, day, h, means, score),
  });
  const nearness = (gapDays: number, { t, h }: ClockView): number => -Math.abs(gapDays - t - h / 2);
  const decayed = (days: (typeof DECAY_DAYS)[number]): Baseline => ({
    name: `decayed frequency (${days} d)`,
    isProbability: false,
    score: (table, day, h) =>
      scoreEach(table, day, h, means, ({ clock, t }) => {
        const scale = DECAY_DAYS.indexOf(days);
        return table.clocks.decayed(clock, scale) * Math.exp(-t / days);
      }),
  });
  return [
    rule('global mean', (view) => nearness(means.shopGapDays, view)),
    rule('category mean', (view) => nearness(means.gapDays[view.category]!, view)),
    rule('last+mean', (view) => nearness(view.meanGap, view)),
    // Emarsys help 360022663134, Listrak help 1769340 and 1792067 (clocks.md 4.1).
    rule('Emarsys rule', (view) =>
      nearness(view.n >= EMARSYS_OWN_FROM ? view.meanGap : means.plainGapDays[view.category]!, view),
    ),
    rule('Listrak rule', (view) =>
      nearness(view.x > 0 ? view.meanGap : means.plainGapDays[view.category]!, view),
    ),
    rule('freq_n', ({ n, age }) => n + age * 1e-6),
    decayed(60),
    decayed(120),
    rule('ATD', ({ category, t }) => {
      const deviation = means.logDeviation[category]!;
      const silence = Math.max(t, 0.5);
      const z = (Math.log(silence) - means.logMean[category]!) / deviation;
      return (means.repeatShare[category]! * Math.exp((-z * z) / 2)) / (silence * deviation);
    }),
  ];
}

function probabilityRules(
  means: ShopMeans,
  fitted: { priors: RatePrior[]; observed: RatePrior[]; gammas: GammaClock[] | null; visits: BgNbd | null },
): Baseline[] {
  const rule = (name: string, score: (view: ClockView) => number): Baseline => ({
    name,
    isProbability: true,
    score: (table, day, h) => scoreEach(table, day, h, means, score),
  });
  const { gammas, visits } = fitted;
  return [
    rule('PG', ({ x, age, h, category }) => {
      const prior = fitted.priors[category]!;
      return 1 - Math.exp((-(x + prior.shape) / (age + prior.rate)) * h);
    }),
    rule('MPG', ({ n, t, age, span, h, category, meanGap }) => {
      const prior = fitted.observed[category]!;
      const exposure = t < 2 * meanGap ? span + 2 * Math.abs(meanGap - t) : age;
      const rate = (n + prior.shape) / (exposure + prior.rate);
      return means.repeatShare[category]! * (1 - Math.exp(-rate * h));
    }),
    ...(gammas
      ? [
          rule('gamma EB', ({ x, span, t, h, category }) =>
            gammaClockProbability(gammas[category]!, { gaps: x, gapDays: span, silence: t, horizonDays: h }),
          ),
        ]
      : []),
    ...(visits ? [bgNbdOfVisits(visits)] : []),
  ];
}

/** BG/NBD of the customer's visits: the same for all clocks of a customer. */
function bgNbdOfVisits(model: BgNbd): Baseline {
  return {
    name: 'BG/NBD of visits',
    isProbability: true,
    score: ({ clocks, visits }, day, horizonDays) =>
      Float64Array.from({ length: clocks.count }, (_, clock) => {
        const customer = clocks.customer(clock);
        const first = visits.firstDay(customer);
        const history = {
          repeats: visits.visits(customer) - 1,
          lastTime: visits.lastDay(customer) - first,
          endTime: day - first,
        };
        return bgNbdProbability(model, history, horizonDays);
      }),
  };
}

/** Fits every baseline of clocks.md 4 and 4.1 to a table that stands at `day`. The gamma clock is slow: only if wanted. */
export function fitBaselines(
  table: ClockTable,
  renewal: RenewalModel,
  options: { readonly day: number; readonly withGammaClock: boolean },
): { means: ShopMeans; baselines: Baseline[] } {
  const { day } = options;
  const means = computeShopMeans(table);
  const { visits } = table;
  const seen = Array.from({ length: visits.count }, (_, customer) => customer).filter(
    (customer) => visits.visits(customer) > 0,
  );
  const repeats = seen.map((customer) => ({
    repeats: visits.visits(customer) - 1,
    lastTime: visits.lastDay(customer) - visits.firstDay(customer),
    endTime: day - visits.firstDay(customer),
  }));
  const baselines = [
    ...plainRules(means),
    ...probabilityRules(means, {
      priors: fitRatePriors(table, means, day),
      observed: fitObservedRates(table),
      gammas: options.withGammaClock ? fitGammaClocks(table, means, day) : null,
      visits: repeats.length > 0 ? fitBgNbd(repeats) : null,
    }),
    logNormalClock(renewal),
  ];
  return { means, baselines };
}

/** The renewal clock alone, with plain sums (clocks.md 4, "log-normal EB"). */
function logNormalClock(renewal: RenewalModel): Baseline {
  return {
    name: 'log-normal EB',
    isProbability: true,
    score: ({ clocks }, day, horizonDays) =>
      Float64Array.from({ length: clocks.count }, (_, clock) =>
        renewalProbability(
          {
            gaps: clocks.purchases(clock) - 1,
            logGapSum: clocks.logGapSum(clock),
            silenceDays: day - clocks.lastDay(clock),
          },
          renewal.categories[clocks.category(clock)]!.parameters,
          horizonDays,
        ),
      ),
  };
}
