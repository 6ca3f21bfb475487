-- Why: a first import makes clocks by the hundred thousand, and checking each against its contact by a trigger took half of the
-- time of storing them (docs/decisions/0006). The doctor looks for clocks of nobody.
-- Locks: clock, contact_activity and contact for the moment of dropping the keys.

alter table clock drop constraint clock_contact_id_fkey;

alter table contact_activity drop constraint contact_activity_contact_id_fkey;

comment on table clock is 'distribution: contact. Statistics of one contact and category (clocks.md 5.1). Exists only with consent to profiling. No foreign keys: the import has matched the contacts; doctor verifies.';
