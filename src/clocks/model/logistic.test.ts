import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import type { LogisticWeights, TrainingRows } from './logistic.ts';
import { solvePositive } from '../../kernel/linear.ts';
import { fitLogistic, rawWeights, sigmoid } from './logistic.ts';

/** Rows whose labels follow known weights. */
function simulateRows(
  count: number,
  weights: readonly number[],
  intercept: number,
  seed: string,
): TrainingRows {
  const random = seededRandom(seed);
  const width = weights.length;
  const features = new Float32Array(count * width).map(() => random.normal());
  const labels = new Uint8Array(count).map((_, row) => {
    const sum = weights.reduce(
      (total, weight, column) => total + weight * features[row * width + column]!,
      intercept,
    );
    return random.next() < sigmoid(sum) ? 1 : 0;
  });
  return { width, count, features, labels };
}

/** Probabilities that a layer says of rows. */
function predict({ width, count, features }: Omit<TrainingRows, 'labels'>, layer: LogisticWeights) {
  const { raw, offset } = rawWeights(layer);
  return Float64Array.from({ length: count }, (_, row) =>
    sigmoid(raw.reduce((sum, weight, column) => sum + weight * features[row * width + column]!, offset)),
  );
}

const inRawUnits = ({ weights, deviations }: ReturnType<typeof fitLogistic>): number[] =>
  [...weights].map((weight, column) => weight / deviations[column]!);

describe('the logistic layer', () => {
  const truth = [1.2, -0.7, 0, 0.3];
  const rows = simulateRows(40_000, truth, -2, 'recovery');

  it('recovers the weights that labels were drawn from', () => {
    const found = inRawUnits(fitLogistic(rows));
    for (const [column, weight] of truth.entries())
      expect(Math.abs(found[column]! - weight)).toBeLessThan(0.06);
  });

  it('stands at the optimum: the predicted positives are the counted ones', () => {
    const probabilities = predict(rows, fitLogistic(rows));
    const predicted = probabilities.reduce((sum, p) => sum + p, 0);
    expect(predicted).toBeCloseTo(
      rows.labels.reduce((sum, label) => sum + label, 0),
      1,
    );
  });

  it('converges for rare labels and lopsided features, where plain Newton steps run away', () => {
    const rare = simulateRows(20_000, [2, 2, 2], -8, 'rare');
    const { weights } = fitLogistic(rare);
    expect(weights.every((weight) => weight > 1 && weight < 3)).toBe(true);
  });

  it('gives a constant feature no say', () => {
    const features = rows.features.map((value, index) => (index % 4 === 2 ? 5 : value));
    const layer = fitLogistic({ ...rows, features });
    expect(layer.weights[2]).toBeCloseTo(0, 9);
    expect(predict({ ...rows, features }, layer).every(Number.isFinite)).toBe(true);
  });

  it('stays at the given weights without data, and leaves them as data grow', () => {
    const centre = fitLogistic(rows);
    const other = [0, 0, 1, 0];
    const distance = (count: number): number => {
      const few = simulateRows(count, other, -2, 'other shop');
      const found = inRawUnits(fitLogistic(few, { strength: 100, centre }));
      return Math.hypot(...found.map((weight, column) => weight - inRawUnits(centre)[column]!));
    };
    expect(distance(10)).toBeLessThan(0.2);
    expect(distance(20_000)).toBeGreaterThan(distance(500));
    const none = fitLogistic({
      width: 4,
      count: 0,
      features: new Float32Array(0),
      labels: new Uint8Array(0),
    });
    expect(none.weights.every((weight) => weight === 0)).toBe(true);
  });

  it('solves equations with a positive definite matrix', () => {
    // [[4, 2], [2, 3]] x = [10, 9] has x = [1.5, 2]; the upper half is not read.
    expect([...solvePositive(Float64Array.of(4, NaN, 2, 3), Float64Array.of(10, 9))]).toEqual([
      expect.closeTo(1.5, 12),
      expect.closeTo(2, 12),
    ]);
  });
});
