import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';

/** The latest beliefs, or null before any were learned. */
export async function selectFit({ raw }: Connection): Promise<unknown> {
  const [row] = await raw<{ document: unknown }[]>`
    select document from effect_fit order by version desc limit 1`;
  return row?.document ?? null;
}

export async function insertFit(
  { raw }: Connection,
  fit: { readonly document: object; readonly decisions: number; readonly now: Date },
): Promise<void> {
  await raw`
    insert into effect_fit (version, fitted_at, decisions, document)
    select coalesce(max(version), 0) + 1, ${fit.now}, ${fit.decisions}, ${JSON.stringify(fit.document)}::text::jsonb from effect_fit`;
}

/** The last day on which a known customer bought anything. */
export async function selectLastSaleDay({ raw }: Connection): Promise<string | null> {
  const [row] = await raw<{ day: string | null }[]>`select max(last_day) as day from contact_activity`;
  return row?.day ?? null;
}

export interface DecisionRow {
  readonly category_id: number;
  readonly channel: Channel;
  readonly probability: number;
  readonly is_treated: boolean;
  readonly has_bought: boolean;
  /** Monday of the week of release. */
  readonly week: string;
  readonly decisions: number;
}

/**
 * Decisions about a need that fell by lot from one day to another (both included), with whether the category was bought within the
 * window after them; those alike to a hundredth of their chance, and of one week, are counted together. A purchase that only a coupon tells of is none: whoever got no message has no coupon.
 */
export function selectDecisions(
  { raw }: Connection,
  options: { from: string; to: string; windowDays: number; timeZone: string },
): Promise<DecisionRow[]> {
  const { from, to, windowDays, timeZone } = options;
  return raw<DecisionRow[]>`
    with decision as (
      select contact_id, category_id, channel, probability, assignment = 'treated' as is_treated,
        (released_at at time zone ${timeZone})::date as released_on
      from message
      where assigned_by = 'decision' and category_id is not null and probability is not null
        and released_at >= (${from}::date)::timestamp at time zone ${timeZone}
        and released_at < (${to}::date + 1)::timestamp at time zone ${timeZone})
    select category_id, channel, probability, is_treated, has_bought, week, count(*) as decisions from (
    select category_id, channel, round(probability::numeric, 2)::float8 as probability, is_treated, date_trunc('week', released_on)::date as week,
      exists (select from sale_line l join sale_receipt r using (contact_id, receipt_id)
        where l.contact_id = d.contact_id and l.category_id = d.category_id and l.quantity > 0 and r.identified_by <> 'coupon'
          and l.sold_on > d.released_on and l.sold_on <= d.released_on + ${windowDays}::integer) as has_bought
    from decision d) alike group by 1, 2, 3, 4, 5, 6 order by 6, 1, 2, 3, 4, 5`;
}

export interface CampaignEffectRow {
  readonly campaign_id: number;
  readonly channel: Channel;
  readonly count: number;
  readonly effect_sum: number;
  readonly effect_square_sum: number;
}

/** Sums of what the decisions about campaigns said of their effect since a day, by campaign and channel; one counts half after so many days. */
export function selectCampaignEffects(
  { raw }: Connection,
  { from, today, halfLifeDays }: { from: string; today: string; halfLifeDays: number },
): Promise<CampaignEffectRow[]> {
  return raw<CampaignEffectRow[]>`
    select campaign_id, channel, sum(weight * decisions) as count, sum(weight * effect_sum) as effect_sum, sum(weight * effect_square_sum) as effect_square_sum
    from (select *, 0.5::float8 ^ ((${today}::date - released_on) / ${halfLifeDays}::float8) as weight from decision_day
      where campaign_id is not null and released_on >= ${from}) weighted
    group by campaign_id, channel order by campaign_id, channel`;
}

/** Messages that reached people since a day, by channel, and after how many of them the person withdrew within the window. */
export function selectLeaving(
  { raw }: Connection,
  { from, windowDays }: { readonly from: string; readonly windowDays: number },
): Promise<{ channel: Channel; messages: number; left: number }[]> {
  return raw<{ channel: Channel; messages: number; left: number }[]>`
    select m.channel, count(*) as messages, count(*) filter (where exists (select from consent_event e
      where e.contact_id = m.contact_id and e.purpose = 'marketing' and e.action = 'withdrawn'
        and e.occurred_at >= m.released_at and e.occurred_at < m.released_at + make_interval(days => ${windowDays}))) as left
    from message m where m.released_at >= ${from}::date and m.status in ('sent', 'unknown') and m.class in ('care', 'promotion')
    group by m.channel`;
}
