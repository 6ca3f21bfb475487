import type { Connection } from '../database/connection.ts';
import { dayFromIso } from '../kernel/day.ts';
import type { ClockState, Habit, RenewalParameters } from './rules.ts';
import { OWN_RHYTHM_PURCHASES } from './rules.ts';

const SCRATCH = ['incoming_contact', 'purchase_event'] as const;

/** The statistics of a clock, the same in `clock` and in its snapshot. */
export const stateColumns = (raw: Connection['raw']) => raw`
  first_day, last_day, purchase_count, log_gap_sum, discounted_gap_count, discounted_log_gap_sum, discounted_log_gap_square_sum,
  decayed_15, decayed_30, decayed_60, decayed_120, decayed_240, quantity_sum, last_quantity, first_visit_index, last_visit_index, recent_gaps`;

/** The statistics of a contact's visits and baskets, the same in `contact_activity` and in its snapshot. */
export const visitColumns = (raw: Connection['raw']) => raw`
  first_day, visit_count, log_gap_sum, log_gap_square_sum, recent_gaps, decayed_15, decayed_30, decayed_90, purchase_count, last_basket,
  decayed_purchases_30, decayed_purchases_90`;

const withoutVisits = (raw: Connection['raw']) => raw`
  visit_count = null, first_day = null, last_visit_day = null, log_gap_sum = null, log_gap_square_sum = null, recent_gaps = null, decayed_15 = null,
  decayed_30 = null, decayed_90 = null, purchase_count = null, last_basket = null, decayed_purchases_30 = null, decayed_purchases_90 = null`;

/**
 * Contacts of the incoming lines and of `clocks_to_rebuild`, with what must be done for each. A contact goes on in O(1)
 * when all that came is later than everything seen, or on the last visit day when nothing was brought back on it; else
 * the days must be netted again, and its clocks are rebuilt.
 */
export async function classifyIncoming({ raw }: Connection): Promise<void> {
  for (const table of SCRATCH) await raw`drop table if exists ${raw(`pg_temp.${table}`)}`;
  await raw`analyze incoming_line`;
  await raw`
    create temporary table incoming_contact on commit drop as
    with incoming as (
      select contact_id, min(sold_on) as first_day, max(sold_on) as seen_day, max(sold_on) filter (where total_cents > 0 or quantity > 0) as last_day,
        sum(total_cents)::bigint as total_cents, bool_or(quantity < 0) as has_return
      from incoming_line group by contact_id)
    select contact_id, i.first_day, i.seen_day, i.last_day, coalesce(i.total_cents, 0) as total_cents,
      coalesce(p.state = 'granted', false) as is_profiled,
      r.contact_id is not null or coalesce(i.has_return, false) or coalesce(i.first_day <= a.last_seen_day and not (
        i.first_day = a.last_seen_day and i.first_day is not distinct from a.last_visit_day
        and not exists (select from sale_line l where l.contact_id = i.contact_id and l.sold_on = i.first_day and l.quantity < 0)), false) as is_rebuild
    from incoming i full join clocks_to_rebuild r using (contact_id)
    left join contact_activity a using (contact_id)
    left join (select contact_id, state from consent_state where purpose = 'profiling') p using (contact_id)`;
  await raw`analyze incoming_contact`;
}

/** Forgets the clocks and visits of contacts to be rebuilt from their lines. */
export async function clearRebuilt({ raw }: Connection): Promise<void> {
  await raw`delete from clock k using incoming_contact i where i.contact_id = k.contact_id and i.is_rebuild`;
  await raw`
    update contact_activity a set ${withoutVisits(raw)}
    from incoming_contact i where i.contact_id = a.contact_id and i.is_rebuild`;
}

/** Clocks of contacts to be rebuilt begin at their snapshot, where one was left when older lines were forgotten. */
export async function restoreSnapshots({ raw }: Connection): Promise<void> {
  await raw`
    insert into clock (contact_id, category_id, ${stateColumns(raw)})
    select contact_id, category_id, ${stateColumns(raw)} from clock_snapshot
    where contact_id in (select contact_id from incoming_contact where is_rebuild and is_profiled)`;
  await raw`
    update contact_activity a set (last_visit_day, ${visitColumns(raw)}) =
      (s.last_day, s.first_day, s.visit_count, s.log_gap_sum, s.log_gap_square_sum, s.recent_gaps, s.decayed_15, s.decayed_30, s.decayed_90,
        s.purchase_count, s.last_basket, s.decayed_purchases_30, s.decayed_purchases_90)
    from visit_snapshot s join incoming_contact i using (contact_id) where i.is_rebuild and i.is_profiled and s.contact_id = a.contact_id`;
}

/**
 * Purchase days to fold: of the incoming lines for those who go on, of all kept lines for those rebuilt. A day whose net
 * quantity is not positive is no purchase day; a return lowers the day on which it was brought back. `before` stops short
 * of a day, for a snapshot.
 */
export async function createPurchaseEvents({ raw }: Connection, before: string | null = null): Promise<void> {
  await raw`
    create temporary table purchase_event on commit drop as
    select contact_id, category_id, l.sold_on as day, sum(l.quantity)::float8 as quantity
    from incoming_line l join incoming_contact i using (contact_id) where i.is_profiled and not i.is_rebuild
    group by contact_id, category_id, l.sold_on having sum(l.quantity) > 0
    union all
    select contact_id, category_id, l.sold_on, sum(l.quantity)::float8
    from sale_line l join incoming_contact i using (contact_id) left join visit_snapshot v using (contact_id)
    where i.is_profiled and i.is_rebuild and l.sold_on > coalesce(v.snapshot_day, '-infinity')
      and l.sold_on < coalesce(${before}::date, 'infinity')
    group by contact_id, category_id, l.sold_on having sum(l.quantity) > 0`;
  await raw`analyze purchase_event`;
}

/** Who has bought and has something planned is planned anew. */
export async function requestReplanOfBuyers({ raw }: Connection, now: Date): Promise<void> {
  await raw`
    insert into replan_request (contact_id, requested_at)
    select distinct l.contact_id, ${now}::timestamptz from incoming_line l
    where exists (select from planned_slot s where s.contact_id = l.contact_id)
      or exists (select from message m where m.contact_id = l.contact_id and m.status = 'planned')
    order by 1 on conflict (contact_id) do update set requested_at = excluded.requested_at`;
}

export async function countIncoming({ raw }: Connection): Promise<{ updated: number; rebuilt: number }> {
  const [row] = await raw<{ updated: number; rebuilt: number }[]>`
    select count(*) filter (where is_profiled and not is_rebuild) as updated, count(*) filter (where is_profiled and is_rebuild) as rebuilt from incoming_contact`;
  return row ?? { updated: 0, rebuilt: 0 };
}

/** Withdrawal of profiling: item clocks and visit statistics go, the last day and the total stay. */
export async function deleteClocksOf({ raw }: Connection, contactIds: readonly number[]): Promise<void> {
  await raw`delete from clock where contact_id = any(${contactIds})`;
  await deleteSnapshots({ raw }, contactIds);
  await raw`
    update contact_activity set ${withoutVisits(raw)}
    where contact_id = any(${contactIds})`;
}

export async function deleteSnapshots(
  { raw }: Pick<Connection, 'raw'>,
  contactIds: readonly number[],
): Promise<void> {
  await raw`delete from clock_snapshot where contact_id = any(${contactIds})`;
  await raw`delete from visit_snapshot where contact_id = any(${contactIds})`;
}

/** The two tables that `applyPurchases` reads, filled for a rebuild of some contacts. */
export async function stageRebuild({ raw }: Connection, contactIds: readonly number[]): Promise<void> {
  await raw`drop table if exists pg_temp.incoming_line`;
  await raw`drop table if exists pg_temp.clocks_to_rebuild`;
  await raw`create temporary table incoming_line (contact_id bigint, category_id integer, sold_on date, quantity real, total_cents integer) on commit drop`;
  await raw`create temporary table clocks_to_rebuild (contact_id bigint primary key) on commit drop`;
  await raw`insert into clocks_to_rebuild select distinct * from unnest(${contactIds}::bigint[])`;
}

export interface CategoryRow {
  readonly category_id: number;
  readonly name: string;
  readonly owner_median_days: number | null;
  readonly owner_habit: unknown;
}

export function selectCategoriesWithoutParameters({ raw }: Connection): Promise<CategoryRow[]> {
  return raw<CategoryRow[]>`
    select category_id, name, owner_median_days, owner_habit from category k where not exists (select from clock_parameter p where p.category_id = k.category_id)`;
}

export interface CategoryStatistics extends CategoryRow {
  readonly clock_count: number;
  readonly gap_count: number;
  readonly discounted_gap_count: number;
  readonly log_gap_sum: number;
  readonly log_gap_square_sum: number;
}

/** Sums of the observed gaps of categories, for the fit by moments. */
export function selectCategoryStatistics(
  { raw }: Connection,
  categoryIds: readonly number[] | 'all',
): Promise<CategoryStatistics[]> {
  return raw<CategoryStatistics[]>`
    select g.category_id, g.name, g.owner_median_days, g.owner_habit, count(k.contact_id) as clock_count, coalesce(sum(k.purchase_count - 1), 0) as gap_count,
      coalesce(sum(k.discounted_gap_count), 0) as discounted_gap_count, coalesce(sum(k.discounted_log_gap_sum), 0) as log_gap_sum,
      coalesce(sum(k.discounted_log_gap_square_sum), 0) as log_gap_square_sum
    from category g left join clock k using (category_id) ${categoryIds === 'all' ? raw`` : raw`where g.category_id = any(${categoryIds})`}
    group by g.category_id order by g.category_id`;
}

export interface ParameterRow extends RenewalParameters {
  readonly categoryId: number;
  readonly habit: Habit;
  readonly priorMu: number;
  readonly priorSigma: number;
  readonly gapCount: number;
  readonly clockCount: number;
}

/** Stores parameters as a new version. */
export async function upsertParameters(
  { raw }: Connection,
  rows: readonly ParameterRow[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  await raw`
    insert into clock_parameter as p (category_id, version, mu, sigma, kappa, a, b, prior_mu, prior_sigma, gap_count, clock_count, fitted_at,
      habit, habit_interval_days, habit_dates)
    select r."categoryId", 1, r.mu, r.sigma, r.kappa, r.a, r.b, r."priorMu", r."priorSigma", r."gapCount", r."clockCount", ${now}::timestamptz,
      r.habit ->> 'kind', (r.habit ->> 'days')::integer, array(select jsonb_array_elements_text(coalesce(r.habit -> 'dates', '[]')))
    from jsonb_to_recordset(${raw.json(rows as never)}) as r ("categoryId" integer, mu float8, sigma float8, kappa float8, a float8, b float8,
      "priorMu" float8, "priorSigma" float8, "gapCount" integer, "clockCount" integer, habit jsonb)
    on conflict (category_id) do update set version = p.version + 1, mu = excluded.mu, sigma = excluded.sigma, kappa = excluded.kappa, a = excluded.a,
      b = excluded.b, prior_mu = excluded.prior_mu, prior_sigma = excluded.prior_sigma, gap_count = excluded.gap_count,
      clock_count = excluded.clock_count, fitted_at = excluded.fitted_at, habit = excluded.habit,
      habit_interval_days = excluded.habit_interval_days, habit_dates = excluded.habit_dates`;
}

/** Goods that may reveal something about health are excluded from profiling from the start (law.md PRO-2); the owner may say otherwise. */
export async function markSensitive({ raw }: Connection, categoryIds: readonly number[]): Promise<void> {
  await raw`update category set is_sensitive = true where category_id = any(${categoryIds})`;
}

/** How a category's need returns, as its columns say. */
export interface HabitColumns {
  readonly habit: Habit['kind'];
  readonly habit_interval_days: number | null;
  readonly habit_dates: readonly string[];
}

export function habitOf(row: HabitColumns): Habit {
  if (row.habit === 'interval') return { kind: 'interval', days: row.habit_interval_days ?? 0 };
  if (row.habit === 'fixed_dates') return { kind: 'fixed_dates', dates: row.habit_dates };
  return { kind: 'learned' };
}

export interface ClockRow extends RenewalParameters, HabitColumns {
  readonly contact_id: number;
  readonly category_id: number;
  readonly category_name: string;
  readonly first_day: string;
  readonly last_day: string;
  readonly purchase_count: number;
  readonly log_gap_sum: number;
  readonly discounted_gap_count: number;
  readonly discounted_log_gap_sum: number;
  readonly discounted_log_gap_square_sum: number;
  readonly quantity_sum: number;
  readonly last_quantity: number;
  readonly due_from: string;
  readonly due_to: string;
  readonly lasts_until: string | null;
}

/** The statistics of a clock as the rules know them. */
export function stateOf(row: ClockRow): ClockState {
  return {
    firstDay: dayFromIso(row.first_day),
    lastDay: dayFromIso(row.last_day),
    purchaseCount: row.purchase_count,
    logGapSum: row.log_gap_sum,
    discountedGapCount: row.discounted_gap_count,
    discountedLogGapSum: row.discounted_log_gap_sum,
    discountedLogGapSquareSum: row.discounted_log_gap_square_sum,
    decayed: [],
    quantitySum: row.quantity_sum,
    lastQuantity: row.last_quantity,
  };
}

/** What `stateOf` and `habitOf` read, of `clock k`, `category g` and `clock_parameter p`. */
export const clockColumns = (
  raw: Connection['raw'],
) => raw`k.contact_id, k.category_id, g.name as category_name, k.first_day, k.last_day, k.purchase_count,
  k.log_gap_sum, k.discounted_gap_count, k.discounted_log_gap_sum, k.discounted_log_gap_square_sum, k.quantity_sum, k.last_quantity, k.due_from, k.due_to,
  k.lasts_until, p.mu, p.sigma, p.kappa, p.a, p.b, p.habit, p.habit_interval_days, p.habit_dates`;

/** Contacts for whom a window opens on a day. */
export async function countOpening({ raw }: Connection, day: string): Promise<number> {
  const [row] = await raw<{ contacts: number }[]>`
    select count(distinct k.contact_id) as contacts from clock k join category g using (category_id) where k.due_from = ${day} and g.is_clock_active`;
  return row?.contacts ?? 0;
}

export interface CategoryClockRow extends RenewalParameters, HabitColumns {
  readonly category_id: number;
  readonly name: string;
  readonly owner_median_days: number | null;
  readonly customers: number;
  /** Customers whose own gaps speak: three purchases or more. */
  readonly regulars: number;
  readonly gap_count: number;
  readonly prior_mu: number;
  readonly prior_sigma: number;
}

/** Categories (or one) with their parameters, most customers first. Index clock_category. */
export function selectCategoryClocks(
  { raw }: Connection,
  categoryId: number | 'all' = 'all',
): Promise<CategoryClockRow[]> {
  const isMeant = categoryId === 'all' ? raw`true` : raw`category_id = ${categoryId}`;
  return raw<CategoryClockRow[]>`
    select g.category_id, g.name, g.owner_median_days, p.mu, p.sigma, p.kappa, p.a, p.b, p.prior_mu, p.prior_sigma, p.habit, p.habit_interval_days, p.habit_dates,
      coalesce(c.customers, 0) as customers, coalesce(c.regulars, 0) as regulars, coalesce(c.gap_count, 0) as gap_count
    from (select * from category where ${isMeant}) g join clock_parameter p using (category_id)
    left join (
      select category_id, count(*) as customers, count(*) filter (where purchase_count >= ${OWN_RHYTHM_PURCHASES}) as regulars,
        sum(purchase_count - 1) as gap_count
      from clock where ${isMeant} group by category_id) c using (category_id)
    order by customers desc, g.name`;
}

/**
 * The latest gap in days of a category's customers, of every k-th of them: one each, as the curve beside it is of a customer;
 * all gaps would show above all those who come often. Index clock_category.
 */
export async function selectGaps(
  { raw }: Connection,
  categoryId: number,
  everyKth: number,
): Promise<number[]> {
  const rows = await raw<{ gap: number }[]>`
    select recent_gaps[cardinality(recent_gaps)] as gap from clock
    where category_id = ${categoryId} and contact_id % ${everyKth}::integer = 0 and purchase_count > 1 and recent_gaps <> '{}'`;
  return rows.map((row) => row.gap);
}

/** Customers of a category whose rhythm is known, every k-th of them, those whose time is nearest to a day. */
export function selectExamples(
  { raw }: Connection,
  categoryId: number,
  options: { readonly everyKth: number; readonly today: string; readonly limit: number },
): Promise<(ClockRow & { first_name: string; last_name: string; company_name: string; days: string[] })[]> {
  return raw`
    with chosen as (
      select contact_id from clock
      where category_id = ${categoryId} and contact_id % ${options.everyKth}::integer = 0 and purchase_count >= ${OWN_RHYTHM_PURCHASES} and due_to >= ${options.today}
      order by abs(due_from - ${options.today}::date), contact_id limit ${options.limit})
    select ${clockColumns(raw)}, c.first_name, c.last_name, c.company_name, l.days
    from chosen join clock k on k.contact_id = chosen.contact_id and k.category_id = ${categoryId}
    join contact c on c.contact_id = k.contact_id join category g using (category_id) join clock_parameter p using (category_id)
    cross join lateral (
      select array_agg(day order by day) as days from (
        select sold_on::text as day from sale_line where contact_id = k.contact_id and category_id = ${categoryId} and sold_on > ${options.today}::date - 365
        group by sold_on having sum(quantity) > 0) d) l
    order by k.due_from, k.contact_id`;
}

export async function updateOwnerMedian(
  { raw }: Connection,
  categoryId: number,
  days: number | null,
): Promise<boolean> {
  const result = await raw`update category set owner_median_days = ${days} where category_id = ${categoryId}`;
  return result.count > 0;
}

export async function updateOwnerHabit(
  { raw }: Connection,
  categoryId: number,
  habit: Habit | null,
): Promise<boolean> {
  const json = habit === null ? null : raw.json(habit);
  const result = await raw`update category set owner_habit = ${json} where category_id = ${categoryId}`;
  return result.count > 0;
}
