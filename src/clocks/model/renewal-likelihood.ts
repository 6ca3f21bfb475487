import { logNormalCdf, normalHazard } from '../../kernel/normal.ts';
import type { RenewalParameters } from '../rules.ts';
import { SHORTEST_GAP_DAYS } from '../rules.ts';

/** What the likelihood of a clock needs: x gaps with ΣL ln gap and Σ ln² gap, and the silence since, in days. */
export interface GapSample {
  readonly count: number;
  readonly gaps: Int32Array;
  readonly logGapSum: Float64Array;
  readonly logGapSquareSum: Float64Array;
  readonly silenceDays: Float64Array;
}

/** The order of the parameters ξ = (μ, ln σ, ln κ, ln a, ln b) in which the fit searches (clocks.md 5.3). */
export const toPoint = ({ mu, sigma, kappa, a, b }: RenewalParameters): number[] => [
  mu,
  Math.log(sigma),
  Math.log(kappa),
  Math.log(a),
  Math.log(b),
];

/** Parameters of a point of the search. */
export function fromPoint(point: Float64Array | readonly number[]): RenewalParameters {
  const [mu = 0, logSigma = 0, logKappa = 0, logA = 0, logB = 0] = point;
  return {
    mu,
    sigma: Math.exp(logSigma),
    kappa: Math.exp(logKappa),
    a: Math.exp(logA),
    b: Math.exp(logB),
  };
}

const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * Σ ln f over the clocks of a sample and its gradient with respect to ξ (clocks.md 5.3): gaps log-normal around the clock's
 * own mean, which is integrated out; the open gap censored; drop-out after any purchase, integrated out too.
 *
 * The last term of ln f is written without its two Beta functions: B(a+1, b+x) + B(a, b+x+1) S = B(a, b+x) (a + (b+x) S) /
 * (a+b+x), and B(a, b+x)/B(a, b) is a product over the x gaps, tabulated once. It cannot underflow, because a > 0.
 */
export function logLikelihood(
  sample: GapSample,
  parameters: RenewalParameters,
  gradient: Float64Array,
): number {
  const { mu, sigma, kappa, a, b } = parameters;
  const stay = tabulateStay(sample, a, b);
  const logVariance = 2 * Math.log(sigma);
  let total = 0;
  let [byMu, bySigma, byKappa, byA, byB] = [0, 0, 0, 0, 0];
  for (let clock = 0; clock < sample.count; clock++) {
    const x = sample.gaps[clock]!;
    const weight = kappa + x;
    const mean = x === 0 ? 0 : sample.logGapSum[clock]! / x;
    const away = x === 0 ? 0 : mean - mu;
    const pull = (kappa * x) / weight;
    const within = x === 0 ? 0 : Math.max(sample.logGapSquareSum[clock]! - x * mean * mean, 0);
    const square = (within + pull * away * away) / (sigma * sigma);
    const m = mu + (x * away) / weight;
    const sd = sigma * Math.sqrt(1 + 1 / weight);
    const z = (Math.log(Math.max(sample.silenceDays[clock]!, SHORTEST_GAP_DAYS)) - m) / sd;
    const survival = Math.exp(logNormalCdf(-z));
    const mixture = a + (b + x) * survival;
    total +=
      -0.5 * (x * (LOG_TWO_PI + logVariance) + Math.log1p(x / kappa) + square) +
      stay.log[x]! +
      Math.log(mixture / (a + b + x));
    // d ln(mixture)/dz = −P(still active) × hazard; z depends on μ, σ and κ through m and sd.
    const slope = (-(b + x) * survival * normalHazard(z)) / mixture;
    byMu += (pull * away) / (sigma * sigma) - (slope * kappa) / (weight * sd);
    bySigma += square - x - slope * z;
    byKappa +=
      (0.5 * x) / weight -
      (0.5 * kappa * x * x * away * away) / (weight * weight * sigma * sigma) +
      slope * kappa * ((m - mu) / (weight * sd) + (0.5 * z) / (weight * (weight + 1)));
    byA += a * (stay.byA[x]! + 1 / mixture - 1 / (a + b + x));
    byB += b * (stay.byB[x]! + survival / mixture - 1 / (a + b + x));
  }
  gradient.set([byMu, bySigma, byKappa, byA, byB]);
  return total;
}

/** ln B(a, b+x)/B(a, b) = Σ_{j<x} ln (b+j)/(a+b+j), by the number of gaps x, with its slopes. */
function tabulateStay(sample: GapSample, a: number, b: number) {
  let most = 0;
  for (let clock = 0; clock < sample.count; clock++) most = Math.max(most, sample.gaps[clock]!);
  const log = new Float64Array(most + 1);
  const byA = new Float64Array(most + 1);
  const byB = new Float64Array(most + 1);
  for (let j = 0; j < most; j++) {
    log[j + 1] = log[j]! + Math.log((b + j) / (a + b + j));
    byA[j + 1] = byA[j]! - 1 / (a + b + j);
    byB[j + 1] = byB[j]! + 1 / (b + j) - 1 / (a + b + j);
  }
  return { log, byA, byB };
}
