/** Cost of one e-mail in cents (priors.md 2). */
export const EMAIL_COST_CENTS = 0.1;

/** What a contact who leaves would still have brought, in cents (priors.md 2). */
const RESIDUAL_VALUE_CENTS = 2000;

/** Receipts by which a person's own mean is drawn towards the shop's. */
const MEAN_RECEIPT_PSEUDO_COUNT = 3;

/**
 * What a message that is put off loses with every day: the person may leave, or forget the shop, before it goes. To verify; small enough
 * that it only decides between days that are otherwise alike.
 */
const LOST_PER_DAY = 0.002;

/**
 * Extra probability of a purchase because of a message: S − S^θ with S = 1 − p, the chance of no purchase without
 * the message, and θ the hazard ratio of such a message (planner.md A2).
 */
export function upliftOf(probability: number, logHazardRatio: number): number {
  const stays = Math.min(Math.max(1 - probability, 0), 1);
  return stays - stays ** Math.exp(logHazardRatio);
}

/** Mean receipt of a person in cents, shrunk towards the shop's by three pseudo-receipts. */
export function meanReceiptCents(totalCents: number, receiptCount: number, shopMeanCents: number): number {
  return (
    (Math.max(totalCents, 0) + MEAN_RECEIPT_PSEUDO_COUNT * shopMeanCents) /
    (receiptCount + MEAN_RECEIPT_PSEUDO_COUNT)
  );
}

/** What a message is expected to bring and to cost, in cents (planner.md A2). */
export interface ValueTerms {
  /** Extra probability of a purchase because of the message. */
  readonly uplift: number;
  /** Margin of the extra purchases. */
  readonly margin: number;
  /** Sending it. */
  readonly cost: number;
  /** What is lost with those who leave because of it. */
  readonly fatigue: number;
}

/** The terms of a message's value (priors.md 2, "Value rule to start with"). */
export function valueTerms(options: {
  /** Extra probability of a purchase because of the message. */
  readonly uplift: number;
  readonly meanReceiptCents: number;
  readonly marginShare: number;
  /** Sending one message on the channel. */
  readonly costCents: number;
  /** Chance that the person leaves because of the message. */
  readonly leaving: number;
}): ValueTerms {
  return {
    uplift: options.uplift,
    margin: options.marginShare * options.meanReceiptCents * options.uplift,
    cost: options.costCents,
    fatigue: options.leaving * RESIDUAL_VALUE_CENTS,
  };
}

export const totalOf = ({ margin, cost, fatigue }: ValueTerms): number => margin - cost - fatigue;

/**
 * What a message is worth when it goes so many days ahead, seen from today: it only goes if nothing was bought by then, and what is
 * put off may never go.
 */
export function worthAhead(valueCents: number, daysAhead: number, chanceStillOpen: number): number {
  return valueCents * chanceStillOpen * (1 - LOST_PER_DAY * daysAhead);
}

/**
 * What a message takes from the days beyond the horizon, in shares of the mean value of a message: a cap of `max` in W days has one place
 * less there, for the part of W that reaches beyond. Its last place earns something when at least `max` needs come up in W days;
 * `needs` in a horizon, coming as a Poisson process, say how likely that is (planner.md B10: beyond it a slot costs what it would earn).
 */
export function slotShare(options: {
  readonly daysAhead: number;
  readonly horizonDays: number;
  readonly cap: { readonly max: number; readonly days: number };
  readonly needs: number;
}): number {
  const { daysAhead, horizonDays, cap, needs } = options;
  const beyond = Math.max(0, daysAhead + cap.days - horizonDays);
  return (beyond / cap.days) * atLeast(cap.max, (needs * cap.days) / horizonDays);
}

/** P(N ≥ n) for a Poisson variable with a mean. */
function atLeast(n: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let k = 0; k < n; k++) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}

/** A value at a day between anchor days, by a straight line; beyond the last one, as there. */
export function between(
  anchors: readonly number[],
  valueAt: (anchor: number) => number,
  day: number,
): number {
  let next = 1;
  while (next < anchors.length - 1 && anchors[next]! < day) next++;
  const [from, to] = [anchors[next - 1]!, anchors[next]!];
  const share = Math.min(Math.max((day - from) / (to - from), 0), 1);
  return (1 - share) * valueAt(next - 1) + share * valueAt(next);
}

/**
 * Chance that nothing was bought in the days before `day`, from chances within 14 days of anchor days that each suppose nothing until
 * then: the hazard of each fortnight is taken to be even.
 */
export function chanceStillOpen(
  anchors: readonly number[],
  chanceAt: (anchor: number) => number,
  day: number,
): number {
  let logOpen = 0;
  for (let anchor = 0; anchor < anchors.length - 1 && anchors[anchor]! < day; anchor++) {
    const days = Math.min(day, anchors[anchor + 1]!) - anchors[anchor]!;
    logOpen += (days / 14) * Math.log1p(-Math.min(chanceAt(anchor), 1 - 1e-9));
  }
  return Math.exp(logOpen);
}
