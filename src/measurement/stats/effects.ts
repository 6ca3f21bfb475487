import { factorPositive, solveFactored } from '../../kernel/linear.ts';
import { minimiseConvex } from '../../kernel/newton.ts';
import { normalCdf } from '../../kernel/normal.ts';

/** A decision whose window is over, as the learning of effects reads it. */
export interface LearnedDecision {
  /** Number of its group: a kind of message about a category on a channel. */
  readonly group: number;
  /** Chance of a purchase in the window without a message, as the clock said it. */
  readonly probability: number;
  readonly isTreated: boolean;
  readonly hasBought: boolean;
  /** Days since its window ended: old decisions count less. */
  readonly ageDays: number;
  /** How many decisions were like this; one where absent. */
  readonly count?: number;
}

/** A normal belief about a log hazard ratio ln θ. */
export interface Belief {
  readonly mean: number;
  readonly deviation: number;
}

/** What is believed of the effect of messages after some decisions. */
export interface LearnedEffects {
  /** Of all groups together, by channel. */
  readonly channels: readonly Belief[];
  readonly groups: readonly Belief[];
  /** Common miscalibration of the clocks' chances, α. */
  readonly shift: number;
}

/** Spread of groups around their channel, on the log scale (planner.md A3). */
const GROUP_SPREAD = 0.3;
/** Spread of the common shift α: a calibrated clock has one near 0. */
const SHIFT_SPREAD = 0.5;
/** A decision counts half after a year: customers and messages change. */
export const HALF_LIFE_DAYS = 365;
const ITERATIONS_MAX = 40;
const STEP_SMALL = 1e-8;

/**
 * Learns hazard ratios from randomised no-sends (planner.md A3). S^θ is a complementary log-log regression with a known offset,
 *
 *     P(y = 1) = 1 − exp(−exp(α + ln(−ln S) + β_g z)),   ln θ_g = β_g
 *
 * with β_g ~ N(β_c, .3²) around its channel and β_c around the channel's prior (A7). The mode by Newton's method; the deviations are those
 * of the normal approximation there. Without decisions the answer is the prior.
 */
export function learnEffects(
  decisions: Iterable<LearnedDecision>,
  {
    channelOf,
    priors,
  }: {
    /** Channel of each group, as a number among `priors`. */
    readonly channelOf: readonly number[];
    readonly priors: readonly Belief[];
  },
): LearnedEffects {
  const rows = tabulate(decisions);
  const model = new EffectModel(rows, channelOf, priors);
  return model.fit();
}

/** Decisions alike in group, arm, outcome and (to a hundredth) chance, with their weight: what the fit passes over. */
interface Row {
  readonly group: number;
  readonly isTreated: boolean;
  readonly hasBought: boolean;
  readonly offset: number;
  weight: number;
}

function tabulate(decisions: Iterable<LearnedDecision>): Row[] {
  const rows = new Map<string, Row>();
  for (const { group, probability, isTreated, hasBought, ageDays, count = 1 } of decisions) {
    const rounded = Math.min(Math.max(Math.round(probability * 100) / 100, 0.005), 0.995);
    const weight = count * 0.5 ** (Math.max(ageDays, 0) / HALF_LIFE_DAYS);
    const name = `${group} ${Number(isTreated)} ${Number(hasBought)} ${rounded}`;
    const known = rows.get(name);
    if (known) known.weight += weight;
    else
      rows.set(name, {
        group,
        isTreated,
        hasBought,
        offset: Math.log(-Math.log1p(-rounded)),
        weight,
      });
  }
  return [...rows.values()];
}

/** Unknowns in this order: α, the channels' β_c, the groups' β_g. */
class EffectModel {
  readonly #rows: readonly Row[];
  readonly #channelOf: readonly number[];
  readonly #priors: readonly Belief[];
  readonly #size: number;

  constructor(rows: readonly Row[], channelOf: readonly number[], priors: readonly Belief[]) {
    this.#rows = rows;
    this.#channelOf = channelOf;
    this.#priors = priors;
    this.#size = 1 + priors.length + channelOf.length;
  }

  fit(): LearnedEffects {
    const start = new Float64Array(this.#size);
    for (const [channel, { mean }] of this.#priors.entries()) start[1 + channel] = mean;
    for (const [group, channel] of this.#channelOf.entries())
      start[1 + this.#priors.length + group] = this.#priors[channel]!.mean;
    const point = minimiseConvex(
      { lossAt: (tried) => this.#loss(tried), derivativesAt: (tried) => this.#derivatives(tried) },
      { start, iterationsMax: ITERATIONS_MAX, gainSmall: STEP_SMALL },
    );
    return this.#beliefs(point);
  }

  #beliefs(point: Float64Array): LearnedEffects {
    const { hessian } = this.#derivatives(point);
    factorPositive(hessian, this.#size);
    const deviations = Array.from({ length: this.#size }, (_, index) => {
      const unit = new Float64Array(this.#size);
      unit[index] = 1;
      return Math.sqrt(Math.max(solveFactored(hessian, unit)[index]!, 0));
    });
    const belief = (index: number): Belief => ({ mean: point[index]!, deviation: deviations[index]! });
    return {
      shift: point[0]!,
      channels: this.#priors.map((_, channel) => belief(1 + channel)),
      groups: this.#channelOf.map((_, group) => belief(1 + this.#priors.length + group)),
    };
  }

  #loss(point: Float64Array): number {
    let loss = point[0]! ** 2 / (2 * SHIFT_SPREAD ** 2);
    for (const [channel, { mean, deviation }] of this.#priors.entries())
      loss += (point[1 + channel]! - mean) ** 2 / (2 * deviation ** 2);
    for (const [group, channel] of this.#channelOf.entries())
      loss += (this.#group(point, group) - point[1 + channel]!) ** 2 / (2 * GROUP_SPREAD ** 2);
    for (const row of this.#rows) {
      const hazard = Math.exp(this.#predictor(point, row));
      loss -= row.weight * (row.hasBought ? Math.log(-Math.expm1(-hazard)) : -hazard);
    }
    return loss;
  }

  #group(point: Float64Array, group: number): number {
    return point[1 + this.#priors.length + group]!;
  }

  #predictor(point: Float64Array, { offset, group, isTreated }: Row): number {
    return point[0]! + offset + (isTreated ? this.#group(point, group) : 0);
  }

  /** Gradient and (expected where it helps, always positive) curvature of the loss. */
  #derivatives(point: Float64Array): { gradient: Float64Array; hessian: Float64Array } {
    const size = this.#size;
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    gradient[0] = point[0]! / SHIFT_SPREAD ** 2;
    hessian[0] = 1 / SHIFT_SPREAD ** 2;
    for (const [channel, { mean, deviation }] of this.#priors.entries()) {
      gradient[1 + channel]! += (point[1 + channel]! - mean) / deviation ** 2;
      hessian[(1 + channel) * size + 1 + channel]! += 1 / deviation ** 2;
    }
    for (const [group, channel] of this.#channelOf.entries()) {
      const [one, other] = [1 + this.#priors.length + group, 1 + channel];
      const away = (point[one]! - point[other]!) / GROUP_SPREAD ** 2;
      gradient[one]! += away;
      gradient[other]! -= away;
      hessian[one * size + one]! += 1 / GROUP_SPREAD ** 2;
      hessian[other * size + other]! += 1 / GROUP_SPREAD ** 2;
      hessian[one * size + other]! -= 1 / GROUP_SPREAD ** 2;
      hessian[other * size + one]! -= 1 / GROUP_SPREAD ** 2;
    }
    for (const row of this.#rows) this.#addRow(point, row, gradient, hessian);
    return { gradient, hessian };
  }

  #addRow(point: Float64Array, row: Row, gradient: Float64Array, hessian: Float64Array): void {
    const hazard = Math.exp(this.#predictor(point, row));
    const buys = -Math.expm1(-hazard);
    // d/dη of −log-likelihood; Fisher information h² e^−h / (1 − e^−h) as the curvature.
    const slope = row.weight * (row.hasBought ? (-hazard * Math.exp(-hazard)) / buys : hazard);
    const curvature = (row.weight * hazard * hazard * Math.exp(-hazard)) / Math.max(buys, 1e-12);
    const size = this.#size;
    gradient[0]! += slope;
    hessian[0]! += curvature;
    if (!row.isTreated) return;
    const own = 1 + this.#priors.length + row.group;
    gradient[own]! += slope;
    hessian[own * size + own]! += curvature;
    hessian[own]! += curvature;
    hessian[own * size]! += curvature;
  }
}

/**
 * What the plan reckons with: the mean of a belief, with the benefit of the doubt where it fell below what would be believed without it.
 * There, one deviation above the mean but no more than `otherwise`: what is planned no more is also learned of no more, and a few unlucky
 * weeks would silence a category for good. Confidence that it does not help silences it all the same.
 */
export function withBenefitOfDoubt({ mean, deviation }: Belief, otherwise: number): number {
  return Math.max(mean, Math.min(mean + deviation, otherwise));
}

/** Share of decisions that are turned into no-sends while only the prior is known, and its bounds (planner.md A7). */
const EXPLORATION_START = 0.1;
const EXPLORATION_MIN = 0.02;
const EXPLORATION_MAX = 0.2;

/**
 * Share of decisions to turn into no-sends: in proportion to the chance that we are wrong about whether messages help at all, 10 % at the
 * prior, never less than 2 % (what was learned drifts) nor more than 20 %.
 */
export function explorationShare(believed: Belief, prior: Belief): number {
  const doubt = ({ mean, deviation }: Belief): number =>
    normalCdf(-Math.abs(mean) / Math.max(deviation, 1e-9));
  const share = (EXPLORATION_START * doubt(believed)) / doubt(prior);
  return Math.min(Math.max(share, EXPLORATION_MIN), EXPLORATION_MAX);
}
