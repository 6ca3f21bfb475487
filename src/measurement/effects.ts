import { loadRetentionSettings } from '../business/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import { channels } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay, monthsBefore } from '../kernel/day.ts';
import * as queries from './effect-queries.ts';
import { WINDOW_DAYS } from './rules.ts';
import type { Belief, LearnedDecision } from './stats/effects.ts';
import { explorationShare, HALF_LIFE_DAYS, learnEffects, withBenefitOfDoubt } from './stats/effects.ts';
import { learnUplifts } from './stats/uplifts.ts';

/** Prior of ln θ by channel, until the shop's own no-sends speak (planner.md A7). */
const PRIOR_MEAN: Readonly<Record<Channel, number>> = {
  email: 0.14,
  sms: 0.2,
  whatsapp: 0.2,
  telegram: 0.2,
  messenger: 0.2,
  letter: 0.25,
  phone: 0.4,
};
const PRIOR_DEVIATION = 0.3;
const priorOf = (channel: Channel): Belief => ({ mean: PRIOR_MEAN[channel], deviation: PRIOR_DEVIATION });

/** Prior of what a campaign brings, in extra purchases per message: a hundredth, or twice that, or nothing (priors.md 2). */
const PRIOR_UPLIFT: Belief = { mean: 0.01, deviation: 0.01 };

/** Prior of the chance that somebody leaves because of one message (priors.md 2), worth so many messages of the shop's own. */
const PRIOR_LEAVING: Readonly<Record<Channel, number>> = {
  email: 0.0025,
  sms: 0.007,
  whatsapp: 0.01,
  telegram: 0.0025,
  messenger: 0.0025,
  letter: 0,
  phone: 0.025,
};
const PRIOR_MESSAGES = 1000;

/** Decisions older than this say nothing that newer ones do not say better. */
const LEARNED_DAYS = 730;

/** What is believed of the effect of messages now. */
export interface Effects {
  /** ln θ of a message about a category (null: about none) on a channel, with the benefit of the doubt. */
  readonly logHazardRatio: (categoryId: number | null, channel: Channel) => number;
  /**
   * Extra purchases per message of a campaign on a channel, with the benefit of the doubt; `stated` of it was expected when it was made.
   */
  readonly campaignUplift: (campaignId: number, channel: Channel, stated: number) => number;
  /** Chance that somebody leaves because of one message on a channel. */
  readonly leaving: (channel: Channel) => number;
  /** Share of decisions that become no-sends by lot. */
  readonly exploration: number;
}

/** As it is kept: of needs by channel, and by category and channel; of campaigns by channel, and by campaign and channel. */
interface EffectDocument {
  readonly channels: Readonly<Partial<Record<Channel, Belief>>>;
  readonly groups: Readonly<Record<string, Belief>>;
  readonly uplifts?: {
    readonly channels: Readonly<Partial<Record<Channel, Belief>>>;
    readonly campaigns: Readonly<Record<string, Belief>>;
  };
  readonly leaving?: Readonly<Partial<Record<Channel, number>>>;
  readonly exploration: number;
}

const groupName = (subject: number, channel: Channel): string => `${subject}:${channel}`;

/** The beliefs in force: those of the last learning, else the priors. */
export async function loadEffects(connection: Connection): Promise<Effects> {
  const document = (await queries.selectFit(connection)) as EffectDocument | null;
  const reckoned = (belief: Belief | undefined, otherwise: number): number =>
    belief === undefined ? otherwise : withBenefitOfDoubt(belief, otherwise);
  return {
    exploration: document?.exploration ?? explorationShare(priorOf('email'), priorOf('email')),
    leaving: (channel) => document?.leaving?.[channel] ?? PRIOR_LEAVING[channel],
    logHazardRatio: (categoryId, channel) => {
      const ofChannel = reckoned(document?.channels[channel], PRIOR_MEAN[channel]);
      return categoryId === null
        ? ofChannel
        : reckoned(document?.groups[groupName(categoryId, channel)], ofChannel);
    },
    campaignUplift: (campaignId, channel, stated) => {
      const ofChannel = reckoned(document?.uplifts?.channels[channel], stated);
      return reckoned(document?.uplifts?.campaigns[groupName(campaignId, channel)], ofChannel);
    },
  };
}

/**
 * Learns the effects anew from every decision of the last two years whose window is over and whose sales are known, by category and
 * channel (planner.md A3), and how many decisions are to be no-sends from now on.
 */
export async function learnFromDecisions(
  database: Database,
  { today, timeZone }: { readonly today: Day; readonly timeZone: string },
  now: Date,
): Promise<{ decisions: number; exploration: number }> {
  const last = await lastMeasurableDay(database, today, WINDOW_DAYS);
  if (last === null) return { decisions: 0, exploration: (await loadEffects(database)).exploration };
  // What was bought is forgotten after so many months: older decisions would all seem to have brought nothing.
  const { itemMonths } = await loadRetentionSettings(database);
  const rows = await queries.selectDecisions(database, {
    from: isoFromDay(Math.max(today - LEARNED_DAYS, monthsBefore(today, itemMonths) + 1)),
    to: isoFromDay(last),
    windowDays: WINDOW_DAYS,
    timeZone,
  });
  const names: string[] = [];
  const channelOf: number[] = [];
  const numbers = new Map<string, number>();
  const decisions = rows.map((row): LearnedDecision => {
    const name = groupName(row.category_id, row.channel);
    let group = numbers.get(name);
    if (group === undefined) {
      group = names.push(name) - 1;
      numbers.set(name, group);
      channelOf.push(channels.indexOf(row.channel));
    }
    return {
      group,
      probability: row.probability,
      isTreated: row.is_treated,
      hasBought: row.has_bought,
      ageDays: today - (dayFromIso(row.week) + WINDOW_DAYS),
      count: row.decisions,
    };
  });
  const learned = learnEffects(decisions, { channelOf, priors: channels.map(priorOf) });
  const busiest = busiestChannel(rows);
  const exploration = explorationShare(learned.channels[channels.indexOf(busiest)]!, priorOf(busiest));
  const document: EffectDocument = {
    channels: Object.fromEntries(channels.map((channel, number) => [channel, learned.channels[number]!])),
    groups: Object.fromEntries(names.map((name, group) => [name, learned.groups[group]!])),
    uplifts: await learnCampaigns(database, today),
    leaving: await learnLeaving(database, today),
    exploration,
  };
  const count = rows.reduce((sum, row) => sum + row.decisions, 0);
  await queries.insertFit(database, { document, decisions: count, now });
  return { decisions: count, exploration };
}

/** What campaigns brought, from the decisions that were counted (`measureReturns`). */
async function learnCampaigns(connection: Connection, today: Day): Promise<EffectDocument['uplifts']> {
  const rows = await queries.selectCampaignEffects(connection, {
    from: isoFromDay(today - LEARNED_DAYS),
    today: isoFromDay(today),
    halfLifeDays: HALF_LIFE_DAYS,
  });
  const learned = learnUplifts(
    rows.map((row) => ({
      channel: channels.indexOf(row.channel),
      effects: { count: row.count, sum: row.effect_sum, squareSum: row.effect_square_sum },
    })),
    channels.map(() => PRIOR_UPLIFT),
  );
  return {
    channels: Object.fromEntries(channels.map((channel, number) => [channel, learned.channels[number]!])),
    campaigns: Object.fromEntries(
      rows.map((row, number) => [groupName(row.campaign_id, row.channel), learned.campaigns[number]!]),
    ),
  };
}

/** Who withdrew within the window after a message that reached them, drawn towards the prior by a thousand messages. */
async function learnLeaving(connection: Connection, today: Day): Promise<Partial<Record<Channel, number>>> {
  const rows = await queries.selectLeaving(connection, {
    from: isoFromDay(today - LEARNED_DAYS),
    windowDays: WINDOW_DAYS,
  });
  return Object.fromEntries(
    rows.map(({ channel, messages, left }) => [
      channel,
      (PRIOR_LEAVING[channel] * PRIOR_MESSAGES + left) / (PRIOR_MESSAGES + messages),
    ]),
  );
}

/** The last day of release whose whole window lies before today and within the sales that were loaded; null: none. */
export async function lastMeasurableDay(
  connection: Connection,
  today: Day,
  windowDays: number,
): Promise<Day | null> {
  const lastSale = await queries.selectLastSaleDay(connection);
  return lastSale === null ? null : Math.min(today - 1, dayFromIso(lastSale)) - windowDays;
}

/** The channel with most decisions: its doubt says how much is still to be learned. */
function busiestChannel(rows: readonly queries.DecisionRow[]): Channel {
  const counts = new Map<Channel, number>();
  for (const { channel, decisions } of rows) counts.set(channel, (counts.get(channel) ?? 0) + decisions);
  const [first] = [...counts].sort(([, one], [, other]) => other - one);
  return first?.[0] ?? 'email';
}
