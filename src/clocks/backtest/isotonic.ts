import { orderByScore } from './metrics.ts';

/** A rising step function from scores to probabilities. */
export interface IsotonicMap {
  /** Lowest and highest score of each step, ascending, and its probability. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly probability: Float64Array;
}

const P_MIN = 1e-4;

/**
 * Isotonic regression of labels on scores by pooling adjacent violators (Barlow et al. 1972; Zadrozny and Elkan 2002 for
 * calibration), values inside [1e-4, 1 − 1e-4] (clocks.md 2.1). Equal scores share one value.
 */
export function fitIsotonic(scores: Float64Array, labels: Uint8Array): IsotonicMap {
  const order = orderByScore(scores);
  const from = new Float64Array(order.length);
  const to = new Float64Array(order.length);
  const sum = new Float64Array(order.length);
  const size = new Float64Array(order.length);
  let blocks = 0;
  for (let index = 0; index < order.length;) {
    const score = scores[order[index]!]!;
    let [hits, count] = [0, 0];
    for (; index < order.length && scores[order[index]!] === score; index++, count++)
      hits += labels[order[index]!]!;
    from[blocks] = to[blocks] = score;
    sum[blocks] = hits;
    size[blocks++] = count;
    while (blocks > 1 && sum[blocks - 2]! * size[blocks - 1]! >= sum[blocks - 1]! * size[blocks - 2]!) {
      blocks--;
      to[blocks - 1] = to[blocks]!;
      sum[blocks - 1]! += sum[blocks]!;
      size[blocks - 1]! += size[blocks]!;
    }
  }
  return {
    from: from.slice(0, blocks),
    to: to.slice(0, blocks),
    probability: sum
      .slice(0, blocks)
      .map((hits, block) => Math.min(Math.max(hits / size[block]!, P_MIN), 1 - P_MIN)),
  };
}

/** Probabilities of scores; between two steps in proportion, outside the outermost step. */
export function applyIsotonic(map: IsotonicMap, scores: Float64Array): Float64Array {
  const last = map.probability.length - 1;
  return scores.map((score) => {
    let [low, high] = [0, last];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (map.to[middle]! < score) low = middle + 1;
      else high = middle;
    }
    const right = map.probability[low] ?? 0.5;
    if (low === 0 || score >= map.from[low]! || score > map.to[last]!) return right;
    const share = (score - map.to[low - 1]!) / (map.from[low]! - map.to[low - 1]!);
    return map.probability[low - 1]! + share * (right - map.probability[low - 1]!);
  });
}
