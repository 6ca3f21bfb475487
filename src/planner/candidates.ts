import type { CampaignRow } from '../campaigns/actions.ts';
import type { UpcomingClocks } from '../clocks/actions.ts';
import type { MessageClass, MessageKind } from '../pressure/rules.ts';
import { topicsOf } from '../pressure/rules.ts';

/** What proposes: the clock of a category, or a campaign. */
export interface Source {
  /** `clock:<category>` or `campaign:<id>`. */
  readonly key: string;
  readonly kind: MessageKind;
  readonly messageClass: MessageClass;
  readonly categoryId: number | null;
  readonly campaign: CampaignRow | null;
  /** Labels that pressure rules may name. */
  readonly tags: readonly string[];
  /** What a customer's wish may name: `category:<id>`, `tag:<label>`. */
  readonly topics: readonly string[];
  /** Whether people are chosen by what they bought (law.md CON-5). */
  readonly usesPurchases: boolean;
  readonly isSensitive: boolean;
}

/**
 * Reasons to write to somebody, before anybody asked whether one may: in columns, those of a contact together, contacts ascending. A
 * contact has at most one for each source.
 */
export interface Candidates {
  readonly count: number;
  readonly sources: readonly Source[];
  /** Contacts that have any, ascending, and where their candidates begin; one entry more than contacts. */
  readonly contactIds: readonly number[];
  readonly first: Int32Array;
  readonly source: Uint16Array;
  /** Number of the clock among the upcoming ones; −1 for a campaign. */
  readonly clock: Int32Array;
}

export function sourceOfClock(categoryId: number, isSensitive: boolean): Source {
  return {
    key: `clock:${categoryId}`,
    kind: 'clock',
    messageClass: 'promotion',
    categoryId,
    campaign: null,
    tags: [],
    topics: topicsOf({ categoryIds: [categoryId], tags: [] }),
    usesPurchases: true,
    isSensitive,
  };
}

export function sourceOfCampaign(campaign: CampaignRow): Source {
  const { audience, tags } = campaign;
  return {
    key: `campaign:${campaign.campaign_id}`,
    kind: 'campaign',
    messageClass: campaign.class,
    categoryId: null,
    campaign,
    tags,
    topics: topicsOf({ categoryIds: audience.kind === 'buyers' ? audience.categoryIds : [], tags }),
    usesPurchases: audience.kind === 'buyers',
    isSensitive: false,
  };
}

/** A campaign with the contacts of its audience, ascending. */
export interface CampaignAudience {
  readonly campaign: CampaignRow;
  readonly contactIds: readonly number[];
}

/** Puts clocks and campaigns together by contact: clocks first, by category, then campaigns in their order. */
export function gatherCandidates(
  clocks: UpcomingClocks,
  audiences: readonly CampaignAudience[],
  sensitiveCategories: ReadonlySet<number>,
): Candidates {
  const sources: Source[] = [];
  const sourceOf = new Map<number, number>();
  for (const categoryId of new Set(clocks.categoryId))
    sourceOf.set(
      categoryId,
      sources.push(sourceOfClock(categoryId, sensitiveCategories.has(categoryId))) - 1,
    );
  const campaigns = audiences.map(({ campaign, contactIds }) => ({
    source: sources.push(sourceOfCampaign(campaign)) - 1,
    contactIds,
    at: 0,
  }));
  const count = clocks.count + audiences.reduce((sum, { contactIds }) => sum + contactIds.length, 0);
  const source = new Uint16Array(count);
  const clock = new Int32Array(count).fill(-1);
  const contactIds: number[] = [];
  const first: number[] = [0];
  let atClock = 0;
  let filled = 0;
  while (filled < count) {
    const contactId = Math.min(
      atClock < clocks.count ? clocks.contactId[atClock]! : Infinity,
      ...campaigns.map((one) => one.contactIds[one.at] ?? Infinity),
    );
    for (; atClock < clocks.count && clocks.contactId[atClock] === contactId; atClock++) {
      source[filled] = sourceOf.get(clocks.categoryId[atClock]!)!;
      clock[filled++] = atClock;
    }
    for (const one of campaigns)
      if (one.contactIds[one.at] === contactId) {
        source[filled++] = one.source;
        one.at++;
      }
    contactIds.push(contactId);
    first.push(filled);
  }
  return { count, sources, contactIds, first: Int32Array.from(first), source, clock };
}
