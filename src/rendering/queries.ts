import type { Connection } from '../database/connection.ts';

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
  template: Omit<TemplateRow, 'template_id'>,
  now: Date,
): Promise<void> {
  await query
    .insertInto('template')
    .values({ ...template, channel: 'email', updated_at: now })
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
  readonly subject: string;
  readonly edited_body: string | null;
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
  readonly granted_at: Date | null;
  readonly method: string | null;
}

/** A message with everything its words need, by keys of one contact. */
export async function selectMessage(
  { raw }: Connection,
  contactId: number,
  messageId: number,
): Promise<MessageRow | undefined> {
  const [row] = await raw<MessageRow[]>`
    select m.contact_id, m.message_id, m.status, m.subject, m.edited_body, m.facts, m.frozen, m.template_id, k.name as category_name, k.is_sensitive,
      n.name as campaign_name, n.subject as campaign_subject, n.body as campaign_body, c.first_name, c.last_name, c.company_name,
      e.occurred_at as granted_at, e.method
    from message m join contact c using (contact_id)
    left join category k on k.category_id = m.category_id left join campaign n on n.campaign_id = m.campaign_id
    left join (select distinct on (contact_id) contact_id, occurred_at, method from consent_event
      where contact_id = ${contactId} and purpose = 'marketing' and action = 'granted' order by contact_id, occurred_at desc) e on e.contact_id = m.contact_id
    where m.contact_id = ${contactId} and m.message_id = ${messageId}`;
  return row;
}
