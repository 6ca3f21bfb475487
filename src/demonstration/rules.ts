import type { Day } from '../kernel/day.ts';
import { isoFromDay, weekdayOf } from '../kernel/day.ts';
import type { Random } from '../kernel/random.ts';
import type { DemonstrationCategory } from './sectors.ts';

/**
 * How the invented people live. The truth is another mechanism than the fitted model: a stock at home that is used up day
 * by day, a need that is noticed late, the choice between this shop and a competitor whose sales nobody sees, and
 * forgetting. Nothing here draws a gap from a distribution.
 */
export interface Person {
  readonly number: number;
  readonly card: string;
  /** Chance of choosing this shop for a purchase. */
  readonly loyalty: number;
  /** Chance per day of noticing that something is out. */
  readonly attention: number;
  /** Chance per day of moving away or changing habits for good. */
  readonly departure: number;
  /** How much a message helps this person to notice and to choose the shop, 0 to 1: the true individual effect. */
  readonly response: number;
  hasLeft: boolean;
  /** Day of the last message that reached them. */
  lastMessageDay: Day | null;
  readonly homes: Home[];
}

/** One category in a person's home. */
export interface Home {
  readonly category: number;
  /** Packs used per day by this person in a month of mean use. */
  readonly use: number;
  /** Packs bought at a time, as a habit. */
  readonly habit: number;
  stock: number;
}

export interface Purchase {
  readonly person: Person | null;
  readonly day: Day;
  readonly receipt: number;
  readonly lines: readonly {
    readonly category: number;
    readonly product: number;
    readonly quantity: number;
    readonly discount: number;
  }[];
}

const MESSAGE_EFFECT_DAYS = 12;
const LOW_STOCK_DAYS = 4;
const ATTENTION_SPREAD = 0.6;
const USE_SPREAD = 0.45;

/** Packs that a firm buys at a time, and how much faster it uses them than a home. */
const FIRM_PACKS = 6;

/** A firm instead of a home: it buys one thing, many packs at a time, and soon notices when they run out. */
export function asFirm(person: Person, categories: readonly DemonstrationCategory[]): Person {
  const use = FIRM_PACKS / (categories[0]?.packDays ?? 30);
  const homes = [{ category: 0, use, habit: FIRM_PACKS, stock: FIRM_PACKS / 2 }];
  return { ...person, attention: 0.4, homes };
}

/** A person with their homes, from seeded chance. */
export function createPerson(
  number: number,
  categories: readonly DemonstrationCategory[],
  random: Random,
): Person {
  const homes = categories.flatMap((category, index): Home[] => {
    if (random.next() > category.share) return [];
    const use = Math.exp(USE_SPREAD * random.normal()) / category.packDays;
    return [{ category: index, use, habit: random.next() < 0.2 ? 2 : 1, stock: random.next() }];
  });
  return {
    number,
    card: cardOf(number),
    loyalty: 0.45 + 0.5 * random.next(),
    attention: Math.min(0.9, 0.12 * Math.exp(ATTENTION_SPREAD * random.normal())),
    departure: random.next() < 0.3 ? 0.0025 : 0.0004,
    response: random.next() ** 1.5,
    hasLeft: false,
    lastMessageDay: null,
    homes,
  };
}

/** A loyalty card of the shop: prefix 29 (restricted circulation), number, EAN-13 check digit. */
export function cardOf(number: number): string {
  const digits = `29${String(number).padStart(10, '0')}`;
  const sum = [...digits].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** Whether the shop is closed: Sundays, the main holidays, two weeks of August. */
export function isClosed(day: Day): boolean {
  const date = isoFromDay(day).slice(5);
  return (
    weekdayOf(day) === 7 ||
    (date >= '08-09' && date <= '08-22') ||
    ['01-01', '01-06', '04-25', '05-01', '06-02', '12-08', '12-25', '12-26'].includes(date)
  );
}

/**
 * One day of one person's life: stocks go down, what is low may be noticed, and a purchase is made here, at a competitor,
 * or put off. Returns the lines bought here; draws the same amount of chance whether or not a message came, so that two
 * runs that differ in messages only stay comparable.
 */
export function livePersonDay(
  person: Person,
  day: Day,
  categories: readonly DemonstrationCategory[],
  random: Random,
): Purchase['lines'] {
  const lives = random.next() >= person.departure;
  if (!lives) person.hasLeft = true;
  const isMoved = person.lastMessageDay !== null && day - person.lastMessageDay <= MESSAGE_EFFECT_DAYS;
  const help = isMoved ? person.response : 0;
  const attention = Math.min(0.95, person.attention * (1 + 1.5 * help));
  const loyalty = person.loyalty + (1 - person.loyalty) * 0.5 * help;
  const month = Number(isoFromDay(day).slice(5, 7)) - 1;
  const lines: { category: number; product: number; quantity: number; discount: number }[] = [];
  for (const home of person.homes) {
    const chance = {
      noise: random.normal(),
      notice: random.next(),
      shop: random.next(),
      pack: random.next(),
      product: random.next(),
    };
    const category = categories[home.category];
    if (!category || person.hasLeft) continue;
    const use = home.use * (category.season[month] ?? 1) * Math.exp(0.3 * chance.noise);
    home.stock = Math.max(0, home.stock - use);
    if (home.stock > home.use * LOW_STOCK_DAYS || chance.notice > attention || isClosed(day)) continue;
    const quantity = home.habit + (chance.pack < 0.08 ? 1 : 0);
    home.stock += quantity;
    if (chance.shop > loyalty) continue; // bought at a competitor: the till never sees it
    lines.push({
      category: home.category,
      product: Math.floor(chance.product * category.products.length),
      quantity,
      discount: 0,
    });
  }
  return lines;
}

/** The two weeks of August in which the shop is closed, last year's, this year's and the next. */
export function augustClosures(today: Day): { from: string; to: string; note: string }[] {
  const year = Number(isoFromDay(today).slice(0, 4));
  return [year - 1, year, year + 1].map((each) => ({
    from: `${each}-08-09`,
    to: `${each}-08-22`,
    note: 'Ferie',
  }));
}
