import { readBinary } from '../database/binary-read.ts';
import type { BinaryFields } from '../database/binary-read.ts';
import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import type { StoredClock } from './model/clock-rows.ts';
import { ClockRows } from './model/clock-rows.ts';
import type { StoredVisits } from './model/visit-rows.ts';
import { VisitRows } from './model/visit-rows.ts';

/** Whose clocks are read: always all of a contact's, because what else it buys says something of each. */
export type ClockScope =
  | { readonly contactIds: readonly number[] }
  /** Contacts with a need open on any of these days, both included. */
  | { readonly dueIn: { readonly from: Day; readonly to: Day } };

/** Clocks as they are stored, in the rows that the model reads, in no order. */
export interface StoredClocks {
  readonly clocks: ClockRows;
  readonly visits: VisitRows;
  /** Id of the contact behind each number of a customer. */
  readonly contactIds: readonly number[];
  /** Per clock: its window, and until when the customer said that it still lasts. */
  readonly dueFrom: readonly Day[];
  readonly dueTo: readonly Day[];
  readonly lastsUntil: readonly (Day | null)[];
}

/** Stands where a clock has no window or nothing was said: before any day of a shop. */
const NO_DAY = '0001-01-01';
const noDay = dayFromIso(NO_DAY);

/** Reads the clocks of a scope; `numbers` says the number of each category. */
export async function readStoredClocks(
  { raw }: Connection,
  scope: ClockScope,
  numbers: ReadonlyMap<number, number>,
): Promise<StoredClocks> {
  const clocks = new ClockRows(0);
  const customers = new Map<number, number>();
  const contactIds: number[] = [];
  const dueFrom: Day[] = [];
  const dueTo: Day[] = [];
  const lastsUntil: (Day | null)[] = [];
  await readBinary(raw, clocksOf(scope), (fields) => {
    const contactId = fields.int8();
    let customer = customers.get(contactId);
    if (customer === undefined) {
      customer = contactIds.push(contactId) - 1;
      customers.set(contactId, customer);
    }
    const category = numbers.get(fields.int4());
    dueFrom.push(fields.date());
    dueTo.push(fields.date());
    const promised = fields.date();
    lastsUntil.push(promised === noDay ? null : promised);
    clocks.add(customer, category ?? 0, clockOf(fields));
  });
  const visits = new VisitRows(contactIds.length);
  await readBinary(raw, activityOf(scope), (fields) => {
    const customer = customers.get(fields.int8());
    if (customer !== undefined) visits.set(customer, visitsOf(fields));
  });
  for (let clock = 0; clock < clocks.count; clock++) {
    visits.addClock(clocks.customer(clock));
    if (clocks.purchases(clock) > 1) visits.addRepeatedClock(clocks.customer(clock));
  }
  return { clocks, visits, contactIds, dueFrom, dueTo, lastsUntil };
}

/** A statement of COPY takes no parameters: only numbers and dates of our own making stand in its text. */
function contactsOf(scope: ClockScope): string {
  if ('contactIds' in scope) {
    if (!scope.contactIds.every((id) => Number.isSafeInteger(id)))
      throw new RangeError('an id is a whole number');
    return `= any('{${scope.contactIds.join()}}'::bigint[])`;
  }
  const { from, to } = scope.dueIn;
  return `in (select contact_id from clock where due_from <= '${isoFromDay(to)}' and due_to >= '${isoFromDay(from)}')`;
}

const clocksOf = (scope: ClockScope): string => `
  select contact_id, category_id, coalesce(due_from, '${NO_DAY}'), coalesce(due_to, '${NO_DAY}'), coalesce(lasts_until, '${NO_DAY}'),
    first_day, last_day, purchase_count, first_visit_index, last_visit_index, log_gap_sum, discounted_gap_count, discounted_log_gap_sum,
    discounted_log_gap_square_sum, quantity_sum, last_quantity, decayed_15, decayed_30, decayed_60, decayed_120, decayed_240, recent_gaps
  from clock where contact_id ${contactsOf(scope)}`;

const clockOf = (fields: BinaryFields): StoredClock => ({
  firstDay: fields.date(),
  lastDay: fields.date(),
  purchases: fields.int4(),
  visitsAtFirst: fields.int4(),
  visitsAtLast: fields.int4(),
  logGapSum: fields.float8(),
  discountedGaps: fields.float8(),
  discountedLogGapSum: fields.float8(),
  discountedLogGapSquareSum: fields.float8(),
  quantitySum: fields.float8(),
  lastQuantity: fields.float8(),
  decayed: [fields.float8(), fields.float8(), fields.float8(), fields.float8(), fields.float8()],
  recentGaps: fields.int4Array(),
});

const activityOf = (scope: ClockScope): string => `
  select contact_id, visit_count, first_day, last_visit_day, coalesce(purchase_count, 0), coalesce(last_basket, 0), log_gap_sum,
    coalesce(log_gap_square_sum, 0), decayed_15, decayed_30, decayed_90, coalesce(decayed_purchases_30, 0), coalesce(decayed_purchases_90, 0),
    coalesce(recent_gaps, '{}')
  from contact_activity where visit_count is not null and contact_id ${contactsOf(scope)}`;

const visitsOf = (fields: BinaryFields): StoredVisits => ({
  visits: fields.int4(),
  firstDay: fields.date(),
  lastDay: fields.date(),
  purchases: fields.int4(),
  lastBasket: fields.int4(),
  logGapSum: fields.float8(),
  logGapSquareSum: fields.float8(),
  decayed: [fields.float8(), fields.float8(), fields.float8()],
  decayedPurchases: [fields.float8(), fields.float8()],
  recentGaps: fields.int4Array(),
});
