import type { Connection } from '../database/connection.ts';
import type { ClockRow } from './queries.ts';
import { clockColumns } from './queries.ts';

/** What a customer said of a need. */
export interface WordInsert {
  readonly contactId: number;
  readonly categoryId: number;
  readonly word: 'still_lasts' | 'keep_aside';
  readonly saidOn: string;
  readonly lastsUntil: string;
  readonly method: 'counter' | 'phone' | 'reply' | 'link';
  readonly operatorId: number | null;
}

export async function insertWord({ raw }: Connection, word: WordInsert, now: Date): Promise<void> {
  await raw`
    insert into clock_word (contact_id, category_id, word, said_on, lasts_until, method, operator_id, recorded_at)
    values (${word.contactId}, ${word.categoryId}, ${word.word}, ${word.saidOn}, ${word.lastsUntil}, ${word.method}, ${word.operatorId}, ${now})`;
}

/** The latest word since the last purchase holds, for some contacts; what was said before it is history. */
export async function deriveLastsUntil({ raw }: Connection, contactIds: readonly number[]): Promise<void> {
  await raw`
    update clock c set lasts_until = w.lasts_until
    from (select distinct on (contact_id, category_id) contact_id, category_id, said_on, lasts_until from clock_word
      where contact_id = any(${contactIds}) order by contact_id, category_id, said_on desc, clock_word_id desc) w
    where w.contact_id = c.contact_id and w.category_id = c.category_id and w.said_on >= c.last_day`;
}

/** Contacts whose clocks are being rebuilt and who once said something. */
export async function selectRebuiltSpeakers({ raw }: Connection): Promise<number[]> {
  const rows = await raw<{ contact_id: number }[]>`
    select contact_id from incoming_contact i where i.is_rebuild and exists (select from clock_word w where w.contact_id = i.contact_id)`;
  return rows.map((row) => row.contact_id);
}

/** Clocks that run under a customer's word, of some contacts or of some categories. */
export function selectWordedClocks(
  { raw }: Connection,
  scope: { readonly contactIds: readonly number[] } | { readonly categoryIds: readonly number[] },
): Promise<ClockRow[]> {
  const wanted =
    'contactIds' in scope
      ? raw`k.contact_id = any(${scope.contactIds})`
      : raw`k.category_id = any(${scope.categoryIds})`;
  return raw<ClockRow[]>`
    select ${clockColumns(raw)} from clock k join category g using (category_id) join clock_parameter p using (category_id)
    where k.lasts_until is not null and ${wanted}`;
}

export async function updateWindows(
  { raw }: Connection,
  rows: readonly { contactId: number; categoryId: number; from: string; to: string }[],
): Promise<void> {
  await raw`
    update clock k set due_from = r.due_from, due_to = r.due_to
    from unnest(${rows.map((row) => row.contactId)}::bigint[], ${rows.map((row) => row.categoryId)}::integer[],
      ${rows.map((row) => row.from)}::date[], ${rows.map((row) => row.to)}::date[]) as r (contact_id, category_id, due_from, due_to)
    where k.contact_id = r.contact_id and k.category_id = r.category_id`;
}

/** One clock of a contact. */
export async function selectClock(
  { raw }: Connection,
  contactId: number,
  categoryId: number,
): Promise<ClockRow | undefined> {
  const [row] = await raw<ClockRow[]>`
    select ${clockColumns(raw)} from clock k join category g using (category_id) join clock_parameter p using (category_id)
    where k.contact_id = ${contactId} and k.category_id = ${categoryId}`;
  return row;
}
