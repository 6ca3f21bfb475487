/**
 * What candidates of one contact may still earn from each of its options on, in the order of time. Where many days are alike this says more
 * than the days do, which would count one candidate on each of them.
 */
export class Outlook {
  /** Candidates looked at: one more than the highest number among them. */
  #width = 0;
  /** Per option and candidate: most that the candidate earns by it or a later one. */
  #from = new Float64Array(0);
  /** What is added up, ascending. */
  readonly #top: Float64Array;

  /** Of at most so many candidates. */
  constructor(most: number) {
    this.#top = new Float64Array(most);
  }

  /** Looks at so many options of some candidates (as bits): of which candidate each is, and what it earns. */
  look(
    count: number,
    candidates: number,
    { candidateOf, gains }: { candidateOf: (place: number) => number; gains: Float64Array },
  ): void {
    const width = 32 - Math.clz32(candidates);
    this.#width = width;
    const size = (count + 1) * width;
    if (this.#from.length < size) this.#from = new Float64Array(size);
    const from = this.#from;
    from.fill(0, count * width, size);
    for (let place = count - 1; place >= 0; place--) {
      const at = place * width;
      from.copyWithin(at, at + width, at + 2 * width);
      const own = at + candidateOf(place);
      from[own] = Math.max(from[own]!, gains[place]!);
    }
  }

  /** Most that a candidate earns from a place on. */
  of(candidate: number, place: number): number {
    return this.#from[place * this.#width + candidate]!;
  }

  /** Most that some candidates (as bits) could earn from a place on: each at its best, and no more of them than there is room for. */
  mostOf(candidates: number, place: number, room: number): number {
    const at = place * this.#width;
    const top = this.#top;
    let count = 0;
    let sum = 0;
    for (let rest = candidates; rest !== 0; rest &= rest - 1) {
      const gain = this.#from[at + 31 - Math.clz32(rest & -rest)]!;
      if (gain === 0) continue;
      sum += gain;
      let spot = count++;
      for (; spot > 0 && top[spot - 1]! > gain; spot--) top[spot] = top[spot - 1]!;
      top[spot] = gain;
    }
    for (let spot = 0; spot < count - room; spot++) sum -= top[spot]!;
    return sum;
  }

  /** Of some candidates (as bits), as many as there is room for: those that may earn most. */
  bestFew(candidates: number, room: number): number {
    let few = candidates;
    for (let left = bitCount(few); left > room; left--) {
      let worst = -1;
      for (let rest = few; rest !== 0; rest &= rest - 1) {
        const own = 31 - Math.clz32(rest & -rest);
        if (worst < 0 || this.of(own, 0) < this.of(worst, 0)) worst = own;
      }
      few &= ~(1 << worst);
    }
    return few;
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
