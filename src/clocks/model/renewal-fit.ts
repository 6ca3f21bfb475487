import type { Objective } from '../../kernel/minimise.ts';
import { minimise } from '../../kernel/minimise.ts';
import type { Random } from '../../kernel/random.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { RenewalParameters } from '../rules.ts';
import type { ClockRows } from './clock-rows.ts';
import type { VisitRows } from './visit-rows.ts';
import type { GapSample } from './renewal-likelihood.ts';
import { fromPoint, logLikelihood, toPoint } from './renewal-likelihood.ts';

/** Bounds of ξ = (μ, ln σ, ln κ, ln a, ln b) (clocks.md 5.3). A parameter at its bound says the data hold no timing. */
const LOWER = [-2, -2, -4, -5, -3];
const UPPER = [8, 1.5, 5, 5, 7];
const PARAMETER_NAMES = ['mu', 'sigma', 'kappa', 'a', 'b'] as const;
const SHOP_SPREAD = [1.5, 0.7, 1.5, 1.5, 1.5];
const CATEGORY_SPREAD = [0.9, 0.35, 0.6, 0.6, 0.6];
const SHOP_CLOCKS_MAX = 8000;
const CATEGORY_CLOCKS_MAX = 1000;
const ITERATIONS_MAX = 40;
/** Categories with fewer clocks or gaps keep the parameters of the shop. */
const CATEGORY_CLOCKS_MIN = 30;
const CATEGORY_GAPS_MIN = 15;
/** The mean of ln gap of a category is believed like this many gaps of the shop. */
const PSEUDO_GAPS = 20;
const CATEGORY_SHIFT = 0.8;
/** Without a single gap: an habit of about a month. */
const MEAN_LOG_GAP_UNKNOWN = Math.log(30);

/** Parameters found, and those of them that the data could not place inside their bounds. */
export interface RenewalFit {
  readonly parameters: RenewalParameters;
  readonly atBound: readonly (typeof PARAMETER_NAMES)[number][];
}

/** Mean gap and mean ln gap of a category, shrunk to the shop's by 20 pseudo-gaps (clocks.md 4 and 5.3). */
export interface CategoryGaps {
  readonly meanGapDays: number;
  readonly meanLogGap: number;
}

/**
 * What is believed of a category's gaps before any sale of the shop: mean of ln gap in days, its spread, and how many gaps
 * that belief weighs. `parent` is the number of the category above it, whose sales say something too.
 */
export interface CategoryPrior {
  readonly mu: number;
  readonly sigma: number;
  readonly gaps: number;
  readonly parent: number | null;
}

/** The renewal clocks of a shop: shop-wide, by category, and of visits. */
export interface RenewalModel {
  readonly shop: RenewalFit;
  readonly visits: RenewalFit;
  /** By category number; those too small to be fitted hold the shop's. */
  readonly categories: readonly RenewalFit[];
  readonly gaps: readonly CategoryGaps[];
}

/** Draws `size` of `count` numbers without replacement, in ascending order; all when there are no more. */
export function drawSample(count: number, size: number, random: Random): Int32Array {
  if (count <= size) return Int32Array.from({ length: count }, (_, index) => index);
  const drawn = new Int32Array(size);
  // Selection sampling (Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S).
  for (let index = 0, taken = 0; taken < size; index++)
    if (random.next() * (count - index) < size - taken) drawn[taken++] = index;
  return drawn;
}

/** The clocks of a table, as the likelihood needs them on a day. */
export function sampleClocks(clocks: ClockRows, chosen: Int32Array, day: number): GapSample {
  return {
    count: chosen.length,
    gaps: Int32Array.from(chosen, (clock) => clocks.purchases(clock) - 1),
    logGapSum: Float64Array.from(chosen, (clock) => clocks.logGapSum(clock)),
    logGapSquareSum: Float64Array.from(chosen, (clock) => clocks.logGapSquareSum(clock)),
    silenceDays: Float64Array.from(chosen, (clock) => day - clocks.lastDay(clock)),
  };
}

/** The visit days of customers, as the likelihood needs them on a day. */
export function sampleVisits(visits: VisitRows, chosen: Int32Array, day: number): GapSample {
  return {
    count: chosen.length,
    gaps: Int32Array.from(chosen, (customer) => visits.visits(customer) - 1),
    logGapSum: Float64Array.from(chosen, (customer) => visits.logGapSum(customer)),
    logGapSquareSum: Float64Array.from(chosen, (customer) => visits.logGapSquareSum(customer)),
    silenceDays: Float64Array.from(chosen, (customer) => day - visits.lastDay(customer)),
  };
}

/**
 * Parameters that maximise Σ ln f − ½ Σ ((ξ − centre)/spread)² inside the bounds of clocks.md 5.3, from `start` (the
 * centre, or the parameters of last week).
 */
export function fitRenewal(
  sample: GapSample,
  prior: { centre: RenewalParameters; spread: readonly number[]; start?: RenewalParameters },
): RenewalFit {
  const centre = toPoint(prior.centre);
  const objective: Objective = (point, gradient) => {
    let value = -logLikelihood(sample, fromPoint(point), gradient);
    for (let index = 0; index < gradient.length; index++) {
      const away = (point[index]! - centre[index]!) / prior.spread[index]!;
      value += 0.5 * away * away;
      gradient[index] = -gradient[index]! + away / prior.spread[index]!;
    }
    return value;
  };
  const start = toPoint(prior.start ?? prior.centre);
  const found = minimise(objective, { start, lower: LOWER, upper: UPPER, iterationsMax: ITERATIONS_MAX });
  return {
    parameters: fromPoint(found.point),
    atBound: found.atBound.flatMap((index) => PARAMETER_NAMES[index] ?? []),
  };
}

/** Fits the shop-wide parameters: centre (mean ln gap, 0, 0.5, ln 0.5, ln 4) in ξ (clocks.md 5.3). */
export function fitShop(sample: GapSample, meanLogGap: number, start?: RenewalParameters): RenewalFit {
  const centre = { mu: meanLogGap, sigma: 1, kappa: Math.exp(0.5), a: 0.5, b: 4 };
  return fitRenewal(sample, { centre, spread: SHOP_SPREAD, ...(start && { start }) });
}

/**
 * Fits every renewal clock of a shop from its statistics on a day (clocks.md 5.3): shop-wide, per category around the
 * shop's with μ moved by 0.8 of the category's mean ln gap, and the visit clock. With `priors` a category's own gaps are
 * first joined with what is believed of it. Samples are drawn from a fixed seed.
 */
export function fitRenewalModel(
  clocks: ClockRows,
  visits: VisitRows,
  options: {
    readonly day: number;
    readonly categoryCount: number;
    readonly previous?: RenewalModel | null;
    readonly priors?: readonly CategoryPrior[];
  },
): RenewalModel {
  const { day, categoryCount, priors } = options;
  const random = seededRandom('renewal fit');
  const sums = sumGaps(clocks, categoryCount, priors ?? null);
  const all = drawSample(clocks.count, SHOP_CLOCKS_MAX, random);
  const previous = options.previous ?? null;
  const shop = fitShop(sampleClocks(clocks, all, day), sums.meanLogGap, previous?.shop.parameters);
  const members = clocksByCategory(clocks, categoryCount);
  const categories = members.map((own, category) => {
    const isSmall = own.length < CATEGORY_CLOCKS_MIN || sums.gaps[category]! < CATEGORY_GAPS_MIN;
    const mean = sums.means[category]?.meanLogGap ?? sums.meanLogGap;
    const prior = priors?.[category];
    if (isSmall && !prior) return shop;
    // A belief about the category itself is where it stands; without one it stands near the shop.
    const mu = prior ? mean : shop.parameters.mu + CATEGORY_SHIFT * (mean - sums.meanLogGap);
    const centre = { ...shop.parameters, mu: Math.min(Math.max(mu, LOWER[0]!), UPPER[0]!) };
    if (isSmall && prior)
      return { parameters: blendSpread(centre, prior, sums.gaps[category]!), atBound: [] };
    const chosen = drawSample(own.length, CATEGORY_CLOCKS_MAX, random).map((index) => own[index]!);
    const start = previous?.categories[category]?.parameters;
    return fitRenewal(sampleClocks(clocks, chosen, day), {
      centre,
      spread: CATEGORY_SPREAD,
      ...(start && { start }),
    });
  });
  return { shop, categories, gaps: sums.means, visits: fitVisits(visits, day, random, previous) };
}

/** With few gaps the spread is mostly the believed one; of a new customer, so σ² (1 + 1/κ) is its square. */
function blendSpread(centre: RenewalParameters, prior: CategoryPrior, gaps: number): RenewalParameters {
  const believed = prior.sigma / Math.sqrt(1 + 1 / centre.kappa);
  const own = gaps / (gaps + prior.gaps);
  return { ...centre, sigma: Math.exp(own * Math.log(centre.sigma) + (1 - own) * Math.log(believed)) };
}

function fitVisits(
  visits: VisitRows,
  day: number,
  random: Random,
  previous: RenewalModel | null,
): RenewalFit {
  const seen = Int32Array.from({ length: visits.count }, (_, customer) => customer).filter(
    (customer) => visits.visits(customer) > 0,
  );
  let [gaps, logGapSum] = [0, 0];
  for (const customer of seen) {
    gaps += visits.visits(customer) - 1;
    logGapSum += visits.logGapSum(customer);
  }
  const chosen = drawSample(seen.length, SHOP_CLOCKS_MAX, random).map((index) => seen[index]!);
  const meanLogGap = gaps === 0 ? MEAN_LOG_GAP_UNKNOWN : logGapSum / gaps;
  return fitShop(sampleVisits(visits, chosen, day), meanLogGap, previous?.visits.parameters);
}

/**
 * Sums of gaps by category and over the shop; S = last − first day of each clock. Means of a category are shrunk by 20
 * gaps to the shop's; where something is believed of it, to the belief and, through it, to the sales of its parent.
 */
function sumGaps(clocks: ClockRows, categoryCount: number, priors: readonly CategoryPrior[] | null) {
  const gaps = new Float64Array(categoryCount);
  const days = new Float64Array(categoryCount);
  const logs = new Float64Array(categoryCount);
  for (let clock = 0; clock < clocks.count; clock++) {
    const category = clocks.category(clock);
    gaps[category]! += clocks.purchases(clock) - 1;
    days[category]! += clocks.lastDay(clock) - clocks.firstDay(clock);
    logs[category]! += clocks.logGapSum(clock);
  }
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const shopGaps = sum(gaps);
  const meanGapDays = shopGaps === 0 ? Math.exp(MEAN_LOG_GAP_UNKNOWN) : sum(days) / shopGaps;
  const meanLogGap = shopGaps === 0 ? MEAN_LOG_GAP_UNKNOWN : sum(logs) / shopGaps;
  const families = priors && sumFamilies(priors, { gaps, logs });
  const means = Array.from(gaps, (count, category) => {
    const prior = priors?.[category];
    const weight = prior?.gaps ?? PSEUDO_GAPS;
    const believed = prior ? believedIn(prior, families?.[prior.parent ?? -1]) : meanLogGap;
    return {
      meanGapDays: (days[category]! + PSEUDO_GAPS * meanGapDays) / (count + PSEUDO_GAPS),
      meanLogGap: (logs[category]! + weight * believed) / (count + weight),
    };
  });
  return { gaps, means, meanGapDays, meanLogGap };
}

interface Family {
  readonly gaps: number;
  readonly logGapSum: number;
  /** Of the members: what was believed of their gaps. */
  readonly believedSum: number;
}

/** The gaps of all categories under each parent, and what was believed of them. */
function sumFamilies(
  priors: readonly CategoryPrior[],
  { gaps, logs }: { gaps: Float64Array; logs: Float64Array },
): Record<number, Family> {
  const families: Record<number, Family> = {};
  for (const [category, { parent, mu }] of priors.entries()) {
    if (parent === null) continue;
    const family = families[parent] ?? { gaps: 0, logGapSum: 0, believedSum: 0 };
    families[parent] = {
      gaps: family.gaps + gaps[category]!,
      logGapSum: family.logGapSum + logs[category]!,
      believedSum: family.believedSum + mu * gaps[category]!,
    };
  }
  return families;
}

/** A belief corrected by how far the gaps under the same parent are from what was believed of them, shrunk by 20 gaps. */
function believedIn({ mu }: CategoryPrior, family: Family | undefined): number {
  return family ? mu + (family.logGapSum - family.believedSum) / (family.gaps + PSEUDO_GAPS) : mu;
}

function clocksByCategory(clocks: ClockRows, categoryCount: number): Int32Array[] {
  const sizes = new Int32Array(categoryCount);
  for (let clock = 0; clock < clocks.count; clock++) sizes[clocks.category(clock)]!++;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  sizes.fill(0);
  for (let clock = 0; clock < clocks.count; clock++) {
    const category = clocks.category(clock);
    members[category]![sizes[category]!++] = clock;
  }
  return members;
}
