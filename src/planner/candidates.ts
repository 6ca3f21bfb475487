import type { CampaignRow } from '../campaigns/actions.ts';
import type { DueClock } from '../clocks/rules.ts';
import { isCertifiedMail } from '../contacts/rules.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import type { GateFacts, MessageClass } from '../pressure/rules.ts';
import { ageOn } from '../pressure/rules.ts';
import type { PastMessageRow, PersonRow, PressureRow } from './queries.ts';
import { expectedValueCents, meanReceiptCents, upliftOf } from './rules.ts';

const CHANNEL = 'email';

/** Days for which a refusal of a person counts: the shopkeeper said no to this need, not for ever. */
const REFUSAL_DAYS = 14;

/** A reason to write to a contact, before anybody asked whether one may. */
export interface Proposal {
  readonly contactId: number;
  readonly source: string;
  readonly messageClass: MessageClass;
  readonly categoryId: number | null;
  readonly campaign: CampaignRow | null;
  readonly clock: DueClock | null;
  /** Chance of a purchase within the window without a message; null where no clock says it. */
  readonly probability: number | null;
}

/** What is known about the people of the proposals, read in a few set-based queries. */
export interface PlanFacts {
  readonly day: Day;
  readonly people: ReadonlyMap<number, PersonRow>;
  readonly pressure: ReadonlyMap<number, PressureRow>;
  readonly past: ReadonlyMap<string, PastMessageRow>;
  readonly suppressedContacts: ReadonlySet<number>;
  readonly sensitiveCategories: ReadonlySet<number>;
  readonly shopMeanReceiptCents: number;
  readonly marginShare: number;
  readonly hasSender: boolean;
  readonly isShopClosed: boolean;
}

export const pastKey = (contactId: number, source: string): string => `${contactId} ${source}`;

export function proposalOfClock(clock: DueClock): Proposal {
  return {
    contactId: clock.contactId,
    source: `clock:${clock.categoryId}`,
    messageClass: 'promotion',
    categoryId: clock.categoryId,
    campaign: null,
    clock,
    probability: clock.probability,
  };
}

export function proposalOfCampaign(campaign: CampaignRow, contactId: number): Proposal {
  return {
    contactId,
    source: `campaign:${campaign.campaign_id}`,
    messageClass: campaign.class,
    categoryId: null,
    campaign,
    clock: null,
    probability: null,
  };
}

/** Expected value of a proposal in cents: by the clock's probability, or by the campaign's stated uplift. */
export function valueOf(proposal: Proposal, facts: PlanFacts): number {
  const person = facts.people.get(proposal.contactId);
  const receipt = meanReceiptCents(
    person?.visit_count ? (person.total_cents ?? 0) : 0,
    person?.visit_count ?? 0,
    facts.shopMeanReceiptCents,
  );
  const uplift =
    proposal.probability === null
      ? (proposal.campaign?.expected_uplift ?? 0)
      : upliftOf(proposal.probability, CHANNEL);
  return expectedValueCents({
    uplift,
    meanReceiptCents: receipt,
    marginShare: facts.marginShare,
    channel: CHANNEL,
  });
}

/** Everything the gates look at, for one proposal. */
export function gateFactsOf(proposal: Proposal, facts: PlanFacts, valueCents: number): GateFacts {
  const person = facts.people.get(proposal.contactId);
  const pressure = facts.pressure.get(proposal.contactId);
  const past = facts.past.get(pastKey(proposal.contactId, proposal.source));
  const address = person?.email
    ? {
        isVerified: person.is_verified === true,
        isUnreachable: person.is_unreachable === true,
        isCertifiedMail: isCertifiedMail(person.email),
      }
    : null;
  return {
    messageClass: proposal.messageClass,
    channel: CHANNEL,
    usesPurchases: proposal.clock !== null || proposal.campaign?.audience.kind === 'buyers',
    isSensitiveCategory: proposal.categoryId !== null && facts.sensitiveCategories.has(proposal.categoryId),
    isSuppressed: facts.suppressedContacts.has(proposal.contactId),
    marketing: person?.marketing ?? 'unknown',
    marketingChannels: person?.channels ?? [],
    profiling: person?.profiling ?? 'unknown',
    address,
    ageYears: person?.birth_date ? ageOn(person.birth_date, isoFromDay(facts.day)) : null,
    announcesReduction: proposal.campaign?.announces_reduction ?? false,
    hasLowestPrice: (proposal.campaign?.lowest_price_30_cents ?? null) !== null,
    hasSender: facts.hasSender,
    isChannelConnected: true,
    hasRefusedThisNeed: isRecentRefusal(past, facts.day),
    wasRemindedOfThisNeed: wasReminded(proposal, past),
    hasBoughtMeanwhile: false,
    isShopClosed: facts.isShopClosed,
    hasSlotToday: pressure?.has_slot ?? false,
    messagesIn14Days: pressure?.in_14_days ?? 0,
    messagesIn90Days: pressure?.in_90_days ?? 0,
    valueCents,
  };
}

function isRecentRefusal(past: PastMessageRow | undefined, day: Day): boolean {
  return typeof past?.refused_on === 'string' && day - dayFromIso(past.refused_on) < REFUSAL_DAYS;
}

/** One reminder for each need: since the last purchase for a clock, once for a campaign. */
function wasReminded(proposal: Proposal, past: PastMessageRow | undefined): boolean {
  if (typeof past?.reminded_on !== 'string') return false;
  return proposal.clock === null || dayFromIso(past.reminded_on) > proposal.clock.lastDay;
}
