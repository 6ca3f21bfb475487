import type { Problem } from './problem.ts';

export interface OptionFacts {
  readonly candidate: number;
  readonly day: number;
  readonly groups: number;
  readonly value: number;
}

const FIRST_SIZE = 64;

/** The options of a problem, added one after another; `width` limits at most for each. */
export class OptionColumns {
  count = 0;
  readonly #width: number;
  #candidate = new Uint8Array(FIRST_SIZE);
  #day = new Int16Array(FIRST_SIZE);
  #groups = new Uint16Array(FIRST_SIZE);
  #value = new Float32Array(FIRST_SIZE);
  #uses: Int32Array<ArrayBuffer>;
  #amounts: Float32Array<ArrayBuffer>;
  #used = 0;

  constructor(width: number) {
    this.#width = width;
    this.#uses = new Int32Array(FIRST_SIZE * width).fill(-1);
    this.#amounts = new Float32Array(FIRST_SIZE * width);
  }

  add({ candidate, day, groups, value }: OptionFacts): void {
    if (this.count === this.#value.length) this.#grow();
    this.#candidate[this.count] = candidate;
    this.#day[this.count] = day;
    this.#groups[this.count] = groups;
    this.#value[this.count] = value;
    this.#used = 0;
    this.count++;
  }

  /** Says that the option added last uses so much of a limit. */
  use(limit: number, amount: number): void {
    const at = (this.count - 1) * this.#width + this.#used;
    if (this.#used === this.#width)
      throw new RangeError('an option uses more limits than the columns are wide');
    this.#uses[at] = limit;
    this.#amounts[at] = amount;
    this.#used++;
  }

  take(): Pick<Problem, 'candidate' | 'day' | 'groups' | 'value' | 'width' | 'uses' | 'amounts'> {
    const cells = this.count * this.#width;
    return {
      candidate: this.#candidate.slice(0, this.count),
      day: this.#day.slice(0, this.count),
      groups: this.#groups.slice(0, this.count),
      value: this.#value.slice(0, this.count),
      width: this.#width,
      uses: this.#uses.slice(0, cells),
      amounts: this.#amounts.slice(0, cells),
    };
  }

  #grow(): void {
    const size = this.#value.length * 2;
    const grown = <T extends Uint8Array | Int16Array | Uint16Array | Float32Array | Int32Array>(
      larger: T,
      column: T,
    ): T => {
      larger.set(column);
      return larger;
    };
    this.#candidate = grown(new Uint8Array(size), this.#candidate);
    this.#day = grown(new Int16Array(size), this.#day);
    this.#groups = grown(new Uint16Array(size), this.#groups);
    this.#value = grown(new Float32Array(size), this.#value);
    this.#uses = grown(new Int32Array(size * this.#width).fill(-1), this.#uses);
    this.#amounts = grown(new Float32Array(size * this.#width), this.#amounts);
  }
}
