-- Why: what leaves are the words that a person approved, even if a template or a campaign is changed in between.
-- Locks: message for the moment of adding a column without a rewrite. Messages approved before have no words kept and are
-- written as they were until now, from the template of the minute at which they leave.

alter table message add column approved_body text;
comment on column message.approved_body is 'The words at approval, where nobody edited them; null before it.';
