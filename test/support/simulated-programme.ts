import type { Random } from '../../src/kernel/random.ts';
import type { Running } from '../../src/measurement/stats/sequence.ts';
import { cupedSlope, effectOf } from '../../src/measurement/stats/sequence.ts';

const YEAR_DAYS = 365;
/** Every night the last six weeks and the day that is new are counted anew (measuring.ts). */
const REMEASURED_DAYS = 46;
/** Visits of a customer in 90 days: median, and deviation of the logarithm; the most a shop sees of anybody. */
const VISITS = { median: 3, deviation: 0.8, most: 40 };
/** Mean receipt in cents, deviation of its logarithm between customers, and from one window to the next. */
const RECEIPT = { median: 2200, deviation: 0.5, noise: 0.35 };
/** The windows after lie in a better season than those before: the line through the past does not know it. */
const SEASON = 1.15;
/** Who buys a lot is written to first: days until somebody with one visit in 90 days is. */
const FIRST_MESSAGE_DAYS = 150;

/** A customer of the year: when the window after the first message ended, and what was spent before, earlier and after, in cents. */
interface Subject {
  readonly endedOn: number;
  readonly isTreated: boolean;
  readonly earlier: number;
  readonly before: number;
  readonly after: number;
  /** What being written to brings in expectation. */
  readonly trueEffect: number;
}

/** What is known of a programme at the end of a day, and what is true of those who were counted. */
export interface ProgrammeDay extends Running {
  readonly control: number;
  /** Mean true effect in cents of the customers counted until then. */
  readonly truth: number;
  /** What they spend in a window without messages. */
  readonly meanSpend: number;
}

export interface SimulatedProgramme {
  readonly customers: number;
  readonly controlShare: number;
  /** How much more is spent by whoever is written to, in shares. */
  readonly lift: number;
  /** Share of households in which two customers live, who share the lot and buy alike. */
  readonly pairShare?: number;
}

/**
 * One control year of a shop whose truth is known: each customer is written to or left out for the year by lot, and counts once, with the
 * spend of the 90 days after the first message. Counted night by night as `measureProgrammes` does it: less what the line through
 * the spend of earlier days foretold, the last six weeks anew each night. Calls `look` at the end of each day.
 */
export function liveProgramme(
  random: Random,
  shop: SimulatedProgramme,
  look: (day: ProgrammeDay) => void,
): void {
  const days = Array.from({ length: YEAR_DAYS }, (): Subject[] => []);
  for (let customer = 0; customer < shop.customers;) {
    const household = drawHousehold(random, shop);
    for (let member = 0; member < household.members; member++, customer++) {
      const subject = drawSubject(random, household, shop.lift);
      days[subject.endedOn]?.push(subject);
    }
  }
  const settled = new Sums(shop.controlShare);
  for (let day = 0; day < YEAR_DAYS; day++) {
    const first = Math.max(0, day - REMEASURED_DAYS + 1);
    const span = days.slice(first, day + 1).flat();
    const line = lineThrough(span);
    const sums = settled.copy();
    for (const subject of span) sums.add(subject, line);
    if (sums.count > 0) look(sums.known());
    if (first === day - REMEASURED_DAYS + 1) for (const subject of days[first]!) settled.add(subject, line);
  }
}

interface Household {
  readonly members: number;
  readonly isTreated: boolean;
  /** Visits of each member in 90 days, and the mean receipt in cents. */
  readonly visits: number;
  readonly receipt: number;
}

function drawHousehold(
  random: Random,
  { controlShare, pairShare = 0 }: Pick<SimulatedProgramme, 'controlShare' | 'pairShare'>,
): Household {
  return {
    members: pairShare > 0 && random.next() < pairShare ? 2 : 1,
    visits: Math.min(VISITS.median * Math.exp(VISITS.deviation * random.normal()), VISITS.most),
    receipt: RECEIPT.median * Math.exp(RECEIPT.deviation * random.normal()),
    isTreated: random.next() >= controlShare,
  };
}

function drawSubject(random: Random, { isTreated, visits, receipt }: Household, lift: number): Subject {
  const spend = (expected: number): number =>
    poisson(random, expected) * receipt * Math.exp(RECEIPT.noise * random.normal() - RECEIPT.noise ** 2 / 2);
  return {
    endedOn: Math.floor((-Math.log(1 - random.next()) * FIRST_MESSAGE_DAYS) / visits),
    isTreated,
    earlier: spend(visits),
    before: spend(visits),
    after: spend(visits * SEASON * (isTreated ? 1 + lift : 1)),
    trueEffect: visits * SEASON * lift * receipt,
  };
}

interface Line {
  readonly slope: number;
  readonly base: number;
}

/** Spend on the spend of as many days before, both before the lot (CUPED, planner.md A4). */
function lineThrough(subjects: readonly Subject[]): Line {
  const before = subjects.map((subject) => subject.before);
  const earlier = subjects.map((subject) => subject.earlier);
  const slope = cupedSlope(before, earlier);
  const rest = before.reduce((sum, cents, place) => sum + cents - slope * earlier[place]!, 0);
  return { slope, base: rest / Math.max(before.length, 1) };
}

class Sums {
  readonly #controlShare: number;
  count = 0;
  #sum = 0;
  #squareSum = 0;
  #control = 0;
  #trueEffects = 0;
  #spend = 0;

  constructor(controlShare: number) {
    this.#controlShare = controlShare;
  }

  copy(): Sums {
    const other = new Sums(this.#controlShare);
    other.count = this.count;
    other.#sum = this.#sum;
    other.#squareSum = this.#squareSum;
    other.#control = this.#control;
    other.#trueEffects = this.#trueEffects;
    other.#spend = this.#spend;
    return other;
  }

  add({ isTreated, before, after, trueEffect }: Subject, { slope, base }: Line): void {
    const effect = effectOf({
      isTreated,
      chanceTreated: 1 - this.#controlShare,
      outcome: after,
      forecast: base + slope * before,
    });
    this.count += 1;
    this.#sum += effect;
    this.#squareSum += effect * effect;
    this.#control += isTreated ? 0 : 1;
    this.#trueEffects += trueEffect;
    this.#spend += before * SEASON;
  }

  known(): ProgrammeDay {
    return {
      count: this.count,
      sum: this.#sum,
      squareSum: this.#squareSum,
      control: this.#control,
      truth: this.#trueEffects / this.count,
      meanSpend: this.#spend / this.count,
    };
  }
}

/** D. E. Knuth, The Art of Computer Programming 2, 3.4.1: as many uniform numbers as it takes their product to fall below e^−mean. */
function poisson(random: Random, mean: number): number {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > least; product *= random.next()) count++;
  return count;
}
