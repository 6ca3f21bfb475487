/** Value of a function at `point`; writes its gradient into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Where the search ended. `atBound` names the variables held by a bound. */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly atBound: readonly number[];
}

/** A value this large says: not here. What is not finite counts as this (clocks.md 5.3). */
const REFUSED = 1e12;
const SUFFICIENT_DECREASE = 1e-4;
const HALVINGS_MAX = 30;

/**
 * Minimum of a smooth function of few variables inside a box: BFGS with the variables at a bound held while the gradient
 * pushes outward, steps projected into the box, backtracking by Armijo's rule (Nocedal and Wright, Numerical Optimization,
 * 2nd edition, 3.1, 6.1, 16.7). Bounded by iterations, never by time, so that the same data give the same answer anywhere.
 */
export function minimise(
  objective: Objective,
  options: {
    readonly start: readonly number[] | Float64Array;
    readonly lower: readonly number[];
    readonly upper: readonly number[];
    readonly iterationsMax: number;
    readonly tolerance?: number;
  },
): Minimum {
  const size = options.start.length;
  const tolerance = options.tolerance ?? 1e-7;
  const lower = Float64Array.from(options.lower);
  const upper = Float64Array.from(options.upper);
  const evaluate = (point: Float64Array, gradient: Float64Array): number => {
    const value = objective(point, gradient);
    return Number.isFinite(value) && gradient.every(Number.isFinite) ? value : REFUSED;
  };
  let point = project(Float64Array.from(options.start), lower, upper);
  let gradient = new Float64Array(size);
  let value = evaluate(point, gradient);
  let inverse = identity(size);
  let iterations = 0;
  for (; iterations < options.iterationsMax; iterations++) {
    const held = heldVariables(point, gradient, lower, upper);
    const direction = descent(inverse, gradient, held);
    const next = search(evaluate, { point, gradient, value, direction, lower, upper });
    if (!next) {
      if (isIdentity(inverse)) break;
      inverse = identity(size);
      continue;
    }
    updateInverse(inverse, subtract(next.point, point), subtract(next.gradient, gradient));
    const gain = value - next.value;
    ({ point, gradient, value } = next);
    if (gain <= tolerance * (1e-3 + Math.abs(value)) * 1e-2) break;
  }
  const atBound = [...point.keys()].filter(
    (index) => point[index] === lower[index] || point[index] === upper[index],
  );
  return { point, value, iterations, atBound };
}

const project = (point: Float64Array, lower: Float64Array, upper: Float64Array): Float64Array =>
  point.map((value, index) => Math.min(Math.max(value, lower[index] ?? -Infinity), upper[index] ?? Infinity));

const subtract = (left: Float64Array, right: Float64Array): Float64Array =>
  left.map((value, index) => value - (right[index] ?? 0));

const dot = (left: Float64Array, right: Float64Array): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);

function identity(size: number): Float64Array[] {
  return Array.from({ length: size }, (_, row) => {
    const line = new Float64Array(size);
    line[row] = 1;
    return line;
  });
}

const isIdentity = (matrix: readonly Float64Array[]): boolean =>
  matrix.every((line, row) => line.every((value, column) => value === (row === column ? 1 : 0)));

function heldVariables(
  point: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): boolean[] {
  return Array.from(point, (value, index) => {
    const slope = gradient[index] ?? 0;
    return (value === lower[index] && slope > 0) || (value === upper[index] && slope < 0);
  });
}

/** −H⁻¹ g on the free variables, at most of length 1 in each while nothing is known of the curvature. */
function descent(
  inverse: readonly Float64Array[],
  gradient: Float64Array,
  held: readonly boolean[],
): Float64Array {
  const free = gradient.map((slope, index) => (held[index] ? 0 : slope));
  const direction = free.map((_, row) =>
    held[row] ? 0 : -dot(inverse[row] ?? new Float64Array(free.length), free),
  );
  if (!isIdentity(inverse)) return direction;
  const largest = Math.max(...direction.map(Math.abs), 1e-300);
  return largest > 0.5 ? direction.map((step) => (step * 0.5) / largest) : direction;
}

interface Place {
  readonly point: Float64Array;
  readonly gradient: Float64Array<ArrayBuffer>;
  readonly value: number;
}

/** The first step by halving that decreases enough, or null: no descent this way. */
function search(
  evaluate: (point: Float64Array, gradient: Float64Array) => number,
  from: Place & {
    readonly direction: Float64Array;
    readonly lower: Float64Array;
    readonly upper: Float64Array;
  },
): Place | null {
  for (let halving = 0, scale = 1; halving < HALVINGS_MAX; halving++, scale /= 2) {
    const point = project(
      from.point.map((value, index) => value + scale * (from.direction[index] ?? 0)),
      from.lower,
      from.upper,
    );
    const decrease = dot(from.gradient, subtract(point, from.point));
    if (decrease >= 0) return null;
    const gradient = new Float64Array(point.length);
    const value = evaluate(point, gradient);
    if (value <= from.value + SUFFICIENT_DECREASE * decrease) return { point, gradient, value };
  }
  return null;
}

/** BFGS update of the inverse Hessian, left out where the curvature along the step is not positive. */
function updateInverse(inverse: Float64Array[], step: Float64Array, change: Float64Array): void {
  const curvature = dot(step, change);
  if (!(curvature > 1e-12)) return;
  const image = change.map((_, row) => dot(inverse[row] ?? change, change));
  const scale = (1 + dot(change, image) / curvature) / curvature;
  for (const [row, line] of inverse.entries())
    for (let column = 0; column < line.length; column++)
      line[column] =
        (line[column] ?? 0) +
        scale * (step[row] ?? 0) * (step[column] ?? 0) -
        ((image[row] ?? 0) * (step[column] ?? 0) + (step[row] ?? 0) * (image[column] ?? 0)) / curvature;
}

/** Gradient of a function of few variables by central differences, for objectives without a formula for it. */
export function numericalGradient(value: (point: Float64Array) => number, step = 1e-5): Objective {
  return (point, gradient) => {
    for (let index = 0; index < point.length; index++) {
      const moved = point.slice();
      moved[index] = (point[index] ?? 0) + step;
      const above = value(moved);
      moved[index] = (point[index] ?? 0) - step;
      gradient[index] = (above - value(moved)) / (2 * step);
    }
    return value(point);
  };
}
