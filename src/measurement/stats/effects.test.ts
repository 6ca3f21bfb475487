import { describe, expect, it } from 'vitest';
import type { Random } from '../../kernel/random.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { Belief, LearnedDecision } from './effects.ts';
import { explorationShare, learnEffects, withBenefitOfDoubt } from './effects.ts';

const prior: Belief = { mean: 0.14, deviation: 0.3 };
const one = { channelOf: [0], priors: [prior] };

/** Decisions of a shop whose messages multiply the hazard by θ; one in ten is not sent. */
function* decide(random: Random, options: { count: number; theta: readonly number[]; shift?: number }) {
  for (let index = 0; index < options.count; index++) {
    const group = index % options.theta.length;
    const probability = 0.1 + 0.6 * random.next();
    const isTreated = random.next() >= 0.1;
    const hazard = -Math.log1p(-probability) * Math.exp(options.shift ?? 0);
    const bought = -Math.expm1(-hazard * (isTreated ? options.theta[group]! : 1));
    const decision: LearnedDecision = {
      group,
      probability,
      isTreated,
      hasBought: random.next() < bought,
      ageDays: 0,
    };
    yield decision;
  }
}

describe('what is believed of the effect of messages', () => {
  it('is the prior while nothing was decided', () => {
    const { channels, groups, shift } = learnEffects([], one);
    expect(shift).toBe(0);
    expect(channels[0]?.mean).toBeCloseTo(0.14, 9);
    expect(channels[0]?.deviation).toBeCloseTo(0.3, 9);
    expect(groups[0]?.mean).toBeCloseTo(0.14, 9);
    expect(groups[0]?.deviation).toBeCloseTo(0.3 * Math.SQRT2, 9);
  });

  it('comes to the truth with many decisions, also where the clocks say too little', () => {
    const random = seededRandom('truth');
    const theta = [1.5, 1.1, 0.8];
    const decisions = decide(random, { count: 300_000, theta, shift: 0.2 });
    const learned = learnEffects(decisions, { channelOf: [0, 0, 0], priors: [prior] });
    expect(learned.shift).toBeCloseTo(0.2, 1);
    for (const [group, { mean, deviation }] of learned.groups.entries()) {
      expect(deviation).toBeLessThan(0.04);
      expect(Math.abs(mean - Math.log(theta[group]!))).toBeLessThan(3 * deviation);
    }
  });

  it('is drawn to the others where a group has few decisions', () => {
    const random = seededRandom('few');
    const many = [...decide(random, { count: 60_000, theta: [1.6] })];
    const few = [...decide(random, { count: 40, theta: [1.6] })].map((decision) => ({
      ...decision,
      group: 1,
    }));
    const { groups } = learnEffects([...many, ...few], { channelOf: [0, 0], priors: [prior] });
    expect(Math.abs(groups[1]!.mean - groups[0]!.mean)).toBeLessThan(0.2);
    expect(groups[1]!.deviation).toBeGreaterThan(3 * groups[0]!.deviation);
  });

  it('forgets slowly: what was true two years ago counts a quarter', () => {
    const random = seededRandom('drift');
    const old = [...decide(random, { count: 40_000, theta: [1.6] })].map((decision) => ({
      ...decision,
      ageDays: 730,
    }));
    const fresh = [...decide(random, { count: 40_000, theta: [1] })];
    const both = learnEffects([...old, ...fresh], one).groups[0]!;
    const aged = learnEffects(old, one).groups[0]!;
    const young = learnEffects(
      old.map((decision) => ({ ...decision, ageDays: 0 })),
      one,
    ).groups[0]!;
    expect(both.mean).toBeLessThan(0.2);
    expect(aged.deviation).toBeGreaterThan(1.5 * young.deviation);
  });

  it('covers the truth in 90 of 100 shops with its 90 % interval', () => {
    const random = seededRandom('coverage of effects');
    const shops = 400;
    let covered = 0;
    for (let shop = 0; shop < shops; shop++) {
      const common = prior.mean + prior.deviation * random.normal();
      const theta = Array.from({ length: 3 }, () => Math.exp(common + 0.3 * random.normal()));
      const learned = learnEffects(decide(random, { count: 3000, theta }), {
        channelOf: [0, 0, 0],
        priors: [prior],
      });
      const { mean, deviation } = learned.groups[0]!;
      if (Math.abs(Math.log(theta[0]!) - mean) <= 1.6449 * deviation) covered++;
    }
    expect(covered / shops).toBeGreaterThanOrEqual(0.86);
    expect(covered / shops).toBeLessThanOrEqual(0.94);
  });
});

describe('what the plan reckons with', () => {
  it('is the mean where messages do more than was thought', () => {
    expect(withBenefitOfDoubt({ mean: 0.3, deviation: 0.2 }, 0.14)).toBe(0.3);
  });

  it('stays what was thought before while a worse mean may be chance', () => {
    expect(withBenefitOfDoubt({ mean: -0.02, deviation: 0.2 }, 0.14)).toBe(0.14);
  });

  it('falls below it, and below zero, once that is certain', () => {
    expect(withBenefitOfDoubt({ mean: 0, deviation: 0.05 }, 0.14)).toBeCloseTo(0.05, 12);
    expect(withBenefitOfDoubt({ mean: -0.2, deviation: 0.05 }, 0.14)).toBeCloseTo(-0.15, 12);
  });
});

describe('the share of decisions left out by lot', () => {
  it('starts at 10 %, falls to 2 % as doubt goes, and rises when the sign is open', () => {
    expect(explorationShare(prior, prior)).toBeCloseTo(0.1, 12);
    expect(explorationShare({ mean: 0.3, deviation: 0.05 }, prior)).toBe(0.02);
    expect(explorationShare({ mean: -0.3, deviation: 0.05 }, prior)).toBe(0.02);
    const open = explorationShare({ mean: 0, deviation: 0.3 }, prior);
    expect(open).toBeGreaterThan(0.1);
    expect(open).toBeLessThanOrEqual(0.2);
  });
});
