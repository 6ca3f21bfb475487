import { listStoreIds, loadHandSettings } from '../business/actions.ts';
import { suppressedAmong } from '../consent/actions.ts';
import { postalLinesOf } from '../contacts/rules.ts';
import type { Connection } from '../database/connection.ts';
import type { Channel, ChannelByHand } from '../kernel/channel.ts';
import { isByHand } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, dayOfInstant, instantOfDay, timeOfDay } from '../kernel/day.ts';
import { addressHash, newToken } from '../kernel/secret.ts';
import { assignAtRelease, loadEffects } from '../measurement/actions.ts';
import { loadOpeningHours, loadPressure, loadResting, loadWishes } from '../pressure/actions.ts';
import type { ContactWish, GateFacts, OpeningHours, PastMessage, Pressure } from '../pressure/rules.ts';
import {
  brokenRule,
  countedMessageOf,
  hoursOn,
  judge,
  longestSpan,
  personFacts,
  refusalOfRegister,
  refusalOfWish,
  topicsOf,
} from '../pressure/rules.ts';
import type { FrozenContent, Stationery } from '../rendering/actions.ts';
import { freezeMessage, openStationery } from '../rendering/actions.ts';
import { insertErrand } from './errand-queries.ts';
import { assignCaller } from './hand.ts';
import type { ClaimedRow, MessageReference } from './queries.ts';
import * as queries from './queries.ts';
import type { ReleaseRow } from './release-queries.ts';
import { lockForRelease, selectPastMessages } from './release-queries.ts';
import { isWithinHours } from './rules.ts';

/** What is the same for every message of a batch, read once when it is claimed: what belongs to a person is read for each. */
export interface ReleaseContext {
  readonly secretKey: Buffer;
  readonly publicUrl: string | null;
  readonly hasSender: boolean;
  readonly now: Date;
  readonly pressure: Pressure;
  /** Share of decisions that become no-sends by lot. */
  readonly exploration: number;
  readonly stationery: Stationery;
  readonly day: Day;
  /** Channels that are switched on. */
  readonly connected: readonly Channel[];
  /** Whether letters go to customers who said nothing (law.md POS-1). */
  readonly writesToCustomers: boolean;
  readonly stores: readonly number[];
  /** When a channel may be used again, or null when it may be now. */
  nextHour(channel: Channel): Date | null;
  /** When a channel may be used tomorrow or later. */
  anotherDay(channel: Channel): Date;
  /** Until when a claim holds if it is renewed at this moment. */
  leaseEnd(): Date;
}

export async function openRelease(
  connection: Connection,
  given: Pick<ReleaseContext, 'secretKey' | 'publicUrl' | 'hasSender' | 'now' | 'leaseEnd'>,
): Promise<ReleaseContext> {
  const { pressure } = await loadPressure(connection);
  const opening = await loadOpeningHours(connection, pressure);
  const { letters, calls } = await loadHandSettings(connection);
  const stationery = await openStationery(connection);
  const { timeZone } = stationery.business;
  const day = dayOfInstant(given.now, timeZone);
  return {
    ...given,
    pressure,
    exploration: (await loadEffects(connection)).exploration,
    stationery,
    day,
    connected: [
      'email',
      ...(letters.isOn ? ['letter' as const] : []),
      ...(calls.isOn ? ['phone' as const] : []),
    ],
    writesToCustomers: letters.toCustomersWhoSaidNothing,
    stores: await listStoreIds(connection),
    nextHour: (channel) => nextSendingHour(given.now, { channel, opening, timeZone }),
    anotherDay: (channel) => {
      const tomorrow = instantOfDay(day + 1, '00:00', timeZone);
      return nextSendingHour(tomorrow, { channel, opening, timeZone }) ?? tomorrow;
    },
  };
}

/** What the last look decided. Only `send` may go to the channel; `handed` is in a person's hands by now. */
export type Release =
  | {
      readonly kind: 'send';
      readonly message: ClaimedRow;
      readonly row: ReleaseRow;
      readonly content: FrozenContent;
      readonly address: string;
    }
  | { readonly kind: 'handed' | 'withheld' | 'cancelled' | 'postponed' | 'gone' };

/**
 * The last look and the coin, in one short transaction: everything the plan relied on is read again, the content is frozen,
 * the lot falls, and the attempt is written before the channel is called. Both arms pass the same checks at the same minute.
 */
export async function releaseOne(
  transaction: Connection,
  message: ClaimedRow,
  context: ReleaseContext,
): Promise<Release> {
  const row = await lockRow(transaction, message, context);
  const isHeld = await queries.renewLease(transaction, message, context.leaseEnd());
  if (!isHeld || row?.status !== 'approved' || row.send_before <= context.now) return { kind: 'gone' };
  const nextHour = goesAtAnyHour(row) ? null : context.nextHour(row.channel);
  if (nextHour) {
    await queries.requeue(transaction, message.messageId, nextHour);
    return { kind: 'postponed' };
  }
  const reason = await lastLook(transaction, row, context);
  if (reason !== null || row.address === null)
    return cancel(transaction, message, reason ?? 'address.missing', context.now);
  // Before the lot falls: a place that is not there is missing to both arms alike.
  const operatorId = row.channel === 'phone' ? await callerFor(transaction, row, context) : null;
  if (row.channel === 'phone' && operatorId === null) {
    await queries.requeue(transaction, message.messageId, context.anotherDay(row.channel));
    return { kind: 'postponed' };
  }
  const assigned = { ...(await tossOnce(transaction, row, context)), now: context.now };
  if (assigned.assignment === 'control') {
    const nothing = { frozen: null, externalId: null };
    await queries.updateReleased(transaction, message, { ...assigned, ...nothing, status: 'withheld' });
    await queries.removeFromQueue(transaction, [message.messageId]);
    return { kind: 'withheld' };
  }
  const leaving = { message, row, address: row.address };
  return isByHand(row.channel)
    ? handOver(transaction, { ...leaving, channel: row.channel, operatorId }, assigned, context)
    : freeze(transaction, leaving, assigned, context);
}

/** The row with the address of its channel: a postal one is put together from the contact's facts. */
async function lockRow(
  transaction: Connection,
  message: MessageReference,
  { pressure }: ReleaseContext,
): Promise<ReleaseRow | undefined> {
  const row = await lockForRelease(transaction, message, pressure.isPerHousehold);
  if (row?.channel !== 'letter') return row;
  return { ...row, address: postalLinesOf(row)?.join('\n') ?? null, is_unreachable: false };
}

const callerFor = (
  transaction: Connection,
  row: ReleaseRow,
  { stores, stationery, now }: ReleaseContext,
): Promise<number | null> =>
  assignCaller(transaction, row.store_id, { stores, timeZone: stationery.business.timeZone, now });

/** Why what is in somebody's hands may no longer reach the customer, on facts of this minute; null where it may, or is over. */
export async function lookAgain(
  transaction: Connection,
  message: MessageReference,
  context: ReleaseContext,
): Promise<string | null> {
  const row = await lockRow(transaction, message, context);
  if (row?.status !== 'handed') return null;
  if (row.is_campaign_cancelled) return 'campaign.cancelled';
  return judge({ ...(await gateFactsAtRelease(transaction, row, context)), brokenRule: null });
}

/** Content as it is printed or said, in the hands of a person: from now on nobody but a person says what becomes of it. */
async function handOver(
  transaction: Connection,
  given: {
    readonly message: ClaimedRow;
    readonly channel: ChannelByHand;
    readonly address: string;
    readonly operatorId: number | null;
  },
  assigned: Pick<queries.ReleaseUpdate, 'assignment' | 'probability' | 'assignedBy' | 'now'>,
  context: ReleaseContext,
): Promise<Release> {
  const { message, channel, address, operatorId } = given;
  const { now } = context;
  const frozen = await freezeContent(transaction, message, context);
  await queries.updateReleased(transaction, message, {
    ...assigned,
    status: 'handed',
    frozen: { ...frozen, address: address.split('\n') },
    externalId: null,
  });
  await insertErrand(transaction, { ...message, channel, operatorId, now });
  await queries.removeFromQueue(transaction, [message.messageId]);
  return { kind: 'handed' };
}

/** The words with links of their own. */
async function freezeContent(
  transaction: Connection,
  message: MessageReference,
  { publicUrl, stationery, now }: ReleaseContext,
): Promise<FrozenContent> {
  const token = newToken();
  await queries.insertPublicLink(transaction, token, message, now);
  return freezeMessage(transaction, message, { publicUrl, token, now, stationery });
}

/** The coin falls once for a message: another attempt, even in another year, stays on its side. */
async function tossOnce(
  transaction: Connection,
  row: ReleaseRow,
  context: ReleaseContext,
): Promise<Pick<queries.ReleaseUpdate, 'assignment' | 'probability' | 'assignedBy'>> {
  const { assignment, assignment_probability: probability, assigned_by: assignedBy } = row;
  if (assignment !== null && probability !== null && assignedBy !== null)
    return { assignment, probability, assignedBy };
  const message = {
    contactId: row.contact_id,
    messageId: row.message_id,
    householdId: row.household_id,
    messageClass: row.class,
    isExempt: row.is_exempt,
    day: context.day,
  };
  const { secretKey: key, exploration, now } = context;
  return assignAtRelease(transaction, message, { key, exploration, now });
}

/** Content as it leaves, and the attempt on record, before anything is handed over. */
async function freeze(
  transaction: Connection,
  { message, row, address }: { message: ClaimedRow; row: ReleaseRow; address: string },
  assigned: Pick<queries.ReleaseUpdate, 'assignment' | 'probability' | 'assignedBy' | 'now'>,
  context: ReleaseContext,
): Promise<Release> {
  const content = await freezeContent(transaction, message, context);
  const externalId = `${message.contactId}.${message.messageId}`;
  await queries.updateReleased(transaction, message, {
    ...assigned,
    status: 'sending',
    frozen: content,
    externalId,
  });
  await queries.insertEvents(transaction, [message], 'attempt', { attempt: message.attempts }, context.now);
  return { kind: 'send', message, row, content, address };
}

async function cancel(
  transaction: Connection,
  message: ClaimedRow,
  reason: string,
  now: Date,
): Promise<Release> {
  await queries.updateStopped(transaction, message, { status: 'cancelled', reason, now });
  await queries.removeFromQueue(transaction, [message.messageId]);
  return { kind: 'cancelled' };
}

/** The gates once more, on facts of this minute. */
async function lastLook(
  connection: Connection,
  row: ReleaseRow,
  context: ReleaseContext,
): Promise<string | null> {
  if (row.is_campaign_cancelled) return 'campaign.cancelled';
  return judge(await gateFactsAtRelease(connection, row, context));
}

async function gateFactsAtRelease(
  connection: Connection,
  row: ReleaseRow,
  context: ReleaseContext,
): Promise<GateFacts> {
  const wish = (await loadWishes(connection, [row.contact_id])).get(row.contact_id);
  const { pressure, day } = context;
  const resting = await loadResting(connection, pressure, { day, contactIds: [row.contact_id] });
  const hash = row.address ? addressHash(context.secretKey, row.channel, row.address) : null;
  const suppressed = await suppressedAmong(connection, hash ? [hash] : []);
  return {
    messageClass: row.class,
    channel: row.channel,
    usesPurchases: row.uses_purchases,
    isSensitiveCategory: row.is_sensitive,
    isSuppressed: suppressed.size > 0,
    ...personFacts(row, day),
    hasLegitimateInterest: context.writesToCustomers && row.has_bought,
    refusedByRegister: row.channel === 'phone' ? refusalOfRegister(row, day) : null,
    announcesReduction: row.announces_reduction,
    hasLowestPrice: row.has_lowest_price,
    hasSender: context.hasSender || row.channel !== 'email',
    isChannelConnected: context.connected.includes(row.channel),
    hasRefusedThisNeed: false,
    wasNotReached: false,
    wasRemindedOfThisNeed: false,
    hasBoughtMeanwhile: hasBought(row),
    isShopClosed: false,
    refusedByWish: refusalOfWish(wish, {
      day,
      topics: topicsOf({ categoryIds: categoriesOf(row), tags: row.tags }),
    }),
    restsAfterReturnDays: resting.has(row.contact_id) ? pressure.restAfterReturnDays : null,
    brokenRule: brokenRule(countedMessageOf(row), day, await loadPast(connection, row, context, wish), {
      pressure,
      wish,
    }),
    valueCents: row.value_cents,
  };
}

/** Whether the category was bought after the purchase that the plan knew of. */
function hasBought(row: ReleaseRow): boolean {
  const facts = row.facts as { clock?: { lastDay?: Day } };
  if (row.last_bought_on === null || facts.clock?.lastDay === undefined) return false;
  return dayFromIso(row.last_bought_on) > facts.clock.lastDay;
}

const goesAtAnyHour = (row: ReleaseRow): boolean => row.class === 'service' || row.class === 'human_reply';

/** Categories that a message is about, or whose buyers it is for. */
const categoriesOf = ({ category_id: categoryId, audience_categories: audience }: ReleaseRow): number[] =>
  categoryId === null ? audience : [categoryId, ...audience];

/** What the contact had within the longest span of any rule, this message aside; of the household where the rules say so. */
async function loadPast(
  connection: Connection,
  row: ReleaseRow,
  { pressure, stationery, day }: ReleaseContext,
  wish: ContactWish | undefined,
): Promise<PastMessage[]> {
  const { timeZone } = stationery.business;
  const longest = Math.max(1, wish?.cap?.days ?? 0, longestSpan(pressure));
  const since = instantOfDay(day - longest + 1, '00:00', timeZone);
  const rows = await selectPastMessages(connection, row, {
    since,
    ofHousehold: pressure.isPerHousehold,
  });
  return rows.map((past) => ({ ...countedMessageOf(past), day: dayOfInstant(past.released_at, timeZone) }));
}

/** The next moment at which a channel may be used; looks a week ahead, in which every channel has an open day. */
function nextSendingHour(
  now: Date,
  given: { channel: Channel; opening: OpeningHours; timeZone: string },
): Date | null {
  const { channel, opening, timeZone } = given;
  const time = timeOfDay(now, timeZone);
  const today = dayOfInstant(now, timeZone);
  const hours = hoursOn(channel, today, opening);
  if (hours && isWithinHours(time, hours)) return null;
  if (hours && time < hours.from) return instantOfDay(today, hours.from, timeZone);
  for (let day = today + 1; day <= today + 7; day++) {
    const next = hoursOn(channel, day, opening);
    if (next) return instantOfDay(day, next.from, timeZone);
  }
  return instantOfDay(today + 1, opening.shop.from, timeZone);
}
