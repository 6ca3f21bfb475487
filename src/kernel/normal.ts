/**
 * Standard normal distribution function Φ(x): about 15 digits, 8 beyond 7 standard deviations, without 1 − Φ in the lower tail.
 * Source: G. West, "Better approximations to cumulative normal functions", Wilmott 2005, after J. F. Hart, 1968.
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  if (size > 37) return x > 0 ? 1 : 0;
  const density = Math.exp((-size * size) / 2);
  const lower =
    size < 7.07106781186547
      ? (density * polynomial(NUMERATOR, size)) / polynomial(DENOMINATOR, size)
      : tail(density, size);
  return x > 0 ? 1 - lower : lower;
}

const NUMERATOR = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
];
const DENOMINATOR = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
  637.333633378831, 793.826512519948, 440.413735824752,
];

function tail(density: number, size: number): number {
  const fraction = size + 1 / (size + 2 / (size + 3 / (size + 4 / (size + 0.65))));
  return density / fraction / 2.506628274631;
}

/** Horner's scheme; a loop, since this is most of the time of a fit. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

const A = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const B = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598659e2, 6.680131188771972e1, -1.328068155288572e1,
  1,
];
const C = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];

/**
 * Quantile of the standard normal, for 0 < p < 1: P. J. Acklam's rational approximation (2003) refined by one step of
 * Halley's method, to about 15 digits.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`not a probability between 0 and 1: ${p}`);
  const start = p > 0.5 ? -lowerQuantile(1 - p) : lowerQuantile(p);
  const error = normalCdf(start) - p;
  const step = error * Math.sqrt(2 * Math.PI) * Math.exp((start * start) / 2);
  return start - step / (1 + (start * step) / 2);
}

function lowerQuantile(p: number): number {
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(C, q) / polynomial(D, q);
  }
  const q = p - 0.5;
  return (polynomial(A, q * q) * q) / polynomial(B, q * q);
}

const LOG_ROOT_TWO_PI = 0.9189385332046728;
const FAR = 5;
const FRACTION_LEVELS = 40;

/**
 * Mills ratio Φ(−x)/φ(x) for x ≥ 5 by its continued fraction x + 1/(x + 2/(x + …)) (Abramowitz and Stegun 26.2.14):
 * 40 levels give 15 digits there.
 */
function millsRatioFar(x: number): number {
  let fraction = x;
  for (let level = FRACTION_LEVELS; level >= 1; level--) fraction = x + level / fraction;
  return 1 / fraction;
}

/** ln Φ(x), to 14 digits however far in the lower tail, where Φ itself underflows. */
export function logNormalCdf(x: number): number {
  if (x > -FAR) return Math.log(normalCdf(x));
  return (-x * x) / 2 - LOG_ROOT_TWO_PI + Math.log(millsRatioFar(-x));
}

/** Hazard φ(x)/Φ(−x) of the standard normal, the slope of −ln Φ(−x): about x for large x, never infinite. */
export function normalHazard(x: number): number {
  if (x >= FAR) return 1 / millsRatioFar(x);
  return Math.exp((-x * x) / 2 - LOG_ROOT_TWO_PI) / normalCdf(-x);
}
