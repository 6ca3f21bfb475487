import type { Problem } from './problem.ts';
import { isPromise, LEAST_AMOUNT } from './problem.ts';

/** Units of a limit that rounding alone may have taken. */
const ROUNDING = 1e-9;

/**
 * The largest unit of each limit of which every option uses a whole multiple: one message, the price of a letter. 0 where there is none
 * worth the name, and for promises.
 */
export function unitsOf(problem: Problem): Float64Array {
  const { uses, amounts, limits } = problem;
  const units = new Float64Array(limits.length);
  for (const [at, limit] of uses.entries())
    if (limit >= 0) units[limit] = greatestCommonDivisor(units[limit]!, Math.abs(amounts[at]!));
  return units.map((unit, limit) => (unit < LEAST_AMOUNT || isPromise(problem, limit) ? 0 : unit));
}

/** Euclid's algorithm; the remainder of floating-point numbers is exact. */
function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

/**
 * The limits of a problem, each rounded down to whole units: of 4.36 messages nobody can send more than four. It changes no plan, and the
 * bound no longer counts what cannot be had (the rounding of R. E. Gomory, Bulletin of the AMS 64, 1958).
 */
export function wholeLimits(problem: Problem): Float64Array {
  const units = unitsOf(problem);
  return problem.limits.map((limit, index) => {
    const unit = units[index]!;
    return unit > 0 ? Math.floor(limit / unit + ROUNDING) * unit : limit;
  });
}
