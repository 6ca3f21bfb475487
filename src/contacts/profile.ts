import { loadBusiness } from '../business/actions.ts';
import { loadContactClocks } from '../clocks/actions.ts';
import type { Connection } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import { reasonInWords } from '../kernel/catalogue/reason.ts';
import { isByHand } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, dayInWords, dayOfInstant, isoFromDay } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import { moneyInWords } from '../kernel/money.ts';
import { factsOf } from './facts.ts';
import { initialsOf, nameOf } from './rules.ts';
import * as queries from './queries.ts';
import type { Profile, TimelineEntry } from './schema.ts';

const ENTRIES_MAX = 200;
const DECISIONS_MAX = 12;
/** Parts of an evidence that say something to a person; the others are for the ledger. */
const EVIDENCE_SHOWN = new Set(['reference', 'sheet', 'operator']);

interface Speaker {
  readonly language: Language;
  readonly timeZone: string;
  readonly today: Day;
}

/** A contact with one timeline of what they bought, what reached them and what they said. Failure `not_found`. */
export async function loadProfile(connection: Connection, contactId: number, today: Day): Promise<Profile> {
  const [contact] = await queries.selectContacts(connection, [contactId]);
  if (!contact) throw new Failure('not_found', { status: 404 });
  const business = await loadBusiness(connection);
  const speaker = {
    language: business?.language ?? 'it',
    timeZone: business?.timeZone ?? 'Europe/Rome',
    today,
  } as const;
  const identities = await queries.selectIdentities(connection, [contactId]);
  const activity = await queries.selectActivity(connection, contactId);
  const events = await queries.selectConsentEvents(connection, contactId, ENTRIES_MAX);
  const consents = describeConsents(
    await queries.selectConsentStates(connection, contactId),
    events,
    speaker,
  );
  const isProfiled = consents.some(({ purpose, state }) => purpose === 'profiling' && state === 'granted');
  const name =
    nameOf(contact) ||
    sentence('contact.nameless', speaker.language, { code: identities[0]?.value ?? String(contactId) });
  return {
    contactId,
    name,
    initials: initialsOf(name),
    since: isoFromDay(dayOfInstant(contact.created_at, speaker.timeZone)),
    headline: headlineOf(activity, isProfiled, speaker),
    chips: contact.preferred_channel
      ? [
          sentence('contact.prefers', speaker.language, {
            channel: sentence(`channel.${contact.preferred_channel}`, speaker.language),
          }),
        ]
      : [],
    identities: identities.map((row) => ({
      kind: row.kind,
      value: row.value,
      isVerified: row.verified_at !== null,
      isUnreachable: row.unreachable_at !== null,
    })),
    facts: factsOf(contact),
    isProfiled,
    profilingNotice: isProfiled ? '' : sentence('contact.not_profiled', speaker.language),
    totalCents: activity?.total_cents ?? 0,
    lastVisit: activity?.last_day ?? null,
    clocks: isProfiled ? await loadContactClocks(connection, contactId, today) : [],
    consents,
    timeline: await loadTimeline(connection, contactId, { events, isProfiled, speaker }),
    ...(await loadDecisions(connection, contactId, speaker)),
  };
}

/** What is planned for them, and what was decided, with its reasons. */
async function loadDecisions(
  connection: Connection,
  contactId: number,
  speaker: Speaker,
): Promise<Pick<Profile, 'upcoming' | 'decisions'>> {
  return {
    upcoming: (await queries.selectUpcoming(connection, contactId, isoFromDay(speaker.today))).map((row) => ({
      day: row.planned_for,
      about: row.about,
      channel: row.channel,
      sentence: reasonInWords(row.reason, speaker.language),
    })),
    decisions: (await queries.selectDecisions(connection, contactId, DECISIONS_MAX)).map((row) => ({
      day: row.plan_day,
      verdict: row.verdict,
      about: row.about,
      sentence:
        row.verdict === 'planned'
          ? sentence('contact.was_proposed', speaker.language)
          : reasonInWords(row.reason, speaker.language),
    })),
  };
}

type Activity = Awaited<ReturnType<typeof queries.selectActivity>>;
type ConsentEvents = Awaited<ReturnType<typeof queries.selectConsentEvents>>;

function headlineOf(activity: Activity, isProfiled: boolean, { language, today }: Speaker): string {
  if (!activity) return sentence('contact.never_bought', language);
  const last = dayInWords(dayFromIso(activity.last_day), language, today);
  const total = moneyInWords(activity.total_cents, language);
  const gaps = (activity.visit_count ?? 0) - 1;
  if (!isProfiled || gaps < 2 || activity.log_gap_sum === null)
    return sentence('contact.last_visit', language, { last, total });
  return sentence('contact.rhythm', language, {
    gap: Math.max(1, Math.round(Math.exp(activity.log_gap_sum / gaps))),
    last,
    total,
  });
}

/** The state as it counts, with the latest word of the person that led to it. */
function describeConsents(
  states: Awaited<ReturnType<typeof queries.selectConsentStates>>,
  events: ConsentEvents,
  { language, timeZone, today }: Speaker,
): Profile['consents'] {
  return (['marketing', 'profiling'] as const).map((purpose) => {
    const current = states.find((row) => row.purpose === purpose);
    if (!current)
      return {
        purpose,
        state: 'unknown' as const,
        sentence: sentence('consent.unknown', language),
        evidence: '',
      };
    const latest = events.find((event) => event.purpose === purpose && event.action === current.state);
    const channels = current.channels.map((channel) => sentence(`channel.${channel}`, language)).join(', ');
    const key =
      current.state === 'withdrawn'
        ? 'consent.withdrawn'
        : channels === ''
          ? 'consent.granted'
          : 'consent.granted_channels';
    return {
      purpose,
      state: current.state,
      sentence: sentence(key, language, {
        channels,
        day: latest ? dayInWords(dayOfInstant(latest.occurred_at, timeZone), language, today) : '',
        method: latest ? sentence(`method.${latest.method}`, language) : '',
      }),
      evidence: Object.entries((latest?.evidence ?? {}) as Record<string, unknown>)
        .filter(([name, value]) => EVIDENCE_SHOWN.has(name) && value !== '')
        .map(([name, value]) => sentence(`evidence.${name}`, language, { value: String(value) }))
        .join(', '),
    };
  });
}

async function loadTimeline(
  connection: Connection,
  contactId: number,
  context: { events: ConsentEvents; isProfiled: boolean; speaker: Speaker },
): Promise<TimelineEntry[]> {
  const { language, timeZone } = context.speaker;
  const purchases = await queries.selectPurchases(connection, contactId, ENTRIES_MAX);
  const messages = await queries.selectMessages(connection, contactId, ENTRIES_MAX);
  const bought = purchases.map((row): TimelineEntry => {
    const title = context.isProfiled ? row.category_name : sentence('contact.a_purchase', language);
    const kind = row.quantity < 0 ? 'return' : 'purchase';
    return {
      day: row.sold_on,
      kind,
      title,
      detail: moneyInWords(row.cents, language),
      lane: context.isProfiled ? row.category_name : kind,
      quantity: row.quantity,
      amountCents: row.cents,
    };
  });
  const written = messages.map((row): TimelineEntry => {
    const isSent = row.status === 'sent' || row.status === 'unknown';
    return {
      day: row.plan_day,
      kind: isSent ? 'message' : 'not_sent',
      title: isByHand(row.channel)
        ? sentence(`contact.by_${row.channel}`, language, { about: row.about || row.subject })
        : row.subject,
      detail: isSent ? whatWasSaid(row, language) : whyNot(row, language),
      lane: 'message',
      quantity: 1,
      amountCents: null,
    };
  });
  const said = context.events.map((row): TimelineEntry => ({
    day: isoFromDay(dayOfInstant(row.occurred_at, timeZone)),
    kind: 'consent',
    title: sentence(`consent.${row.purpose}_${row.action}`, language),
    detail: sentence(`method.${row.method}`, language),
    lane: 'consent',
    quantity: 1,
    amountCents: null,
  }));
  return [...bought, ...written, ...said].sort((a, b) => b.day.localeCompare(a.day)).slice(0, ENTRIES_MAX);
}

type ProfileMessage = Awaited<ReturnType<typeof queries.selectMessages>>[number];

/** The beginning of what was written, or what came of a call. */
function whatWasSaid({ said, opening }: ProfileMessage, language: Language): string {
  if (!said) return opening;
  return [sentence(`call.${said.outcome}`, language), said.note].filter((part) => part !== '').join(' ');
}

const whyNot = ({ reason, status }: ProfileMessage, language: Language): string =>
  reason === '' ? sentence(`status.${status}`, language) : reasonInWords(reason, language);
