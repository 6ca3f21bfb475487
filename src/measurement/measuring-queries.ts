import type { Connection } from '../database/connection.ts';

interface MeasuredDays {
  /** First and last day (YYYY-MM-DD), both included: of release for decisions, of the end of the window for programmes. */
  readonly from: string;
  readonly to: string;
  readonly windowDays: number;
  readonly timeZone: string;
}

/** The last days that were measured: of release for decisions, of the end of the window for programmes. */
export async function selectLastMeasured({
  raw,
}: Connection): Promise<{ decisions: string | null; programmes: string | null }> {
  const [row] = await raw<{ decisions: string | null; programmes: string | null }[]>`
    select (select max(released_on) from decision_day) as decisions, (select max(window_ended_on) from programme_day) as programmes`;
  return row ?? { decisions: null, programmes: null };
}

/**
 * Sums of what decisions say of the effect, by day, source, channel and whether the lot of send days held them back: (y − forecast)/π where it was sent, −(y − forecast)/(1 − π) where
 * not (stats/sequence.ts, effectOf), with y whether the person bought anything in the window, and the same of the cents they spent.
 * A receipt known only by a coupon does not count: who got no message has no coupon; such receipts are counted apart.
 */
export async function measureDecisions(
  { raw }: Connection,
  { from, to, windowDays, timeZone }: MeasuredDays,
): Promise<void> {
  await raw`delete from decision_day where released_on >= ${from}`;
  await raw`
    insert into decision_day (released_on, source, channel, timing, category_id, campaign_id, decisions, effect_sum, effect_square_sum, cents_sum, cents_square_sum,
      treated, treated_returned, control, control_returned, coupons)
    with decision as (
      select contact_id, source, channel, case when held_back_days is null then 'none' when held_back_days = 0 then 'on_time' else 'held_back' end as timing,
        category_id, campaign_id, assignment = 'treated' as is_treated, assignment_probability as chance,
        coalesce(forecast, 0) as forecast, coalesce(forecast_cents, 0) as forecast_cents, (released_at at time zone ${timeZone})::date as day
      from message
      where assigned_by = 'decision' and assignment_probability > 0 and assignment_probability < 1
        and released_at >= (${from}::date)::timestamp at time zone ${timeZone}
        and released_at < (${to}::date + 1)::timestamp at time zone ${timeZone}),
    outcome as (
      select d.*, s.receipts > 0 as has_returned, s.cents, s.coupons, case when is_treated then 1 / chance else -1 / chance end as weight
      from decision d left join lateral (
        select count(*) filter (where total_cents > 0 and identified_by <> 'coupon') as receipts,
          coalesce(sum(total_cents) filter (where identified_by <> 'coupon'), 0)::float8 as cents, count(*) filter (where identified_by = 'coupon') as coupons
        from sale_receipt r where r.contact_id = d.contact_id and r.sold_on > d.day and r.sold_on <= d.day + ${windowDays}::integer) s on true),
    effect as (
      select *, weight * (has_returned::int - forecast) as effect, weight * (cents - forecast_cents) as effect_cents from outcome)
    select day, source, channel, timing, category_id, campaign_id, count(*), sum(effect), sum(effect * effect), sum(effect_cents), sum(effect_cents * effect_cents),
      count(*) filter (where is_treated), count(*) filter (where is_treated and has_returned), count(*) filter (where not is_treated),
      count(*) filter (where not is_treated and has_returned), sum(coupons)
    from effect group by day, source, channel, timing, category_id, campaign_id`;
}

/**
 * Sums of what customers say of the whole programme, by control year and by the day on which their window ended: their spend in the days
 * after their first message of the year, written to or left out with their household, less what was expected of it from the spend of as
 * many days before. The expectation is the line of spend on earlier spend over everybody in the span before (CUPED with a covariate and
 * a slope known before the lot, planner.md A4, A6).
 */
export async function measureProgrammes(
  { raw }: Connection,
  { from, to, windowDays, timeZone }: MeasuredDays,
): Promise<void> {
  await raw`delete from programme_day where window_ended_on >= ${from}`;
  await raw`
    insert into programme_day (year, window_ended_on, customers, effect_sum, effect_square_sum, treated, treated_cents, control, control_cents)
    with first as (
      select m.contact_id, c.household_id, min((m.released_at at time zone ${timeZone})::date) as day, extract(year from min(m.released_at at time zone ${timeZone}))::integer as year
      from message m join contact c using (contact_id)
      where m.assigned_by in ('programme', 'decision')
        and m.released_at >= date_trunc('year', ${from}::date - ${windowDays}::integer - 1)
      group by m.contact_id, c.household_id, extract(year from m.released_at at time zone ${timeZone})),
    subject as (
      select f.contact_id, f.day, f.year, not b.is_control as is_treated, b.control_probability as chance_control
      from first f join control_bucket b on b.household_id = f.household_id and b.year = f.year
      where b.control_probability > 0 and f.day + ${windowDays}::integer between ${from}::date and ${to}::date),
    spend as (
      select s.*,
        coalesce((select sum(total_cents) from sale_receipt r where r.contact_id = s.contact_id and r.identified_by <> 'coupon'
          and r.sold_on > s.day and r.sold_on <= s.day + ${windowDays}::integer), 0)::float8 as after,
        coalesce((select sum(total_cents) from sale_receipt r where r.contact_id = s.contact_id and r.identified_by <> 'coupon'
          and r.sold_on <= s.day and r.sold_on > s.day - ${windowDays}::integer), 0)::float8 as before,
        coalesce((select sum(total_cents) from sale_receipt r where r.contact_id = s.contact_id and r.identified_by <> 'coupon'
          and r.sold_on <= s.day - ${windowDays}::integer and r.sold_on > s.day - 2 * ${windowDays}::integer), 0)::float8 as earlier
      from subject s),
    line as (select coalesce(regr_slope(before, earlier), 0) as slope, coalesce(regr_intercept(before, earlier), avg(before), 0) as base from spend),
    effect as (
      select s.*, s.day + ${windowDays}::integer as ended_on, case when is_treated then 1 / (1 - chance_control) else -1 / chance_control end * (after - l.base - l.slope * before) as effect
      from spend s cross join line l)
    select year, ended_on, count(*), sum(effect), sum(effect * effect), count(*) filter (where is_treated),
      coalesce(sum(after) filter (where is_treated), 0), count(*) filter (where not is_treated), coalesce(sum(after) filter (where not is_treated), 0)
    from effect group by year, ended_on`;
}

export interface DecisionDayRow {
  readonly released_on: string;
  readonly source: string;
  readonly channel: string;
  readonly timing: 'none' | 'on_time' | 'held_back';
  readonly category_id: number | null;
  readonly campaign_id: number | null;
  readonly name: string | null;
  readonly decisions: number;
  readonly effect_sum: number;
  readonly effect_square_sum: number;
  readonly cents_sum: number;
  readonly cents_square_sum: number;
  readonly treated: number;
  readonly treated_returned: number;
  readonly control: number;
  readonly control_returned: number;
  readonly coupons: number;
}

/** Days of decisions from one to another, both included, in the order of time. */
export function selectDecisionDays({ raw }: Connection, from: string, to: string): Promise<DecisionDayRow[]> {
  return raw<DecisionDayRow[]>`
    select d.*, coalesce(k.name, n.name) as name from decision_day d
    left join category k on k.category_id = d.category_id left join campaign n on n.campaign_id = d.campaign_id
    where d.released_on between ${from} and ${to} order by d.released_on, d.source, d.channel, d.timing`;
}

export interface ProgrammeDayRow {
  readonly year: number;
  readonly window_ended_on: string;
  readonly customers: number;
  readonly effect_sum: number;
  readonly effect_square_sum: number;
  readonly treated: number;
  readonly control: number;
}

/** Days of the latest control year that has any. */
export function selectProgrammeDays({ raw }: Connection): Promise<ProgrammeDayRow[]> {
  return raw<ProgrammeDayRow[]>`
    select year, window_ended_on, customers, effect_sum, effect_square_sum, treated, control from programme_day
    where year = (select max(year) from programme_day) order by window_ended_on`;
}

/** Decisions that fell by lot since a day, measured or not: what will be known soon. */
export async function countDecisionsSince({ raw }: Connection, since: Date): Promise<number> {
  const [row] = await raw<{ count: number }[]>`
    select count(*) as count from message where assigned_by = 'decision' and released_at >= ${since}`;
  return row?.count ?? 0;
}
