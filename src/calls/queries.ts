import type { Connection } from '../database/connection.ts';

export interface CallRow {
  readonly contact_id: number;
  readonly message_id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
  readonly about: string;
  readonly frozen: unknown;
  readonly facts: unknown;
  readonly operator_id: number | null;
  readonly caller: string;
  readonly due_at: Date;
  readonly tries: number;
}

const columns = ({ raw }: Pick<Connection, 'raw'>) => raw`
  e.contact_id, e.message_id, c.first_name, c.last_name, c.company_name, coalesce(n.name, k.name, '') as about, m.frozen, m.facts,
  e.operator_id, coalesce(o.name, '') as caller, e.due_at, e.tries`;

const tables = ({ raw }: Pick<Connection, 'raw'>) => raw`
  errand e join message m using (contact_id, message_id) join contact c using (contact_id)
  left join operator o on o.operator_id = e.operator_id
  left join category k on k.category_id = m.category_id left join campaign n on n.campaign_id = m.campaign_id`;

/** Calls that are still to be made, in the order of their time. Index message_open. */
export function selectOpenCalls(connection: Connection): Promise<CallRow[]> {
  return connection.raw<CallRow[]>`
    select ${columns(connection)} from ${tables(connection)}
    where m.status = 'handed' and e.channel = 'phone' order by e.due_at, e.message_id`;
}

export async function selectCall(
  connection: Connection,
  contactId: number,
  messageId: number,
): Promise<CallRow | undefined> {
  const [row] = await connection.raw<CallRow[]>`
    select ${columns(connection)} from ${tables(connection)}
    where e.contact_id = ${contactId} and e.message_id = ${messageId} and m.status = 'handed' and e.channel = 'phone'`;
  return row;
}

export interface MadeRow {
  readonly contact_id: number;
  readonly message_id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
  readonly operator_id: number | null;
  readonly detail: unknown;
}

/** Calls made since a moment, the latest first, each with its last outcome. */
export function selectMadeSince({ raw }: Connection, since: Date): Promise<MadeRow[]> {
  return raw<MadeRow[]>`
    select distinct on (v.occurred_at, v.message_id) v.contact_id, v.message_id, c.first_name, c.last_name, c.company_name, e.operator_id, v.detail
    from errand e join message_event v using (contact_id, message_id) join contact c using (contact_id)
    where e.channel = 'phone' and v.kind = 'called' and v.occurred_at >= ${since}
    order by v.occurred_at desc, v.message_id`;
}

export async function selectOperatorName({ raw }: Connection, operatorId: number): Promise<string> {
  const [row] = await raw<{ name: string }[]>`select name from operator where operator_id = ${operatorId}`;
  return row?.name ?? '';
}

/** Numbers of customers who said yes to calls: what is looked up in the opposition register. */
export async function selectNumbersToCheck({ raw }: Connection): Promise<string[]> {
  const rows = await raw<{ value: string }[]>`
    select i.value from contact_identity i join consent_state s on s.contact_id = i.contact_id and s.purpose = 'marketing'
    where i.kind = 'phone' and s.state = 'granted' and (s.channels = '{}' or 'phone' = any(s.channels)) order by i.value`;
  return rows.map((row) => row.value);
}

/** Keeps what the register said of the numbers that the shop had on the day of the check; returns whose they are. */
export async function markChecked(
  { raw }: Connection,
  check: {
    readonly numbers: readonly string[];
    readonly listed: readonly string[];
    readonly day: string;
    readonly until: Date;
  },
): Promise<{ contact_id: number; is_in_register: boolean }[]> {
  return raw<{ contact_id: number; is_in_register: boolean }[]>`
    update contact_identity set register_checked_on = ${check.day}, is_in_register = value = any(${check.listed})
    where kind = 'phone' and created_at < ${check.until} and (value = any(${check.numbers}) or value = any(${check.listed}))
      and (register_checked_on is null or register_checked_on <= ${check.day})
    returning contact_id, is_in_register`;
}

/** The number that a call was made to. */
export async function selectNumberCalled(
  { raw }: Connection,
  contactId: number,
  messageId: number,
): Promise<string | null> {
  const [row] = await raw<{ number: string | null }[]>`
    select frozen -> 'address' ->> 0 as number from message where contact_id = ${contactId} and message_id = ${messageId}`;
  return row?.number ?? null;
}
