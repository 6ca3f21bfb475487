import { loadBusiness } from '../business/actions.ts';
import { loadReplyAddress } from '../channels/email/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import { isByHand } from '../kernel/channel.ts';
import { dayInWords, dayOfInstant } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import { elideArticles } from '../kernel/language.ts';
import { footerText, identityOf, leaveByHand, linksOf, whySentence } from './footer.ts';
import { checkFields, fillTemplate } from './liquid.ts';
import type { ContentRow, MessageRow, TemplateRow } from './queries.ts';
import * as queries from './queries.ts';
import { openingOf, paragraphsOf, salutationOf, withoutRepeatedLines } from './rules.ts';

export { fillTemplate } from './liquid.ts';
export { ensureDefaultTemplates, findTemplate } from './shipped.ts';

/** What leaves, frozen: the exact words and headers of one message. */
export interface FrozenContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly recipientName: string;
  /** The words alone, without what stands under them. */
  readonly words?: string;
  /** Lines under a letter: how to leave, and who writes. */
  readonly foot?: readonly string[];
  /** Page of the customer's choices, for what is printed; null where it cannot be reached. */
  readonly choicesUrl?: string | null;
  /** Lines of the postal address, or the number: of what a person posts or dials. */
  readonly address?: readonly string[];
  /** Page of one-click unsubscribe, or null when the customers' pages cannot be reached. */
  readonly unsubscribeUrl: string | null;
  /** `mailto:` of a mail that asks to leave; its subject is recognised when it comes back. */
  readonly unsubscribeMailto: string;
}

type BusinessFacts = NonNullable<Awaited<ReturnType<typeof loadBusiness>>>;

export async function listTemplates(connection: Connection) {
  const rows = await queries.selectTemplates(connection);
  return rows.map((row) => ({
    templateId: row.template_id,
    name: row.name,
    language: row.language,
    subject: row.subject,
    body: row.text_body,
  }));
}

/**
 * Saves the words of a template after filling it with an example; undecided messages take them on, approved ones keep
 * theirs. Failures: `template_wrong`, also for a field that is none, and `not_found`.
 */
export async function saveTemplate(
  database: Database,
  templateId: number,
  words: { subject: string; body: string },
  now: Date,
): Promise<void> {
  const template = await queries.selectTemplate(database, templateId);
  if (!template) throw new Failure('not_found', { status: 404 });
  const example = exampleFacts(template.name);
  for (const text of [words.subject, words.body]) checkFields(text, example);
  await database.transaction(async (transaction) => {
    await queries.updateTemplate(
      transaction,
      templateId,
      { subject: words.subject, text_body: words.body },
      now,
    );
    await rewriteUndecided(transaction, { templateId }, now);
  });
}

/** Which fields the words of a template may have: those that its kind of message can fill. */
function exampleFacts(templateName: string): WordFacts {
  const isRefill = /(^|\.)refill\./.test(templateName);
  return {
    contact: { first_name: 'Ada', last_name: 'Rossi', salutation: 'Ciao Ada' },
    shop: { name: 'Bottega', signature: 'Marta', address: '', phone: '', email: '' },
    category: isRefill ? { name: 'caffè' } : {},
    clock: isRefill ? { last_purchase: '6 novembre', typical_gap_days: 30 } : {},
    campaign: isRefill ? {} : { name: 'Natale', subject: 'Una novità', text: 'È arrivata.' },
  };
}

/** Subject and first words of the undecided messages of a template or campaign whose words were changed. */
export async function rewriteUndecided(
  transaction: Connection,
  from: { readonly templateId: number } | { readonly campaignId: number },
  now: Date,
): Promise<void> {
  const rows = await queries.selectUndecided(transaction, from);
  await inWords(transaction, rows, now, (batch) =>
    queries.updateWords(
      transaction,
      batch.map(({ row, words }) => ({
        contact_id: row.contact_id,
        message_id: row.message_id,
        subject: words.subject,
        opening: openingOf(words.body),
      })),
    ),
  );
}

/** Keeps the words with which messages were approved, in the caller's transaction: they leave, whatever changes later. */
export async function keepApprovedWords(
  transaction: Connection,
  messages: readonly { contactId: number; messageId: number }[],
  now: Date,
): Promise<void> {
  const rows = await queries.selectMessages(transaction, messages);
  await inWords(
    transaction,
    rows.filter((row) => row.edited_body === null),
    now,
    (batch) =>
      queries.updateApprovedWords(
        transaction,
        batch.map(({ row, words }) => ({
          contact_id: row.contact_id,
          message_id: row.message_id,
          body: words.body,
        })),
      ),
  );
}

const WORDS_PER_BATCH = 2_000;

/** Hands over messages with their words written, some at a time; a template is read once. */
async function inWords(
  connection: Connection,
  rows: readonly MessageRow[],
  now: Date,
  write: (batch: { row: MessageRow; words: { subject: string; body: string } }[]) => Promise<void>,
): Promise<void> {
  const business = await loadBusiness(connection);
  if (!business || rows.length === 0) return;
  const today = dayOfInstant(now, business.timeZone);
  const templates = new Map(
    (await queries.selectTemplates(connection)).map((template) => [template.template_id, template]),
  );
  for (let start = 0; start < rows.length; start += WORDS_PER_BATCH) {
    const batch = rows.slice(start, start + WORDS_PER_BATCH).flatMap((row) => {
      const template = templates.get(row.template_id ?? 0);
      return template ? [{ row, words: writeWords(template, sourceOf(row), business, today) }] : [];
    });
    if (batch.length > 0) await write(batch);
  }
}

/** Facts of one message for its template's fields. */
export interface WordFacts {
  readonly contact: { readonly first_name: string; readonly last_name: string; readonly salutation: string };
  readonly shop: Readonly<Record<string, string>>;
  readonly category: { readonly name?: string };
  readonly clock: Readonly<Record<string, string | number>>;
  readonly campaign: Readonly<Record<string, string>>;
}

/** What the words of a message are made from, wherever it is written: on the plan or just before leaving. */
export interface WordSource {
  readonly firstName: string;
  readonly lastName: string;
  readonly companyName: string;
  readonly categoryName: string | null;
  readonly campaign: { readonly name: string; readonly subject: string; readonly body: string } | null;
  readonly clock: { readonly lastDay: number; readonly typicalGapDays: number } | null;
}

/** Subject and plain words of a message, before edits. */
export function writeWords(
  template: TemplateRow,
  source: WordSource,
  business: BusinessFacts,
  today: number,
): { subject: string; body: string } {
  const facts = wordFactsOf(source, business, today);
  const fill = (text: string): string => {
    const filled = fillTemplate(text, facts, 'text').trim();
    return business.language === 'it' ? elideArticles(filled) : filled;
  };
  return {
    subject: fill(template.subject).replace(/\s+/g, ' '),
    body: withoutRepeatedLines(fill(template.text_body)),
  };
}

function wordFactsOf(source: WordSource, business: BusinessFacts, today: number): WordFacts {
  const { language } = business;
  return {
    contact: {
      first_name: source.firstName,
      last_name: source.lastName,
      salutation: salutationOf(source, business),
    },
    shop: {
      name: business.name,
      signature: business.signature || business.name,
      address: business.address,
      phone: business.phone,
      email: business.email,
    },
    category: { name: source.categoryName ?? '' },
    clock: source.clock
      ? {
          last_purchase: dayInWords(source.clock.lastDay, language, today),
          typical_gap_days: source.clock.typicalGapDays,
        }
      : {},
    campaign: source.campaign
      ? { name: source.campaign.name, subject: source.campaign.subject, text: source.campaign.body }
      : {},
  };
}

/** Subject, text and page of a stored message: what left if it left, else what would leave now. */
export async function renderStoredMessage(
  connection: Connection,
  message: { contactId: number; messageId: number },
  options: { publicUrl: string | null; now: Date },
): Promise<{ subject: string; text: string; html: string }> {
  const row = await requireMessage(connection, message);
  const content =
    (row.frozen as FrozenContent | null) ??
    (await render(connection, row, { ...options, token: PREVIEW_TOKEN }));
  return { subject: content.subject, text: content.text, html: content.html };
}

const PREVIEW_TOKEN = 'anteprima';

/** What the words of every message are made with: the shop, where replies go, and its templates as they are met. */
export interface Stationery {
  readonly business: BusinessFacts;
  readonly replyAddress: string;
  readonly templates: Map<number, TemplateRow>;
}

/** Reads it once for many messages. Failure `not_found` before the set-up. */
export async function openStationery(connection: Connection): Promise<Stationery> {
  const business = await loadBusiness(connection);
  if (!business) throw new Failure('not_found', { status: 404 });
  return { business, replyAddress: await loadReplyAddress(connection), templates: new Map() };
}

/** The content of a message about to leave, with its own links. */
export async function freezeMessage(
  connection: Connection,
  message: { contactId: number; messageId: number },
  options: { publicUrl: string | null; token: string; now: Date; stationery?: Stationery },
): Promise<FrozenContent> {
  return render(connection, await requireMessage(connection, message), options);
}

async function requireMessage(
  connection: Connection,
  message: { contactId: number; messageId: number },
): Promise<ContentRow> {
  const row = await queries.selectMessage(connection, message.contactId, message.messageId);
  if (!row) throw new Failure('not_found', { status: 404 });
  return row;
}

async function render(
  connection: Connection,
  row: ContentRow,
  options: { publicUrl: string | null; token: string; now: Date; stationery?: Stationery },
): Promise<FrozenContent> {
  const stationery = options.stationery ?? (await openStationery(connection));
  const { business } = stationery;
  const template = await templateOf(connection, row.template_id, stationery);
  const today = dayOfInstant(options.now, business.timeZone);
  const words =
    row.edited_body ?? row.approved_body ?? writeWords(template, sourceOf(row), business, today).body;
  const { language, formOfAddress } = business;
  const links = linksOf(
    options,
    stationery.replyAddress,
    sentence('mail.unsubscribe_subject', language, { token: options.token }),
  );
  const recipientName = row.company_name || `${row.first_name} ${row.last_name}`.trim();
  const unsubscribeUrl = links.unsubscribe === '' ? null : links.unsubscribe;
  if (isByHand(row.channel)) {
    const foot = row.channel === 'letter' ? leaveByHand(links, business) : [];
    return {
      subject: row.subject,
      html: '',
      text: foot.length > 0 ? `${words}\n\n--\n${foot.join('\n')}\n` : words,
      words,
      foot,
      recipientName,
      choicesUrl: links.preferences === '' ? null : links.preferences,
      unsubscribeUrl,
      unsubscribeMailto: links.mailto,
    };
  }
  const page = {
    language,
    subject: row.subject,
    opening: openingOf(words),
    paragraphs: paragraphsOf(words).map((paragraph) => paragraph.split('\n')),
    why: whySentence(row, business, today),
    links,
    shop: { name: business.name, signature: business.signature, identity: identityOf(business) },
    words: {
      stop: sentence('mail.stop', language),
      choices: sentence('mail.choices', language),
      stop_by_reply: sentence(`mail.stop_by_reply_${formOfAddress}`, language),
    },
  };
  return {
    subject: row.subject,
    html: fillTemplate(template.compiled_html, page, 'html'),
    text: `${words}\n\n--\n${footerText(page)}\n`,
    recipientName,
    unsubscribeUrl,
    unsubscribeMailto: links.mailto,
  };
}

async function templateOf(
  connection: Connection,
  templateId: number | null,
  { templates }: Stationery,
): Promise<TemplateRow> {
  const known = templateId === null ? undefined : templates.get(templateId);
  if (known) return known;
  const template = templateId === null ? undefined : await queries.selectTemplate(connection, templateId);
  if (!template) throw new Failure('not_found', { status: 404 });
  templates.set(template.template_id, template);
  return template;
}

function sourceOf(row: MessageRow): WordSource {
  const facts = row.facts as { clock?: { lastDay: number; typicalGapDays: number } };
  return {
    firstName: row.first_name,
    lastName: row.last_name,
    companyName: row.company_name,
    categoryName: row.category_name,
    campaign:
      row.campaign_name === null
        ? null
        : { name: row.campaign_name, subject: row.campaign_subject ?? '', body: row.campaign_body ?? '' },
    clock: facts.clock ?? null,
  };
}
