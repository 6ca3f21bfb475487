import { describe, expect, it } from 'vitest';
import type { Random } from '../../kernel/random.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { Belief } from './effects.ts';
import type { Running } from './sequence.ts';
import { effectOf } from './sequence.ts';
import { learnUplifts } from './uplifts.ts';

const prior = { mean: 0.01, deviation: 0.01 };
const SENT = 0.9;

/** Decisions about a campaign that brings so many purchases more to people of whom 15 % buy anyway. */
function decide(random: Random, { count, uplift }: { count: number; uplift: number }): Running {
  let [sum, squareSum] = [0, 0];
  for (let index = 0; index < count; index++) {
    const isTreated = random.next() < SENT;
    const hasBought = random.next() < 0.15 + (isTreated ? uplift : 0);
    const effect = effectOf({ isTreated, chanceTreated: SENT, outcome: Number(hasBought), forecast: 0.1 });
    sum += effect;
    squareSum += effect * effect;
  }
  return { count, sum, squareSum };
}

function expectPrior(belief: Belief | undefined): void {
  expect(belief?.mean).toBeCloseTo(prior.mean, 12);
  expect(belief?.deviation).toBeCloseTo(prior.deviation, 12);
}

describe('what campaigns bring', () => {
  it('is the prior while nothing was decided', () => {
    expectPrior(learnUplifts([], [prior]).channels[0]);
  });

  it('is hardly moved by a few decisions after which nobody bought', () => {
    const effects = { count: 3, sum: 0, squareSum: 0 };
    const { campaigns, channels } = learnUplifts([{ channel: 0, effects }], [prior]);
    expect(campaigns[0]?.mean).toBeGreaterThan(0.0099);
    expect(channels[0]?.deviation).toBeGreaterThan(0.0099);
  });

  it('comes to the truth with many decisions, each campaign to its own, and channels apart', () => {
    const random = seededRandom('campaigns');
    const truth = [0.04, 0.02, -0.01];
    const { campaigns, channels } = learnUplifts(
      truth.map((uplift) => ({ channel: 0, effects: decide(random, { count: 400_000, uplift }) })),
      [prior, prior],
    );
    for (const [number, { mean, deviation }] of campaigns.entries()) {
      expect(deviation).toBeLessThan(0.003);
      expect(Math.abs(mean - truth[number]!)).toBeLessThan(3 * deviation);
    }
    expectPrior(channels[1]);
  });

  it('holds the truth in nine of ten intervals of 90 %, whatever a campaign was', () => {
    const random = seededRandom('coverage');
    let held = 0;
    const shops = 1500;
    for (let shop = 0; shop < shops; shop++) {
      const channel = prior.mean + prior.deviation * random.normal();
      const truth = [1, 2, 3].map(() => channel + 0.01 * random.normal());
      const { campaigns } = learnUplifts(
        truth.map((uplift) => ({ channel: 0, effects: decide(random, { count: 600, uplift }) })),
        [prior],
      );
      for (const [number, { mean, deviation }] of campaigns.entries())
        held += Number(Math.abs(mean - truth[number]!) < 1.645 * deviation);
    }
    expect(held / (3 * shops)).toBeGreaterThan(0.87);
    expect(held / (3 * shops)).toBeLessThan(0.93);
  });
});
