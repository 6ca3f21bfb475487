import { createHash } from 'node:crypto';

/** A seeded source of chance: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Standard normal. */
  normal(): number;
  /** Integer, uniform in [0, bound). */
  integer(bound: number): number;
  /** One element, uniform. */
  pick<T>(items: readonly T[]): T;
}

/** Chance from a seed, by the generator SplitMix32 (Steele, Lea, Flood 2014, 32-bit variant). */
export function seededRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    z ^= z >>> 15;
    return (z >>> 0) / 4_294_967_296;
  };
  const integer = (bound: number): number => Math.floor(next() * bound);
  return {
    next,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: <T>(items: readonly T[]): T => {
      const item = items[integer(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}

/** A number in [0, 1) fixed by a key and the parts of a name: a lot that anybody with the key can draw again. */
export function keyedLot(key: Buffer, ...parts: readonly (string | number)[]): number {
  const hash = createHash('sha256').update(key).update(parts.join('\u0000')).digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
