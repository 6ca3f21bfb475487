import { logAddExp, logBeta, logGamma } from '../../kernel/gamma.ts';
import { minimise, numericalGradient } from '../../kernel/minimise.ts';

/** Parameters of BG/NBD: purchase rate Gamma(r, α), drop-out after a repeat purchase Beta(a, b). α is in the unit of time. */
export interface BgNbd {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** Repeat purchases of a customer, time of the last one and of the end, both since the first purchase. */
export interface RepeatHistory {
  readonly repeats: number;
  readonly lastTime: number;
  readonly endTime: number;
}

const ITERATIONS_MAX = 300;
const BOUND = 8;

/**
 * Fits BG/NBD by maximum likelihood: P. Fader, B. Hardie, K. Lee, "Counting your customers the easy way", Marketing Science
 * 24 (2005), equation 6. Customers of the same history count once with their number.
 */
export function fitBgNbd(customers: readonly RepeatHistory[]): BgNbd {
  const groups = new Map<string, RepeatHistory & { count: number }>();
  for (const customer of customers) {
    const key = `${customer.repeats} ${customer.lastTime} ${customer.endTime}`;
    groups.set(key, { ...customer, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  const distinct = [...groups.values()];
  const { point } = minimise(
    numericalGradient((logs) => {
      const model = fromLogs(logs);
      return -distinct.reduce((sum, customer) => sum + customer.count * logLikelihood(model, customer), 0);
    }),
    {
      start: [0, 0, 0, 0],
      lower: [-BOUND, -BOUND, -BOUND, -BOUND],
      upper: [BOUND, BOUND, BOUND, BOUND],
      iterationsMax: ITERATIONS_MAX,
      tolerance: 1e-9,
    },
  );
  return fromLogs(point);
}

const fromLogs = ([r = 0, alpha = 0, a = 0, b = 0]: Float64Array): BgNbd => ({
  r: Math.exp(r),
  alpha: Math.exp(alpha),
  a: Math.exp(a),
  b: Math.exp(b),
});

function logLikelihood({ r, alpha, a, b }: BgNbd, { repeats: x, lastTime, endTime }: RepeatHistory): number {
  const common = logGamma(r + x) - logGamma(r) + r * Math.log(alpha) - logBeta(a, b);
  const active = logBeta(a, b + x) - (r + x) * Math.log(alpha + endTime);
  if (x === 0) return common + active;
  return common + logAddExp(active, logBeta(a + 1, b + x - 1) - (r + x) * Math.log(alpha + lastTime));
}

/** Chance of a purchase within the horizon: alive (clocks.md 3), and then a Poisson-gamma count that is not zero. */
export function bgNbdProbability(model: BgNbd, customer: RepeatHistory, horizon: number): number {
  const { r, alpha, a, b } = model;
  const { repeats: x, lastTime, endTime } = customer;
  const alive =
    x === 0 ? 1 : 1 / (1 + (a / (b + x - 1)) * ((alpha + endTime) / (alpha + lastTime)) ** (r + x));
  return alive * (1 - ((alpha + endTime) / (alpha + endTime + horizon)) ** (r + x));
}
