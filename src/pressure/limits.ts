import type { Channel } from '../kernel/channel.ts';
import { channels } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { reasonText } from '../kernel/reason.ts';
import type { QuietRule } from './hours.ts';
import type { GateReason, MessageClass } from './rules.ts';

/** Classes whose messages count against the caps. A promise counts and is never held back. */
export const countedClasses = ['promise', 'care', 'promotion'] as const satisfies readonly MessageClass[];

/** What proposed a message: a clock, or a campaign of the calendar. */
export type MessageKind = 'clock' | 'campaign';

/** Which messages a rule is about; an empty list means all of them. */
export interface Scope {
  readonly channels: readonly Channel[];
  readonly classes: readonly ('care' | 'promotion')[];
  readonly kinds: readonly MessageKind[];
  /** Labels that the shop gives to its campaigns; any of them is enough. */
  readonly tags: readonly string[];
}

/** At most `max` messages of the scope to a person in any `days` days running. */
export interface CapRule extends Scope {
  readonly max: number;
  readonly days: number;
}

/** Never a message of one scope less than `days` days from one of the other. */
export interface ExclusionRule {
  readonly scope: Scope;
  readonly other: Scope;
  readonly days: number;
}

/** The pressure rules of a shop. */
export interface Pressure {
  readonly caps: readonly CapRule[];
  readonly exclusions: readonly ExclusionRule[];
  /** Share of every cap over all classes that promotions may not use, so that there is room for care. */
  readonly careShare: number;
  /** Whether the caps hold for a household, where one is declared, and not for each of its members. */
  readonly isPerHousehold: boolean;
  /** Days on which channels rest, besides those of the law. */
  readonly quiet: readonly QuietRule[];
  /** For so many days after somebody brought something back nothing is proposed. */
  readonly restAfterReturnDays: number;
}

const everything: Scope = { channels: [], classes: [], kinds: [], tags: [] };

/** Defaults of priors.md 4. */
export const defaultPressure: Pressure = {
  caps: [
    { ...everything, max: 1, days: 14 },
    { ...everything, max: 4, days: 90 },
    { ...everything, channels: ['sms', 'whatsapp'], max: 1, days: 30 },
    { ...everything, channels: ['phone'], max: 1, days: 180 },
    { ...everything, channels: ['letter'], max: 2, days: 365 },
  ],
  exclusions: [],
  careShare: 0.25,
  isPerHousehold: false,
  quiet: [],
  restAfterReturnDays: 7,
};

/** What a rule looks at in a message. */
export interface CountedMessage {
  readonly messageClass: MessageClass;
  readonly channel: Channel;
  readonly kind: MessageKind;
  readonly tags: readonly string[];
}

/** A message as the rules look at it, from what is kept of it. */
export const countedMessageOf = (row: {
  readonly class: MessageClass;
  readonly channel: Channel;
  readonly campaign_id: number | null;
  readonly tags: readonly string[];
}): CountedMessage => ({
  messageClass: row.class,
  channel: row.channel,
  kind: row.campaign_id === null ? 'clock' : 'campaign',
  tags: row.tags,
});

export function isInScope(scope: Scope, message: CountedMessage): boolean {
  const { channels, classes, kinds, tags } = scope;
  return (
    (channels.length === 0 || channels.includes(message.channel)) &&
    (classes.length === 0 || classes.some((name) => name === message.messageClass)) &&
    (kinds.length === 0 || kinds.includes(message.kind)) &&
    (tags.length === 0 || tags.some((tag) => message.tags.includes(tag)))
  );
}

/** The caps with those that keep a share of them for care: of four messages in 90 days, three promotions. */
export function capsOf({ caps, careShare }: Pressure): CapRule[] {
  const reserving = caps.flatMap((cap): CapRule[] => {
    const reserved = Math.floor(cap.max * careShare);
    return cap.classes.length === 0 && reserved > 0
      ? [{ ...cap, classes: ['promotion'], max: cap.max - reserved }]
      : [];
  });
  return [...caps, ...reserving];
}

/** A customer's own wish: it tightens the rules and never loosens them. */
export interface ContactWish {
  /** At most so many messages in so many days, or null. */
  readonly cap: { readonly max: number; readonly days: number } | null;
  /** No message until this day is over, or null. */
  readonly pausedUntil: Day | null;
  /** Topics to hear about, `category:12` or `tag:moda`; empty: all. */
  readonly topics: readonly string[];
}

/** What a wish may name in a message about some categories, with some labels. */
export const topicsOf = ({
  categoryIds,
  tags,
}: {
  readonly categoryIds: readonly number[];
  readonly tags: readonly string[];
}): string[] => [...categoryIds.map((id) => `category:${id}`), ...tags.map((tag) => `tag:${tag}`)];

/** The first of the rules that a wish breaks on a day, before any cap is counted. */
export function refusalOfWish(
  wish: ContactWish | undefined,
  { day, topics }: { day: Day; topics: readonly string[] },
): GateReason | null {
  if (!wish) return null;
  if (wish.pausedUntil !== null && day <= wish.pausedUntil) return 'wish.paused';
  const isWanted = wish.topics.length === 0 || topics.some((topic) => wish.topics.includes(topic));
  return isWanted ? null : 'wish.topic';
}

export interface PastMessage extends CountedMessage {
  readonly day: Day;
}

/**
 * The first rule that one more message on a day would break, given those that a contact had until then: a cap, the cap it asked for
 * itself, or an exclusion. Null where there is room. A promise is never held back.
 */
export function brokenRule(
  message: CountedMessage,
  day: Day,
  past: readonly PastMessage[],
  { pressure, wish }: { readonly pressure: Pressure; readonly wish: ContactWish | undefined },
): GateReason | null {
  if (message.messageClass !== 'care' && message.messageClass !== 'promotion') return null;
  if (past.some((one) => one.day === day)) return 'caps.one_a_day';
  const count = (scope: Scope, days: number): number =>
    past.filter((one) => one.day <= day && one.day > day - days && isInScope(scope, one)).length;
  const cap = capsOf(pressure).find((rule) => isInScope(rule, message) && count(rule, rule.days) >= rule.max);
  if (cap) return reasonOfCap(cap);
  if (wish?.cap && count(everything, wish.cap.days) >= wish.cap.max) return reasonOfWishedCap(wish.cap);
  const exclusion = pressure.exclusions.find(
    ({ scope, other, days }) =>
      (isInScope(scope, message) && count(other, days) > 0) ||
      (isInScope(other, message) && count(scope, days) > 0),
  );
  return exclusion ? reasonText('caps.exclusion', { days: exclusion.days }) : null;
}

export function reasonOfCap({ max, days, channels, classes, kinds, tags }: CapRule): GateReason {
  return reasonText('caps.reached', {
    max,
    days,
    ...(channels.length > 0 && { channels: channels.join() }),
    ...(classes.length === 1 && { class: classes.join() }),
    ...(kinds.length === 1 && { kind: kinds.join() }),
    ...(tags.length > 0 && { tags: tags.join() }),
  });
}

export const reasonOfWishedCap = ({ max, days }: { max: number; days: number }): GateReason =>
  reasonText('wish.cap', { max, days });

/** The longest span in days that any rule looks back, for each channel; 0 where none does. */
export function daysCounted({ caps, exclusions }: Pressure, channel: Channel): number {
  const reaches = ({ channels }: Scope): boolean => channels.length === 0 || channels.includes(channel);
  return Math.max(
    0,
    ...caps.filter(reaches).map(({ days }) => days),
    ...exclusions.filter(({ scope, other }) => reaches(scope) || reaches(other)).map(({ days }) => days),
  );
}

/** The longest span in days that any rule looks back on any channel; 0 where none does. */
export const longestSpan = (pressure: Pressure): number =>
  Math.max(...channels.map((channel) => daysCounted(pressure, channel)));
