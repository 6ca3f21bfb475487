import type { UpcomingClocks } from '../clocks/actions.ts';
import { ANCHOR_DAYS } from '../clocks/rules.ts';
import type { Channel } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso } from '../kernel/day.ts';
import type { CountedMessage, GateReason, PressureGroups } from '../pressure/rules.ts';
import type { Candidates, Source } from './candidates.ts';
import type { ValueTerms } from './rules.ts';
import { between, upliftOf, valueTerms } from './rules.ts';

/** A channel that the shop can use, with what the plan needs to know of it. */
export interface PlanChannel {
  readonly channel: Channel;
  /** Days between sending and arriving: a letter leaves before the need opens. */
  readonly leadDays: number;
  /** Why it may not be used on a day so far ahead: the shop is closed, the channel rests; null where it may. */
  readonly closedBecause: (daysAhead: number) => GateReason | null;
  /** What one message costs, in cents. */
  readonly costCents: number;
  /** The limit on a day's messages that somebody of a store (null: of none) takes part in; null: as many as are useful. */
  readonly limitFor: (storeId: number | null) => DailyLimit | null;
}

/** Places of a channel on each day, for everybody or for the customers of a store. */
export interface DailyLimit {
  /** Its name among the limits of a plan (limit-names.ts). */
  readonly name: string;
  readonly perDay: number;
  /** Places of a day so far ahead that are taken already. */
  readonly takenOn: (daysAhead: number) => number;
}

/** A message that the plan does not move: had already, approved, or promised. Days ahead of today, negative for past ones. */
export interface FixedMessage {
  readonly daysAhead: number;
  /** Null: takes the day and counts against no cap, as after a person's no. */
  readonly message: CountedMessage | null;
}

/** Everything that the choice depends on, loaded beforehand. */
export interface PlanInputs {
  readonly day: Day;
  readonly candidates: Candidates;
  readonly clocks: UpcomingClocks;
  readonly channels: readonly PlanChannel[];
  readonly groups: PressureGroups;
  readonly marginShare: number;
  /** ln θ of a message about a category on a channel, as it is believed now. */
  readonly logHazardRatio: (categoryId: number | null, channel: Channel) => number;
  /** Extra purchases per message of a campaign on a channel; so much was expected when it was made. */
  readonly campaignUplift: (campaignId: number, channel: Channel, stated: number) => number;
  /** Chance that somebody leaves because of one message on a channel. */
  readonly leaving: (channel: Channel) => number;
  /** Expected receipt of a contact in cents, by its number among the candidates'. */
  readonly receiptCents: Float64Array;
  /** Channels of each candidate, as bits in the order of `channels`: those that the gates let pass, the customer's own first. */
  readonly allowed: Uint8Array;
  /** The channel that a contact asked for, as a number among `channels`, or −1. */
  readonly preferred: Int8Array;
  /** Days by which a candidate's need is held back within its window by lot; 0: none, or not part of the trial. */
  readonly heldBackDays: (candidate: number) => number;
  /** The store of each contact, by its number among the candidates'; null: none. */
  readonly stores: readonly (number | null)[];
  /** Contacts that plan as one: by themselves, or as a household. */
  readonly units: readonly (readonly number[])[];
  readonly fixed: ReadonlyMap<number, readonly FixedMessage[]>;
  /** Caps that contacts asked for. */
  readonly wishedCaps: ReadonlyMap<number, { readonly max: number; readonly days: number }>;
  /** What is left of each campaign's own limits, by campaign; null: none. */
  readonly campaignLimits: ReadonlyMap<
    number,
    { readonly messages: number | null; readonly cents: number | null; readonly least: number }
  >;
}

/** Chance of a purchase in the 14 days from an anchor day (ANCHOR_DAYS, by its number) on, as an upcoming clock says it. */
export const chanceAt = (clocks: UpcomingClocks, clock: number, anchor: number): number =>
  clocks.probabilities[clock * ANCHOR_DAYS.length + anchor]!;

/** The terms of a candidate's value by a channel, on a day so far ahead. */
export function termsOf(
  inputs: PlanInputs,
  { contact, candidate }: UnitCandidate,
  { channel, ahead }: { readonly channel: number; readonly ahead: number },
): ValueTerms {
  const { channels, receiptCents, marginShare, leaving } = inputs;
  const { channel: name, costCents } = channels[channel]!;
  return valueTerms({
    uplift: upliftAt(inputs, candidate, { channel: name, ahead }),
    meanReceiptCents: receiptCents[contact]!,
    marginShare,
    costCents,
    leaving: leaving(name),
  });
}

/** Of a need by its clock, of a campaign by what campaigns brought. */
function upliftAt(
  { candidates, clocks, logHazardRatio, campaignUplift }: PlanInputs,
  candidate: number,
  { channel, ahead }: { readonly channel: Channel; readonly ahead: number },
): number {
  const clock = candidates.clock[candidate]!;
  const { campaign, categoryId } = candidates.sources[candidates.source[candidate]!]!;
  if (clock < 0)
    return campaign ? campaignUplift(campaign.campaign_id, channel, campaign.expected_uplift) : 0;
  return upliftOf(
    between(ANCHOR_DAYS, (anchor) => chanceAt(clocks, clock, anchor), ahead),
    logHazardRatio(categoryId, channel),
  );
}

/** A candidate with the number of its contact. */
export interface UnitCandidate {
  readonly contact: number;
  readonly candidate: number;
}

/** Days ahead on which a message of a candidate may arrive, both included. */
export function windowOf(
  { candidates, clocks, day }: Pick<PlanInputs, 'candidates' | 'clocks' | 'day'>,
  candidate: number,
): { readonly from: number; readonly to: number } {
  const clock = candidates.clock[candidate]!;
  if (clock >= 0) return { from: clocks.dueFrom[clock]! - day, to: clocks.dueTo[clock]! - day };
  const { campaign } = candidates.sources[candidates.source[candidate]!]!;
  if (!campaign) return { from: 0, to: -1 };
  return { from: dayFromIso(campaign.starts_on) - day, to: dayFromIso(campaign.ends_on) - day };
}

/** The same without the days that the lot of send days keeps shut. */
export function openWindowOf(inputs: PlanInputs, candidate: number): ReturnType<typeof windowOf> {
  const { from, to } = windowOf(inputs, candidate);
  return { from: from + inputs.heldBackDays(candidate), to };
}

export function messageOf(source: Source, channel: Channel): CountedMessage {
  return { messageClass: source.messageClass, channel, kind: source.kind, tags: source.tags };
}
