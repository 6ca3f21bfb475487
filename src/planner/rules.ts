import type { GateReason } from '../pressure/rules.ts';

/** Prior of the log hazard ratio of a message by channel, until the shop's own no-sends speak (planner.md A7). */
const LOG_HAZARD_RATIO: Readonly<Record<string, number>> = {
  email: 0.14,
  sms: 0.2,
  whatsapp: 0.2,
  telegram: 0.2,
  letter: 0.25,
  phone: 0.4,
};

/** Probability that the person leaves because of one message, and cost of one message in cents (priors.md 2). */
const OPT_OUT_PROBABILITY: Readonly<Record<string, number>> = {
  email: 0.0025,
  sms: 0.007,
  whatsapp: 0.01,
  telegram: 0.0025,
  letter: 0,
  phone: 0.025,
};
const COST_CENTS: Readonly<Record<string, number>> = {
  email: 0.1,
  sms: 5,
  whatsapp: 5.7,
  telegram: 0,
  letter: 150,
  phone: 145,
};

/** What a contact who leaves would still have brought, in cents (priors.md 2). */
const RESIDUAL_VALUE_CENTS = 2000;

/** Receipts by which a person's own mean is drawn towards the shop's. */
const MEAN_RECEIPT_PSEUDO_COUNT = 3;

/** Cost in cents of one message on a channel. */
export function messageCostCents(channel: string): number {
  return COST_CENTS[channel] ?? 0;
}

/**
 * Extra probability of a purchase because of a message: S − S^θ with S = 1 − p, the chance of no purchase without
 * the message, and θ the hazard ratio of the channel (planner.md A2).
 */
export function upliftOf(probability: number, channel: string): number {
  const stays = Math.min(Math.max(1 - probability, 0), 1);
  return stays - stays ** Math.exp(LOG_HAZARD_RATIO[channel] ?? 0);
}

/** Mean receipt of a person in cents, shrunk towards the shop's by three pseudo-receipts. */
export function meanReceiptCents(totalCents: number, receiptCount: number, shopMeanCents: number): number {
  return (
    (Math.max(totalCents, 0) + MEAN_RECEIPT_PSEUDO_COUNT * shopMeanCents) /
    (receiptCount + MEAN_RECEIPT_PSEUDO_COUNT)
  );
}

/** Expected value of writing, in cents: margin × uplift − cost − loss by leaving (priors.md 2, "Value rule to start with"). */
export function expectedValueCents(options: {
  uplift: number;
  meanReceiptCents: number;
  marginShare: number;
  channel: string;
}): number {
  const leaving = (OPT_OUT_PROBABILITY[options.channel] ?? 0) * RESIDUAL_VALUE_CENTS;
  return (
    options.marginShare * options.meanReceiptCents * options.uplift -
    messageCostCents(options.channel) -
    leaving
  );
}

/** What was proposed for a contact, with the answer of the gates. */
export interface JudgedCandidate {
  readonly contactId: number;
  readonly source: string;
  readonly valueCents: number;
  readonly blockedBy: GateReason | null;
}

export interface Verdict {
  readonly verdict: 'planned' | 'outranked' | 'blocked';
  readonly reason: string;
}

/**
 * One verdict for each candidate, in the order given: a blocked one keeps its gate's reason; of those that passed,
 * the highest value per contact is planned (ties by source, so that the same input gives the same plan).
 */
export function arbitrate(candidates: readonly JudgedCandidate[]): Verdict[] {
  const best = new Map<number, JudgedCandidate>();
  for (const candidate of candidates) {
    if (candidate.blockedBy !== null) continue;
    const rival = best.get(candidate.contactId);
    if (!rival || isBetter(candidate, rival)) best.set(candidate.contactId, candidate);
  }
  return candidates.map((candidate) => {
    if (candidate.blockedBy !== null) return { verdict: 'blocked', reason: candidate.blockedBy };
    return best.get(candidate.contactId) === candidate
      ? { verdict: 'planned', reason: 'planned' }
      : { verdict: 'outranked', reason: 'arbitration.another_message' };
  });
}

function isBetter(candidate: JudgedCandidate, rival: JudgedCandidate): boolean {
  if (candidate.valueCents !== rival.valueCents) return candidate.valueCents > rival.valueCents;
  return candidate.source < rival.source;
}
