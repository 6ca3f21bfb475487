import { loadBusiness, loadHandSettings, loadTimeZone } from '../business/actions.ts';
import { recordConsentEvents, suppressAddress } from '../consent/actions.ts';
import { loadProfile } from '../contacts/actions.ts';
import { initialsOf, nameOf, parsePhones, phoneInWords } from '../contacts/rules.ts';
import type { Connection, Database } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, dayOfInstant, instantOfDay, timeOfDay, weekdayInWords } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import type { MessageFacts } from '../planner/actions.ts';
import { explainMessage } from '../planner/actions.ts';
import { loadOpeningHours, loadPressure, requestReplan } from '../pressure/actions.ts';
import type { OpeningHours } from '../pressure/rules.ts';
import type { FrozenContent } from '../rendering/actions.ts';
import type { ErrandRow, MessageReference } from '../sending/actions.ts';
import {
  completeErrand,
  giveUpErrand,
  noteAttempt,
  putOffErrand,
  requireErrand,
} from '../sending/actions.ts';
import type { CallRow } from './queries.ts';
import * as queries from './queries.ts';
import { afterNoAnswer, CALL_BACK_DAYS, callHours, judgeCallBack, nextCallDay } from './rules.ts';
import type { Call, CallDetail, CallList, CallOutcomeInput } from './schema.ts';

const STORY_ENTRIES = 6;

/** Who looks, and when. */
export interface Viewer {
  readonly operatorId: number | null;
  readonly now: Date;
}

/** What the words and hours of the calls depend on. */
interface Desk {
  readonly language: Language;
  readonly timeZone: string;
  readonly today: Day;
  readonly opening: OpeningHours;
  readonly viewer: Viewer;
}

async function openDesk(connection: Connection, viewer: Viewer): Promise<Desk> {
  const business = await loadBusiness(connection);
  const timeZone = business?.timeZone ?? 'Europe/Rome';
  const { pressure } = await loadPressure(connection);
  return {
    language: business?.language ?? 'it',
    timeZone,
    today: dayOfInstant(viewer.now, timeZone),
    opening: await loadOpeningHours(connection, pressure),
    viewer,
  };
}

/** Today's calls of who looks, or of everybody, and those made today. */
export async function listCalls(
  connection: Connection,
  whose: 'mine' | 'everybody',
  viewer: Viewer,
): Promise<CallList> {
  const desk = await openDesk(connection, viewer);
  const { isOn } = (await loadHandSettings(connection)).calls;
  const end = instantOfDay(desk.today + 1, '00:00', desk.timeZone);
  const isShown = (row: { operator_id: number | null }): boolean =>
    whose === 'everybody' || row.operator_id === viewer.operatorId;
  const open = await queries.selectOpenCalls(connection);
  const mine = open.filter(isShown);
  const made = await queries.selectMadeSince(connection, instantOfDay(desk.today, '00:00', desk.timeZone));
  const hours = callHours(desk.today, desk.opening, desk.timeZone);
  return {
    isOn,
    mayCallNow: hours !== null && viewer.now >= hours.from && viewer.now < hours.until,
    hours: hoursInWords(hours, desk),
    calls: mine.filter(({ due_at: dueAt }) => dueAt < end).map((row) => describeCall(row, desk)),
    laterCount: mine.filter(({ due_at: dueAt }) => dueAt >= end).length,
    others: open.filter((row) => row.due_at < end && !isShown(row)).length,
    done: made.filter(isShown).map((row) => ({
      contactId: row.contact_id,
      messageId: row.message_id,
      name: nameOf(row),
      sentence: outcomeInWords(row.detail, desk.language),
    })),
  };
}

/** A call to make: who it is, what to say, why now. Failure `errand_over` where it is no longer to be made. */
export async function loadCall(
  connection: Connection,
  { contactId, messageId }: MessageReference,
  viewer: Viewer,
): Promise<CallDetail> {
  const row = await queries.selectCall(connection, contactId, messageId);
  if (!row) throw new Failure('errand_over', { status: 409 });
  const desk = await openDesk(connection, viewer);
  const profile = await loadProfile(connection, contactId, desk.today);
  const content = row.frozen as FrozenContent;
  return {
    ...describeCall(row, desk),
    say: content.words ?? content.text,
    why: explainMessage(row.facts as MessageFacts, desk.language, desk.today),
    headline: profile.headline,
    story: profile.timeline
      .filter(({ kind }) => kind !== 'not_sent')
      .slice(0, STORY_ENTRIES)
      .map(({ day, title, detail }) => ({ day, title, detail })),
    note: profile.facts.note,
  };
}

function describeCall(row: CallRow, desk: Desk): Call {
  const name = nameOf(row);
  const [number = ''] = (row.frozen as FrozenContent).address ?? [];
  const isNow = row.due_at <= desk.viewer.now;
  return {
    contactId: row.contact_id,
    messageId: row.message_id,
    name,
    initials: initialsOf(name),
    askFor: row.company_name === '' ? '' : `${row.first_name} ${row.last_name}`.trim(),
    about: row.about,
    phone: phoneInWords(number),
    tel: number,
    caller: row.caller,
    isMine: row.operator_id === desk.viewer.operatorId,
    dueAt: row.due_at.toISOString(),
    when: isNow ? sentence('call.now', desk.language) : momentInWords(row.due_at, desk),
    isNow,
    tries: row.tries,
  };
}

function momentInWords(at: Date, { language, timeZone, today }: Desk): string {
  const day = dayOfInstant(at, timeZone);
  const time = timeOfDay(at, timeZone);
  return day === today
    ? sentence('call.today_at', language, { time })
    : sentence('call.day_at', language, { day: weekdayInWords(day, language), time });
}

function hoursInWords(hours: ReturnType<typeof callHours>, { language, timeZone }: Desk): string {
  if (!hours) return sentence('call.no_hours', language);
  return sentence('call.hours', language, {
    from: timeOfDay(hours.from, timeZone),
    until: timeOfDay(hours.until, timeZone),
  });
}

/** What was said of a call, kept with its message. */
interface CallRecord {
  readonly outcome: CallOutcomeInput['outcome'];
  readonly note: string;
  readonly caller: string;
}

function outcomeInWords(detail: unknown, language: Language): string {
  const { outcome, note } = detail as CallRecord;
  return [sentence(`call.${outcome}`, language), note].filter((part) => part !== '').join(' ');
}

/**
 * What became of a call, and in a sentence what follows. Whoever was reached had the message; nobody answering, it comes back on the next day
 * on which one may call, twice at most. "Do not call" is an objection to the channel: it holds at once, also for what else was planned.
 * Failures `errand_over`, `outside_call_hours`, `call_too_far`.
 */
export async function recordOutcome(
  { database, secretKey }: { readonly database: Database; readonly secretKey: Buffer },
  message: MessageReference,
  input: CallOutcomeInput,
  viewer: Viewer,
): Promise<string> {
  return database.transaction(async (transaction) => {
    const errand = await requireErrand(transaction, message);
    if (errand.channel !== 'phone') throw new Failure('errand_over', { status: 409 });
    const desk = await openDesk(transaction, viewer);
    const { operatorId } = viewer;
    const caller = operatorId === null ? '' : await queries.selectOperatorName(transaction, operatorId);
    const { outcome, note } = input;
    const made: MadeCall = { message, errand, desk, record: { outcome, note, caller, operatorId } };
    if (outcome === 'no_answer') return afterSilence(transaction, made);
    if (outcome === 'call_back')
      return afterPutOff(transaction, made, new Date(input.callBackAt ?? viewer.now));
    await completeErrand(transaction, message, { kind: 'called', detail: made.record, now: viewer.now });
    if (outcome === 'do_not_call') await recordObjection(transaction, made, secretKey);
    return sentence(`call.after_${outcome}`, desk.language);
  });
}

interface MadeCall {
  readonly message: MessageReference;
  readonly errand: ErrandRow;
  readonly desk: Desk;
  readonly record: CallRecord & { readonly operatorId: number | null };
}

async function afterSilence(
  transaction: Connection,
  { message, errand, desk, record }: MadeCall,
): Promise<string> {
  const { now } = desk.viewer;
  await noteAttempt(transaction, message, { detail: record, now });
  const next = afterNoAnswer(errand, nextCallDay(desk.today, desk.opening, desk.timeZone));
  if (!next) {
    await giveUpErrand(transaction, message, { reason: 'errand.no_answer', now });
    return sentence('call.after_no_answer', desk.language);
  }
  await putOffErrand(transaction, message, { ...next, lastsUntil: errand.send_before, reachedAt: null });
  return sentence('call.comes_back', desk.language, { when: momentInWords(next.dueAt, desk) });
}

async function afterPutOff(
  transaction: Connection,
  { message, errand, desk, record }: MadeCall,
  at: Date,
): Promise<string> {
  const { now } = desk.viewer;
  const lastsUntil = requireMoment(at, desk);
  await noteAttempt(transaction, message, { detail: record, now });
  await putOffErrand(transaction, message, { dueAt: at, lastsUntil, tries: errand.tries, reachedAt: now });
  return sentence('call.comes_back', desk.language, { when: momentInWords(at, desk) });
}

function requireMoment(at: Date, desk: Desk): Date {
  const judged = judgeCallBack(at, { ...desk, now: desk.viewer.now });
  if (judged.ok) return judged.until;
  if (judged.because === 'too_far') throw new Failure('call_too_far', { params: { days: CALL_BACK_DAYS } });
  const day = dayOfInstant(at, desk.timeZone);
  throw new Failure('outside_call_hours', {
    params: { hours: hoursInWords(callHours(day, desk.opening, desk.timeZone), desk) },
  });
}

/** A no to calls, in the ledger and on the list of numbers never to be called again. */
async function recordObjection(
  transaction: Connection,
  { message: { contactId, messageId }, desk, record }: MadeCall,
  secretKey: Buffer,
): Promise<void> {
  const { now, operatorId } = desk.viewer;
  const event = {
    contactId,
    purpose: 'marketing',
    action: 'withdrawn',
    channels: ['phone'],
    text: null,
    language: desk.language,
    method: 'phone',
    operatorId,
    occurredAt: now,
    evidence: { reference: sentence('call.do_not_call', desk.language), operator: record.caller },
  } as const;
  await recordConsentEvents(transaction, [event], now);
  const number = await queries.selectNumberCalled(transaction, contactId, messageId);
  if (number !== null)
    await suppressAddress(transaction, { kind: 'phone', value: number }, 'objection', secretKey, now);
}

/** Numbers of customers who said yes to calls, one a line: what is sent to the opposition register. */
export async function listNumbersToCheck(connection: Connection): Promise<string> {
  return (await queries.selectNumbersToCheck(connection)).map((number) => `${number}\r\n`).join('');
}

/**
 * Takes in the answer of the opposition register: the numbers that stood in it on a day. All other numbers that were to be checked did not.
 * Failure `phone_wrong` for a line that is no number.
 */
export async function takeRegisterAnswer(
  database: Database,
  answer: { readonly checkedOn: string; readonly listed: string },
  now: Date,
): Promise<{ checked: number; listed: number }> {
  const listed = answer.listed
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [phone] = parsePhones(line);
      if (!phone) throw new Failure('phone_wrong', { params: { value: line.slice(0, 40) } });
      return phone.e164;
    });
  const timeZone = await loadTimeZone(database);
  return database.transaction(async (transaction) => {
    const rows = await queries.markChecked(transaction, {
      numbers: await queries.selectNumbersToCheck(transaction),
      listed,
      day: answer.checkedOn,
      until: instantOfDay(dayFromIso(answer.checkedOn) + 1, '00:00', timeZone),
    });
    await requestReplan(transaction, [...new Set(rows.map((row) => row.contact_id))], now);
    return { checked: rows.length, listed: rows.filter((row) => row.is_in_register).length };
  });
}
