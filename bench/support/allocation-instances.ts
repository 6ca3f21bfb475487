import { OptionColumns } from '../../src/planner/allocation/columns.ts';
import type { Problem } from '../../src/planner/allocation/problem.ts';

/** The 32-bit congruential generator of planner.md B6. */
class Generator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (Math.imul(1664525, this.#state) + 1013904223) >>> 0;
    return (this.#state + 0.5) / 4294967296;
  }

  normal(): number {
    const length = Math.sqrt(-2 * Math.log(this.next()));
    return length * Math.cos(6.283185307 * this.next());
  }
}

const OFFERS = 6;
const CAMPAIGNS = 12;
const ONE_DAY_SEED = 7;

/** The instance of one day of planner.md B6: six offers on two channels, fourteen limits, one message each. */
export function oneDayInstance(contactCount: number): Problem {
  const random = new Generator(ONE_DAY_SEED);
  const perContact = OFFERS * 2;
  const value = new Float32Array(contactCount * perContact);
  const uses = new Int32Array(contactCount * perContact * 3);
  const amounts = new Float32Array(contactCount * perContact * 3);
  let option = 0;
  const add = (worth: number, entries: readonly (readonly [limit: number, amount: number])[]): void => {
    value[option] = worth;
    for (let place = 0; place < 3; place++) {
      uses[option * 3 + place] = entries[place]?.[0] ?? -1;
      amounts[option * 3 + place] = entries[place]?.[1] ?? 0;
    }
    option++;
  };
  for (let contact = 0; contact < contactCount; contact++) {
    const base = Math.exp(-1.5 + random.normal());
    for (let offer = 0; offer < OFFERS; offer++) {
      const campaign = 2 + Math.floor(CAMPAIGNS * random.next());
      const increment = base * Math.exp(0.8 * random.normal()) * 0.3 - 0.05;
      add(0.5 * increment, [
        [0, 0.0005],
        [1, 1],
        [campaign, 1],
      ]);
      add(0.9 * increment * (0.8 + 0.4 * random.next()) - 0.01, [
        [0, 0.05],
        [campaign, 1],
      ]);
    }
  }
  const limits = new Float64Array(2 + CAMPAIGNS);
  limits[0] = 0.008 * contactCount;
  limits[1] = 0.25 * contactCount;
  for (let campaign = 0; campaign < CAMPAIGNS; campaign++)
    limits[2 + campaign] = contactCount * (0.01 + 0.04 * random.next());
  return {
    contactCount,
    firstOption: Int32Array.from({ length: contactCount + 1 }, (_, contact) => contact * perContact),
    candidate: new Uint8Array(value.length),
    day: new Int16Array(value.length),
    groups: new Uint16Array(value.length),
    value,
    width: 3,
    uses,
    amounts,
    limits,
    shortfallCosts: new Float64Array(limits.length).fill(Infinity),
    rules: { caps: [], exclusions: [] },
    ownRules: new Map(),
    firstFixed: new Int32Array(contactCount + 1),
    fixedDays: new Int16Array(0),
    fixedGroups: new Uint16Array(0),
  };
}

const CHANNELS = 3;
const DAILY_PERIODS = 14;
const MANY_DAYS_SEED = 11;
/** Bits of `groups`: every message, then those of the channels with a cap of their own. */
const ANY = 0;
const TEXT = 1;
const LETTER = 2;
/** Messages a day for each hundred contacts: e-mail, text, letter. */
const PER_HUNDRED = [2.5, 0.8, 0.25];
const CAMPAIGNS_OF_DAYS = 6;

/** The default caps of priors.md 4: 1 in 14 days and 4 in 90 over all channels, 1 text in 30 days, 2 letters a year. */
export const defaultCaps = [
  { group: ANY, windowDays: 14, max: 1 },
  { group: ANY, windowDays: 90, max: 4 },
  { group: TEXT, windowDays: 30, max: 1 },
  { group: LETTER, windowDays: 365, max: 2 },
];

/** First days of the periods of a horizon: daily for a fortnight, then weekly. */
export const periodsOf = (days: number): number[] =>
  Array.from({ length: days }, (_, day) => day).filter((day) => day < DAILY_PERIODS || day % 7 === 0);

interface Wish {
  readonly opens: number;
  readonly length: number;
  readonly peak: number;
  readonly worth: number;
  readonly campaign: number;
}

/**
 * The instance of many days of planner.md B10. For each contact, in this order of draws: base = exp(−1.5 + nrm); 1 + ⌊(2.5 +
 * days/7) · rnd⌋ candidates, each with a window of 5 to 25 days that opens between ten days ago and the end of the
 * horizon, a worth of base · exp(.8 nrm) · .3 − .05 at a day inside, falling to half of it at the edges, and one of six
 * campaigns or none; text allowed to 60 %, letters to half; a past message with probability .4 in the last 30 days and .3 in
 * the 60 before. Channels reach .5, .7 and .9 of the worth at .0005, .02 and .05; each has a daily limit, each campaign one over the whole
 * horizon. What a message keeps closed beyond the horizon is charged at 3 % of the base a day.
 */
export function manyDaysInstance(contactCount: number, days: number): Problem {
  const random = new Generator(MANY_DAYS_SEED);
  const periodDays = periodsOf(days);
  const periods = periodDays.length;
  const columns = new OptionColumns(2);
  const firstOption = new Int32Array(contactCount + 1);
  const firstFixed = new Int32Array(contactCount + 1);
  const fixedDays: number[] = [];
  const fixedGroups: number[] = [];
  for (let contact = 0; contact < contactCount; contact++) {
    const base = Math.exp(-1.5 + random.normal());
    const count = 1 + Math.floor((2.5 + days / 7) * random.next());
    const wishes = Array.from({ length: count }, (): Wish => {
      const opens = Math.floor(random.next() * (days + 10)) - 10;
      const length = 5 + Math.floor(21 * random.next());
      return {
        opens,
        length,
        peak: opens + Math.floor(length * random.next()),
        worth: base * Math.exp(0.8 * random.normal()) * 0.3 - 0.05,
        campaign: Math.floor(random.next() * 2 * CAMPAIGNS_OF_DAYS),
      };
    });
    const allows = [true, random.next() < 0.6, random.next() < 0.5];
    if (random.next() < 0.4) addPast(-1 - Math.floor(30 * random.next()));
    if (random.next() < 0.3) addPast(-31 - Math.floor(60 * random.next()));
    for (let period = 0; period < periods; period++)
      for (const [candidate, wish] of wishes.entries()) addDay(period, candidate, wish, { base, allows });
    firstOption[contact + 1] = columns.count;
    firstFixed[contact + 1] = fixedDays.length;
  }
  function addPast(day: number): void {
    fixedDays.push(day);
    fixedGroups.push(1 << ANY);
  }
  function addDay(
    period: number,
    candidate: number,
    wish: Wish,
    { base, allows }: { base: number; allows: readonly boolean[] },
  ): void {
    const day = periodDays[period]!;
    if (day < wish.opens || day >= wish.opens + wish.length || wish.worth <= 0) return;
    const away =
      Math.abs(day - wish.peak) / Math.max(wish.peak - wish.opens, wish.opens + wish.length - wish.peak, 1);
    const worth = wish.worth * (1 - 0.5 * away);
    const beyond = 0.03 * 0.1 * base * Math.max(0, day + 14 - days);
    for (let channel = 0; channel < CHANNELS; channel++) {
      if (!allows[channel]) continue;
      const value = [0.5, 0.7, 0.9][channel]! * worth - [0.0005, 0.02, 0.05][channel]! - beyond;
      if (value <= 0) continue;
      const campaign = wish.campaign < CAMPAIGNS_OF_DAYS ? periods * CHANNELS + wish.campaign : -1;
      columns.add({ candidate, day, groups: (1 << ANY) | [0, 1 << TEXT, 1 << LETTER][channel]!, value });
      columns.use(period * CHANNELS + channel, 1);
      if (campaign >= 0) columns.use(campaign, 1);
    }
  }
  const limits = new Float64Array(periods * CHANNELS + CAMPAIGNS_OF_DAYS);
  for (let period = 0; period < periods; period++)
    for (let channel = 0; channel < CHANNELS; channel++)
      limits[period * CHANNELS + channel] = Math.max(
        1,
        Math.round(
          (contactCount / 100) *
            PER_HUNDRED[channel]! *
            ((periodDays[period + 1] ?? days) - periodDays[period]!),
        ),
      );
  for (let campaign = 0; campaign < CAMPAIGNS_OF_DAYS; campaign++)
    limits[periods * CHANNELS + campaign] = Math.max(1, Math.round((contactCount * days) / 600));
  return {
    contactCount,
    firstOption,
    ...columns.take(),
    limits,
    shortfallCosts: new Float64Array(limits.length).fill(Infinity),
    rules: { caps: defaultCaps, exclusions: [] },
    ownRules: new Map(),
    firstFixed,
    fixedDays: Int16Array.from(fixedDays),
    fixedGroups: Uint16Array.from(fixedGroups),
  };
}

/** Days of a promotion to everybody in `flatInstance`. */
const FLAT_DAYS = 21;

/**
 * Everybody is worth almost the same on each of 21 days, half have a need of their own besides, and a fiftieth of the contacts may be written to
 * on a day: the price of one day hardly differs from that of the next, and everybody's choice hangs on the difference.
 */
export function flatInstance(contactCount: number): Problem {
  const random = new Generator(MANY_DAYS_SEED);
  const starts = periodsOf(42);
  const columns = new OptionColumns(1);
  const firstOption = new Int32Array(contactCount + 1);
  const add = (candidate: number, period: number, value: number): void => {
    columns.add({ candidate, day: starts[period]!, groups: 1 << ANY, value });
    columns.use(period, 1);
  };
  for (let contact = 0; contact < contactCount; contact++) {
    const promotion = 10 * Math.exp(0.3 * random.normal());
    const need = random.next() < 0.5 ? 30 * Math.exp(0.4 * random.normal()) : 0;
    const opens = Math.floor(30 * random.next()) - 8;
    const closes = opens + 5 + Math.floor(20 * random.next());
    for (const [period, day] of starts.entries()) {
      if (day < FLAT_DAYS) add(0, period, promotion * (1 - 0.002 * day));
      if (need > 0 && day >= opens && day <= closes)
        add(1, period, need * (1 - 0.01 * Math.abs(day - (opens + closes) / 2)));
    }
    firstOption[contact + 1] = columns.count;
  }
  return {
    contactCount,
    firstOption,
    ...columns.take(),
    limits: Float64Array.from(
      starts,
      (day, period) => Math.round(contactCount / 50) * ((starts[period + 1] ?? 42) - day),
    ),
    shortfallCosts: new Float64Array(starts.length).fill(Infinity),
    rules: { caps: [{ group: ANY, windowDays: 14, max: 1 }], exclusions: [] },
    ownRules: new Map(),
    firstFixed: new Int32Array(contactCount + 1),
    fixedDays: new Int16Array(0),
    fixedGroups: new Uint16Array(0),
  };
}
