import { periodOf, periodStarts } from './horizon.ts';

/**
 * Names of a plan's limits: they are kept with what each has left, so that whoever is planned anew finds the same ones. First the day
 * of a channel or desk, or the week that a day farther off stands in.
 */
export const dayLimit = (name: string, daysAhead: number): string =>
  `${name}:${periodStarts[periodOf(daysAhead)] ?? daysAhead}`;

/** Calls of a store's desk, or of the desk of those without a store (null). */
export const deskLimit = (desk: number | null): string => `phone@${desk ?? 'none'}`;

/** A campaign's own: most messages, the least that were promised, what they may cost. */
export const campaignLimit = (source: string, what: 'messages' | 'least' | 'cents'): string =>
  `${source}:${what}`;
