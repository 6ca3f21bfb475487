import { normalCdf } from '../../kernel/normal.ts';
import type { RenewalParameters } from '../rules.ts';

/** How many gaps the category's distribution weighs against the clock's own latest ones, and the width of each in ln days. */
const PRIOR_GAPS = 2;
const GAP_WIDTH = 0.2;
const LONGEST_DAYS = 400;

/** A clock right after a purchase: discounted gap sums and the latest gaps in days. */
export interface FreshClock {
  readonly gaps: number;
  readonly logGapSum: number;
  readonly recentGaps: Int32Array;
}

/** Chance that the next gap is at most so many days: the category's predictive mixed with a kernel at each latest gap. */
function gapCdf(parameters: RenewalParameters, clock: FreshClock): (days: number) => number {
  const weight = parameters.kappa + clock.gaps;
  const m = (parameters.kappa * parameters.mu + clock.logGapSum) / weight;
  const sd = parameters.sigma * Math.sqrt(1 + 1 / weight);
  const logs = Array.from(clock.recentGaps, Math.log);
  return (days) => {
    if (days <= 0) return 0;
    const log = Math.log(days);
    const own = logs.reduce((sum, gap) => sum + normalCdf((log - gap) / GAP_WIDTH), 0);
    return (PRIOR_GAPS * normalCdf((log - m) / sd) + own) / (PRIOR_GAPS + logs.length);
  };
}

/**
 * The gap in days around which `reach` days on either side hold the next purchase most likely. The median halves the
 * chances; whoever must name a week wants the fullest one, which lies earlier in a distribution with a long tail.
 */
export function likeliestGap(parameters: RenewalParameters, clock: FreshClock, reachDays: number): number {
  const cdf = gapCdf(parameters, clock);
  const width = 2 * reachDays + 1;
  const below = Array.from({ length: LONGEST_DAYS + width }, (_, day) => cdf(day + 0.5));
  let best = 0;
  let most = -1;
  for (let day = 0; day < LONGEST_DAYS; day++) {
    const held = below[day + width]! - below[day]!;
    if (held > most + 1e-12) [best, most] = [day, held];
  }
  return best + reachDays + 1;
}
