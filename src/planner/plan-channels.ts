import { listOperators, listStoreIds, loadHandSettings, loadOpening } from '../business/actions.ts';
import { deskOf, letterCostCents } from '../business/rules.ts';
import type { PlanSettings } from '../business/schema.ts';
import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay } from '../kernel/day.ts';
import type { OpeningHours } from '../pressure/rules.ts';
import { hoursOn, openingHours } from '../pressure/rules.ts';
import type { TakenRow } from './fact-queries.ts';
import { selectTaken } from './fact-queries.ts';
import { HORIZON_DAYS } from './horizon.ts';
import type { DailyLimit, PlanChannel } from './inputs.ts';
import { deskLimit } from './limit-names.ts';
import { EMAIL_COST_CENTS } from './rules.ts';

interface ChannelContext {
  readonly day: Day;
  readonly timeZone: string;
  readonly settings: PlanSettings;
  readonly quiet: OpeningHours['quiet'];
  /** Whether what is taken of the limits is known from the last plan. */
  readonly knowsLimits: boolean;
}

/** What the daily limit of a channel is called for somebody of a store, and what a message costs, of what was planned before. */
export interface ChannelTerms {
  readonly limitName: (channel: Channel, storeId: number | null) => string;
  readonly costCents: (channel: Channel) => number;
}

/** The terms of some channels; nothing is read where all of them is e-mail. */
export async function loadChannelTerms(
  connection: Connection,
  channels: readonly Channel[],
): Promise<ChannelTerms> {
  if (channels.every((channel) => channel === 'email'))
    return { limitName: (channel) => channel, costCents: () => EMAIL_COST_CENTS };
  const { letters, calls } = await loadHandSettings(connection);
  const stores = await listStoreIds(connection);
  return {
    limitName: (channel, storeId) => (channel === 'phone' ? deskLimit(deskOf(storeId, stores)) : channel),
    costCents: (channel) => {
      if (channel === 'letter') return letterCostCents(letters);
      return channel === 'phone' ? calls.costCents : EMAIL_COST_CENTS;
    },
  };
}

/** A channel before its days: what it costs, how long it takes, and how many it carries. */
type Connected = Omit<PlanChannel, 'closedBecause'>;

/** The channels that the shop has switched on, with their costs and limits and the days on which they rest, and the hours these come from. */
export async function loadPlanChannels(
  connection: Connection,
  context: ChannelContext,
): Promise<{
  readonly channels: PlanChannel[];
  readonly opening: OpeningHours;
  /** Whether letters go to customers who said nothing (law.md POS-1). */
  readonly writesToCustomers: boolean;
}> {
  const { letters, calls } = await loadHandSettings(connection);
  const { day, settings, quiet } = context;
  const isLimited = settings.maxEmailsPerDay !== null || letters.isOn || calls.isOn;
  const taken = isLimited && !context.knowsLimits ? await selectTaken(connection, day, context.timeZone) : [];
  const connected: Connected[] = [
    {
      channel: 'email',
      leadDays: 0,
      costCents: EMAIL_COST_CENTS,
      limitFor: always(limitOf('email', settings.maxEmailsPerDay, taken)),
    },
  ];
  if (letters.isOn)
    connected.push({
      channel: 'letter',
      leadDays: letters.leadDays,
      costCents: letterCostCents(letters),
      limitFor: always(limitOf('letter', letters.maxPerDay, taken)),
    });
  if (calls.isOn)
    connected.push({
      channel: 'phone',
      leadDays: 0,
      costCents: calls.costCents,
      limitFor: await loadDesks(connection, taken),
    });
  const { isClosedOn, patronDay } = await loadOpening(connection);
  const opening = openingHours(settings, { patronDay, quiet });
  return {
    channels: withTheirDays(connected, day, { isClosedOn, opening }),
    opening,
    writesToCustomers: letters.toCustomersWhoSaidNothing,
  };
}

/** Channels with the days on which they rest. */
function withTheirDays(
  channels: readonly Connected[],
  day: Day,
  { isClosedOn, opening }: { readonly isClosedOn: (day: string) => boolean; readonly opening: OpeningHours },
): PlanChannel[] {
  const isClosed = Array.from({ length: HORIZON_DAYS }, (_, ahead) => isClosedOn(isoFromDay(day + ahead)));
  return channels.map((one) => ({
    ...one,
    closedBecause: (ahead) => {
      if (isClosed[ahead]) return 'hours.shop_closed';
      return hoursOn(one.channel, day + ahead, opening) === null ? 'hours.quiet_day' : null;
    },
  }));
}

const always =
  (limit: DailyLimit | null): PlanChannel['limitFor'] =>
  () =>
    limit;

function limitOf(channel: Channel, perDay: number | null, taken: readonly TakenRow[]): DailyLimit | null {
  const own = taken.filter((row) => row.channel === channel);
  return perDay === null ? null : { name: channel, perDay, takenOn: takenOn(own) };
}

const takenOn =
  (rows: readonly TakenRow[]): DailyLimit['takenOn'] =>
  (daysAhead) =>
    rows.reduce((sum, row) => sum + (row.days_ahead === daysAhead ? row.messages : 0), 0);

/** Calls of a store's customers: as many a day as those who work there can make, whoever of them it is. */
async function loadDesks(
  connection: Connection,
  taken: readonly TakenRow[],
): Promise<PlanChannel['limitFor']> {
  const stores = await listStoreIds(connection);
  const desks = new Map<number | null, DailyLimit>();
  for (const { storeId, callsPerDay } of await listOperators(connection)) {
    const desk = deskOf(storeId, stores);
    const perDay = (desks.get(desk)?.perDay ?? 0) + callsPerDay;
    const own = taken.filter((row) => row.channel === 'phone' && deskOf(row.store_id, stores) === desk);
    desks.set(desk, { name: deskLimit(desk), perDay, takenOn: takenOn(own) });
  }
  return (storeId) => {
    const desk = deskOf(storeId, stores);
    return desks.get(desk) ?? { name: deskLimit(desk), perDay: 0, takenOn: () => 0 };
  };
}
