-- Why: the pressure rules become data with versions, customers' own wishes tighten them, campaigns get limits and labels, and a plan looks
-- ahead: what it puts off is kept with its day, and how good it is with the run.
-- Locks: campaign, plan_run and candidate for the moment of adding columns; writes to message while one index is built.

create table pressure_version (
  version integer primary key,
  rules jsonb not null,
  created_at timestamptz not null,
  created_by integer references operator
);
comment on table pressure_version is 'distribution: reference. The pressure rules, one row for each time they were changed; the latest holds. None: the defaults.';

-- Who had changed the two caps that were settings until now keeps them.
insert into pressure_version (version, rules, created_at, created_by)
select 1, jsonb_build_object('caps', jsonb_build_array(
    jsonb_build_object('max', coalesce((value ->> 'maxPer14Days')::integer, 1), 'days', 14),
    jsonb_build_object('max', coalesce((value ->> 'maxPer90Days')::integer, 4), 'days', 90),
    jsonb_build_object('max', 1, 'days', 30, 'channels', jsonb_build_array('sms', 'whatsapp')),
    jsonb_build_object('max', 1, 'days', 180, 'channels', jsonb_build_array('phone')),
    jsonb_build_object('max', 2, 'days', 365, 'channels', jsonb_build_array('letter')))), changed_at, changed_by
from setting where name = 'plan' and (value ? 'maxPer14Days' or value ? 'maxPer90Days');

create table contact_wish (
  contact_id bigint primary key references contact,
  max_messages integer check (max_messages >= 0),
  per_days integer check (per_days > 0),
  paused_until date,
  topics text[] not null default '{}',
  updated_at timestamptz not null,
  check ((max_messages is null) = (per_days is null))
);
comment on table contact_wish is 'distribution: contact. How often and about what a customer wants to be written to; topics are "category:<id>" or "tag:<label>", none means all.';

alter table campaign
  add column tags text[] not null default '{}',
  add column max_messages integer check (max_messages > 0),
  add column budget_cents integer check (budget_cents > 0);
comment on column campaign.tags is 'Labels by which pressure rules and customers'' wishes name kinds of campaigns.';

alter table plan_run
  add column pressure_version integer,
  add column value_cents double precision,
  add column bound_cents double precision,
  add column days jsonb not null default '[]'::jsonb;
comment on column plan_run.bound_cents is 'What no plan within the rules could pass; value against bound says how good the plan is.';
comment on column plan_run.days is 'What the plan foresees for each of its days: [{day, messages, valueCents}].';

alter table candidate drop constraint candidate_verdict_check;
alter table candidate add check (verdict in ('planned', 'later', 'outranked', 'blocked'));

create table planned_slot (
  contact_id bigint not null,
  source text not null,
  planned_for date not null,
  class text not null,
  channel text not null,
  category_id integer,
  campaign_id integer,
  value_cents double precision not null,
  reason text not null,
  primary key (contact_id, source)
);
comment on table planned_slot is 'distribution: contact. What the last plan foresees for a later day, and why that day; every plan replaces it. No foreign key to contact: the plan has read the contacts; doctor verifies.';
create index planned_slot_day on planned_slot (planned_for, source);

-- How many messages everybody had in the span of each channel's caps, without reading the messages themselves.
create index message_pressure on message (channel, released_at) include (contact_id, class, campaign_id, category_id) where released_at is not null;
