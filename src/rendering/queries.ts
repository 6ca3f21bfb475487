import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';

export interface TemplateRow {
  readonly template_id: number;
  readonly name: string;
  readonly language: string;
  readonly subject: string;
  readonly mjml: string;
  readonly compiled_html: string;
  readonly text_body: string;
}

export async function selectTemplateByName(
  { query }: Connection,
  name: string,
): Promise<TemplateRow | undefined> {
  return query.selectFrom('template').selectAll().where('name', '=', name).executeTakeFirst();
}

export async function selectTemplate(
  { query }: Connection,
  templateId: number,
): Promise<TemplateRow | undefined> {
  return query.selectFrom('template').selectAll().where('template_id', '=', templateId).executeTakeFirst();
}

export function selectTemplates({ query }: Connection): Promise<TemplateRow[]> {
  return query.selectFrom('template').selectAll().orderBy('name').execute();
}

/** Adds a template that is not there yet; one that the shop changed stays as it is. */
export async function insertTemplate(
  { query }: Connection,
  template: Omit<TemplateRow, 'template_id'> & { readonly channel: string },
  now: Date,
): Promise<void> {
  await query
    .insertInto('template')
    .values({ ...template, updated_at: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
}

export async function updateTemplate(
  { query }: Connection,
  templateId: number,
  change: { subject: string; text_body: string },
  now: Date,
): Promise<boolean> {
  const result = await query
    .updateTable('template')
    .set({ ...change, updated_at: now })
    .where('template_id', '=', templateId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export interface MessageRow {
  readonly contact_id: number;
  readonly message_id: number;
  readonly status: string;
  readonly channel: Channel;
  readonly subject: string;
  readonly edited_body: string | null;
  readonly approved_body: string | null;
  readonly facts: unknown;
  readonly frozen: unknown;
  readonly template_id: number | null;
  readonly category_name: string | null;
  readonly is_sensitive: boolean | null;
  readonly campaign_name: string | null;
  readonly campaign_subject: string | null;
  readonly campaign_body: string | null;
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
}

export interface ContentRow extends MessageRow {
  readonly granted_at: Date | null;
  readonly method: string | null;
}

const messageColumns = ({ raw }: Pick<Connection, 'raw'>) => raw`
  m.contact_id, m.message_id, m.status, m.channel, m.subject, m.edited_body, m.approved_body, m.facts, m.frozen, m.template_id, k.name as category_name, k.is_sensitive,
  n.name as campaign_name, n.subject as campaign_subject, n.body as campaign_body, c.first_name, c.last_name, c.company_name`;

const withItsWords = ({ raw }: Pick<Connection, 'raw'>) => raw`
  message m join contact c using (contact_id)
  left join category k on k.category_id = m.category_id left join campaign n on n.campaign_id = m.campaign_id`;

/** A message with everything its content needs, by keys of one contact. */
export async function selectMessage(
  connection: Connection,
  contactId: number,
  messageId: number,
): Promise<ContentRow | undefined> {
  const [row] = await connection.raw<ContentRow[]>`
    select ${messageColumns(connection)}, e.occurred_at as granted_at, e.method from ${withItsWords(connection)}
    left join (select distinct on (contact_id) contact_id, occurred_at, method from consent_event
      where contact_id = ${contactId} and purpose = 'marketing' and action = 'granted' order by contact_id, occurred_at desc) e on e.contact_id = m.contact_id
    where m.contact_id = ${contactId} and m.message_id = ${messageId}`;
  return row;
}

/** Some messages with everything their words need. */
export function selectMessages(
  connection: Connection,
  messages: readonly { contactId: number; messageId: number }[],
): Promise<MessageRow[]> {
  const { raw } = connection;
  return raw<MessageRow[]>`
    select ${messageColumns(connection)} from ${withItsWords(connection)}
    where (m.contact_id, m.message_id) in (select * from unnest(${messages.map((m) => m.contactId)}::bigint[], ${messages.map((m) => m.messageId)}::bigint[]))`;
}

/** Undecided messages whose words come from a template or a campaign that was changed. */
export function selectUndecided(
  connection: Connection,
  from: { readonly templateId: number } | { readonly campaignId: number },
): Promise<MessageRow[]> {
  const { raw } = connection;
  const origin =
    'templateId' in from ? raw`m.template_id = ${from.templateId}` : raw`m.campaign_id = ${from.campaignId}`;
  return raw<MessageRow[]>`
    select ${messageColumns(connection)} from ${withItsWords(connection)} where m.status = 'planned' and m.edited_body is null and ${origin}`;
}

/** Subject and first words of messages, as the lists show them. */
export async function updateWords(
  { raw }: Connection,
  rows: readonly { contact_id: number; message_id: number; subject: string; opening: string }[],
): Promise<void> {
  await raw`
    update message m set subject = w.subject, opening = w.opening
    from jsonb_to_recordset(${raw.json(rows)}) as w (contact_id bigint, message_id bigint, subject text, opening text)
    where m.contact_id = w.contact_id and m.message_id = w.message_id`;
}

/** The words with which messages were approved. */
export async function updateApprovedWords(
  { raw }: Connection,
  rows: readonly { contact_id: number; message_id: number; body: string }[],
): Promise<void> {
  await raw`
    update message m set approved_body = w.body
    from jsonb_to_recordset(${raw.json(rows)}) as w (contact_id bigint, message_id bigint, body text)
    where m.contact_id = w.contact_id and m.message_id = w.message_id`;
}
