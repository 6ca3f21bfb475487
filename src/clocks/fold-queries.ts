import type { Connection } from '../database/connection.ts';
import { normalQuantile } from '../kernel/normal.ts';
import { LONGEST_GAP_DAYS } from './gap.ts';
import { RECENT_GAPS } from './model/clock-rows.ts';
import { stateColumns, visitColumns } from './queries.ts';
import { DECAY_DAYS, DISCOUNT } from './rules.ts';
import * as window from './window.ts';

const CLOCK_LOCK = 0x636c636b; // "clck"

/**
 * One transaction at a time changes clocks, until it ends: the clocks of a contact follow from lines and consent that another
 * transaction may just be writing, and a withdrawal must find those that an import is about to store.
 */
export async function lockClocks({ raw }: Connection): Promise<void> {
  await raw`select pg_advisory_xact_lock(${CLOCK_LOCK})`;
}

/**
 * The fold of clocks.md 5.1 for many contacts at once. Its recursion has a closed form: after n new purchase days each
 * gap i weighs γ^(n−i), the prior sums γ^n, and each day exp(−(last − day)/τ); so one grouped statement does what
 * `foldPurchase` does step by step. A test holds the two together.
 *
 * Expects the temporary table `purchase_event (contact_id, category_id, day, quantity)` with one row per purchase day,
 * all at or after the last visit day of a contact that keeps its clocks; a second purchase on that day only adds
 * quantity. Cost: one sort of the new events. The folded clocks and visits are left in the temporary tables `folded_clock`
 * and `folded_visit`, for `storeFolded` and `storeActivity` to write each row once.
 */
export async function foldPurchaseEvents({ raw }: Connection): Promise<void> {
  for (const table of ['visit_day', 'folded_visit', 'folded_clock'])
    await raw`drop table if exists ${raw(`pg_temp.${table}`)}`;
  await raw`
    create temporary table visit_day on commit drop as
    select v.contact_id, v.day, v.basket, coalesce(a.visit_count, 0) + row_number() over (partition by v.contact_id order by v.day)
      - coalesce(min(v.day) over (partition by v.contact_id) = a.last_visit_day, false)::integer as visit_index
    from (
      select contact_id, e.day, count(*) filter (where k.last_day is distinct from e.day) as basket
      from purchase_event e left join clock k using (contact_id, category_id) group by contact_id, e.day) v
    left join contact_activity a using (contact_id)`;
  await raw`analyze visit_day`;
  await raw`
    update clock c set quantity_sum = c.quantity_sum + e.quantity, last_quantity = c.last_quantity + e.quantity
    from purchase_event e where e.contact_id = c.contact_id and e.category_id = c.category_id and e.day = c.last_day`;
  await raw`
    create temporary table folded_clock on commit drop as
    with numbered as (
      select contact_id, category_id, day, quantity,
        row_number() over clock as i, count(*) over (partition by contact_id, category_id) as n,
        lag(day) over clock as previous_day, max(day) over (partition by contact_id, category_id) as last_day
      from (select e.* from purchase_event e left join clock c using (contact_id, category_id) where c.last_day is null or e.day > c.last_day) e
      window clock as (partition by contact_id, category_id order by day)),
    gapped as (
      select e.*, e.day - coalesce(e.previous_day, c.last_day) as gap, ln((e.day - coalesce(e.previous_day, c.last_day))::float8) as log_gap,
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
        sum(quantity) as quantity_sum, max(quantity) filter (where i = n) as last_quantity,
        coalesce(array_agg(gap order by i) filter (where gap is not null and n - i < ${RECENT_GAPS}), '{}') as gaps_seen
      from gapped g group by g.contact_id, g.category_id)
    select f.contact_id, f.category_id, coalesce(c.first_day, f.first_day) as first_day, f.last_day, coalesce(c.purchase_count, 0) + f.n as purchase_count,
      coalesce(c.log_gap_sum, 0) + f.log_gap_sum as log_gap_sum,
      coalesce(c.discounted_gap_count * power(${DISCOUNT}::float8, f.n::float8), 0) + f.discounted_gap_count as discounted_gap_count,
      coalesce(c.discounted_log_gap_sum * power(${DISCOUNT}::float8, f.n::float8), 0) + f.discounted_log_gap_sum as discounted_log_gap_sum,
      coalesce(c.discounted_log_gap_square_sum * power(${DISCOUNT}::float8, f.n::float8), 0) + f.discounted_log_gap_square_sum as discounted_log_gap_square_sum,
      coalesce(c.decayed_15 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[0]}::float8), 0) + f.decayed_15 as decayed_15,
      coalesce(c.decayed_30 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[1]}::float8), 0) + f.decayed_30 as decayed_30,
      coalesce(c.decayed_60 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[2]}::float8), 0) + f.decayed_60 as decayed_60,
      coalesce(c.decayed_120 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[3]}::float8), 0) + f.decayed_120 as decayed_120,
      coalesce(c.decayed_240 * exp((c.last_day - f.last_day) / ${DECAY_DAYS[4]}::float8), 0) + f.decayed_240 as decayed_240,
      coalesce(c.quantity_sum, 0) + f.quantity_sum as quantity_sum, f.last_quantity,
      coalesce(c.first_visit_index, first_visit.visit_index)::integer as first_visit_index, last_visit.visit_index::integer as last_visit_index,
      ${latestGaps(raw, raw`c.recent_gaps`, raw`f.gaps_seen`)} as recent_gaps
    from folded f
    left join clock c on c.contact_id = f.contact_id and c.category_id = f.category_id
    join visit_day first_visit on first_visit.contact_id = f.contact_id and first_visit.day = f.first_day
    join visit_day last_visit on last_visit.contact_id = f.contact_id and last_visit.day = f.last_day`;
  await foldVisits({ raw });
}

/**
 * Writes the folded clocks with their due windows, each once: windows written afterwards would make a second version of every
 * row and of its index entries. What the customer said of the need before is over with this purchase.
 */
export async function storeFolded({ raw }: Connection, today: string): Promise<void> {
  await raw`
    insert into clock (contact_id, category_id, ${stateColumns(raw)}, due_from, due_to)
    select contact_id, category_id, ${stateColumns(raw)}, opens, greatest(opens, closes)
    from folded_clock c left join clock_parameter p using (category_id) ${dueWindow(raw, today)}
    on conflict (contact_id, category_id) do update set last_day = excluded.last_day, purchase_count = excluded.purchase_count,
      log_gap_sum = excluded.log_gap_sum, discounted_gap_count = excluded.discounted_gap_count, discounted_log_gap_sum = excluded.discounted_log_gap_sum,
      discounted_log_gap_square_sum = excluded.discounted_log_gap_square_sum, decayed_15 = excluded.decayed_15, decayed_30 = excluded.decayed_30,
      decayed_60 = excluded.decayed_60, decayed_120 = excluded.decayed_120, decayed_240 = excluded.decayed_240, quantity_sum = excluded.quantity_sum,
      last_quantity = excluded.last_quantity, last_visit_index = excluded.last_visit_index, recent_gaps = excluded.recent_gaps, due_from = excluded.due_from, due_to = excluded.due_to,
      lasts_until = null`;
}

/** The visit clock of each contact who came, in the same closed form, left in the temporary table `folded_visit`. */
async function foldVisits({ raw }: Pick<Connection, 'raw'>): Promise<void> {
  await raw`
    create temporary table folded_visit on commit drop as
    with gapped as (
      select v.*, a.last_visit_day as earlier_day, v.day is distinct from a.last_visit_day as is_new,
        nullif(v.day - coalesce(lag(v.day) over visit, a.last_visit_day), 0) as gap,
        max(v.day) over (partition by v.contact_id) as last_day, count(*) over (partition by v.contact_id) - row_number() over visit as back
      from visit_day v left join contact_activity a using (contact_id)
      window visit as (partition by v.contact_id order by v.day)),
    folded as (
      select contact_id, min(day) as first_day, max(day) as last_day, count(*) filter (where is_new) as n, min(earlier_day) as earlier_day,
        coalesce(sum(ln(gap::float8)), 0) as log_gap_sum, coalesce(sum(ln(gap::float8) ^ 2), 0) as log_gap_square_sum,
        coalesce(array_agg(gap order by day) filter (where gap is not null and back < ${RECENT_GAPS}), '{}') as gaps_seen,
        ${decayedSum(raw, raw`is_new::integer`, 15)} as decayed_15, ${decayedSum(raw, raw`is_new::integer`, 30)} as decayed_30,
        ${decayedSum(raw, raw`is_new::integer`, 90)} as decayed_90,
        sum(basket) as purchases, ${decayedSum(raw, raw`basket`, 30)} as purchases_30, ${decayedSum(raw, raw`basket`, 90)} as purchases_90,
        sum(basket) filter (where back = 0) as last_basket, bool_or(is_new) as has_new
      from gapped group by contact_id)
    select contact_id, coalesce(a.first_day, f.first_day) as first_day, f.last_day, coalesce(a.visit_count, 0) + f.n as visit_count,
      coalesce(a.log_gap_sum, 0) + f.log_gap_sum as log_gap_sum, coalesce(a.log_gap_square_sum, 0) + f.log_gap_square_sum as log_gap_square_sum,
      ${latestGaps(raw, raw`a.recent_gaps`, raw`f.gaps_seen`)} as recent_gaps,
      ${faded(raw, raw`a.decayed_15`, 15)} + f.decayed_15 as decayed_15, ${faded(raw, raw`a.decayed_30`, 30)} + f.decayed_30 as decayed_30,
      ${faded(raw, raw`a.decayed_90`, 90)} + f.decayed_90 as decayed_90, coalesce(a.purchase_count, 0) + f.purchases as purchase_count,
      f.last_basket + case when f.has_new then 0 else coalesce(a.last_basket, 0) end as last_basket,
      ${faded(raw, raw`a.decayed_purchases_30`, 30)} + f.purchases_30 as decayed_purchases_30,
      ${faded(raw, raw`a.decayed_purchases_90`, 90)} + f.purchases_90 as decayed_purchases_90
    from folded f left join contact_activity a using (contact_id)`;
}

type Fragment = ReturnType<Connection['raw']>;

/** Σ count · exp(−(last − day)/τ) over the days of a group. */
const decayedSum = (raw: Connection['raw'], count: Fragment, scaleDays: number): Fragment =>
  raw`sum(${count} * exp((day - last_day) / ${scaleDays}::float8))`;

/** What was counted up to the earlier last day, as of the new one. */
const faded = (raw: Connection['raw'], count: Fragment, scaleDays: number): Fragment =>
  raw`coalesce(${count} * exp((f.earlier_day - f.last_day) / ${scaleDays}::float8), 0)`;

/** The latest gaps of those kept and those seen now. */
const latestGaps = (raw: Connection['raw'], kept: Fragment, seen: Fragment): Fragment =>
  raw`(coalesce(${kept}, '{}') || ${seen})[greatest(coalesce(cardinality(${kept}), 0) + cardinality(${seen}) - ${RECENT_GAPS - 1}, 1):]`;

/**
 * The activity of everybody in `incoming_contact`, written once: last visit and total spend, known of all (law.md CON-5), the
 * last day of which anything was seen, and the folded visits of those who consented. For a rebuild the kept receipts are read.
 */
export async function storeActivity({ raw }: Connection): Promise<void> {
  await raw`
    insert into contact_activity (contact_id, last_day, last_seen_day, total_cents, last_visit_day, ${visitColumns(raw)})
    select i.contact_id,
      case when i.is_rebuild then coalesce(s.last_day, s.first_day, a.last_day, i.first_day) else coalesce(greatest(a.last_day, i.last_day), i.first_day) end,
      case when i.is_rebuild then s.seen_day else greatest(a.last_seen_day, i.seen_day) end,
      case when i.is_rebuild then coalesce(s.total_cents, 0) else coalesce(a.total_cents, 0) + i.total_cents end,
      coalesce(f.last_day, a.last_visit_day), coalesce(f.first_day, a.first_day), coalesce(f.visit_count, a.visit_count),
      coalesce(f.log_gap_sum, a.log_gap_sum), coalesce(f.log_gap_square_sum, a.log_gap_square_sum), coalesce(f.recent_gaps, a.recent_gaps),
      coalesce(f.decayed_15, a.decayed_15), coalesce(f.decayed_30, a.decayed_30), coalesce(f.decayed_90, a.decayed_90),
      coalesce(f.purchase_count, a.purchase_count), coalesce(f.last_basket, a.last_basket),
      coalesce(f.decayed_purchases_30, a.decayed_purchases_30), coalesce(f.decayed_purchases_90, a.decayed_purchases_90)
    from incoming_contact i left join contact_activity a using (contact_id) left join folded_visit f using (contact_id)
    left join lateral (
      select max(sold_on) filter (where total_cents > 0) as last_day, min(sold_on) as first_day, max(sold_on) as seen_day,
        sum(total_cents)::bigint as total_cents
      from sale_receipt r where r.contact_id = i.contact_id and i.is_rebuild) s on true
    where coalesce(i.first_day, a.last_day, s.first_day) is not null
    order by i.contact_id
    on conflict (contact_id) do update set last_day = excluded.last_day, last_seen_day = excluded.last_seen_day, total_cents = excluded.total_cents,
      last_visit_day = excluded.last_visit_day, first_day = excluded.first_day, visit_count = excluded.visit_count, log_gap_sum = excluded.log_gap_sum,
      log_gap_square_sum = excluded.log_gap_square_sum, recent_gaps = excluded.recent_gaps, decayed_15 = excluded.decayed_15,
      decayed_30 = excluded.decayed_30, decayed_90 = excluded.decayed_90, purchase_count = excluded.purchase_count,
      last_basket = excluded.last_basket, decayed_purchases_30 = excluded.decayed_purchases_30, decayed_purchases_90 = excluded.decayed_purchases_90`;
  await raw`delete from contact_activity a using incoming_contact i where i.contact_id = a.contact_id and i.is_rebuild and a.last_seen_day is null`;
}

/**
 * Due windows of clocks about which the customer said nothing: of those just begun at their snapshot, or of whole categories
 * after their parameters changed. Cost: one pass over the clocks meant.
 */
export async function refreshWindows(
  { raw }: Connection,
  scope: 'restored' | { readonly categoryIds: readonly number[] },
  today: string,
): Promise<void> {
  const isMeant =
    scope === 'restored'
      ? raw`(contact_id, category_id) in (select contact_id, category_id from clock_snapshot join incoming_contact using (contact_id) where is_rebuild)`
      : raw`category_id = any(${scope.categoryIds})`;
  await raw`
    update clock k set due_from = s.opens, due_to = greatest(s.opens, s.closes)
    from (select contact_id, category_id, opens, closes from clock c join clock_parameter p using (category_id) ${dueWindow(raw, today)}
      where c.lasts_until is null and ${isMeant}) s
    where k.contact_id = s.contact_id and k.category_id = s.category_id`;
}

/** The formula of `dueWindow` in the rules, as `opens` and `closes` beside the row `c` of a clock and `p` of its parameters. */
function dueWindow(raw: Connection['raw'], today: string) {
  return raw`
    cross join lateral (
      select (p.kappa * p.mu + c.discounted_log_gap_sum) / (p.kappa + c.discounted_gap_count) as m,
        p.sigma * sqrt(1 + 1 / (p.kappa + c.discounted_gap_count)) as sd) gap
    cross join lateral (
      select case p.habit when 'interval' then c.last_day + p.habit_interval_days when 'fixed_dates' then ${nextFixedDay(raw, today)} end as date) fixed
    cross join lateral (
      select case p.habit when 'interval' then date - ${window.INTERVAL_OPENING_DAYS}::integer when 'fixed_dates' then date - ${window.FIXED_OPENING_DAYS}::integer
          else c.last_day + floor(least(${window.WINDOW_OPENING}::float8 * exp(m), ${LONGEST_GAP_DAYS}) + 0.5)::integer end as opens,
        case p.habit when 'interval' then date + ${window.INTERVAL_CLOSING_DAYS}::integer when 'fixed_dates' then date + ${window.FIXED_CLOSING_DAYS}::integer
          else c.last_day + floor(least(exp(m + ${normalQuantile(window.WINDOW_CLOSING_QUANTILE)}::float8 * sd), ${LONGEST_GAP_DAYS}) + 0.5)::integer end as closes) due`;
}

/** The rule of `nextFixedDay` for the clock `c`: the first of the days of the year that its last purchase did not serve. */
function nextFixedDay(raw: Connection['raw'], today: string) {
  const after = raw`greatest(c.last_day + ${window.FIXED_SERVED_DAYS}::integer, ${today}::date - ${window.FIXED_CLOSING_DAYS + 1}::integer)`;
  const year = raw`(extract(year from ${after})::integer + later)`;
  return raw`(
    select min(day) from (
      select case when month_day = '02-29' then make_date(${year}, 3, 1) - 1
        else make_date(${year}, left(month_day, 2)::integer, right(month_day, 2)::integer) end as day
      from unnest(p.habit_dates) month_day, generate_series(0, 1) later) days
    where day > ${after})`;
}
