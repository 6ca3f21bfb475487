-- Why: besides the households left out for a year, single decisions are turned into no-sends by lot, and what they show is kept by day:
-- results that may be read every day are then a few rows, and what a message is worth is learned from them.
-- Locks: campaign and message for the moment of adding columns without a rewrite.
alter table message
  add column forecast double precision,
  add column forecast_cents double precision;
comment on column message.forecast is 'Chance of any purchase in the 14 days after, without a message, as the clocks said it before the lot; forecast_cents: the spend that goes with it.';

alter table campaign add column min_messages integer check (min_messages > 0);
comment on column campaign.min_messages is 'So many messages are promised for it: the plan falls short only where it cannot be helped.';

create table effect_fit (
  version integer primary key,
  fitted_at timestamptz not null,
  decisions integer not null,
  document jsonb not null
);
comment on table effect_fit is 'distribution: reference. What is believed of the effect of messages, learned from no-sends; the latest holds, none: the priors.';

create table decision_day (
  released_on date not null,
  source text not null,
  channel text not null,
  category_id integer,
  campaign_id integer,
  decisions integer not null,
  effect_sum double precision not null,
  effect_square_sum double precision not null,
  cents_sum double precision not null,
  cents_square_sum double precision not null,
  treated integer not null,
  treated_returned integer not null,
  control integer not null,
  control_returned integer not null,
  coupons integer not null default 0,
  primary key (released_on, source, channel)
);
comment on table decision_day is 'distribution: local. Decisions whose window is over, by the day on which they fell: sums of what each says of the effect (planner.md A6), in purchases and in cents of spend.';

create table programme_day (
  year integer not null,
  window_ended_on date not null,
  customers integer not null,
  effect_sum double precision not null,
  effect_square_sum double precision not null,
  treated integer not null,
  treated_cents bigint not null,
  control integer not null,
  control_cents bigint not null,
  primary key (year, window_ended_on)
);
comment on table programme_day is 'distribution: local. Customers of a control year whose 90 days since their first message are over: sums of what each says of the effect on spend, in cents.';
