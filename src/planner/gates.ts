import type { Channel } from '../kernel/channel.ts';
import type { GateFacts, GateReason, PersonFacts } from '../pressure/rules.ts';
import { judge, personFacts, refusalOfWish } from '../pressure/rules.ts';
import type { Source } from './candidates.ts';
import type { PlanFacts } from './facts.ts';
import { HORIZON_DAYS } from './horizon.ts';
import type { FixedMessage, PlanChannel, PlanInputs } from './inputs.ts';
import { messageOf, windowOf } from './inputs.ts';
import type { ReachFacts } from './reach.ts';
import { unreached } from './reach.ts';
import type { Verdict } from './verdicts.ts';

/** What the gates said of every candidate. */
export interface Judged {
  /** Channels on which it may go, as bits; 0: none. */
  readonly allowed: Uint8Array;
  /** Why not, on the channel that the customer asked for, else on the first, where there is none. */
  readonly blocked: (GateReason | null)[];
}

export function judgeAll(facts: PlanFacts): Judged {
  const { candidates, channels } = facts;
  const allowed = new Uint8Array(candidates.count);
  const blocked = new Array<GateReason | null>(candidates.count).fill(null);
  for (const [contact, contactId] of candidates.contactIds.entries()) {
    const row = facts.people.get(contactId);
    const person = personFacts(row, facts.day);
    const hasPlaces = channels.map(({ limitFor }) => limitFor(row?.store_id ?? null)?.perDay !== 0);
    for (let candidate = candidates.first[contact]!; candidate < candidates.first[contact + 1]!; candidate++)
      for (const [number, { channel }] of channels.entries()) {
        const isChannelConnected = hasPlaces[number]!;
        const reason = judge(
          gateFactsOf(facts, { contactId, person, candidate, channel, isChannelConnected }),
        );
        if (reason === null) allowed[candidate]! |= 1 << number;
        else if (channel === row?.preferred_channel || blocked[candidate] === null)
          blocked[candidate] = reason;
      }
  }
  for (let candidate = 0; candidate < candidates.count; candidate++)
    if (allowed[candidate] !== 0) blocked[candidate] = null;
  return { allowed, blocked };
}

interface JudgedMessage {
  readonly contactId: number;
  readonly person: PersonFacts;
  readonly candidate: number;
  readonly channel: Channel;
  /** Whether anybody works on it for this person's store. */
  readonly isChannelConnected: boolean;
}

/** Everything the gates look at, for one candidate on one channel. Caps, hours and value are the allocation's to see to. */
function gateFactsOf(
  facts: PlanFacts,
  { contactId, person, candidate, channel, isChannelConnected }: JudgedMessage,
): GateFacts {
  const { candidates, day } = facts;
  const source = candidates.sources[candidates.source[candidate]!]!;
  return {
    messageClass: source.messageClass,
    channel,
    usesPurchases: source.usesPurchases,
    isSensitiveCategory: source.isSensitive,
    ...person,
    ...reachOf(facts, { contactId, channel, person }),
    announcesReduction: source.campaign?.announces_reduction ?? false,
    hasLowestPrice: (source.campaign?.lowest_price_30_cents ?? null) !== null,
    hasSender: facts.hasSender || channel !== 'email',
    isChannelConnected,
    refusedByWish: refusalOfWish(facts.wishes.get(contactId), { day, topics: source.topics }),
    restsAfterReturnDays: facts.resting.has(contactId) ? facts.pressure.restAfterReturnDays : null,
    hasRefusedThisNeed: facts.past.isRefused[candidate] === 1,
    wasNotReached: channel === 'phone' && facts.past.isUnreached[candidate] === 1,
    wasRemindedOfThisNeed: wasReminded(facts, candidate, source),
    hasBoughtMeanwhile: false,
    isShopClosed: false,
    brokenRule: null,
    valueCents: 1,
  };
}

/** Where a channel reaches somebody: the e-mail address is read with the person, the others beside it. */
function reachOf(
  { reach, suppressed }: PlanFacts,
  { contactId, channel, person }: Pick<JudgedMessage, 'contactId' | 'channel' | 'person'>,
): ReachFacts {
  if (channel !== 'email') return reach.get(channel)?.get(contactId) ?? unreached;
  return { ...unreached, address: person.address, isSuppressed: suppressed.has(contactId) };
}

/** One reminder for each need: since the last purchase for a clock, once for a campaign. */
function wasReminded({ past, candidates, clocks }: PlanFacts, candidate: number, source: Source): boolean {
  const remindedOn = past.remindedOn[candidate]!;
  if (remindedOn === 0) return false;
  return source.kind === 'campaign' || remindedOn > clocks.lastDay[candidates.clock[candidate]!]!;
}

/**
 * Promises are counted and never held back (architecture.md): each takes the first day of its window on which the contact has no other
 * message that is not to be moved, and everything else is planned around it. A promise with a number of places ends with them.
 */
export function reservePromises(
  facts: PlanFacts,
  { allowed, blocked }: Judged,
  limits: PlanInputs['campaignLimits'],
): Map<number, NonNullable<Verdict['slot']>> {
  const { candidates, channels, past } = facts;
  const promised = new Map<number, NonNullable<Verdict['slot']>>();
  const left = new Map([...limits].map(([campaignId, { messages }]) => [campaignId, messages ?? Infinity]));
  for (const [contact, contactId] of candidates.contactIds.entries())
    for (
      let candidate = candidates.first[contact]!;
      candidate < candidates.first[contact + 1]!;
      candidate++
    ) {
      const source = candidates.sources[candidates.source[candidate]!]!;
      if (source.messageClass !== 'promise' || allowed[candidate] === 0) continue;
      const channel = 31 - Math.clz32(allowed[candidate]! & -allowed[candidate]!);
      allowed[candidate] = 0;
      const fixed = past.fixed.get(contactId) ?? [];
      const daysAhead = firstFreeDay(facts, candidate, { fixed, channel: channels[channel]! });
      if (daysAhead === null) continue;
      const campaignId = source.campaign?.campaign_id ?? 0;
      const places = left.get(campaignId) ?? Infinity;
      if (places < 1) {
        blocked[candidate] = 'limit.full';
        continue;
      }
      left.set(campaignId, places - 1);
      promised.set(candidate, { daysAhead, channel });
      const message = messageOf(source, channels[channel]!.channel);
      past.fixed.set(contactId, [...fixed, { daysAhead, message }]);
    }
  return promised;
}

function firstFreeDay(
  facts: PlanFacts,
  candidate: number,
  { fixed, channel }: { fixed: readonly FixedMessage[]; channel: PlanChannel },
): number | null {
  const { from, to } = windowOf(facts, candidate);
  for (let ahead = Math.max(from, 0); ahead <= Math.min(to, HORIZON_DAYS - 1); ahead++)
    if (channel.closedBecause(ahead) === null && fixed.every(({ daysAhead }) => daysAhead !== ahead))
      return ahead;
  return null;
}
