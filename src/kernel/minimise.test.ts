import { describe, expect, it } from 'vitest';
import { minimise, numericalGradient } from './minimise.ts';

/** Rosenbrock's valley, the usual test of a descent (Rosenbrock 1960): minimum 0 at (1, 1). */
const valley = ([x = 0, y = 0]: Iterable<number>): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;

describe('minimum inside a box', () => {
  it('follows the valley of Rosenbrock to its end', () => {
    const found = minimise(
      ([x = 0, y = 0], gradient) => {
        gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
        gradient[1] = 200 * (y - x * x);
        return valley([x, y]);
      },
      { start: [-1.2, 1], lower: [-5, -5], upper: [5, 5], iterationsMax: 200, tolerance: 1e-12 },
    );
    expect(found.point[0]).toBeCloseTo(1, 4);
    expect(found.point[1]).toBeCloseTo(1, 4);
    expect(found.atBound).toEqual([]);
  });

  it('stops at a bound, says which, and still moves along it', () => {
    const found = minimise(
      numericalGradient((point) => valley(point)),
      { start: [0, 0], lower: [-5, -5], upper: [0.5, 5], iterationsMax: 200, tolerance: 1e-12 },
    );
    expect(found.point[0]).toBe(0.5);
    expect(found.point[1]).toBeCloseTo(0.25, 4);
    expect(found.atBound).toEqual([0]);
  });

  it('walks around a region where the function is not a number', () => {
    const found = minimise(
      numericalGradient(([x = 0]) => (x < 0 ? NaN : x - Math.log(x))),
      { start: [4], lower: [-10], upper: [10], iterationsMax: 100, tolerance: 1e-10 },
    );
    expect(found.point[0]).toBeCloseTo(1, 4);
  });

  it('is bounded by iterations', () => {
    const found = minimise(
      numericalGradient((point) => valley(point)),
      { start: [-1.2, 1], lower: [-5, -5], upper: [5, 5], iterationsMax: 3 },
    );
    expect(found.iterations).toBe(3);
  });
});
