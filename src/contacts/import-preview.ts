import type { Connection } from '../database/connection.ts';
import type { Table } from '../importing/actions.ts';
import { doubtOf, openTable, rejectInWords, selectEarlierRun } from '../importing/actions.ts';
import type { Doubt } from '../importing/schema.ts';
import { columnPosition } from '../importing/rules.ts';
import { dayOfInstant } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { recogniseContactMapping } from './import.ts';
import { ContactReader } from './import-row.ts';
import type { ContactMapping, ContactPreview } from './import-schema.ts';
import { suggestEmail } from './rules.ts';

const SHOWN_ROWS = 20;

/** The mapping recognised or guessed, the first people as they would be taken in, and what to look at before. */
export async function previewContacts(
  connection: Connection,
  request: {
    readonly path: string;
    readonly fileName: string;
    readonly mapping: ContactMapping | undefined;
    readonly language: Language;
    readonly fileHash: Buffer;
    readonly timeZone: string;
  },
  now: Date,
): Promise<Omit<ContactPreview, 'uploadId'>> {
  const { language } = request;
  const table = await openTable({ path: request.path, fileName: request.fileName });
  const { mapping, name } =
    request.mapping === undefined
      ? await recogniseContactMapping(connection, table.header)
      : { mapping: request.mapping, name: null };
  const reader = new ContactReader(mapping, table.header, dayOfInstant(now, request.timeZone));
  const lines = reader.hasKey ? await firstPeople(table, reader, language) : [];
  const doubts = [...doubtsOf(table, reader, language), ...slipsOf(table, mapping, language)];
  if (lines.some(({ lacksEvidence }) => lacksEvidence))
    doubts.push(doubtOf('no_evidence', 'marketing', '', language));
  if (await selectEarlierRun(connection, 'contacts', request.fileHash))
    doubts.push(doubtOf('seen_before', '', '', language));
  return {
    fileName: request.fileName,
    format: table.format,
    encoding: table.encoding,
    delimiter: table.delimiter,
    header: [...table.header],
    mapping,
    mappingName: name,
    isComplete: reader.hasKey,
    doubts,
    lines: lines.map(({ line }) => line),
  };
}

function doubtsOf(table: Table, reader: ContactReader, language: Language): Doubt[] {
  const doubts = table.warnings.map((code) => doubtOf(code, '', '', language));
  if (!reader.hasKey) doubts.push(doubtOf('no_contact_key', 'email', '', language));
  return doubts;
}

/** Addresses that are valid and yet probably a slip of the pen: till addresses bounce ten times as often as others. */
function slipsOf(table: Table, mapping: ContactMapping, language: Language): Doubt[] {
  const { email } = mapping.columns;
  if (email === undefined) return [];
  const column = columnPosition(table.header, email);
  return table.sample.some((cells) => suggestEmail(cells[column] ?? '') !== null)
    ? [doubtOf('email_slips', 'email', table.header[column] ?? '', language)]
    : [];
}

async function firstPeople(
  table: Table,
  reader: ContactReader,
  language: Language,
): Promise<{ line: ContactPreview['lines'][number]; lacksEvidence: boolean }[]> {
  const people: { line: ContactPreview['lines'][number]; lacksEvidence: boolean }[] = [];
  for await (const { lineNumber, cells } of table.rows()) {
    people.push(personOf(lineNumber, cells, reader, language));
    if (people.length >= SHOWN_ROWS) break;
  }
  return people;
}

function personOf(
  lineNumber: number,
  cells: readonly string[],
  reader: ContactReader,
  language: Language,
): { line: ContactPreview['lines'][number]; lacksEvidence: boolean } {
  const reading = reader.read(cells);
  const row = { lineNumber, cells: [...cells] };
  if (!reading.ok) {
    const reasonSentence = rejectInWords(reading.reason, language);
    const nobody = { name: '', addresses: [], marketing: 'unknown', profiling: 'unknown' } as const;
    return {
      line: { ...row, ...nobody, addresses: [], reason: reading.reason, reasonSentence },
      lacksEvidence: false,
    };
  }
  const { facts, identities, consents, evidence } = reading;
  // As the import will count it: a yes needs evidence, a no does not.
  const answerTo = (purpose: 'marketing' | 'profiling') => {
    const action = consents.find((consent) => consent.purpose === purpose)?.action ?? 'unknown';
    return action === 'granted' && evidence === null ? 'unknown' : action;
  };
  return {
    line: {
      ...row,
      reason: null,
      reasonSentence: null,
      name: facts.companyName ?? [facts.firstName, facts.lastName].filter(Boolean).join(' '),
      addresses: identities.map(({ value }) => value),
      marketing: answerTo('marketing'),
      profiling: answerTo('profiling'),
    },
    lacksEvidence: evidence === null && consents.some(({ action }) => action === 'granted'),
  };
}
