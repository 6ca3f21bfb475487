import type { Channel } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { weekdayOf } from '../kernel/day.ts';
import { isHoliday } from '../kernel/holidays.ts';

/** Times of a day as "HH:MM"; from the first, until before the second. */
export interface Hours {
  readonly from: string;
  readonly until: string;
}

const SATURDAY = 6;
const SUNDAY = 7;
const WORKDAY: Hours = { from: '09:00', until: '20:00' };
const WHOLE_DAY: Hours = { from: '00:00', until: '23:59' };
const EVE: Hours = { from: '10:00', until: '19:00' };

/** Days on which some channels rest. */
export interface QuietRule {
  readonly channels: readonly Channel[];
  /** ISO weekdays, 1 is Monday. */
  readonly weekdays: readonly number[];
  readonly onHolidays: boolean;
}

/** Channels that ring or buzz: they keep to the code of conduct for calls (law.md HRS-1). */
const ringing: ReadonlySet<Channel> = new Set(['phone', 'sms', 'whatsapp', 'telegram', 'messenger']);

/** What the hours of a day depend on besides the channel. */
export interface OpeningHours {
  /** The shop's own sending hours. */
  readonly shop: Hours;
  readonly patronDay: string;
  readonly quiet: readonly QuietRule[];
}

/** The hours of a shop's settings, with what else they depend on. */
export const openingHours = (
  { sendFrom, sendUntil }: { readonly sendFrom: string; readonly sendUntil: string },
  rest: Omit<OpeningHours, 'shop'>,
): OpeningHours => ({ shop: { from: sendFrom, until: sendUntil }, ...rest });

/**
 * When a channel may be used on a day: the shop's own hours (a letter at any), not on the channel's quiet days, and for what rings on a phone not outside
 * Monday to Friday 9-20, Saturday and the eve of a holiday 10-19, never on a Sunday or holiday (law.md HRS-1). Null: not at all.
 */
export function hoursOn(channel: Channel, day: Day, { shop, patronDay, quiet }: OpeningHours): Hours | null {
  const isQuiet = quiet.some(
    ({ channels, weekdays, onHolidays }) =>
      (channels.length === 0 || channels.includes(channel)) &&
      (weekdays.includes(weekdayOf(day)) || (onHolidays && isHoliday(day, patronDay))),
  );
  if (isQuiet) return null;
  // Nobody is disturbed by a letter that is printed in the evening.
  if (channel === 'letter') return WHOLE_DAY;
  if (!ringing.has(channel)) return shop;
  if (weekdayOf(day) === SUNDAY || isHoliday(day, patronDay)) return null;
  const allowed = weekdayOf(day) === SATURDAY || isHoliday(day + 1, patronDay) ? EVE : WORKDAY;
  const from = shop.from > allowed.from ? shop.from : allowed.from;
  const until = shop.until < allowed.until ? shop.until : allowed.until;
  return from < until ? { from, until } : null;
}
