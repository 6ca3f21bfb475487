import type { Connection } from '../database/connection.ts';
import { normalQuantile } from '../kernel/normal.ts';
import { LONGEST_GAP_DAYS } from './gap.ts';
import { DECAY_DAYS, DISCOUNT } from './rules.ts';
import * as window from './window.ts';

/**
 * The fold of clocks.md 5.1 for many contacts at once. Its recursion has a closed form: after n new purchase days each
 * gap i weighs γ^(n−i), the prior sums γ^n, and each day exp(−(last − day)/τ); so one grouped statement does what
 * `foldPurchase` does step by step. A test holds the two together.
 *
 * Expects the temporary table `purchase_event (contact_id, category_id, day, quantity)` with one row per purchase day,
 * all at or after the last visit day of a contact that keeps its clocks; a second purchase on that day only adds
 * quantity. Cost: one sort of the new events.
 */
export async function foldPurchaseEvents({ raw }: Connection): Promise<number> {
  await raw`drop table if exists pg_temp.visit_day`;
  await raw`
    create temporary table visit_day on commit drop as
    select v.contact_id, v.day, coalesce(a.visit_count, 0) + row_number() over (partition by v.contact_id order by v.day)
      - coalesce(min(v.day) over (partition by v.contact_id) = a.last_visit_day, false)::integer as visit_index
    from (select distinct contact_id, day from purchase_event) v left join contact_activity a using (contact_id)`;
  await raw`analyze visit_day`;
  await raw`
    update clock c set quantity_sum = c.quantity_sum + e.quantity, last_quantity = c.last_quantity + e.quantity
    from purchase_event e where e.contact_id = c.contact_id and e.category_id = c.category_id and e.day = c.last_day`;
  const folded = await raw`
    with numbered as (
      select contact_id, category_id, day, quantity,
        row_number() over clock as i, count(*) over (partition by contact_id, category_id) as n,
        lag(day) over clock as previous_day, max(day) over (partition by contact_id, category_id) as last_day
      from (select e.* from purchase_event e left join clock c using (contact_id, category_id) where c.last_day is null or e.day > c.last_day) e
      window clock as (partition by contact_id, category_id order by day)),
    gapped as (
      select e.*, ln((e.day - coalesce(e.previous_day, c.last_day))::float8) as log_gap,
        power(${DISCOUNT}::float8, (e.n - e.i)::float8) as weight
      from numbered e left join clock c using (contact_id, category_id)),
    folded as (
      select g.contact_id, g.category_id, min(g.day) as first_day, max(g.day) as last_day, count(*) as n, count(log_gap) as gaps,
        coalesce(sum(log_gap), 0) as log_gap_sum,
        coalesce(sum(weight) filter (where log_gap is not null), 0) as discounted_gap_count,
        coalesce(sum(weight * log_gap), 0) as discounted_log_gap_sum,
        coalesce(sum(weight * log_gap * log_gap), 0) as discounted_log_gap_square_sum,
        sum(exp((g.day - g.last_day) / ${DECAY_DAYS[0]}::float8)) as decayed_15, sum(exp((g.day - g.last_day) / ${DECAY_DAYS[1]}::float8)) as decayed_30,
        sum(exp((g.day - g.last_day) / ${DECAY_DAYS[2]}::float8)) as decayed_60, sum(exp((g.day - g.last_day) / ${DECAY_DAYS[3]}::float8)) as decayed_120,
        sum(exp((g.day - g.last_day) / ${DECAY_DAYS[4]}::float8)) as decayed_240,
        sum(quantity) as quantity_sum, max(quantity) filter (where i = n) as last_quantity
      from gapped g group by g.contact_id, g.category_id)
    insert into clock as k (contact_id, category_id, first_day, last_day, purchase_count, log_gap_sum, discounted_gap_count, discounted_log_gap_sum,
      discounted_log_gap_square_sum, decayed_15, decayed_30, decayed_60, decayed_120, decayed_240, quantity_sum, last_quantity, first_visit_index, last_visit_index)
    select f.contact_id, f.category_id, coalesce(c.first_day, f.first_day), f.last_day, coalesce(c.purchase_count, 0) + f.n,
      coalesce(c.log_gap_sum, 0) + f.log_gap_sum,
      coalesce(c.discounted_gap_count * power(${DISCOUNT}::float8, f.n::float8), 0) + f.discounted_gap_count,
      coalesce(c.discounted_log_gap_sum * power(${DISCOUNT}::float8, f.n::float8), 0) + f.discounted_log_gap_sum,
      coalesce(c.discounted_log_gap_square_sum * power(${DISCOUNT}::float8, f.n::float8), 0) + f.discounted_log_gap_square_sum,
      coalesce(c.decayed_15 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[0]}::float8), 0) + f.decayed_15,
      coalesce(c.decayed_30 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[1]}::float8), 0) + f.decayed_30,
      coalesce(c.decayed_60 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[2]}::float8), 0) + f.decayed_60,
      coalesce(c.decayed_120 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[3]}::float8), 0) + f.decayed_120,
      coalesce(c.decayed_240 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[4]}::float8), 0) + f.decayed_240,
      coalesce(c.quantity_sum, 0) + f.quantity_sum, f.last_quantity,
      coalesce(c.first_visit_index, first_visit.visit_index), last_visit.visit_index
    from folded f
    left join clock c on c.contact_id = f.contact_id and c.category_id = f.category_id
    join visit_day first_visit on first_visit.contact_id = f.contact_id and first_visit.day = f.first_day
    join visit_day last_visit on last_visit.contact_id = f.contact_id and last_visit.day = f.last_day
    on conflict (contact_id, category_id) do update set last_day = excluded.last_day, purchase_count = excluded.purchase_count,
      log_gap_sum = excluded.log_gap_sum, discounted_gap_count = excluded.discounted_gap_count, discounted_log_gap_sum = excluded.discounted_log_gap_sum,
      discounted_log_gap_square_sum = excluded.discounted_log_gap_square_sum, decayed_15 = excluded.decayed_15, decayed_30 = excluded.decayed_30,
      decayed_60 = excluded.decayed_60, decayed_120 = excluded.decayed_120, decayed_240 = excluded.decayed_240, quantity_sum = excluded.quantity_sum,
      last_quantity = excluded.last_quantity, last_visit_index = excluded.last_visit_index,
      lasts_until = case when excluded.last_day > k.last_day then null else k.lasts_until end`;
  await foldVisits({ raw });
  return folded.count;
}

/** The visit clock of each contact, in the same closed form. The row of contact_activity exists; without a count nothing went before. */
async function foldVisits({ raw }: Pick<Connection, 'raw'>): Promise<void> {
  await raw`
    with gapped as (
      select v.contact_id, v.day, lag(v.day) over (partition by v.contact_id order by v.day) as previous_day,
        max(v.day) over (partition by v.contact_id) as last_day, a.last_visit_day as earlier_day
      from visit_day v join contact_activity a using (contact_id) where a.last_visit_day is null or v.day > a.last_visit_day),
    folded as (
      select contact_id, min(day) as first_day, max(day) as last_day, count(*) as n, min(earlier_day) as earlier_day,
        coalesce(sum(ln((day - coalesce(previous_day, earlier_day))::float8)), 0) as log_gap_sum,
        sum(exp((day - last_day) / 15::float8)) as decayed_15, sum(exp((day - last_day) / 30::float8)) as decayed_30,
        sum(exp((day - last_day) / 90::float8)) as decayed_90
      from gapped group by contact_id)
    update contact_activity a set first_day = coalesce(a.first_day, f.first_day), last_visit_day = f.last_day, visit_count = coalesce(a.visit_count, 0) + f.n,
      log_gap_sum = coalesce(a.log_gap_sum, 0) + f.log_gap_sum,
      decayed_15 = coalesce(a.decayed_15 * exp((f.earlier_day - f.last_day) / 15::float8), 0) + f.decayed_15,
      decayed_30 = coalesce(a.decayed_30 * exp((f.earlier_day - f.last_day) / 30::float8), 0) + f.decayed_30,
      decayed_90 = coalesce(a.decayed_90 * exp((f.earlier_day - f.last_day) / 90::float8), 0) + f.decayed_90
    from folded f where a.contact_id = f.contact_id`;
}

/**
 * Due windows of the clocks of `purchase_event` and of those just begun at their snapshot, or of whole categories after their parameters changed: the formula of
 * `dueWindow`, for clocks about which the customer said nothing. Cost: one pass over the clocks meant.
 */
export async function refreshWindows(
  { raw }: Connection,
  scope: 'touched' | { readonly categoryIds: readonly number[] },
  today: string,
): Promise<void> {
  const clocks =
    scope === 'touched'
      ? raw`select c.* from clock c join (select contact_id, category_id from purchase_event
          union select contact_id, category_id from clock_snapshot join incoming_contact using (contact_id) where is_rebuild) t using (contact_id, category_id)`
      : raw`select * from clock where category_id = any(${scope.categoryIds})`;
  await raw`
    with distribution as (
      select c.contact_id, c.category_id, c.last_day, p.habit, p.habit_interval_days, p.habit_dates,
        (p.kappa * p.mu + c.discounted_log_gap_sum) / (p.kappa + c.discounted_gap_count) as m,
        p.sigma * sqrt(1 + 1 / (p.kappa + c.discounted_gap_count)) as sd
      from (${clocks}) c join clock_parameter p using (category_id) where c.lasts_until is null),
    dated as (
      select d.*, case habit when 'interval' then last_day + habit_interval_days when 'fixed_dates' then fixed.day end as date
      from distribution d left join lateral (${nextFixedDay(raw, today)}) fixed on d.habit = 'fixed_dates'),
    shown as (
      select contact_id, category_id,
        case habit when 'interval' then date - ${window.INTERVAL_OPENING_DAYS}::integer when 'fixed_dates' then date - ${window.FIXED_OPENING_DAYS}::integer
          else last_day + floor(least(${window.WINDOW_OPENING}::float8 * exp(m), ${LONGEST_GAP_DAYS}) + 0.5)::integer end as due_from,
        case habit when 'interval' then date + ${window.INTERVAL_CLOSING_DAYS}::integer when 'fixed_dates' then date + ${window.FIXED_CLOSING_DAYS}::integer
          else last_day + floor(least(exp(m + ${normalQuantile(window.WINDOW_CLOSING_QUANTILE)}::float8 * sd), ${LONGEST_GAP_DAYS}) + 0.5)::integer end as due_to
      from dated)
    update clock k set due_from = s.due_from, due_to = greatest(s.due_from, s.due_to)
    from shown s where k.contact_id = s.contact_id and k.category_id = s.category_id`;
}

/** The rule of `nextFixedDay` for the row `d`: the first of its days of the year that its last purchase did not serve. */
function nextFixedDay(raw: Connection['raw'], today: string) {
  const after = raw`greatest(d.last_day + ${window.FIXED_SERVED_DAYS}::integer, ${today}::date - ${window.FIXED_CLOSING_DAYS + 1}::integer)`;
  const year = raw`(extract(year from ${after})::integer + later)`;
  return raw`
    select min(day) as day
    from (select case when month_day = '02-29' then make_date(${year}, 3, 1) - 1
        else make_date(${year}, left(month_day, 2)::integer, right(month_day, 2)::integer) end as day
      from unnest(d.habit_dates) month_day, generate_series(0, 1) later) days
    where day > ${after}`;
}
