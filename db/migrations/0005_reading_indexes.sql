-- Why: audiences and counts were read by scanning every clock and message, and what came back on a day by reading every
-- receipt ever kept.
-- Locks: writes to clock, message and sale_receipt while the indexes are built.

-- Buyers of a category, and how many there are, without reading the clocks themselves.
create index clock_category on clock (category_id, contact_id) include (purchase_count);

create index message_campaign on message (campaign_id, status) where campaign_id is not null;

create index sale_receipt_day on sale_receipt (sold_on, contact_id) include (total_cents);
