import { seededRandom } from '../../kernel/random.ts';

const P_MIN = 1e-6;
const BINS = 15;

/** Mean of −ln p(label), p kept inside [1e-6, 1 − 1e-6] (clocks.md 2.1). */
export function logLoss(probabilities: Float64Array, labels: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const p = Math.min(Math.max(probabilities[row]!, P_MIN), 1 - P_MIN);
    sum -= Math.log(labels[row] === 1 ? p : 1 - p);
  }
  return sum / labels.length;
}

/** Rows in ascending order of their score, equal scores in the order of the rows. */
export function orderByScore(scores: Float64Array): Uint32Array {
  const order = Uint32Array.from(scores.keys());
  return order.sort((left, right) => scores[left]! - scores[right]! || left - right);
}

/** Area under the ROC curve by ranks, equal scores sharing their mean rank; NaN when only one label occurs. */
export function areaUnderCurve(scores: Float64Array, labels: Uint8Array): number {
  const order = orderByScore(scores);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    let hits = 0;
    for (; to < order.length && scores[order[to]!] === scores[order[from]!]; to++)
      hits += labels[order[to]!]!;
    rankSum += hits * ((from + 1 + to) / 2);
    positives += hits;
    from = to;
  }
  const negatives = labels.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Expected calibration error over 15 bins of equal count (clocks.md 2.1). */
export function calibrationError(probabilities: Float64Array, labels: Uint8Array): number {
  const order = orderByScore(probabilities);
  let error = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const from = Math.floor((bin * order.length) / BINS);
    const to = Math.floor(((bin + 1) * order.length) / BINS);
    let difference = 0;
    for (let index = from; index < to; index++)
      difference += probabilities[order[index]!]! - labels[order[index]!]!;
    error += Math.abs(difference);
  }
  return error / order.length;
}

/** Positive rate among the tenth with the highest scores, against the base rate. */
export function liftOfTopTenth(scores: Float64Array, labels: Uint8Array): number {
  const order = orderByScore(scores);
  const size = Math.floor(order.length / 10);
  let [hits, positives] = [0, 0];
  for (let index = 0; index < order.length; index++) {
    positives += labels[order[index]!]!;
    if (index >= order.length - size) hits += labels[order[index]!]!;
  }
  return hits / size / (positives / order.length);
}

/** Precision and recall inside the customer at 1, 3 and 5, over customers with a positive (clocks.md 2.1). */
export interface RankingQuality {
  readonly precision: readonly [number, number, number];
  readonly recall: readonly [number, number, number];
}

const DEPTHS = [1, 3, 5] as const;
const JITTER = 1e-12;

/** How well scores rank the clocks inside each customer. Equal scores are put in an order by a seeded lot. */
export function rankWithinCustomers(
  scores: Float64Array,
  labels: Uint8Array,
  customer: Int32Array,
): RankingQuality {
  const random = seededRandom('ties of a ranking');
  const jittered = scores.map((score) => score + JITTER * random.next());
  const order = orderByScore(jittered).reverse();
  const customers = labels.reduce((most, _, row) => Math.max(most, customer[row]! + 1), 0);
  const rank = new Int32Array(customers);
  const hits = DEPTHS.map(() => new Int32Array(customers));
  const positives = new Int32Array(customers);
  for (const row of order) {
    const who = customer[row]!;
    const place = rank[who]!++;
    if (labels[row] === 0) continue;
    positives[who]!++;
    for (const [index, depth] of DEPTHS.entries()) if (place < depth) hits[index]![who]!++;
  }
  const counted = [...positives.keys()].filter((who) => positives[who]! > 0);
  const mean = (value: (who: number) => number): number =>
    counted.reduce((sum, who) => sum + value(who), 0) / counted.length;
  const [one, three, five] = [0, 1, 2] as const;
  const precision = (index: 0 | 1 | 2): number => mean((who) => hits[index]![who]! / DEPTHS[index]);
  const recall = (index: 0 | 1 | 2): number => mean((who) => hits[index]![who]! / positives[who]!);
  return {
    precision: [precision(one), precision(three), precision(five)],
    recall: [recall(one), recall(three), recall(five)],
  };
}
