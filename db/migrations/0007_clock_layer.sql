-- Why: the layer that corrects the renewal clock reads the latest gaps, the customer's baskets and how a category sells now;
-- kept beside the clocks they cost a plan nothing that grows with history.
-- Locks: clock, contact_activity and their snapshots while the new columns are filled from the lines kept.

alter table clock add column recent_gaps integer[] not null default '{}';
comment on column clock.recent_gaps is 'The latest gaps in days, at most 8, the latest last.';

alter table clock_snapshot add column recent_gaps integer[] not null default '{}';

alter table contact_activity
  add column log_gap_square_sum double precision,
  add column recent_gaps integer[],
  add column purchase_count integer,
  add column last_basket integer,
  add column decayed_purchases_30 double precision,
  add column decayed_purchases_90 double precision;
comment on column contact_activity.purchase_count is 'Purchase days over all categories; last_basket those of the last visit; decayed_purchases as of the last visit. Null without consent to profiling.';

alter table visit_snapshot
  add column log_gap_square_sum double precision not null default 0,
  add column recent_gaps integer[] not null default '{}',
  add column purchase_count integer not null default 0,
  add column last_basket integer not null default 0,
  add column decayed_purchases_30 double precision not null default 0,
  add column decayed_purchases_90 double precision not null default 0;

update clock k set recent_gaps = g.gaps
from (
  select contact_id, category_id, array_agg(gap order by day) filter (where gap is not null and back <= 8) as gaps
  from (
    select contact_id, category_id, sold_on as day,
      sold_on - lag(sold_on) over (partition by contact_id, category_id order by sold_on) as gap,
      row_number() over (partition by contact_id, category_id order by sold_on desc) as back
    from sale_line group by contact_id, category_id, sold_on having sum(quantity) > 0) d
  group by contact_id, category_id) g
where g.contact_id = k.contact_id and g.category_id = k.category_id and g.gaps is not null;

update contact_activity a set log_gap_square_sum = v.log_gap_square_sum, recent_gaps = v.gaps, purchase_count = v.purchases,
  last_basket = v.last_basket, decayed_purchases_30 = v.decayed_30, decayed_purchases_90 = v.decayed_90
from (
  select contact_id, coalesce(sum(ln(gap::float8) ^ 2), 0) as log_gap_square_sum,
    coalesce(array_agg(gap order by day) filter (where gap is not null and back <= 8), '{}') as gaps,
    sum(basket) as purchases, sum(basket) filter (where back = 1) as last_basket,
    sum(basket * exp((day - last_day) / 30::float8)) as decayed_30, sum(basket * exp((day - last_day) / 90::float8)) as decayed_90
  from (
    select contact_id, day, count(*) as basket, day - lag(day) over (partition by contact_id order by day) as gap,
      max(day) over (partition by contact_id) as last_day, row_number() over (partition by contact_id order by day desc) as back
    from (select contact_id, category_id, sold_on as day from sale_line group by contact_id, category_id, sold_on having sum(quantity) > 0) p
    group by contact_id, day) d
  group by contact_id) v
where v.contact_id = a.contact_id and a.visit_count is not null;

alter table clock_parameter add column mean_gap_days double precision not null default 30;
comment on column clock_parameter.mean_gap_days is 'Mean of the observed gaps in days, shrunk to the shop''s by 20 gaps.';

alter table clock_model alter column evaluation drop not null;
comment on column clock_model.evaluation is 'How the fit did on a fortnight it had not seen, beside the model in use; null where too little was sold to judge.';

create table category_rate (
  category_id integer primary key references category,
  rate_day date not null,
  clock_count integer not null,
  existing_count integer not null,
  positive_count integer not null,
  decayed_15 double precision not null,
  decayed_30 double precision not null,
  decayed_120 double precision not null
);
comment on table category_rate is 'distribution: reference. How each category sells as of a day, summed over its clocks once a day: those that existed a fortnight before, those of them that bought since, and decayed counts of purchase days.';
