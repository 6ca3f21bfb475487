import type { Connection } from '../database/connection.ts';
import type { ChannelByHand } from '../kernel/channel.ts';
import type { MessageReference } from './queries.ts';

/** Errands older than this are long over. */
const OVER_AFTER_DAYS = 40;

export interface CallerRow {
  readonly operator_id: number;
  readonly store_id: number | null;
  readonly calls_per_day: number;
  /** Calls to make on the day, and made on it. */
  readonly calls: number;
}

/** Who calls customers and what each has to do on a day, locked, so that two calls are not given to the same last place. */
export async function lockCallers(
  { raw }: Connection,
  day: { readonly start: Date; readonly end: Date },
): Promise<CallerRow[]> {
  await raw`select 1 from operator where disabled_at is null and calls_per_day > 0 order by operator_id for no key update`;
  return raw<CallerRow[]>`
    select o.operator_id, o.store_id, o.calls_per_day, (select count(*) from errand e join message m using (contact_id, message_id)
      where e.channel = 'phone' and e.operator_id = o.operator_id and e.due_at > ${day.start}::timestamptz - make_interval(days => ${OVER_AFTER_DAYS})
        and ((m.status = 'handed' and e.due_at < ${day.end}) or exists (select from message_event v
          where v.contact_id = e.contact_id and v.message_id = e.message_id and v.kind = 'called' and v.occurred_at >= ${day.start}))) as calls
    from operator o where disabled_at is null and calls_per_day > 0 order by o.operator_id`;
}

export async function insertErrand(
  { raw }: Connection,
  errand: MessageReference & {
    readonly channel: ChannelByHand;
    readonly operatorId: number | null;
    readonly now: Date;
  },
): Promise<void> {
  await raw`
    insert into errand (contact_id, message_id, channel, operator_id, due_at, handed_at)
    values (${errand.contactId}, ${errand.messageId}, ${errand.channel}, ${errand.operatorId}, ${errand.now}, ${errand.now})`;
}

export interface ErrandRow {
  readonly channel: ChannelByHand;
  readonly operator_id: number | null;
  readonly due_at: Date;
  readonly tries: number;
  readonly print_job_id: number | null;
  readonly send_before: Date;
}

/** An errand that is still to be done, its message locked; undefined where it is over. */
export async function lockErrand(
  { raw }: Connection,
  { contactId, messageId }: MessageReference,
): Promise<ErrandRow | undefined> {
  await raw`select 1 from message where contact_id = ${contactId} and message_id = ${messageId} for update`;
  const [row] = await raw<ErrandRow[]>`
    select e.channel, e.operator_id, e.due_at, e.tries, e.print_job_id, m.send_before
    from errand e join message m using (contact_id, message_id)
    where contact_id = ${contactId} and message_id = ${messageId} and m.status = 'handed'`;
  return row;
}

/** Puts an errand off to another moment; its time lasts at least until a given one. */
export async function putOffErrand(
  { raw }: Connection,
  { contactId, messageId }: MessageReference,
  change: {
    readonly dueAt: Date;
    readonly lastsUntil: Date;
    readonly tries: number;
    readonly reachedAt: Date | null;
  },
): Promise<void> {
  await raw`
    update errand set due_at = ${change.dueAt}, tries = ${change.tries}, reached_at = coalesce(reached_at, ${change.reachedAt}::timestamptz)
    where contact_id = ${contactId} and message_id = ${messageId}`;
  await raw`
    update message set send_before = greatest(send_before, ${change.lastsUntil}::timestamptz) where contact_id = ${contactId} and message_id = ${messageId}`;
}

/** Ends what is in somebody's hands: they did it, or it cannot be done any more. */
export async function updateHanded(
  { raw }: Connection,
  { contactId, messageId }: MessageReference,
  change: { readonly status: 'sent' | 'expired' | 'cancelled'; readonly reason: string; readonly now: Date },
): Promise<boolean> {
  const rows = await raw`
    update message set status = ${change.status}, reason = ${change.reason}, settled_at = ${change.now}
    where contact_id = ${contactId} and message_id = ${messageId} and status = 'handed' returning message_id`;
  return rows.length > 0;
}

/**
 * What is in somebody's hands and past its time, nobody having done it: expired, and it counts against no cap. Who was reached once and
 * wanted to be called again was spoken to. A printed letter is perhaps in the post: a person says so.
 */
export async function expireHanded({ raw }: Connection, now: Date): Promise<number> {
  const rows = await raw`
    update message m set settled_at = ${now}, status = case when e.reached_at is null then 'expired' else 'sent' end,
      reason = case when e.reached_at is not null then '' when e.channel = 'letter' then 'errand.not_posted' when e.tries = 0 then 'errand.not_called' else 'errand.no_answer' end
    from errand e where e.contact_id = m.contact_id and e.message_id = m.message_id and m.status = 'handed' and m.send_before <= ${now} and e.print_job_id is null
    returning m.message_id`;
  return rows.length;
}

/** Everything that is in somebody's hands, or what was printed together. */
export function selectHanded({ raw }: Connection, printJobId: number | null): Promise<MessageReference[]> {
  return raw<MessageReference[]>`
    select contact_id as "contactId", message_id as "messageId" from message m join errand e using (contact_id, message_id)
    where m.status = 'handed' and (${printJobId}::integer is null or e.print_job_id = ${printJobId}) order by contact_id, message_id`;
}

/** Letters that wait to be printed. */
export function lockUnprinted({ raw }: Connection): Promise<(MessageReference & { costCents: number })[]> {
  return raw<(MessageReference & { costCents: number })[]>`
    select m.contact_id as "contactId", m.message_id as "messageId", m.cost_cents as "costCents"
    from message m join errand e using (contact_id, message_id)
    where m.status = 'handed' and e.channel = 'letter' and e.print_job_id is null order by m.contact_id, m.message_id for update of m, e`;
}

export async function markPrinted(
  { raw }: Connection,
  letters: readonly MessageReference[],
  printJobId: number,
): Promise<void> {
  await raw`
    update errand set print_job_id = ${printJobId} where (contact_id, message_id) in
      (select * from unnest(${letters.map((one) => one.contactId)}::bigint[], ${letters.map((one) => one.messageId)}::bigint[]))`;
}
