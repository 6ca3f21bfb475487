import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addPerson } from '../../test/support/people.ts';
import { claimAnonymousReceipt, countBrokenLines, importSales } from './actions.ts';

const till = [
  'Data;Scontrino;Articolo;Categoria;Quantità;Totale',
  '2026-09-01;1;Miele di acacia;Miele;2;18,00',
  '2026-09-01;1;Pane;Pane;1;3,00',
  '2026-10-01;2;Miele di acacia;Miele;1;9,00',
  '2026-10-02;3;Pane;Pane;1;3,00',
].join('\n');

describe('an anonymous receipt', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database, clock } = shop;
  const { raw } = database;
  const read = () =>
    importSales(
      database,
      {
        source: { stream: Readable.from([Buffer.from(till)]) },
        fileName: 'cassa.csv',
        timeZone: 'Europe/Rome',
      },
      clock.now(),
    );
  const summary = await read();
  const receiptOf = async (number: string): Promise<number> => {
    const [row] = await raw<{ receipt_id: number }[]>`
      select receipt_id from anonymous_receipt where number = ${number} union all select receipt_id from sale_receipt where number = ${number}`;
    return row?.receipt_id ?? 0;
  };
  const totals = async () => {
    const [row] = await raw<
      { receipts: number; receipt_cents: number; lines: number; line_cents: number; quantity: number }[]
    >`
      select (select count(*) from sale_receipt) + (select count(*) from anonymous_receipt) as receipts,
        (select coalesce(sum(total_cents), 0) from sale_receipt) + (select coalesce(sum(total_cents), 0) from anonymous_receipt) as receipt_cents,
        (select count(*) from sale_line) + (select count(*) from anonymous_line) as lines,
        (select coalesce(sum(total_cents), 0) from sale_line) + (select coalesce(sum(total_cents), 0) from anonymous_line) as line_cents,
        (select coalesce(sum(quantity), 0) from sale_line) + (select coalesce(sum(quantity), 0) from anonymous_line) as quantity`;
    return row;
  };
  const before = await totals();
  const ada = await addPerson(shop, { firstName: 'Ada' });
  const bea = await addPerson(shop, { firstName: 'Bea', consents: [] });
  const claim = (receiptId: number, contactId: number) =>
    claimAnonymousReceipt(database, receiptId, contactId, clock.now());

  it('waits for its customer', () => {
    expect(summary).toMatchObject({ read: 4, accepted: 4, anonymous: 4 });
    expect(before).toMatchObject({
      receipts: 3,
      receipt_cents: 3300,
      lines: 4,
      line_cents: 3300,
      quantity: 5,
    });
  });

  it('moves with its lines to the contact who claims it, whose activity and clocks know of it', async () => {
    const first = await receiptOf('1');
    await claim(first, ada);
    expect(
      await raw`select contact_id, identified_by, total_cents, line_count from sale_receipt where receipt_id = ${first}`,
    ).toEqual([{ contact_id: ada, identified_by: 'claim', total_cents: 2100, line_count: 2 }]);
    expect(await raw`select from sale_line where receipt_id = ${first} and contact_id = ${ada}`).toHaveLength(
      2,
    );
    expect(await raw`select from anonymous_line where receipt_id = ${first}`).toHaveLength(0);
    expect(await raw`select contact_id from receipt_key where receipt_id = ${first}`).toEqual([
      { contact_id: ada },
    ]);
    expect(
      await raw`select last_day, total_cents, visit_count from contact_activity where contact_id = ${ada}`,
    ).toEqual([{ last_day: '2026-09-01', total_cents: 2100, visit_count: 1 }]);
    await claim(await receiptOf('2'), ada);
    const clocks =
      await raw`select c.name, purchase_count, first_day, last_day, quantity_sum from clock join category c using (category_id)
      where contact_id = ${ada} order by c.name`;
    expect(clocks).toEqual([
      { name: 'Miele', purchase_count: 2, first_day: '2026-09-01', last_day: '2026-10-01', quantity_sum: 3 },
      { name: 'Pane', purchase_count: 1, first_day: '2026-09-01', last_day: '2026-09-01', quantity_sum: 1 },
    ]);
    const [activity] =
      await raw`select last_day, total_cents, visit_count from contact_activity where contact_id = ${ada}`;
    expect(activity).toEqual({ last_day: '2026-10-01', total_cents: 3000, visit_count: 2 });
  });

  it('claimed again by the same contact changes nothing', async () => {
    const known = async () => ({
      receipts: await raw`select * from sale_receipt order by receipt_id`,
      clocks: await raw`select * from clock order by contact_id, category_id`,
      activity: await raw`select * from contact_activity`,
    });
    const state = await known();
    await claim(await receiptOf('1'), ada);
    expect(await known()).toEqual(state);
  });

  it('cannot be claimed by another, not even at the same moment', async () => {
    await expect(claim(await receiptOf('1'), bea)).rejects.toMatchObject({ code: 'receipt_already_claimed' });
    const third = await receiptOf('3');
    const race = await Promise.allSettled([claim(third, ada), claim(third, bea)]);
    expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(race.find((end) => end.status === 'rejected')?.reason).toMatchObject({
      code: 'receipt_already_claimed',
    });
    expect(await raw`select from sale_receipt where receipt_id = ${third}`).toHaveLength(1);
  });

  it('is not given to somebody who does not exist, and there must be one', async () => {
    await expect(claim(999_999, ada)).rejects.toMatchObject({ code: 'not_found' });
    await raw`insert into anonymous_receipt (receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
      values (77, gen_random_uuid(), now(), '2026-11-01', 0, 0, 1)`;
    await expect(claim(77, 999_999)).rejects.toMatchObject({ code: 'not_found' });
    await raw`delete from anonymous_receipt where receipt_id = 77`;
  });

  it('without consent to profiling leaves only the last visit and the total', async () => {
    const [row] = await raw<{ receipt_id: number }[]>`
      insert into anonymous_receipt (receipt_id, receipt_key, number, sold_at, sold_on, total_cents, line_count, import_run_id)
      values (88, gen_random_uuid(), '88', '2026-11-02', '2026-11-02', 0, 0, 1) returning receipt_id`;
    await claim(row?.receipt_id ?? 0, bea);
    expect(await raw`select from clock where contact_id = ${bea}`).toHaveLength(0);
    const [activity] = await raw`select visit_count from contact_activity where contact_id = ${bea}`;
    expect(activity).toEqual({ visit_count: null });
    await raw`delete from sale_receipt where receipt_id = 88`;
  });

  it('leaves the totals of the shop as they were and no line without its receipt, and the till’s file still adds nothing', async () => {
    expect(await totals()).toEqual(before);
    expect(await countBrokenLines(database)).toBe(0);
    expect(await read()).toMatchObject({ read: 4, accepted: 0, duplicates: 4 });
    expect(await totals()).toEqual(before);
    expect(
      await raw`select from sale_receipt where contact_id = ${ada} and number in ('1', '2')`,
    ).toHaveLength(2);
  });
});
