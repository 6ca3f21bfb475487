import type { Belief } from './effects.ts';
import type { Running } from './sequence.ts';

/** What the decisions about one campaign on one channel said of its effect (stats/sequence.ts, effectOf). */
export interface CampaignEvidence {
  /** The channel, as a number among the priors. */
  readonly channel: number;
  /** Effects of single decisions, in purchases per message; old ones may count as less than one. */
  readonly effects: Running;
}

/** Spread of campaigns around their channel, in purchases per message: one that halves or doubles what is usual is nothing odd. */
const CAMPAIGN_SPREAD = 0.01;
/** What one decision's effect scatters by while few are known, and what that is worth in decisions: one in ten buys, one in ten is a no-send (planner.md A6). */
const EXPECTED_VARIANCE = 1.1;
const EXPECTED_COUNT = 50;

/**
 * Learns what campaigns bring from randomised no-sends, as extra purchases per message. A campaign has no clock that says when its
 * people would have bought anyway, hence a difference and no hazard ratio (planner.md A3, "replace by a per-stratum lift").
 *
 *     d_c ~ N(δ_c, v_c),   δ_c ~ N(μ, τ²),   μ ~ N(prior)
 *
 * with d_c the mean effect of a campaign's decisions, v_c its variance and τ the spread; the posterior of this normal hierarchy is exact. Without
 * decisions the answer is the prior.
 */
export function learnUplifts(
  campaigns: readonly CampaignEvidence[],
  priors: readonly Belief[],
): { readonly channels: readonly Belief[]; readonly campaigns: readonly Belief[] } {
  const measured = campaigns.map(({ channel, effects }) => ({ channel, ...meanOf(effects) }));
  const channels = priors.map((prior, channel) => {
    let precision = prior.deviation ** -2;
    let weighted = prior.mean * precision;
    for (const one of measured) {
      if (one.channel !== channel) continue;
      const own = 1 / (CAMPAIGN_SPREAD ** 2 + one.variance);
      precision += own;
      weighted += own * one.mean;
    }
    return { mean: weighted / precision, deviation: Math.sqrt(1 / precision) };
  });
  return { channels, campaigns: measured.map((one) => drawnTo(channels[one.channel]!, one)) };
}

/** A campaign's own effect, drawn to its channel's, whose doubt remains in the part that comes from there. */
function drawnTo(channel: Belief, { mean, variance }: { mean: number; variance: number }): Belief {
  const precision = 1 / variance + CAMPAIGN_SPREAD ** -2;
  const fromChannel = CAMPAIGN_SPREAD ** -2 / precision;
  return {
    mean: fromChannel * channel.mean + (1 - fromChannel) * mean,
    deviation: Math.sqrt(1 / precision + (fromChannel * channel.deviation) ** 2),
  };
}

/** Mean effect and its variance. A few decisions after which nobody bought do not scatter at all, and say nothing certain. */
function meanOf({ count, sum, squareSum }: Running): { mean: number; variance: number } {
  const mean = sum / count;
  const scatter = Math.max(squareSum - count * mean * mean, 0);
  const variance = (scatter + EXPECTED_COUNT * EXPECTED_VARIANCE) / (count + EXPECTED_COUNT);
  return { mean, variance: variance / count };
}
