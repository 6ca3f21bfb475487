import type { Channel } from '../kernel/channel.ts';
import { channels } from '../kernel/channel.ts';
import { periodOf, periodStarts } from './horizon.ts';

/**
 * Names of a plan's limits: they are kept with what each has left, so that whoever is planned anew finds the same ones. First the day
 * of a channel, or the week that a day farther off stands in.
 */
export const dayLimit = (channel: Channel, daysAhead: number): string =>
  `${channel}:${periodStarts[periodOf(daysAhead)] ?? daysAhead}`;

const ofCampaign = ['messages', 'least', 'cents'] as const;

/** What a campaign limits: its messages at most, those that were promised, what they may cost. */
export type CampaignLimit = (typeof ofCampaign)[number];

export const campaignLimit = (source: string, what: CampaignLimit): string => `${source}:${what}`;

/** What a name says: a channel's day, by the days ahead at which its period begins, or a campaign's limit. Null: an unknown name. */
export function readLimit(
  name: string,
):
  | { readonly channel: Channel; readonly daysAhead: number }
  | { readonly campaignId: number; readonly what: CampaignLimit }
  | null {
  const [first = '', number = '', what] = name.split(':');
  if (!/^\d+$/.test(number)) return null;
  const limit = ofCampaign.find((one) => one === what);
  if (first === 'campaign' && limit) return { campaignId: Number(number), what: limit };
  const channel = channels.find((one) => one === first);
  return channel && what === undefined ? { channel, daysAhead: Number(number) } : null;
}
