import type { Channel } from '../kernel/channel.ts';
import { periodOf, periodStarts } from './horizon.ts';

/**
 * Names of a plan's limits: they are kept with what each has left, so that whoever is planned anew finds the same ones. First the day
 * of a channel, or the week that a day farther off stands in.
 */
export const dayLimit = (channel: Channel, daysAhead: number): string =>
  `${channel}:${periodStarts[periodOf(daysAhead)] ?? daysAhead}`;

/** A campaign's own: most messages, the least that were promised, what they may cost. */
export const campaignLimit = (source: string, what: 'messages' | 'least' | 'cents'): string =>
  `${source}:${what}`;
