import { solvePositive } from './linear.ts';

/** A strictly convex function of several unknowns; the hessian is given by its lower half at least. */
export interface ConvexFunction {
  readonly lossAt: (point: Float64Array) => number;
  readonly derivativesAt: (point: Float64Array) => {
    readonly gradient: Float64Array;
    readonly hessian: Float64Array;
  };
}

const SCALE_SMALL = 1e-6;

/**
 * Minimum of a convex function by Newton's method, the step halved while the loss does not fall (Nocedal and Wright, Numerical
 * Optimization, 2nd edition, 3.3). Ends when a step gains less than `gainSmall` of the loss; bounded by iterations, never by time.
 */
export function minimiseConvex(
  { lossAt, derivativesAt }: ConvexFunction,
  options: {
    readonly start: Float64Array;
    readonly iterationsMax: number;
    readonly gainSmall: number;
  },
): Float64Array {
  let point = options.start;
  let loss = lossAt(point);
  for (let iteration = 0; iteration < options.iterationsMax; iteration++) {
    const { gradient, hessian } = derivativesAt(point);
    const step = solvePositive(hessian, gradient);
    let scale = 1;
    let next = moved(point, step, scale);
    let nextLoss = lossAt(next);
    while (!(nextLoss <= loss) && scale > SCALE_SMALL) {
      scale /= 2;
      next = moved(point, step, scale);
      nextLoss = lossAt(next);
    }
    const gain = loss - nextLoss;
    if (!(gain >= 0)) break;
    point = next;
    loss = nextLoss;
    if (gain <= options.gainSmall * (1 + Math.abs(loss))) break;
  }
  return point;
}

const moved = (point: Float64Array, step: Float64Array, scale: number): Float64Array =>
  point.map((value, index) => value - scale * step[index]!);
