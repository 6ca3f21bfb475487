-- Why: some needs are written about later in their window than the plan would, by lot, so that it can be told whether the moment matters;
-- the decisions about them are counted apart.
-- Locks: message for the moment of adding a column without a rewrite; decision_day while its key is built anew (a few rows a day).
alter table message add column held_back_days integer check (held_back_days >= 0);
comment on column message.held_back_days is 'Days by which the lot held the need back within its window; 0: on time; null: not part of the trial of send days.';

alter table decision_day add column timing text not null default 'none' check (timing in ('none', 'on_time', 'held_back'));
comment on column decision_day.timing is 'Whether the lot of send days held the need back: none, where it was not drawn.';
alter table decision_day drop constraint decision_day_pkey;
alter table decision_day add primary key (released_on, source, channel, timing);
