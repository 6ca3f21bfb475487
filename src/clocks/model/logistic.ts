import { minimiseConvex } from '../../kernel/newton.ts';

/** Rows of features, one after the other, with their labels. */
export interface TrainingRows {
  readonly width: number;
  readonly count: number;
  readonly features: Float32Array;
  readonly labels: Uint8Array;
}

/** Weights on standardised features: p = sigmoid(intercept + Σ weight (feature − mean)/deviation). */
export interface LogisticWeights {
  readonly intercept: number;
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

const ITERATIONS_MAX = 50;
const DEVIATION_FLOOR = 1e-9;
const STEP_SMALL = 1e-7;
/** From this many rows on, the search starts where an eighth of them ends: the full rows then need two or three steps. */
const ROWS_FOR_START = 40_000;
const ROWS_PER_START = 8;

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Fits Σ log-loss + ½ Σ strength ‖w − centre‖² on standardised features, the intercept free (clocks.md 5.5), by Newton's
 * method with the step halved while the loss does not fall. The loss is convex: the optimum does not depend on the start.
 */
export function fitLogistic(
  rows: TrainingRows,
  options: { readonly strength?: number; readonly centre?: LogisticWeights | null } = {},
): LogisticWeights {
  const { means, deviations } = standardise(rows);
  const size = rows.width + 1;
  const start = rows.count >= ROWS_FOR_START ? fitLogistic(everyRow(rows, ROWS_PER_START), options) : null;
  const centre: Float64Array = centreOf(options.centre ?? null, means, deviations);
  const penalty = new Float64Array(size).fill(options.strength ?? 1);
  penalty[0] = 0;
  const first: Float64Array = start ? centreOf(start, means, deviations) : centre.slice();
  if (!start && !options.centre) first[0] = logitOfMean(rows.labels, rows.count);
  const state = (point: Float64Array): State => ({ means, deviations, point, centre, penalty });
  const point = minimiseConvex(
    {
      lossAt: (tried) => lossAt(rows, state(tried)),
      derivativesAt: (tried) => derivatives(rows, state(tried)),
    },
    { start: first, iterationsMax: ITERATIONS_MAX, gainSmall: STEP_SMALL },
  );
  return { intercept: point[0]!, weights: point.slice(1), means, deviations };
}

/** One row in so many. */
function everyRow({ width, count, features, labels }: TrainingRows, stride: number): TrainingRows {
  const kept = Math.ceil(count / stride);
  const picked = new Float32Array(kept * width);
  for (let row = 0; row < kept; row++)
    picked.set(features.subarray(row * stride * width, (row * stride + 1) * width), row * width);
  return {
    width,
    count: kept,
    features: picked,
    labels: labels.filter((_, row) => row % stride === 0 && row < count),
  };
}

interface State {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** Intercept first, then the weights. */
  readonly point: Float64Array;
  readonly centre: Float64Array;
  readonly penalty: Float64Array;
}

/** Mean and standard deviation (+1e-9) of every feature over the training rows. */
function standardise({ width, count, features }: TrainingRows) {
  const means = new Float64Array(width);
  const deviations = new Float64Array(width);
  for (let row = 0, at = 0; row < count; row++)
    for (let column = 0; column < width; column++) means[column]! += features[at++]!;
  for (let column = 0; column < width; column++) means[column]! /= Math.max(count, 1);
  for (let row = 0, at = 0; row < count; row++)
    for (let column = 0; column < width; column++)
      deviations[column]! += (features[at++]! - means[column]!) ** 2;
  for (let column = 0; column < width; column++)
    deviations[column] = Math.sqrt(deviations[column]! / Math.max(count, 1)) + DEVIATION_FLOOR;
  return { means, deviations };
}

/** The centre of the penalty in the units of these rows: weights given on other means and deviations are converted. */
function centreOf(
  centre: LogisticWeights | null,
  means: Float64Array,
  deviations: Float64Array,
): Float64Array {
  const point = new Float64Array(means.length + 1);
  if (!centre) return point;
  point[0] = centre.intercept;
  for (let column = 0; column < means.length; column++) {
    const raw = centre.weights[column]! / centre.deviations[column]!;
    point[column + 1] = raw * deviations[column]!;
    point[0] += raw * (means[column]! - centre.means[column]!);
  }
  return point;
}

function logitOfMean(labels: Uint8Array, count: number): number {
  let positives = 0;
  for (let row = 0; row < count; row++) positives += labels[row]!;
  return Math.log((positives + 0.5) / (count - positives + 0.5));
}

const weightsAt = ({ point, means, deviations }: State) =>
  rawWeights({ intercept: point[0]!, weights: point.subarray(1), means, deviations });

function lossAt({ width, count, features, labels }: TrainingRows, state: State): number {
  const { raw, offset } = weightsAt(state);
  let loss = 0;
  for (let row = 0, at = 0; row < count; row++) {
    let sum = offset;
    for (let column = 0; column < width; column++) sum += raw[column]! * features[at++]!;
    const signed = labels[row] === 1 ? -sum : sum;
    loss += signed > 30 ? signed : Math.log1p(Math.exp(signed));
  }
  for (let index = 0; index < state.point.length; index++)
    loss += 0.5 * state.penalty[index]! * (state.point[index]! - state.centre[index]!) ** 2;
  return loss;
}

/** Gradient and Hessian (its lower half filled, row by row) at a point. */
function derivatives({ width, count, features, labels }: TrainingRows, state: State) {
  const size = width + 1;
  const { raw, offset } = weightsAt(state);
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const row = new Float64Array(size).fill(1);
  for (let index = 0, at = 0; index < count; index++, at += width) {
    let sum = offset;
    for (let column = 0; column < width; column++) {
      const value = features[at + column]!;
      sum += raw[column]! * value;
      row[column + 1] = (value - state.means[column]!) / state.deviations[column]!;
    }
    const p = sigmoid(sum);
    const error = p - labels[index]!;
    const curvature = Math.max(p * (1 - p), 1e-12);
    for (let i = 0, cell = 0; i < size; i++, cell += size) {
      const value = row[i]!;
      gradient[i]! += error * value;
      const scaled = curvature * value;
      for (let j = 0; j <= i; j++) hessian[cell + j]! += scaled * row[j]!;
    }
  }
  for (let index = 0; index < size; index++) {
    gradient[index]! += state.penalty[index]! * (state.point[index]! - state.centre[index]!);
    hessian[index * size + index]! += state.penalty[index]!;
  }
  return { gradient, hessian };
}

/** Weights on the features as they are (not standardised), with the intercept that their means ask for. */
export function rawWeights({ intercept, weights, means, deviations }: LogisticWeights): {
  raw: Float64Array;
  offset: number;
} {
  const raw = weights.map((weight, column) => weight / deviations[column]!);
  return { raw, offset: raw.reduce((sum, weight, column) => sum - weight * means[column]!, intercept) };
}
