import { readFileSync } from 'node:fs';
import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import { isByHand } from '../kernel/channel.ts';
import { Failure } from '../kernel/failure.ts';
import type { TemplateRow } from './queries.ts';
import * as queries from './queries.ts';
import { parseTemplateText } from './rules.ts';

const FOLDER = new URL('../../data/templates/', import.meta.url);
const purposes = ['refill', 'promotion'] as const;

type Purpose = (typeof purposes)[number];

/** Adds the shipped templates that are missing; those the shop changed stay. */
export async function ensureDefaultTemplates(connection: Connection, now: Date): Promise<void> {
  const mjml = readFileSync(new URL('letter.mjml', FOLDER), 'utf8');
  const layout = { mjml, compiled_html: await compileLayout(mjml) };
  for (const purpose of purposes)
    for (const language of ['it', 'en'] as const)
      for (const formOfAddress of ['tu', 'lei'] as const)
        await ship(connection, { purpose, channel: 'email', language, formOfAddress }, { layout, now });
}

interface TemplateWish {
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly language: string;
  readonly formOfAddress: string;
}

/** What is written by e-mail has no channel in its name, as before there were others. */
const nameOf = ({ purpose, channel, language, formOfAddress }: TemplateWish): string =>
  [...(channel === 'email' ? [] : [channel]), purpose, language, formOfAddress].join('.');

async function ship(
  connection: Connection,
  wish: TemplateWish,
  { layout, now }: { readonly layout: { mjml: string; compiled_html: string }; readonly now: Date },
): Promise<void> {
  const name = nameOf(wish);
  const { subject, body } = parseTemplateText(readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8'));
  const { channel, language } = wish;
  await queries.insertTemplate(
    connection,
    { name, channel, language, subject, ...layout, text_body: body },
    now,
  );
}

async function compileLayout(mjml: string): Promise<string> {
  // Half a second of start, needed only when a layout is compiled: once in the life of a shop.
  const { default: mjml2html } = await import('mjml');
  // An empty font list: the default one fetches typefaces from a third party.
  const { html, errors } = await mjml2html(mjml, { validationLevel: 'soft', keepComments: false, fonts: {} });
  const [error] = errors ?? [];
  if (error) throw new Failure('template_wrong', { params: { detail: error.formattedMessage } });
  return html;
}

/**
 * The template for a purpose on a channel, in the business's language and form of address. Those of letters and calls have no layout and
 * are added when they are first asked for. Failure `not_found`.
 */
export async function findTemplate(
  connection: Connection,
  wish: TemplateWish & { readonly now: Date },
): Promise<{ templateId: number; row: TemplateRow }> {
  const name = nameOf(wish);
  const known = await queries.selectTemplateByName(connection, name);
  if (!known && isByHand(wish.channel))
    await ship(connection, wish, { layout: { mjml: '', compiled_html: '' }, now: wish.now });
  const row = known ?? (await queries.selectTemplateByName(connection, name));
  if (!row) throw new Failure('not_found', { status: 404 });
  return { templateId: row.template_id, row };
}
