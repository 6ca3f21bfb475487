-- Why: when a customer buys, says something or withdraws, their plan is made anew at once, without the whole shop's: the last plan
-- keeps what its limits cost and what is left of them, and who has changed waits in a short list.
-- Locks: plan_run for the moment of adding columns.
alter table plan_run
  add column limits jsonb not null default '{}'::jsonb,
  add column mean_receipt_cents double precision;
comment on column plan_run.limits is 'By the name of a limit of the plan: what one more unit would earn (price), and how much of it is left.';
comment on column plan_run.mean_receipt_cents is 'Mean receipt of the shop that the plan reckoned with.';

create table replan_request (
  contact_id bigint primary key,
  requested_at timestamptz not null
);
comment on table replan_request is 'distribution: local. Contacts about whom something changed since the plan: they are planned anew within a minute.';
