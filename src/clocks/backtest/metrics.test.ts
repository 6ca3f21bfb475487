import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { applyIsotonic, fitIsotonic } from './isotonic.ts';
import { areaUnderCurve, calibrationError, liftOfTopTenth, logLoss, rankWithinCustomers } from './metrics.ts';

const scores = Float64Array.of(0.1, 0.4, 0.35, 0.8);
const labels = Uint8Array.of(0, 0, 1, 1);

describe('metrics of a backtest', () => {
  it('has the log-loss and the area of the textbook example', () => {
    expect(areaUnderCurve(scores, labels)).toBe(0.75);
    const expected = -(Math.log(0.9) + Math.log(0.6) + Math.log(0.35) + Math.log(0.8)) / 4;
    expect(logLoss(scores, labels)).toBeCloseTo(expected, 12);
  });

  it('shares the rank of equal scores, and bounds the loss of a certain error', () => {
    expect(areaUnderCurve(Float64Array.of(1, 1, 1, 1), labels)).toBe(0.5);
    expect(logLoss(Float64Array.of(0), Uint8Array.of(1))).toBeCloseTo(-Math.log(1e-6), 9);
  });

  it('has a calibration error of zero for honest bins and of the excess for bold ones', () => {
    const random = seededRandom('calibration');
    const p = new Float64Array(60_000).map(() => random.next());
    const drawn = new Uint8Array(p.length).map((_, row) => (random.next() < p[row]! ? 1 : 0));
    expect(calibrationError(p, drawn)).toBeLessThan(0.01);
    expect(
      calibrationError(
        p.map((value) => value / 2),
        drawn,
      ),
    ).toBeCloseTo(0.25, 2);
  });

  it('ranks inside the customer, over customers who bought', () => {
    const quality = rankWithinCustomers(
      Float64Array.of(0.9, 0.2, 0.1, 0.3, 0.5),
      Uint8Array.of(0, 1, 0, 1, 0),
      Int32Array.of(0, 0, 0, 1, 2),
    );
    expect(quality.precision).toEqual([0.5, expect.closeTo(1 / 3, 9), expect.closeTo(0.2, 9)]);
    expect(quality.recall).toEqual([0.5, 1, 1]);
  });

  it('lifts the top tenth against the base rate', () => {
    const ten = Float64Array.from({ length: 20 }, (_, row) => row);
    const bought = new Uint8Array(20).fill(1, 18);
    expect(liftOfTopTenth(ten, bought)).toBe(10);
  });
});

describe('the isotonic map', () => {
  it('pools what does not rise', () => {
    const map = fitIsotonic(Float64Array.of(1, 2, 3, 4), Uint8Array.of(0, 1, 0, 1));
    expect([...map.probability]).toEqual([1e-4, 0.5, 1 - 1e-4]);
    expect([...applyIsotonic(map, Float64Array.of(0, 2, 2.5, 9))]).toEqual([1e-4, 0.5, 0.5, 1 - 1e-4]);
  });

  it('never falls', () => {
    const random = seededRandom('isotonic');
    const x = new Float64Array(500).map(() => Math.round(random.next() * 50));
    const y = new Uint8Array(500).map((_, row) => (random.next() < x[row]! / 60 ? 1 : 0));
    const mapped = applyIsotonic(
      fitIsotonic(x, y),
      Float64Array.from({ length: 101 }, (_, at) => at / 2),
    );
    expect([...mapped]).toEqual([...mapped].sort((left, right) => left - right));
  });
});
