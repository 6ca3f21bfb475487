/**
 * Purchases as columns: customers and categories are dense numbers from 0, days are whole local days. What the model is
 * fitted from; ids of the database and names of a file are mapped to numbers before.
 */
export interface PurchaseHistory {
  readonly customerCount: number;
  readonly categoryCount: number;
  readonly customer: Int32Array;
  readonly category: Int32Array;
  readonly day: Int32Array;
  readonly quantity: Float64Array;
}

/**
 * Purchases as they come become purchase days: those of one customer, category and day are one, their quantities summed; a
 * day whose net quantity is not positive is none (clocks.md 2 and 5.1). In the order of days, then customers, categories.
 */
export function mergePurchaseDays(purchases: PurchaseHistory): PurchaseHistory {
  const { customer, category, day, quantity } = purchases;
  const order = orderOfPurchases(purchases);
  const kept = new Uint32Array(order.length);
  const net = new Float64Array(order.length);
  let count = 0;
  for (let from = 0; from < order.length;) {
    const head = order[from]!;
    let sum = 0;
    let to = from;
    for (; to < order.length; to++) {
      const next = order[to]!;
      if (day[next] !== day[head] || customer[next] !== customer[head] || category[next] !== category[head])
        break;
      sum += quantity[next]!;
    }
    if (sum > 0) {
      kept[count] = head;
      net[count++] = sum;
    }
    from = to;
  }
  const pick = (column: Int32Array): Int32Array =>
    Int32Array.from(kept.subarray(0, count), (i) => column[i]!);
  return {
    customerCount: purchases.customerCount,
    categoryCount: purchases.categoryCount,
    customer: pick(customer),
    category: pick(category),
    day: pick(day),
    quantity: net.slice(0, count),
  };
}

/** Indices by day, customer, category: three stable counting sorts, the least significant first. */
function orderOfPurchases({
  customerCount,
  categoryCount,
  customer,
  category,
  day,
}: PurchaseHistory): Uint32Array {
  const order = Uint32Array.from(day.keys());
  let first = Infinity;
  let last = -Infinity;
  for (const value of day) {
    if (value < first) first = value;
    if (value > last) last = value;
  }
  const days = day.length === 0 ? 0 : last - first + 1;
  return countingSort(
    countingSort(countingSort(order, category, 0, categoryCount), customer, 0, customerCount),
    day,
    first,
    days,
  );
}

function countingSort(order: Uint32Array, keys: Int32Array, lowest: number, keyCount: number): Uint32Array {
  const starts = new Uint32Array(keyCount + 1);
  for (const index of order) starts[keys[index]! - lowest + 1]!++;
  for (let key = 0; key < keyCount; key++) starts[key + 1]! += starts[key]!;
  const sorted = new Uint32Array(order.length);
  for (const index of order) sorted[starts[keys[index]! - lowest]!++] = index;
  return sorted;
}

/** First and last day of a history in order, or null when it is empty. */
export function daySpan({ day }: PurchaseHistory): { first: number; last: number } | null {
  const first = day[0];
  const last = day[day.length - 1];
  return first === undefined || last === undefined ? null : { first, last };
}
