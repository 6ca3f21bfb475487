-- Why: the share of control depends on how many contacts the shop has, and the lot of a household on the year before; what
-- the probability was when the lot fell can be known later only if it is kept with the lot.
-- Locks: control_bucket while its few rows are filled, with the share of a shop of this size.

alter table control_bucket add column control_probability double precision;
update control_bucket set control_probability = case when (select count(*) from contact) < 1000 then 0.1 else 0.05 end;
alter table control_bucket alter column control_probability set not null;
alter table control_bucket add check (control_probability >= 0 and control_probability < 1);
comment on column control_bucket.control_probability is 'With which this lot could have fallen on control; 0 after a year in control.';
