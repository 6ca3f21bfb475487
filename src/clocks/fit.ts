import type { CategoryStatistics, ParameterRow } from './queries.ts';
import type { Prior } from './priors.ts';
import { habitSchema } from './schema.ts';
import { PRIOR_A, PRIOR_B, PRIOR_KAPPA } from './rules.ts';

/** How many gaps the sector's habit weighs against the shop's own (clocks.md 5.3: 20 pseudo-gaps). */
const PSEUDO_GAPS = 20;

/** The owner's own duration weighs more than the sector's habit, and still learns. */
const OWNER_PSEUDO_GAPS = 60;

/**
 * Parameters of a category by moments: mean and second moment of ln gap with the prior as pseudo-gaps; the total
 * variance is σ²(1 + 1/κ). For categories that the weekly fit has not seen yet, and right after the owner's word; κ, a and
 * b are the centre of that fit.
 */
export function fitByMoments(statistics: CategoryStatistics, prior: Prior): ParameterRow {
  const priorMu = Math.log(statistics.owner_median_days ?? prior.median_days);
  const pseudo = ownerWeight(statistics.owner_median_days !== null);
  const weight = statistics.discounted_gap_count + pseudo;
  const mu = (statistics.log_gap_sum + pseudo * priorMu) / weight;
  const secondMoment = (statistics.log_gap_square_sum + pseudo * (prior.sigma ** 2 + priorMu ** 2)) / weight;
  const totalVariance = Math.max(secondMoment - mu ** 2, 0.01);
  return {
    categoryId: statistics.category_id,
    habit: habitSchema.nullable().parse(statistics.owner_habit) ?? prior.habit,
    mu,
    sigma: Math.sqrt(totalVariance / (1 + 1 / PRIOR_KAPPA)),
    kappa: PRIOR_KAPPA,
    a: PRIOR_A,
    b: PRIOR_B,
    priorMu,
    priorSigma: prior.sigma,
    gapCount: statistics.gap_count,
    clockCount: statistics.clock_count,
  };
}

/** How many gaps what is believed of a category weighs: the owner's word, or the sector's habit. */
export const ownerWeight = (hasOverride: boolean): number => (hasOverride ? OWNER_PSEUDO_GAPS : PSEUDO_GAPS);

/** Share of a category's distribution that comes from the shop's own gaps. */
export function ownShare(gapCount: number, hasOverride: boolean): number {
  return gapCount / (gapCount + ownerWeight(hasOverride));
}
