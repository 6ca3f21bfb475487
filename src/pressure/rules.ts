/**
 * The gates that every candidate passes, always in this order, each "no" with its name (architecture.md,
 * "Classes of message, and the order of gates"). The same list is executed by the planner, repeated at the last
 * look before sending, and printed for the shopkeeper. Gates whose facts no table holds yet (open conversation) join the
 * list, in their place, with the feature that brings the facts.
 */
import type { Channel } from '../kernel/channel.ts';
import type { ReasonText } from '../kernel/reason.ts';
import { reasonText } from '../kernel/reason.ts';

export type { PressureGroups } from './groups.ts';
export { bitsOf, groupsOf, GROUPS_MAX } from './groups.ts';
export { hoursOn, openingHours } from './hours.ts';
export type { Hours, OpeningHours, QuietRule } from './hours.ts';
export {
  brokenRule,
  capsOf,
  countedClasses,
  countedMessageOf,
  daysCounted,
  defaultPressure,
  isInScope,
  longestSpan,
  reasonOfCap,
  reasonOfWishedCap,
  refusalOfWish,
  topicsOf,
} from './limits.ts';
export type {
  CapRule,
  ContactWish,
  CountedMessage,
  MessageKind,
  PastMessage,
  Pressure,
  Scope,
} from './limits.ts';

export { addressFacts, ageOn, personFacts, refusalOfRegister } from './person.ts';
export type { PersonFacts, PersonRow, RegisterRow } from './person.ts';

/** Classes of message; a human reply is never gated. */
export type MessageClass = 'human_reply' | 'service' | 'subscription' | 'promise' | 'care' | 'promotion';

/** State of a consent purpose; unknown permits nothing (law.md CON-8). */
export type ConsentKnowledge = 'granted' | 'withdrawn' | 'unknown';

/** Everything the gates may look at, loaded beforehand. Counts of messages include those withheld by lot. */
export interface GateFacts {
  readonly messageClass: MessageClass;
  readonly channel: Channel;
  /** Whether the choice of this person used what they bought (needs profiling, law.md CON-5). */
  readonly usesPurchases: boolean;
  readonly isSensitiveCategory: boolean;
  readonly isSuppressed: boolean;
  readonly marketing: ConsentKnowledge;
  /** Channels consented to; an empty list means every channel. */
  readonly marketingChannels: readonly string[];
  /** Whether the shop's legitimate interest carries a letter to a customer who said nothing (law.md POS-1). */
  readonly hasLegitimateInterest: boolean;
  readonly profiling: ConsentKnowledge;
  readonly address: {
    readonly isVerified: boolean;
    readonly isUnreachable: boolean;
    readonly isCertifiedMail: boolean;
  } | null;
  /** Why the opposition register forbids it; null where it does not, or is not asked (refusalOfRegister). */
  readonly refusedByRegister: GateReason | null;
  /** Whole years, or null when no birth date was given. */
  readonly ageYears: number | null;
  readonly announcesReduction: boolean;
  readonly hasLowestPrice: boolean;
  readonly hasSender: boolean;
  readonly isChannelConnected: boolean;
  readonly hasRefusedThisNeed: boolean;
  /** Whether calls about it have found nobody in the last days. */
  readonly wasNotReached: boolean;
  readonly wasRemindedOfThisNeed: boolean;
  readonly hasBoughtMeanwhile: boolean;
  readonly isShopClosed: boolean;
  /** Why the customer does not want it: a pause, other topics; null where nothing was asked. */
  readonly refusedByWish: GateReason | null;
  /** Within so many days after something was brought back; null where nothing was. */
  readonly restsAfterReturnDays: number | null;
  /** The pressure rule that this message would break (limits.ts); null where there is room, or where the plan looks for it. */
  readonly brokenRule: GateReason | null;
  readonly valueCents: number;
}

/** Stable codes of every "no"; the message catalogue has a sentence `reason.<code>` for each. */
type GateCode =
  | 'suppression.address'
  | 'consent.marketing_unknown'
  | 'consent.marketing_withdrawn'
  | 'consent.channel_not_chosen'
  | 'address.missing'
  | 'address.no_number'
  | 'address.no_street'
  | 'address.certified_mail'
  | 'address.unreachable'
  | 'address.wrong_number'
  | 'address.unverified'
  | 'age.under_14'
  | 'profiling.not_granted'
  | 'profiling.sensitive_category'
  | 'register.listed'
  | 'register.check_old'
  | 'law.lowest_price_missing'
  | 'form.no_sender'
  | 'channel.not_connected'
  | 'need.refused'
  | 'need.not_reached'
  | 'need.reminded'
  | 'need.bought'
  | 'wish.paused'
  | 'wish.topic'
  | 'wish.cap'
  | 'pause.after_return'
  | 'hours.shop_closed'
  | 'hours.quiet_day'
  | 'caps.one_a_day'
  | 'caps.reached'
  | 'caps.exclusion'
  | 'limit.full'
  | 'limit.calls'
  | 'limit.letters'
  | 'value.too_small'
  | 'value.below_cost';

/** A code, with the particulars that its sentence needs. */
export type GateReason = ReasonText<GateCode>;

export interface Gate {
  readonly name: string;
  /** The reason why not, or null to let the candidate pass. */
  check(facts: GateFacts): GateReason | null;
}

const MINIMUM_AGE_YEARS = 14; // law.md CON-9

const needsConsent = (messageClass: MessageClass): boolean =>
  messageClass !== 'service' && messageClass !== 'human_reply';
const isCapped = (messageClass: MessageClass): boolean =>
  messageClass === 'care' || messageClass === 'promotion';

/** The gates in their order. */
export const gates: readonly Gate[] = [
  { name: 'suppression', check: (facts) => (facts.isSuppressed ? 'suppression.address' : null) },
  { name: 'lawful basis', check: checkConsent },
  { name: 'address', check: checkAddress },
  {
    name: 'age',
    check: (facts) =>
      needsConsent(facts.messageClass) && facts.ageYears !== null && facts.ageYears < MINIMUM_AGE_YEARS
        ? 'age.under_14'
        : null,
  },
  { name: 'profiling mask', check: checkProfiling },
  {
    name: 'opposition register',
    check: (facts) => (needsConsent(facts.messageClass) ? facts.refusedByRegister : null),
  },
  {
    name: 'law of the content',
    check: (facts) => (facts.announcesReduction && !facts.hasLowestPrice ? 'law.lowest_price_missing' : null),
  },
  { name: 'form', check: (facts) => (facts.hasSender ? null : 'form.no_sender') },
  { name: 'channel', check: (facts) => (facts.isChannelConnected ? null : 'channel.not_connected') },
  { name: 'pause', check: checkPause },
  { name: 'need', check: checkNeed },
  {
    name: 'hours',
    check: (facts) => (facts.isShopClosed && isCapped(facts.messageClass) ? 'hours.shop_closed' : null),
  },
  { name: 'caps', check: (facts) => (isCapped(facts.messageClass) ? facts.brokenRule : null) },
  {
    name: 'value',
    check: (facts) => (isCapped(facts.messageClass) && facts.valueCents <= 0 ? 'value.too_small' : null),
  },
];

/** Passes the candidate through every gate and returns the first reason why not, or null. */
export function judge(facts: GateFacts): GateReason | null {
  for (const gate of gates) {
    const reason = gate.check(facts);
    if (reason !== null) return reason;
  }
  return null;
}

function checkConsent(facts: GateFacts): GateReason | null {
  if (!needsConsent(facts.messageClass)) return null;
  if (facts.marketing === 'unknown')
    return facts.channel === 'letter' && facts.hasLegitimateInterest ? null : 'consent.marketing_unknown';
  if (facts.marketing === 'withdrawn') return 'consent.marketing_withdrawn';
  const isChosen = facts.marketingChannels.length === 0 || facts.marketingChannels.includes(facts.channel);
  return isChosen ? null : 'consent.channel_not_chosen';
}

const addressMissing: Readonly<Partial<Record<Channel, GateReason>>> = {
  phone: 'address.no_number',
  letter: 'address.no_street',
};

function checkAddress(facts: GateFacts): GateReason | null {
  const { address, channel } = facts;
  if (address === null) return addressMissing[channel] ?? 'address.missing';
  if (address.isUnreachable) return channel === 'phone' ? 'address.wrong_number' : 'address.unreachable';
  // A double opt-in is asked of what is written to electronically (law.md CON-6): a number is tried by calling it.
  if (!needsConsent(facts.messageClass) || channel === 'phone' || channel === 'letter') return null;
  if (address.isCertifiedMail) return 'address.certified_mail';
  return address.isVerified ? null : 'address.unverified';
}

function checkProfiling(facts: GateFacts): GateReason | null {
  if (!facts.usesPurchases) return null;
  if (facts.profiling !== 'granted') return 'profiling.not_granted';
  return facts.isSensitiveCategory ? 'profiling.sensitive_category' : null;
}

function checkNeed(facts: GateFacts): GateReason | null {
  if (facts.hasBoughtMeanwhile) return 'need.bought';
  if (facts.hasRefusedThisNeed) return 'need.refused';
  if (facts.wasNotReached) return 'need.not_reached';
  return facts.wasRemindedOfThisNeed ? 'need.reminded' : null;
}

function checkPause(facts: GateFacts): GateReason | null {
  if (!needsConsent(facts.messageClass)) return null;
  if (facts.refusedByWish !== null) return facts.refusedByWish;
  return isCapped(facts.messageClass) && facts.restsAfterReturnDays !== null
    ? reasonText('pause.after_return', { days: facts.restsAfterReturnDays })
    : null;
}
