import type { Channel } from '../kernel/channel.ts';
import { channels } from '../kernel/channel.ts';
import { periodOf, periodStarts } from './horizon.ts';

/**
 * Names of a plan's limits: they are kept with what each has left, so that whoever is planned anew finds the same ones. First the day
 * of a channel or desk, or the week that a day farther off stands in.
 */
export const dayLimit = (name: string, daysAhead: number): string =>
  `${name}:${periodStarts[periodOf(daysAhead)] ?? daysAhead}`;

/** Calls of a store's desk, or of the desk of those without a store (null). */
export const deskLimit = (desk: number | null): string => `phone@${desk ?? 'none'}`;

const ofCampaign = ['messages', 'least', 'cents'] as const;

/** What a campaign limits: its messages at most, those that were promised, what they may cost. */
export type CampaignLimit = (typeof ofCampaign)[number];

export const campaignLimit = (source: string, what: CampaignLimit): string => `${source}:${what}`;

/** What a name says: the day of a channel (or of one of its desks), by the days ahead at which its period begins, or a campaign's limit. Null: an unknown name. */
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
  const channel = channels.find((one) => one === first.split('@')[0]);
  return channel && what === undefined ? { channel, daysAhead: Number(number) } : null;
}
