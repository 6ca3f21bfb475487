import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { importSales } from '../../src/sales/actions.ts';

const root = join(import.meta.dirname, '../..');
const file = join(root, '../shared/data/online_retail.csv.gz');
const isPresent = existsSync(file);
if (!isPresent) console.warn('skipped: ../shared/data/online_retail.csv.gz is not there');

const mapping: unknown = JSON.parse(readFileSync(join(root, 'data/mappings/uci-online-retail.json'), 'utf8'));
const now = new Date('2011-12-10T12:00:00Z');
const request = {
  source: { path: file },
  fileName: 'online_retail.csv.gz',
  mapping,
  timeZone: 'Europe/London',
};

/** Lines that clocks.md 7 keeps: sales of goods to known customers, at a price. */
const keptLines = `sale_line l join product p using (product_id) join category c on c.category_id = l.category_id
  where l.quantity > 0 and l.total_cents >= 0 and p.code ~ '^[0-9]{5}'`;

describe.skipIf(!isPresent)('the Online Retail file', () => {
  it('is read whole, with cancellations as returns, anonymous lines apart, and nothing new the second time', async () => {
    const database = await createTestDatabase();
    const summary = await importSales(database, request, now);

    expect(summary.read).toBe(541_909);
    expect(summary.rejects).toEqual({ price_not_positive: 2515, adjustment: 3 });
    expect(summary.duplicates).toBe(0);
    expect(summary.accepted).toBe(541_909 - 2518);
    expect(summary.returns).toBe(9288);

    const [lines] = await database.raw<{ known: number; anonymous: number; equal: number }[]>`
      select (select count(*) from sale_line) as known, (select count(*) from anonymous_line) as anonymous,
        (select sum(n - 1) from (select count(*) as n from sale_line
          group by contact_id, receipt_id, product_id, quantity, total_cents having count(*) > 1) g) as equal`;
    expect(lines?.known).toBe(summary.accepted - summary.anonymous);
    expect(lines?.anonymous).toBe(summary.anonymous);

    const groups = await database.raw.unsafe<{ name: string; lines: number }[]>(
      `select c.name, count(*) as lines from ${keptLines} group by c.name order by lines desc, c.name`,
    );
    expect(groups.reduce((sum, group) => sum + group.lines, 0)).toBe(396_337);
    expect(groups).toHaveLength(419);
    expect(groups.slice(0, 8).map(({ name, lines: count }) => `${name} ${count}`)).toEqual([
      'MISC 11403',
      'HOLDER 10748',
      'BOX 10307',
      'RETROSPOT 10072',
      'CASE 9193',
      'SIGN 9040',
      'HEART 8512',
      'BAG 7824',
    ]);
    const [events] = await database.raw.unsafe<
      { customers: number; codes: number; clocks: number; events: number }[]
    >(
      `select count(distinct l.contact_id) as customers, count(distinct p.code) as codes,
        count(distinct (l.contact_id, l.category_id)) as clocks,
        count(distinct (l.contact_id, l.category_id, l.sold_on)) as events from ${keptLines}`,
    );
    expect(events).toEqual({ customers: 4334, codes: 3659, clocks: 152_584, events: 265_628 });

    const again = await importSales(database, request, now);
    expect(again.accepted).toBe(0);
    expect(again.duplicates).toBe(summary.accepted);
    expect(again.rejected).toBe(summary.rejected);
    expect(again.changedReceipts).toBe(0);
  }, 120_000);
});
