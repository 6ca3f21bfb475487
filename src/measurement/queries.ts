import type { Connection } from '../database/connection.ts';

/** The household's row of a year, drawn before. */
export async function selectBucket(
  { raw }: Connection,
  householdId: number,
  year: number,
): Promise<{ is_control: boolean; control_probability: number } | undefined> {
  const [row] = await raw<{ is_control: boolean; control_probability: number }[]>`
    select is_control, control_probability from control_bucket where household_id = ${householdId} and year = ${year}`;
  return row;
}

export async function insertBucket(
  { raw }: Connection,
  row: {
    householdId: number;
    year: number;
    bucket: number;
    isControl: boolean;
    probability: number;
    now: Date;
  },
): Promise<void> {
  await raw`
    insert into control_bucket (household_id, year, bucket, is_control, control_probability, assigned_at)
    values (${row.householdId}, ${row.year}, ${row.bucket}, ${row.isControl}, ${row.probability}, ${row.now}) on conflict (household_id, year) do nothing`;
}

export async function countContacts({ raw }: Connection): Promise<number> {
  const [row] = await raw<{ contacts: number }[]>`select count(*) as contacts from contact`;
  return row?.contacts ?? 0;
}

export interface ArmRow {
  readonly source: string | null;
  readonly name: string | null;
  readonly kind: 'clock' | 'campaign' | null;
  readonly assignment: 'treated' | 'control';
  readonly customers: number;
  readonly returned: number;
  readonly spend_sum: number;
  readonly spend_square_sum: number;
}

/**
 * Both arms of a period, together (source null) and by source. The unit is the customer: each once, from the first release in
 * the period (of that source), whatever else followed; the outcome is identified purchases within the window after that
 * day, known in full, so releases whose window is not over are left out. The sides are those of the household's lot of the year: single
 * no-sends, whose share changes, stay on the side of who is written to. Left out is who could not have been in control, having been
 * there the year before: nobody on the other side compares with them. A customer's first release of all is also the
 * first of its source, so the purchases are looked up once. Cost: one look-up for each customer and source of the period.
 */
export function selectArms(
  { raw }: Connection,
  options: { from: Date; to: Date; complete: Date; windowDays: number; timeZone: string },
): Promise<ArmRow[]> {
  const { from, to, complete, windowDays, timeZone } = options;
  return raw<ArmRow[]>`
    with release as (
      select m.contact_id, source, case when b.is_control then 'control' else 'treated' end as assignment, category_id, campaign_id,
        (released_at at time zone ${timeZone})::date as day,
        row_number() over (partition by m.contact_id, source order by released_at, message_id) as place_in_source,
        row_number() over (partition by m.contact_id order by released_at, message_id) as place
      from message m join contact c on c.contact_id = m.contact_id
      join control_bucket b on b.household_id = c.household_id and b.year = extract(year from released_at at time zone ${timeZone})
      where released_at >= ${from} and released_at < ${to} and released_at < ${complete} and assigned_by in ('programme', 'decision')
        and b.control_probability > 0 and class in ('promotion', 'care')),
    outcome as (
      select f.*, coalesce(s.spend, 0) as spend, coalesce(s.receipts, 0) > 0 as has_returned
      from release f left join lateral (
        select sum(total_cents)::float8 as spend, count(*) filter (where total_cents > 0) as receipts from sale_receipt r
        where r.contact_id = f.contact_id and r.sold_on > f.day and r.sold_on <= f.day + ${windowDays}::integer and r.identified_by <> 'coupon') s on true
      where f.place_in_source = 1),
    counted as (
      select source, category_id, campaign_id, assignment, spend, has_returned from outcome
      union all select null, null, null, assignment, spend, has_returned from outcome where place = 1)
    select o.source, coalesce(k.name, n.name) as name, case when o.source is null then null when k.name is not null then 'clock' else 'campaign' end as kind,
      o.assignment, count(*) as customers, count(*) filter (where has_returned) as returned, sum(spend) as spend_sum, sum(spend * spend) as spend_square_sum
    from counted o
    left join category k on k.category_id = o.category_id
    left join campaign n on n.campaign_id = o.campaign_id
    group by o.source, coalesce(k.name, n.name), k.name, o.assignment order by o.source, o.assignment`;
}

/** Messages sent in a period and what they cost. */
export async function selectCosts(
  { raw }: Connection,
  from: Date,
  to: Date,
): Promise<{ messages: number; cost_cents: number }> {
  const [row] = await raw<{ messages: number; cost_cents: number }[]>`
    select count(*) as messages, coalesce(sum(cost_cents), 0) as cost_cents from message
    where released_at >= ${from} and released_at < ${to} and status in ('sent', 'unknown')`;
  return row ?? { messages: 0, cost_cents: 0 };
}

/** Customers who bought on a day within the window after a message that reached them. */
export async function selectReturns(
  { raw }: Connection,
  options: { day: string; from: Date; to: Date },
): Promise<{ customers: number; total_cents: number }> {
  const [row] = await raw<{ customers: number; total_cents: number }[]>`
    select count(distinct r.contact_id) as customers, coalesce(sum(r.total_cents), 0) as total_cents
    from (select distinct contact_id from message where status = 'sent' and released_at >= ${options.from} and released_at < ${options.to}) m
    join sale_receipt r on r.contact_id = m.contact_id and r.sold_on = ${options.day} and r.total_cents > 0`;
  return row ?? { customers: 0, total_cents: 0 };
}
