import type { RenewalParameters, RenewalState } from '../rules.ts';
import { HORIZON_DAYS, renewalProbability } from '../rules.ts';

/** A purchase a year per thousand clocks: keeps the ratio of hazards defined where the renewal clock has run out. */
const STRAY_HAZARD_PER_DAY = 1e-3 / 365;

/**
 * Chance of a purchase within any horizon from the layer's chance within 14 days: the layer corrects the cumulative hazard of
 * the fortnight, H = −ln(1 − p), and the renewal clock gives its course, H(h) = H(14) · H_ren(h)/H_ren(14). Rises with h, from
 * 0 to the renewal clock's share of those still alive, corrected alike. Measured at 7 and 28 days in docs/decisions/0007.
 */
export function probabilityWithin(
  fortnight: number,
  horizonDays: number,
  state: RenewalState,
  parameters: RenewalParameters,
): number {
  if (horizonDays <= 0) return 0;
  const hazard = (days: number): number =>
    STRAY_HAZARD_PER_DAY * days - Math.log1p(-renewalProbability(state, parameters, days));
  return -Math.expm1(
    Math.log1p(-Math.min(fortnight, 1 - 1e-12)) * (hazard(horizonDays) / hazard(HORIZON_DAYS)),
  );
}
