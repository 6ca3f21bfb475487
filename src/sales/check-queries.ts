import type { Connection } from '../database/connection.ts';

/** Lines of sale without their receipt, customer, product or category. The tables have no foreign keys; this takes their place. */
export async function countBrokenLines({ raw }: Connection): Promise<number> {
  const [row] = await raw<{ count: number }[]>`
    select (select count(*) from sale_line l
        left join sale_receipt r on r.contact_id = l.contact_id and r.receipt_id = l.receipt_id
        left join product p on p.product_id = l.product_id left join category c on c.category_id = l.category_id
        where r.receipt_id is null or p.product_id is null or c.category_id is null)
      + (select count(*) from sale_receipt r left join contact c using (contact_id) where c.contact_id is null)
      + (select count(*) from anonymous_line l left join anonymous_receipt r using (receipt_id) where r.receipt_id is null) as count`;
  return row?.count ?? 0;
}
