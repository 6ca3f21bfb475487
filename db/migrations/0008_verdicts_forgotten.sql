-- Why: every day leaves a verdict for each of tens of thousands of candidates; after a month nobody asks why somebody was not
-- written to, and in a year they would be most of the database.
-- Locks: plan_run, for an instant.

alter table plan_run add column forgotten_at timestamptz;
comment on column plan_run.forgotten_at is 'When the verdicts of the day that led to no message were forgotten; the counts stay.';
