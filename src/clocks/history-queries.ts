import type { Connection, Database } from '../database/connection.ts';
import type { PurchaseHistory } from './model/purchase-history.ts';

const ROWS_PER_FETCH = 20_000;

/** What the fit is made from: purchase days by dense numbers, and the category id behind each number. */
export interface LoadedHistory {
  readonly history: PurchaseHistory;
  readonly categoryIds: readonly number[];
}

/**
 * Purchase days up to a day of those who consented to profiling, in the order of days; of a large shop those of every
 * k-th contact, so that at most `contactsMax` are read: what is fitted does not get better from more.
 */
export async function loadPurchaseHistory(
  database: Database,
  options: { readonly until: string; readonly contactsMax: number },
): Promise<LoadedHistory> {
  const categoryIds = await selectCategoryIds(database);
  const numbers = new Map(categoryIds.map((id, number) => [id, number]));
  const customers = new Map<number, number>();
  const columns = new HistoryColumns();
  const stride = Math.max(1, Math.ceil((await countProfiled(database)) / options.contactsMax));
  const rows = database.raw<{ contact: number; category: number; day: number; quantity: number }[]>`
    select l.contact_id as contact, l.category_id as category, l.sold_on - date '1970-01-01' as day, sum(l.quantity)::float8 as quantity
    from sale_line l join consent_state s on s.contact_id = l.contact_id and s.purpose = 'profiling' and s.state = 'granted'
    where l.sold_on <= ${options.until} and l.contact_id % ${stride}::integer = 0
    group by l.contact_id, l.category_id, l.sold_on having sum(l.quantity) > 0 order by l.sold_on, l.contact_id, l.category_id`.cursor(
    ROWS_PER_FETCH,
  );
  for await (const batch of rows) {
    for (const { contact, category, day, quantity } of batch) {
      let customer = customers.get(contact);
      if (customer === undefined) customers.set(contact, (customer = customers.size));
      columns.add(customer, numbers.get(category) ?? 0, day, quantity);
    }
  }
  return {
    categoryIds,
    history: { customerCount: customers.size, categoryCount: categoryIds.length, ...columns.take() },
  };
}

async function selectCategoryIds({ raw }: Connection): Promise<number[]> {
  const rows = await raw<
    { category_id: number }[]
  >`select category_id from clock_parameter order by category_id`;
  return rows.map((row) => row.category_id);
}

async function countProfiled({ raw }: Connection): Promise<number> {
  const [row] = await raw<
    { contacts: number }[]
  >`select count(*) as contacts from contact_activity where visit_count is not null`;
  return row?.contacts ?? 0;
}

/** Columns that grow. */
class HistoryColumns {
  #customer = new Int32Array(1024);
  #category = new Int32Array(1024);
  #day = new Int32Array(1024);
  #quantity = new Float64Array(1024);
  #count = 0;

  add(customer: number, category: number, day: number, quantity: number): void {
    if (this.#count === this.#day.length) this.#grow();
    this.#customer[this.#count] = customer;
    this.#category[this.#count] = category;
    this.#day[this.#count] = day;
    this.#quantity[this.#count++] = quantity;
  }

  take(): Pick<PurchaseHistory, 'customer' | 'category' | 'day' | 'quantity'> {
    return {
      customer: this.#customer.slice(0, this.#count),
      category: this.#category.slice(0, this.#count),
      day: this.#day.slice(0, this.#count),
      quantity: this.#quantity.slice(0, this.#count),
    };
  }

  #grow(): void {
    const size = this.#day.length * 2;
    const grown = (column: Int32Array): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(size);
      larger.set(column);
      return larger;
    };
    this.#customer = grown(this.#customer);
    this.#category = grown(this.#category);
    this.#day = grown(this.#day);
    const quantity = new Float64Array(size);
    quantity.set(this.#quantity);
    this.#quantity = quantity;
  }
}
