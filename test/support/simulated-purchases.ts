import type { Random } from '../../src/kernel/random.ts';
import type { RenewalParameters } from '../../src/clocks/rules.ts';
import type { PurchaseHistory } from '../../src/clocks/model/purchase-history.ts';
import { mergePurchaseDays } from '../../src/clocks/model/purchase-history.ts';

/** A gamma-distributed number of shape ≥ 1: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
function drawGammaAboveOne(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  for (;;) {
    const normal = random.normal();
    const cube = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (cube > 0 && Math.log(1 - random.next()) < 0.5 * normal * normal + d - d * cube + d * Math.log(cube))
      return d * cube;
  }
}

/** A gamma-distributed number of any shape: a shape below one is drawn one higher and scaled by U^(1/shape). */
export function drawGamma(shape: number, random: Random): number {
  return shape >= 1
    ? drawGammaAboveOne(shape, random)
    : drawGammaAboveOne(shape + 1, random) * (1 - random.next()) ** (1 / shape);
}

/** A number between 0 and 1 of the distribution Beta(a, b). */
export function drawBeta(a: number, b: number, random: Random): number {
  const left = drawGamma(a, random);
  return left / (left + drawGamma(b, random));
}

/**
 * Purchases of customers who follow the renewal clock exactly (clocks.md 5.2), one clock each: first purchase somewhere in
 * `arrivalDays`, own log-gap mean, own drop-out probability, gaps rounded up to whole days, until `days` are over.
 */
export function simulatePurchases(
  parameters: RenewalParameters,
  options: { customers: number; days: number; arrivalDays: number; categories?: number; random: Random },
): PurchaseHistory {
  const { random } = options;
  const customer: number[] = [];
  const day: number[] = [];
  for (let who = 0; who < options.customers; who++) {
    const mean = parameters.mu + (parameters.sigma / Math.sqrt(parameters.kappa)) * random.normal();
    const leaves = drawBeta(parameters.a, parameters.b, random);
    for (let now = random.integer(options.arrivalDays); now <= options.days;) {
      customer.push(who);
      day.push(now);
      if (random.next() < leaves) break;
      now += Math.max(1, Math.round(Math.exp(mean + parameters.sigma * random.normal())));
    }
  }
  const categories = options.categories ?? 1;
  return mergePurchaseDays({
    customerCount: options.customers,
    categoryCount: categories,
    customer: Int32Array.from(customer),
    category: Int32Array.from(customer, (who) => who % categories),
    day: Int32Array.from(day),
    quantity: new Float64Array(day.length).fill(1),
  });
}
