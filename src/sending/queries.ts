import type { Connection } from '../database/connection.ts';
import type { MessageClass } from '../pressure/rules.ts';

export interface MessageReference {
  readonly contactId: number;
  readonly messageId: number;
}

const pairs = ({ raw }: Pick<Connection, 'raw'>, messages: readonly MessageReference[]) =>
  raw`select * from unnest(${messages.map((m) => m.contactId)}::bigint[], ${messages.map((m) => m.messageId)}::bigint[])`;

/** The undecided messages of a day, or of one group of it. */
export async function selectUndecided(
  { raw }: Connection,
  day: string,
  source: string | null,
  except: readonly number[],
): Promise<MessageReference[]> {
  return raw<MessageReference[]>`
    select contact_id as "contactId", message_id as "messageId" from message
    where plan_day = ${day} and status = 'planned' and (${source}::text is null or source = ${source})
      and message_id <> all(${except}::bigint[]) order by contact_id, message_id`;
}

/** planned -> approved, onto the queue, with its event: one statement after another in the caller's transaction. */
export async function approve(
  transaction: Connection,
  messages: readonly MessageReference[],
  operatorId: number | null,
  now: Date,
): Promise<MessageReference[]> {
  const { raw } = transaction;
  await raw`
    select 1 from message where (contact_id, message_id) in (${pairs(transaction, messages)}) order by contact_id, message_id for update`;
  const rows = await raw<{ contact_id: number; message_id: number }[]>`
    update message set status = 'approved', reason = '', approved_at = ${now}, approved_by = ${operatorId}
    where (contact_id, message_id) in (${pairs(transaction, messages)}) and status = 'planned' and send_before > ${now}
    returning contact_id, message_id`;
  const changed = rows.map((row) => ({ contactId: row.contact_id, messageId: row.message_id }));
  await raw`
    insert into send_queue (message_id, contact_id, channel, not_before, send_before)
    select message_id, contact_id, channel, send_after, send_before from message where (contact_id, message_id) in (${pairs(transaction, changed)})
    on conflict (message_id) do nothing`;
  await insertEvents(transaction, changed, 'approved', { operatorId }, now);
  return changed;
}

/** Takes an approval back while nothing has left: approved -> planned. */
export async function takeBack(
  transaction: Connection,
  messages: readonly MessageReference[],
  now: Date,
): Promise<number> {
  const { raw } = transaction;
  // Messages before their queue, as everywhere: who locks in another order meets the others half-way.
  await raw`select 1 from message where (contact_id, message_id) in (${pairs(transaction, messages)}) order by contact_id, message_id for update`;
  const free = await raw<{ message_id: number }[]>`
    delete from send_queue where message_id = any(${messages.map((m) => m.messageId)}) and (lease_until is null or lease_until < ${now}) returning message_id`;
  const rows = await raw`
    update message set status = 'planned', approved_at = null, approved_by = null, approved_body = null
    where (contact_id, message_id) in (${pairs(transaction, messages)}) and message_id = any(${free.map((row) => row.message_id)}) and status = 'approved'
    returning message_id`;
  return rows.length;
}

/** A person's no: planned, approved or in somebody's hands -> refused. */
export async function refuse(
  transaction: Connection,
  messages: readonly MessageReference[],
  options: { reason: string; operatorId: number | null; now: Date },
): Promise<number> {
  const { raw } = transaction;
  const rows = await raw<{ contact_id: number; message_id: number }[]>`
    update message set status = 'refused', reason = ${options.reason}, settled_at = ${options.now}
    where (contact_id, message_id) in (${pairs(transaction, messages)}) and status in ('planned', 'approved', 'handed') returning contact_id, message_id`;
  const changed = rows.map((row) => ({ contactId: row.contact_id, messageId: row.message_id }));
  await removeFromQueue(
    transaction,
    changed.map((message) => message.messageId),
  );
  await insertEvents(
    transaction,
    changed,
    'refused',
    { reason: options.reason, operatorId: options.operatorId },
    options.now,
  );
  return changed.length;
}

/** Undo of a refusal on the same day: refused -> planned, unless another message has taken the contact's place of that day. */
export async function unrefuse(
  transaction: Connection,
  message: MessageReference,
  day: string,
): Promise<number> {
  const rows = await transaction.raw`
    update message set status = 'planned', reason = '', settled_at = null, approved_body = null
    where contact_id = ${message.contactId} and message_id = ${message.messageId} and status = 'refused' and released_at is null and plan_day >= ${day}
      and not exists (select from message other where other.contact_id = ${message.contactId} and other.plan_day = message.plan_day
        and other.message_id <> ${message.messageId} and other.status in ('planned', 'approved', 'sending', 'handed', 'sent', 'withheld', 'unknown'))
    returning message_id`;
  return rows.length;
}

export async function cancelOpen(
  { raw }: Connection,
  contactIds: readonly number[],
  options: { allowed: readonly string[]; onlyByPurchases: boolean; reason: string; now: Date },
): Promise<number> {
  const rows = await raw<{ message_id: number }[]>`
    update message m set status = 'cancelled', reason = ${options.reason}, settled_at = ${options.now}
    where contact_id = any(${contactIds}) and status in ('planned', 'approved', 'handed') and class not in ('service', 'human_reply')
      and channel <> all(${options.allowed})
      and (not ${options.onlyByPurchases}::boolean or m.category_id is not null
        or exists (select from campaign n where n.campaign_id = m.campaign_id and n.audience ->> 'kind' = 'buyers'))
    returning message_id`;
  await raw`delete from send_queue where message_id = any(${rows.map((row) => row.message_id)})`;
  return rows.length;
}

export async function edit(
  transaction: Connection,
  message: MessageReference,
  change: { subject: string | null; body: string | null; opening: string | null },
): Promise<boolean> {
  const rows = await transaction.raw`
    update message set subject = coalesce(${change.subject}::text, subject), edited_body = coalesce(${change.body}::text, edited_body),
      opening = coalesce(${change.opening}::text, opening)
    where contact_id = ${message.contactId} and message_id = ${message.messageId} and status in ('planned', 'approved') returning message_id`;
  return rows.length > 0;
}

/** Approved, but its time has passed: expired, and its slot is free. */
export async function expire({ raw }: Connection, now: Date): Promise<number> {
  const rows = await raw<{ message_id: number }[]>`
    update message set status = 'expired', reason = 'send.expired', settled_at = ${now} where status = 'approved' and send_before <= ${now} returning message_id`;
  await raw`delete from send_queue where message_id = any(${rows.map((row) => row.message_id)})`;
  return rows.length;
}

/** Undecided messages of days that are over. */
export async function lapse({ raw }: Connection, today: string, now: Date): Promise<number> {
  const rows = await raw`
    update message set status = 'lapsed', reason = 'plan.replaced', settled_at = ${now} where status = 'planned' and plan_day < ${today} returning message_id`;
  return rows.length;
}

export async function insertEvents(
  { raw }: Connection,
  messages: readonly MessageReference[],
  kind: string,
  detail: object,
  now: Date,
): Promise<void> {
  if (messages.length === 0) return;
  await raw`
    insert into message_event (contact_id, message_id, kind, detail, occurred_at)
    select p.*, ${kind}, ${raw.json(detail as never)}, ${now}::timestamptz from (${pairs({ raw }, messages)}) p`;
}

export interface ClaimedRow extends MessageReference {
  readonly attempts: number;
}

/** Approved e-mails whose time to leave has come. */
export async function countWaiting({ raw }: Connection, now: Date): Promise<number> {
  const [row] = await raw<
    { count: number }[]
  >`select count(*) from send_queue where channel = 'email' and not_before <= ${now}`;
  return row?.count ?? 0;
}

/** Claims queued messages of some channels under a lease; several workers never get the same one. */
export async function claim(
  { raw }: Connection,
  options: { now: Date; leaseUntil: Date; owner: string; limit: number; channels: readonly string[] },
): Promise<ClaimedRow[]> {
  return raw<ClaimedRow[]>`
    update send_queue set lease_until = ${options.leaseUntil}, lease_owner = ${options.owner}, attempts = attempts + 1
    where message_id in (
      select message_id from send_queue where not_before <= ${options.now} and (lease_until is null or lease_until < ${options.now}) and channel = any(${options.channels})
      order by not_before, message_id limit ${options.limit} for update skip locked)
    returning message_id as "messageId", contact_id as "contactId", attempts`;
}

export async function removeFromQueue({ raw }: Connection, messageIds: readonly number[]): Promise<void> {
  await raw`delete from send_queue where message_id = any(${messageIds})`;
}

/** Whether a claim still holds, its lease renewed: a later claim of the same message has another number of attempts. */
export async function renewLease(
  { raw }: Connection,
  message: ClaimedRow,
  leaseUntil: Date,
): Promise<boolean> {
  const rows = await raw`
    update send_queue set lease_until = ${leaseUntil} where message_id = ${message.messageId} and attempts = ${message.attempts} returning message_id`;
  return rows.length > 0;
}

/** Gives a message back to the queue, not to be claimed before a moment. */
export async function requeue({ raw }: Connection, messageId: number, notBefore: Date): Promise<void> {
  await raw`update send_queue set lease_until = null, lease_owner = null, not_before = ${notBefore} where message_id = ${messageId}`;
}

/** Undoes the claim of messages that were not tried, where nobody has claimed them since. */
export async function handBack({ raw }: Connection, claimed: readonly ClaimedRow[]): Promise<void> {
  await raw`
    update send_queue q set lease_until = null, lease_owner = null, attempts = q.attempts - 1
    from unnest(${claimed.map((row) => row.messageId)}::bigint[], ${claimed.map((row) => row.attempts)}::int[]) as c (message_id, attempts)
    where q.message_id = c.message_id and q.attempts = c.attempts`;
}

/** No e-mail that nobody holds is claimed before a moment. */
export async function postpone({ raw }: Connection, until: Date): Promise<void> {
  await raw`update send_queue set not_before = ${until} where channel = 'email' and not_before < ${until} and lease_until is null`;
}

/** Messages being sent by a worker whose lease ran out: it crashed between attempt and settlement. */
export async function selectAbandoned(
  { raw }: Connection,
  now: Date,
): Promise<(MessageReference & { messageClass: MessageClass })[]> {
  return raw<(MessageReference & { messageClass: MessageClass })[]>`
    select m.contact_id as "contactId", m.message_id as "messageId", m.class as "messageClass" from message m
    left join send_queue q on q.message_id = m.message_id
    where m.status = 'sending' and (q.lease_until is null or q.lease_until < ${now})`;
}

export interface ReleaseUpdate {
  readonly status: 'sending' | 'handed' | 'withheld';
  readonly assignment: 'treated' | 'control';
  readonly probability: number;
  readonly assignedBy: string;
  readonly frozen: unknown;
  readonly externalId: string | null;
  readonly now: Date;
}

/** Writes the coin. A control is released at the same minute as a treated one; another attempt keeps the first minute. */
export async function updateReleased(
  { raw }: Connection,
  message: MessageReference,
  change: ReleaseUpdate,
): Promise<void> {
  const isWithheld = change.status === 'withheld';
  await raw`
    update message set status = ${change.status}, reason = ${isWithheld ? 'control' : ''}, assignment = ${change.assignment},
      assignment_probability = ${change.probability}, assigned_by = ${change.assignedBy},
      frozen = ${change.frozen === null ? null : raw.json(change.frozen as never)}, external_id = ${change.externalId},
      released_at = coalesce(released_at, ${change.now}::timestamptz), settled_at = ${isWithheld ? change.now : null}
    where contact_id = ${message.contactId} and message_id = ${message.messageId}`;
}

/**
 * Ends a message that the last look stopped. Once the coin has fallen its side stays: who is stopped at a second attempt was
 * chosen to be written to, as others were chosen not to be, and only so do the two groups compare.
 */
export async function updateStopped(
  { raw }: Connection,
  message: MessageReference,
  change: { status: 'cancelled' | 'failed'; reason: string; now: Date },
): Promise<void> {
  await raw`
    update message set status = ${change.status}, reason = ${change.reason}, settled_at = ${change.now}
    where contact_id = ${message.contactId} and message_id = ${message.messageId} and status = 'approved'`;
}

/** Writes the outcome of an attempt. `approved` puts it back for another try. */
export async function updateSettled(
  { raw }: Connection,
  message: MessageReference,
  change: { status: string; reason: string; now: Date },
): Promise<void> {
  await raw`
    update message set status = ${change.status}, reason = ${change.reason}, settled_at = ${change.status === 'approved' ? null : change.now}
    where contact_id = ${message.contactId} and message_id = ${message.messageId} and status = 'sending'`;
}

export async function markUnreachable(
  { raw }: Connection,
  contactId: number,
  email: string,
  reason: string,
  now: Date,
): Promise<void> {
  await raw`
    update contact_identity set unreachable_at = ${now}, unreachable_reason = ${reason} where contact_id = ${contactId} and kind = 'email' and value = ${email}`;
}

export async function insertPublicLink(
  { raw }: Connection,
  token: string,
  message: MessageReference,
  now: Date,
): Promise<void> {
  await raw`insert into public_link (token, contact_id, message_id, created_at) values (${token}, ${message.contactId}, ${message.messageId}, ${now})`;
}

/** Messages of which nobody can say whether they arrived. */
export async function countUnknown({ raw }: Connection): Promise<number> {
  const [row] = await raw<
    { count: number }[]
  >`select count(*) as count from message where status = 'unknown'`;
  return row?.count ?? 0;
}
