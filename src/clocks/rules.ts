import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayInWords } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import type { GapDistribution, RenewalParameters, RenewalScore } from './gap.ts';
import { conditionalDay, gapDistribution, renewalScore } from './gap.ts';
import type { Habit } from './window.ts';
import { withHabit } from './window.ts';

export {
  conditionalDay,
  gapDistribution,
  gapQuantile,
  gapSurvival,
  HORIZON_DAYS,
  LONGEST_GAP_DAYS,
  parametersFromPrior,
  PRIOR_A,
  PRIOR_B,
  PRIOR_KAPPA,
  renewalProbability,
  renewalScore,
  SHORTEST_GAP_DAYS,
} from './gap.ts';
export type { GapDistribution, RenewalParameters, RenewalScore, RenewalState } from './gap.ts';
export { dueWindow, nextFixedDay, WINDOW_CLOSING_QUANTILE, WINDOW_OPENING, withHabit } from './window.ts';
export type { DueWindow, Habit } from './window.ts';

/** Discount per event of the gap sums (clocks.md 5.1). */
export const DISCOUNT = 0.85;

/** Time constants in days of the decayed purchase counts. */
export const DECAY_DAYS = [15, 30, 60, 120, 240] as const;

const BAND = [0.1, 0.9] as const;
/** Days ahead on which the chance of a purchase is looked at; between them it is taken to change evenly. */
export const ANCHOR_DAYS = [0, 7, 14, 21, 28, 35, 42] as const;

/** From so many purchases on a person's own gaps speak. */
export const OWN_RHYTHM_PURCHASES = 3;

/** Statistics of one contact × category (clocks.md 5.1). Days are local day numbers, sums are of natural logarithms. */
export interface ClockState {
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly purchaseCount: number;
  readonly logGapSum: number;
  readonly discountedGapCount: number;
  readonly discountedLogGapSum: number;
  readonly discountedLogGapSquareSum: number;
  readonly decayed: readonly number[];
  readonly quantitySum: number;
  readonly lastQuantity: number;
}

/**
 * Folds one purchase day into a clock, in O(1) (clocks.md 5.1). `day` must not precede the last one; a second purchase
 * on the last day only adds quantity. A null state is a first purchase.
 */
export function foldPurchase(state: ClockState | null, day: Day, quantity: number): ClockState {
  if (state === null) return firstPurchase(day, quantity);
  if (day < state.lastDay) throw new RangeError('purchases are folded in the order of their days');
  if (day === state.lastDay) {
    return {
      ...state,
      quantitySum: state.quantitySum + quantity,
      lastQuantity: state.lastQuantity + quantity,
    };
  }
  const gap = day - state.lastDay;
  const logGap = Math.log(gap);
  return {
    firstDay: state.firstDay,
    lastDay: day,
    purchaseCount: state.purchaseCount + 1,
    logGapSum: state.logGapSum + logGap,
    discountedGapCount: DISCOUNT * state.discountedGapCount + 1,
    discountedLogGapSum: DISCOUNT * state.discountedLogGapSum + logGap,
    discountedLogGapSquareSum: DISCOUNT * state.discountedLogGapSquareSum + logGap * logGap,
    decayed: state.decayed.map((count, index) => count * Math.exp(-gap / (DECAY_DAYS[index] ?? 1)) + 1),
    quantitySum: state.quantitySum + quantity,
    lastQuantity: quantity,
  };
}

function firstPurchase(day: Day, quantity: number): ClockState {
  return {
    firstDay: day,
    lastDay: day,
    purchaseCount: 1,
    logGapSum: 0,
    discountedGapCount: 0,
    discountedLogGapSum: 0,
    discountedLogGapSquareSum: 0,
    decayed: DECAY_DAYS.map(() => 1),
    quantitySum: quantity,
    lastQuantity: quantity,
  };
}

/** What is said about a clock: shown on Oggi and the profile, and kept with a message as its reason. */
export interface ClockFacts {
  readonly categoryName: string;
  readonly purchaseCount: number;
  readonly lastDay: Day;
  readonly typicalGapDays: number;
  /** Band that holds the next purchase 8 times out of 10, given silence until today. */
  readonly likelyFrom: Day;
  readonly likelyTo: Day;
  readonly medianDay: Day;
  /** Whether the person's own gaps speak, or still the habit of others. */
  readonly ownRhythm: boolean;
  /** Until when the person said that it still lasts; absent when nothing was said since the last purchase. */
  readonly lastsUntil?: Day;
}

/** A clock whose window is open, with its score. */
export interface DueClock extends ClockFacts {
  readonly contactId: number;
  readonly categoryId: number;
  readonly firstDay: Day;
  readonly lastQuantity: number;
  readonly dueFrom: Day;
  readonly dueTo: Day;
  readonly probability: number;
  readonly alive: number;
}

/** What the distribution of the next gap and the facts of a clock are made from. */
export type SeenClock = Pick<
  ClockState,
  'lastDay' | 'purchaseCount' | 'discountedGapCount' | 'discountedLogGapSum'
>;

/** The facts of a clock on a day. What the person said still lasts is silence that has already been promised. */
export function describeClock(
  clock: SeenClock,
  category: { readonly name: string; readonly parameters: RenewalParameters; readonly habit: Habit },
  today: Day,
  lastsUntil: Day | null = null,
): ClockFacts & RenewalScore {
  const distribution = distributionOf(clock, category, today);
  const known = Math.max(today, lastsUntil ?? today);
  return {
    ...scoreOf(clock, distribution, { parameters: category.parameters, today, lastsUntil }),
    categoryName: category.name,
    purchaseCount: clock.purchaseCount,
    lastDay: clock.lastDay,
    typicalGapDays: Math.max(1, Math.round(Math.exp(distribution.m))),
    likelyFrom: conditionalDay(distribution, clock.lastDay, known, BAND[0]),
    likelyTo: conditionalDay(distribution, clock.lastDay, known, BAND[1]),
    medianDay: conditionalDay(distribution, clock.lastDay, known, 0.5),
    ownRhythm: clock.purchaseCount >= OWN_RHYTHM_PURCHASES,
    ...(lastsUntil === null ? {} : { lastsUntil }),
  };
}

/** The chance of a purchase in the days to come and of being alive, by the renewal clock alone. */
export function scoreClock(
  clock: SeenClock,
  category: { readonly parameters: RenewalParameters; readonly habit: Habit },
  today: Day,
  lastsUntil: Day | null = null,
): RenewalScore {
  const { parameters } = category;
  return scoreOf(clock, distributionOf(clock, category, today), { parameters, today, lastsUntil });
}

const scoreOf = (
  clock: SeenClock,
  distribution: GapDistribution,
  seen: { parameters: RenewalParameters; today: Day; lastsUntil: Day | null },
): RenewalScore =>
  renewalScore(distribution, {
    gapCount: clock.discountedGapCount,
    silenceDays: Math.max(seen.today - clock.lastDay, 0),
    promisedDays: seen.lastsUntil === null ? null : seen.lastsUntil - clock.lastDay,
    parameters: seen.parameters,
  });

/** The clock's distribution of the next gap, by its category's parameters and habit. */
export function distributionOf(
  clock: SeenClock,
  category: { readonly parameters: RenewalParameters; readonly habit: Habit },
  today: Day,
): GapDistribution {
  return withHabit(gapDistribution(clock, category.parameters), category.habit, {
    lastDay: clock.lastDay,
    today,
  });
}

/** A clock in words: "Compra capsule ogni 34 giorni circa; l’ultima volta il 3 ottobre; finirà verso il 6 novembre." */
export function explainClock(facts: ClockFacts, language: Language, today: Day): string {
  const key =
    facts.lastsUntil !== undefined && facts.lastsUntil >= today
      ? 'clock.still_lasts'
      : facts.purchaseCount === 1
        ? 'clock.one_purchase'
        : facts.medianDay <= today
          ? 'clock.overdue'
          : 'clock.rhythm';
  return sentence(key, language, {
    until: dayInWords(facts.lastsUntil ?? today, language, today),
    category: facts.categoryName.toLocaleLowerCase(language),
    count: facts.purchaseCount,
    gap: facts.typicalGapDays,
    last: dayInWords(facts.lastDay, language, today),
    expected: dayInWords(facts.medianDay, language, today),
  });
}
