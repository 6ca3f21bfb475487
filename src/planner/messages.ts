import type { DueClock } from '../clocks/rules.ts';
import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, instantOfDay, isoFromDay } from '../kernel/day.ts';
import type { OpeningHours } from '../pressure/rules.ts';
import { hoursOn } from '../pressure/rules.ts';
import type { Source } from './candidates.ts';
import type { CandidatePersonRow } from './fact-queries.ts';
import * as queries from './queries.ts';
import type { ValueTerms } from './rules.ts';
import { factsOfProposal } from './words.ts';
import { openWriter } from './writer.ts';

/**
 * Days that an approved message may wait for a mail server that is down, or for a person to post it or to reach somebody; then it is stale
 * and expires.
 */
const SEND_WITHIN_DAYS: Readonly<Partial<Record<Channel, number>>> = { email: 2, letter: 4, phone: 6 };
const SEND_WITHIN_DAYS_ELSE = 2;

/** A message that the plan chose for today. */
export interface Proposal {
  readonly contactId: number;
  readonly source: Source;
  readonly channel: Channel;
  /** Days until a message of the channel arrives. */
  readonly leadDays: number;
  readonly clock: DueClock | null;
  readonly valueCents: number;
  readonly terms: ValueTerms;
  /** Days by which the lot of send days held the need back; null: not part of that trial. */
  readonly heldBackDays: number | null;
  /** Chance of any purchase in 14 days without a message, and the spend that goes with it. */
  readonly forecast: number;
  readonly forecastCents: number;
}

interface PlanWriting {
  readonly day: Day;
  /** Whose messages are written anew; null: everybody's. */
  readonly contactIds: readonly number[] | null;
  readonly now: Date;
  readonly people: ReadonlyMap<number, CandidatePersonRow>;
  readonly opening: OpeningHours;
  readonly timeZone: string;
  readonly chosen: readonly Proposal[];
}

/** Keeps the day's undecided messages that the new plan chooses again, deletes the others, adds what is new. */
export async function writeMessages(transaction: Connection, plan: PlanWriting): Promise<void> {
  const keyOf = (contactId: number, source: string, channel: string): string =>
    `${contactId} ${source} ${channel}`;
  const planned = await queries.selectPlanned(transaction, isoFromDay(plan.day), plan.contactIds);
  const plannedKeys = new Set(planned.map((row) => keyOf(row.contact_id, row.source, row.channel)));
  const keptKeys = new Set<string>();
  const fresh = plan.chosen.filter(({ contactId, source, channel }) => {
    const key = keyOf(contactId, source.key, channel);
    if (plannedKeys.has(key)) keptKeys.add(key);
    return !plannedKeys.has(key);
  });
  await queries.deletePlanned(
    transaction,
    planned.filter((row) => !keptKeys.has(keyOf(row.contact_id, row.source, row.channel))),
  );
  if (fresh.length === 0) return;
  const channels = new Set(fresh.map(({ channel }) => channel));
  const write = await openWriter(transaction, { day: plan.day, channels, now: plan.now });
  const hours = sendingHours(plan);
  const messages = fresh.map((proposal) => {
    const { contactId, source, channel, clock, valueCents } = proposal;
    const person = plan.people.get(contactId);
    const words = write(proposal, person);
    return {
      contact_id: contactId,
      store_id: person?.store_id ?? null,
      source: source.key,
      class: source.messageClass,
      channel,
      category_id: source.categoryId,
      campaign_id: source.campaign?.campaign_id ?? null,
      template_id: words.templateId,
      value_cents: valueCents,
      probability: clock?.probability ?? null,
      cost_cents: proposal.terms.cost,
      facts: factsOfProposal(proposal),
      forecast: proposal.forecast,
      forecast_cents: proposal.forecastCents,
      held_back_days: proposal.heldBackDays,
      subject: words.subject,
      opening: words.opening,
      ...hours(proposal),
    };
  });
  await queries.insertMessages(transaction, isoFromDay(plan.day), messages, plan.now);
}

/** When an approved message may leave: from the channel's first hour of its day until its need or promotion ends, two days at most. */
function sendingHours({
  day,
  opening,
  timeZone,
}: PlanWriting): (proposal: Proposal) => { send_after: Date; send_before: Date } {
  const known = new Map<string, { send_after: Date; send_before: Date }>();
  return ({ source, clock, channel, leadDays }) => {
    const longest = SEND_WITHIN_DAYS[channel] ?? SEND_WITHIN_DAYS_ELSE;
    const later = Math.min(lastDayOf(source, clock) - leadDays - day, longest);
    const name = `${channel} ${later}`;
    const found = known.get(name);
    if (found) return found;
    const open = Array.from({ length: Math.max(later, 0) + 1 }, (_, ahead) => day + ahead).flatMap((one) => {
      const hours = hoursOn(channel, one, opening);
      return hours ? [{ day: one, ...hours }] : [];
    });
    const [first, last] = [open[0] ?? { day, ...opening.shop }, open.at(-1) ?? { day, ...opening.shop }];
    const span = {
      send_after: instantOfDay(first.day, first.from, timeZone),
      send_before: instantOfDay(last.day, last.until, timeZone),
    };
    known.set(name, span);
    return span;
  };
}

function lastDayOf({ campaign }: Source, clock: DueClock | null): Day {
  if (clock) return clock.dueTo;
  return campaign ? dayFromIso(campaign.ends_on) : Number.POSITIVE_INFINITY;
}
