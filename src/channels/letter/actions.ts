import { loadHandSettings, requireBusiness } from '../../business/actions.ts';
import type { Connection } from '../../database/connection.ts';
import { sentence } from '../../kernel/catalogue/index.ts';
import { dayInWords, dayOfInstant } from '../../kernel/day.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Language } from '../../kernel/language.ts';
import { moneyInWords } from '../../kernel/money.ts';
import { numberInWords } from '../../kernel/number.ts';
import type { FrozenContent } from '../../rendering/actions.ts';
import { paragraphsOf } from '../../rendering/rules.ts';
import type { ErrandDependencies } from '../../sending/actions.ts';
import {
  completeErrand,
  giveUpErrand,
  lettersInHand,
  printLetters,
  recheckErrands,
} from '../../sending/actions.ts';
import type { LetterPage, LetterPaper } from './pdf.ts';
import { writeLabels, writeLetters } from './pdf.ts';
import type { PrintJobRow } from './queries.ts';
import * as queries from './queries.ts';
import type { LetterList, PrintJob } from './schema.ts';

const JOBS_SHOWN = 10;
const NAMES_SHOWN = 40;

/** Letters that wait to be printed, and the latest printings. */
export async function listLetters(connection: Connection, now: Date): Promise<LetterList> {
  const business = await requireBusiness(connection);
  const { language, timeZone } = business;
  const settings = (await loadHandSettings(connection)).letters;
  const waiting = await queries.selectWaiting(connection, NAMES_SHOWN);
  const jobs = await queries.selectPrintJobs(connection, { printJobId: null, limit: JOBS_SHOWN });
  const today = dayOfInstant(now, timeZone);
  return {
    isOn: settings.isOn,
    waiting: waiting.letters,
    waitingSentence: countSentence('letter.waiting', waiting.letters, language, {
      cost: moneyInWords(waiting.cost_cents, language),
    }),
    names: waiting.names,
    usesLabels: settings.envelope === 'labels',
    jobs: jobs.map((job) => describeJob(job, { language, timeZone, today })),
  };
}

function describeJob(
  job: PrintJobRow,
  context: { readonly language: Language; readonly timeZone: string; readonly today: number },
): PrintJob {
  const { language, timeZone, today } = context;
  const state = job.posted_at ? 'posted' : job.in_hand > 0 ? 'in_hand' : 'thrown_away';
  const on = (at: Date): string => dayInWords(dayOfInstant(at, timeZone), language, today);
  return {
    printJobId: job.print_job_id,
    letters: job.letter_count,
    costCents: job.cost_cents,
    state,
    sentence: countSentence(`letter.${state}`, job.letter_count, language, {
      day: on(job.posted_at ?? job.printed_at),
      cost: moneyInWords(job.cost_cents, language),
    }),
    toTakeOut: state === 'in_hand' ? (job.withdrawn ?? []) : [],
  };
}

const countSentence = (
  key: string,
  count: number,
  language: Language,
  params: Record<string, string>,
): string =>
  sentence(count === 1 ? `${key}_one` : `${key}_many`, language, {
    ...params,
    count: numberInWords(count, language),
  });

/**
 * Puts the letters that wait into a print job, those that may no longer go taken out first. Returns its number, or null where nothing is
 * left to print.
 */
export async function startPrinting(
  dependencies: ErrandDependencies,
  { operatorId, now }: { readonly operatorId: number | null; readonly now: Date },
): Promise<number | null> {
  await recheckErrands(dependencies, now);
  return dependencies.database.transaction((transaction) =>
    printLetters(transaction, (letters) =>
      queries.insertPrintJob(transaction, { ...letters, operatorId, now }),
    ),
  );
}

/** The letters of a print job as a PDF: the same again whenever it is asked for, by the envelope of today. Failure `not_found`. */
export async function printedLetters(connection: Connection, printJobId: number): Promise<Buffer> {
  const { job, contents } = await loadJob(connection, printJobId);
  const paper = await loadPaper(connection, job);
  const date = await dateLine(connection, job.printed_at);
  return writeLetters(
    contents.map(({ messageId, content }): LetterPage => ({
      address: content.address ?? [],
      date,
      paragraphs: paragraphsOf(content.words ?? content.text),
      foot: content.foot ?? [],
      url: content.choicesUrl ?? null,
      reference: `L-${messageId}`,
    })),
    paper,
  );
}

/** The addresses of a print job on sheets of labels. Failure `not_found`. */
export async function printedLabels(
  connection: Connection,
  printJobId: number,
  used: number,
): Promise<Buffer> {
  const { job, contents } = await loadJob(connection, printJobId);
  return writeLabels(
    contents.map(({ content }) => content.address ?? []),
    await loadPaper(connection, job),
    used,
  );
}

async function loadJob(connection: Connection, printJobId: number) {
  const job = await requireJob(connection, printJobId);
  const contents = (await queries.selectLetters(connection, printJobId)).map((row) => ({
    messageId: row.message_id,
    content: row.frozen as FrozenContent,
  }));
  return { job, contents };
}

async function requireJob(connection: Connection, printJobId: number): Promise<PrintJobRow> {
  const [job] = await queries.selectPrintJobs(connection, { printJobId, limit: 1 });
  if (!job) throw new Failure('not_found', { status: 404 });
  return job;
}

async function loadPaper(connection: Connection, job: PrintJobRow): Promise<LetterPaper> {
  const business = await requireBusiness(connection);
  const { envelope, sender } = (await loadHandSettings(connection)).letters;
  const lines = (sender === '' ? business.address : sender).split('\n').map((line) => line.trim());
  return {
    envelope,
    shopName: business.name,
    brandColour: business.brandColour,
    sender: [...lines, business.phone].filter((line) => line !== ''),
    title: business.name,
    now: job.printed_at,
  };
}

async function dateLine(connection: Connection, at: Date): Promise<string> {
  const { language, timeZone } = await requireBusiness(connection);
  const town = await queries.selectTown(connection);
  const day = dayInWords(dayOfInstant(at, timeZone), language);
  return town === '' ? day : `${town}, ${day}`;
}

/** A person posted the letters of a print job: from now on they are sent. Returns how many. Failures `not_found`, `errand_over`. */
export async function markPosted(
  { database }: Pick<ErrandDependencies, 'database'>,
  printJobId: number,
  { operatorId, now }: { readonly operatorId: number | null; readonly now: Date },
): Promise<number> {
  return database.transaction(async (transaction) => {
    await requireJob(transaction, printJobId);
    const letters = await lettersInHand(transaction, printJobId);
    if (letters.length === 0 || !(await queries.markPosted(transaction, { printJobId, operatorId, now })))
      throw new Failure('errand_over', { status: 409 });
    for (const letter of letters)
      await completeErrand(transaction, letter, { kind: 'posted', detail: { printJobId, operatorId }, now });
    return letters.length;
  });
}

/** The letters of a print job are not posted after all: nobody gets them, and no cap counts them. Failures `not_found`, `errand_over`. */
export async function throwAway(
  { database }: Pick<ErrandDependencies, 'database'>,
  printJobId: number,
  now: Date,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await requireJob(transaction, printJobId);
    const letters = await lettersInHand(transaction, printJobId);
    if (letters.length === 0) throw new Failure('errand_over', { status: 409 });
    for (const letter of letters)
      await giveUpErrand(transaction, letter, { reason: 'errand.thrown_away', now });
  });
}
