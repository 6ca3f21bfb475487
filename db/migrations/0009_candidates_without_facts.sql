-- Why: what a proposal was made from was written for each of tens of thousands of candidates a day and read for none; a message keeps
-- its own. With it, and with a trigger that looked each contact up, writing was half of a plan (docs/decisions/0006).
-- Locks: candidate and contact, for the moment of dropping the column and the key.

alter table candidate drop column facts;
alter table candidate drop constraint candidate_contact_id_fkey;
comment on table candidate is 'distribution: contact. What was proposed for a contact on a day and its one verdict; source is "clock:<category>" or "campaign:<id>". No foreign key to contact: the plan has read the contacts; doctor verifies.';
