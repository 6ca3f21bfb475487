import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';

export interface GroupRow {
  readonly source: string;
  readonly category_id: number | null;
  readonly category_name: string | null;
  readonly campaign_id: number | null;
  readonly campaign_name: string | null;
  readonly waiting: number;
  readonly letters: number;
  readonly calls: number;
  readonly cost_cents: number;
  readonly value_cents: number;
}

/** Today's undecided messages by source, the most valuable group first. Index message_day. */
export function selectGroups(connection: Connection, day: string): Promise<GroupRow[]> {
  return connection.raw<GroupRow[]>`
    select g.*, k.name as category_name, p.name as campaign_name
    from (select source, category_id, campaign_id, count(*) as waiting, count(*) filter (where channel = 'letter') as letters,
            count(*) filter (where channel = 'phone') as calls, sum(cost_cents) as cost_cents, sum(value_cents) as value_cents
          from message where plan_day = ${day} and status = 'planned' group by source, category_id, campaign_id) g
    left join category k on k.category_id = g.category_id
    left join campaign p on p.campaign_id = g.campaign_id
    order by g.value_cents desc, g.source`;
}

export interface ProposalRow {
  readonly contact_id: number;
  readonly message_id: number;
  readonly source: string;
  readonly channel: Channel;
  readonly status: string;
  readonly category_name: string | null;
  readonly campaign_name: string | null;
  readonly cost_cents: number;
  readonly value_cents: number;
  readonly subject: string;
  readonly opening: string;
  readonly is_edited: boolean;
  readonly facts: unknown;
  readonly send_after: Date;
  readonly send_before: Date;
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
}

/** The first proposals of each group by value. */
export function selectFirstProposals(
  connection: Connection,
  day: string,
  perGroup: number,
): Promise<ProposalRow[]> {
  const { raw } = connection;
  return raw<ProposalRow[]>`
    with ranked as (
      select contact_id, message_id, row_number() over (partition by source order by value_cents desc, contact_id) as position
      from message where plan_day = ${day} and status = 'planned')
    select ${proposalColumns(connection)}
    from ranked r join message m using (contact_id, message_id) join contact c using (contact_id)
    left join category k on k.category_id = m.category_id left join campaign p on p.campaign_id = m.campaign_id
    where r.position <= ${perGroup} order by m.source, m.value_cents desc, m.contact_id`;
}

export interface PageOptions {
  readonly day: string;
  readonly source: string;
  readonly after: number;
  readonly limit: number;
  /** Folded words, every one of which the person's search text must contain; empty for everybody. */
  readonly search: string;
}

/** One page of a group, by value. */
export function selectGroupPage(connection: Connection, options: PageOptions): Promise<ProposalRow[]> {
  const { raw } = connection;
  return raw<ProposalRow[]>`
    select ${proposalColumns(connection)}
    from message m join contact c using (contact_id)
    left join category k on k.category_id = m.category_id left join campaign p on p.campaign_id = m.campaign_id
    where m.plan_day = ${options.day} and m.status = 'planned' and m.source = ${options.source}
      and c.search_text like ${`%${options.search}%`}
    order by m.value_cents desc, m.contact_id offset ${options.after} limit ${options.limit}`;
}

export async function countGroup(
  connection: Connection,
  options: Omit<PageOptions, 'after' | 'limit'>,
): Promise<number> {
  const [row] = await connection.raw<{ total: number }[]>`
    select count(*) as total from message m join contact c using (contact_id)
    where m.plan_day = ${options.day} and m.status = 'planned' and m.source = ${options.source} and c.search_text like ${`%${options.search}%`}`;
  return row?.total ?? 0;
}

export async function selectProposal(
  connection: Connection,
  contactId: number,
  messageId: number,
): Promise<ProposalRow | undefined> {
  const { raw } = connection;
  const [row] = await raw<ProposalRow[]>`
    select ${proposalColumns(connection)}
    from message m join contact c using (contact_id)
    left join category k on k.category_id = m.category_id left join campaign p on p.campaign_id = m.campaign_id
    where m.contact_id = ${contactId} and m.message_id = ${messageId}`;
  return row;
}

function proposalColumns({ raw }: Connection) {
  return raw`m.contact_id, m.message_id, m.source, m.channel, m.status, k.name as category_name, p.name as campaign_name, m.cost_cents, m.value_cents,
    m.subject, m.opening, m.edited_body is not null as is_edited, m.facts, m.send_after, m.send_before, c.first_name, c.last_name, c.company_name`;
}

/** How many of the day's messages are in each state; released ones count on the day of their plan. */
export async function selectStatusCounts(connection: Connection, day: string): Promise<Map<string, number>> {
  const rows = await connection.raw<{ status: string; messages: number }[]>`
    select status, count(*) as messages from message where plan_day = ${day} group by status`;
  return new Map(rows.map((row) => [row.status, row.messages]));
}

export interface ProblemRow {
  readonly contact_id: number;
  readonly message_id: number;
  readonly status: string;
  readonly reason: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
}

/** Messages of the last days that a person should look at: not delivered, or of unknown outcome. */
export function selectProblems(connection: Connection, from: string, limit: number): Promise<ProblemRow[]> {
  return connection.raw<ProblemRow[]>`
    select m.contact_id, m.message_id, m.status, m.reason, c.first_name, c.last_name, c.company_name
    from message m join contact c using (contact_id)
    where m.plan_day >= ${from} and m.status in ('failed', 'unknown') order by m.plan_day desc, m.message_id limit ${limit}`;
}

export type RefusedRow = Pick<
  ProposalRow,
  | 'contact_id'
  | 'message_id'
  | 'category_name'
  | 'campaign_name'
  | 'first_name'
  | 'last_name'
  | 'company_name'
>;

/** The day's messages that a person refused. Index message_day. */
export function selectRefused(connection: Connection, day: string, limit: number): Promise<RefusedRow[]> {
  return connection.raw<RefusedRow[]>`
    select m.contact_id, m.message_id, k.name as category_name, p.name as campaign_name, c.first_name, c.last_name, c.company_name
    from message m join contact c using (contact_id)
    left join category k on k.category_id = m.category_id left join campaign p on p.campaign_id = m.campaign_id
    where m.plan_day = ${day} and m.status = 'refused' order by m.settled_at desc, m.message_id limit ${limit}`;
}

export async function selectPlanRun(connection: Connection, day: string) {
  return connection.query.selectFrom('plan_run').selectAll().where('plan_day', '=', day).executeTakeFirst();
}

export interface ShopFacts {
  readonly contacts: number;
  readonly last_sale_day: string | null;
}

/** Whether there is anything to work with. */
export async function selectShopFacts(connection: Connection): Promise<ShopFacts> {
  const [row] = await connection.raw<ShopFacts[]>`
    select (select count(*) from (select from contact limit 1) one) as contacts, (select max(last_day) from contact_activity) as last_sale_day`;
  return row ?? { contacts: 0, last_sale_day: null };
}

/** Last message that reached a contact before a day, and when they said yes: for "why this person". */
export async function selectReasonFacts(
  connection: Connection,
  contactId: number,
): Promise<{
  last_sent_on: string | null;
  granted_at: Date | null;
  method: string | null;
  preferred_channel: string | null;
}> {
  const [row] = await connection.raw<
    {
      last_sent_on: string | null;
      granted_at: Date | null;
      method: string | null;
      preferred_channel: string | null;
    }[]
  >`
    select (select max(released_at)::date from message where contact_id = ${contactId} and status in ('sent', 'unknown')) as last_sent_on,
      e.occurred_at as granted_at, e.method, c.preferred_channel
    from contact c left join consent_event e on e.contact_id = c.contact_id and e.purpose = 'marketing' and e.action = 'granted'
    where c.contact_id = ${contactId} order by e.occurred_at desc nulls last limit 1`;
  return row ?? { last_sent_on: null, granted_at: null, method: null, preferred_channel: null };
}

/** What is in people's hands: calls to make until a moment, letters to print and letters to post. Index message_open. */
export async function selectInHand(
  { raw }: Connection,
  until: Date,
): Promise<{ calls: number; to_print: number; to_post: number }> {
  const [row] = await raw<{ calls: number; to_print: number; to_post: number }[]>`
    select count(*) filter (where e.channel = 'phone' and e.due_at < ${until}) as calls,
      count(*) filter (where e.channel = 'letter' and e.print_job_id is null) as to_print,
      count(*) filter (where e.channel = 'letter' and e.print_job_id is not null) as to_post
    from message m join errand e using (contact_id, message_id) where m.status = 'handed'`;
  return row ?? { calls: 0, to_print: 0, to_post: 0 };
}
