import type { Connection } from '../database/connection.ts';
import type { LogisticWeights } from './model/logistic.ts';
import type { ModelEvaluation } from './model/shop-fit.ts';
import type { FeatureSet } from './model/feature-rows.ts';
import type { HabitColumns } from './queries.ts';
import type { RenewalParameters } from './rules.ts';

/** A fitted model as it is kept: everything that scoring needs, by the ids of the database. */
export interface ModelDocument {
  readonly featureSet: FeatureSet;
  readonly layer: {
    readonly [Key in keyof LogisticWeights]: LogisticWeights[Key] extends number ? number : readonly number[];
  };
  readonly shop: RenewalParameters;
  readonly visits: RenewalParameters;
  readonly categories: Readonly<Record<number, RenewalParameters & { readonly meanGapDays: number }>>;
}

export interface ModelRow {
  readonly version: number;
  readonly fitted_on: string;
  readonly fitted_at: Date;
  readonly document: ModelDocument;
  readonly evaluation: ModelEvaluation | null;
  readonly is_adopted: boolean;
}

/** The model in use: the latest that was adopted. */
export async function selectAdoptedModel({ raw }: Connection): Promise<ModelRow | null> {
  const [row] = await raw<ModelRow[]>`
    select version, fitted_on, fitted_at, document, evaluation, is_adopted from clock_model where is_adopted order by version desc limit 1`;
  return row ?? null;
}

/** The latest fit, adopted or not. */
export async function selectLatestModel({ raw }: Connection): Promise<Omit<ModelRow, 'document'> | null> {
  const [row] = await raw<Omit<ModelRow, 'document'>[]>`
    select version, fitted_on, fitted_at, evaluation, is_adopted from clock_model order by version desc limit 1`;
  return row ?? null;
}

/** Keeps a fit as the next version, and of the older ones the two last adopted and a quarter of a year. */
export async function insertModel(
  { raw }: Connection,
  model: {
    readonly fittedOn: string;
    readonly document: ModelDocument;
    readonly evaluation: ModelEvaluation | null;
    readonly isAdopted: boolean;
  },
  now: Date,
): Promise<number> {
  const [row] = await raw<{ version: number }[]>`
    insert into clock_model (version, fitted_on, document, evaluation, is_adopted, fitted_at)
    select coalesce(max(version), 0) + 1, ${model.fittedOn}::date, ${raw.json(model.document as never)}, ${raw.json(model.evaluation as never)},
      ${model.isAdopted}, ${now}
    from clock_model returning version`;
  await raw`
    delete from clock_model where fitted_on < ${model.fittedOn}::date - 91
      and version not in (select version from clock_model where is_adopted order by version desc limit 2)`;
  return row?.version ?? 1;
}

/** Writes the fitted parameters of categories; their priors and habits stay. */
export async function updateFitted(
  { raw }: Connection,
  categories: ModelDocument['categories'],
  now: Date,
): Promise<void> {
  const rows = Object.entries(categories).map(([id, parameters]) => ({ id: Number(id), ...parameters }));
  await raw`
    update clock_parameter p set version = p.version + 1, mu = r.mu, sigma = r.sigma, kappa = r.kappa, a = r.a, b = r.b,
      mean_gap_days = r."meanGapDays", fitted_at = ${now}
    from jsonb_to_recordset(${raw.json(rows)}) as r (id integer, mu float8, sigma float8, kappa float8, a float8, b float8, "meanGapDays" float8)
    where p.category_id = r.id`;
}

/** One category as scoring knows it. */
export interface ScoringCategoryRow extends RenewalParameters, HabitColumns {
  readonly category_id: number;
  readonly name: string;
  readonly is_clock_active: boolean;
  readonly mean_gap_days: number;
  readonly clock_count: number;
  readonly existing_count: number;
  readonly positive_count: number;
  readonly decayed_15: number;
  readonly decayed_30: number;
  readonly decayed_120: number;
}

export function selectScoringCategories({ raw }: Connection): Promise<ScoringCategoryRow[]> {
  return raw<ScoringCategoryRow[]>`
    select p.category_id, g.name, g.is_clock_active, p.mu, p.sigma, p.kappa, p.a, p.b, p.habit, p.habit_interval_days, p.habit_dates, p.mean_gap_days, coalesce(r.clock_count, 0) as clock_count,
      coalesce(r.existing_count, 0) as existing_count, coalesce(r.positive_count, 0) as positive_count, coalesce(r.decayed_15, 0) as decayed_15,
      coalesce(r.decayed_30, 0) as decayed_30, coalesce(r.decayed_120, 0) as decayed_120
    from clock_parameter p join category g using (category_id) left join category_rate r using (category_id) order by p.category_id`;
}

/** The day as of which categories' rates were counted last. */
export async function selectRateDay({ raw }: Connection): Promise<string | null> {
  const [row] = await raw<{ day: string | null }[]>`select max(rate_day) as day from category_rate`;
  return row?.day ?? null;
}

/** Counts how each category sells as of a day. Cost: one pass over the clocks. */
export async function refreshRates({ raw }: Connection, day: string, horizonDays: number): Promise<void> {
  await raw`
    insert into category_rate (category_id, rate_day, clock_count, existing_count, positive_count, decayed_15, decayed_30, decayed_120)
    select category_id, ${day}::date, count(*), count(*) filter (where first_day <= start), count(*) filter (where first_day <= start and last_day > start),
      sum(decayed_15 * exp(least(last_day - ${day}::date, 0) / 15::float8)), sum(decayed_30 * exp(least(last_day - ${day}::date, 0) / 30::float8)),
      sum(decayed_120 * exp(least(last_day - ${day}::date, 0) / 120::float8))
    from clock, (select ${day}::date - ${horizonDays}::integer as start) s group by category_id
    on conflict (category_id) do update set rate_day = excluded.rate_day, clock_count = excluded.clock_count, existing_count = excluded.existing_count,
      positive_count = excluded.positive_count, decayed_15 = excluded.decayed_15, decayed_30 = excluded.decayed_30, decayed_120 = excluded.decayed_120`;
  await raw`delete from category_rate where rate_day <> ${day}`; // categories whose last clock went
}

export async function hasClocks({ raw }: Connection): Promise<boolean> {
  const [row] = await raw<{ found: boolean }[]>`select exists (select from clock) as found`;
  return row?.found ?? false;
}

/** What is believed of categories: their names, parents, and the owner's durations. */
export function selectCategoryBeliefs({
  raw,
}: Connection): Promise<
  { category_id: number; name: string; parent_id: number | null; owner_median_days: number | null }[]
> {
  return raw`select category_id, name, parent_id, owner_median_days from category`;
}
