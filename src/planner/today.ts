import { loadBusiness, loadPlanSettings } from '../business/actions.ts';
import { loadEmailSettings } from '../channels/email/actions.ts';
import { initialsOf, nameOf } from '../contacts/rules.ts';
import type { Connection } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import { capInWords, reasonInWords } from '../kernel/catalogue/reason.ts';
import type { Day } from '../kernel/day.ts';
import {
  dayFromIso,
  dayInShort,
  dayInWords,
  dayOfInstant,
  isoFromDay,
  weekdayInWords,
} from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import { moneyInWords } from '../kernel/money.ts';
import { foldName } from '../kernel/text.ts';
import { loadPressure } from '../pressure/actions.ts';
import { loadReturns } from '../measurement/actions.ts';
import { renderStoredMessage } from '../rendering/actions.ts';
import { countDueClocks } from '../clocks/actions.ts';
import { HORIZON_DAYS, periodLength } from './horizon.ts';
import type { Proposal, ProposalDetail, Today } from './schema.ts';
import { planDaysSchema } from './schema.ts';
import { countSentence, describeInHand } from './today-hand.ts';
import * as queries from './today-queries.ts';
import type { MessageFacts } from './words.ts';
import { explainMessage, explainValue, shareInWords, shareOfBound } from './words.ts';

const FIRST_PROPOSALS = 4;
const PAGE_SIZE = 50;
const PROBLEM_DAYS = 3;
const PROBLEMS_MAX = 20;
const REFUSED_MAX = 20;
/** Sales older than this many days get a word of caution: somebody may have bought since. */
const STALE_SALES_DAYS = 7;

export interface TodayDependencies {
  readonly connection: Connection;
  readonly secretKey: Buffer;
  readonly smtpUrl: string | null;
}

/** Everything Oggi shows for a day, in a handful of queries bounded by what is on the screen. */
export async function loadToday(dependencies: TodayDependencies, day: Day): Promise<Today> {
  const { connection } = dependencies;
  const iso = isoFromDay(day);
  const business = await loadBusiness(connection);
  const language = business?.language ?? 'it';
  const groups = await queries.selectGroups(connection, iso);
  const first = await queries.selectFirstProposals(connection, iso, FIRST_PROPOSALS);
  const counts = await queries.selectStatusCounts(connection, iso);
  const run = await queries.selectPlanRun(connection, iso);
  const shop = await queries.selectShopFacts(connection);
  const settings = await loadPlanSettings(connection);
  const email = await loadEmailSettings(connection, dependencies.secretKey, {
    smtpUrl: dependencies.smtpUrl,
  });
  const waitingCount = groups.reduce((sum, group) => sum + group.waiting, 0);
  const state = stateOf(shop, waitingCount, counts);
  const isSendingPossible = email.smtpUrl !== null;
  return {
    day: iso,
    dayInWords: weekdayInWords(day, language),
    headline: headlineOf(state, waitingCount, language),
    state,
    waitingCount,
    costCents: groups.reduce((sum, group) => sum + group.cost_cents, 0),
    sendWindow: sendWindowInWords(settings.sendFrom, settings.sendUntil, language),
    groups: groups.map((group) => describeGroup(group, first, language)),
    refused: (await queries.selectRefused(connection, iso, REFUSED_MAX)).map((row) => ({
      contactId: row.contact_id,
      messageId: row.message_id,
      name: nameOf(row),
      about: row.campaign_name ?? row.category_name ?? '',
    })),
    leftOut: leftOutOf(run?.reasons as Record<string, number> | undefined, language),
    tomorrow:
      state === 'nothing_today' || state === 'all_decided'
        ? await tomorrowInWords(connection, day, language)
        : '',
    ahead: aheadOf(run, language),
    sent: await describeSent(connection, counts, day, language),
    inHand: await describeInHand(connection, day, language, business?.timeZone),
    returned: await describeReturned(connection, day, language),
    salesAge: describeSalesAge(shop.last_sale_day, day, language),
    isSendingPossible,
    sendingProblem: isSendingPossible ? '' : sentence('today.sending_missing', language),
  };
}

/** One page of a group on Oggi, by value, optionally only those whose name contains every word. */
export async function loadTodayGroup(
  connection: Connection,
  day: Day,
  source: string,
  page: { after: number; search: string },
) {
  const language = (await loadBusiness(connection))?.language ?? 'it';
  const options = {
    day: isoFromDay(day),
    source,
    search: foldName(page.search),
    after: page.after,
    limit: PAGE_SIZE,
  };
  const rows = await queries.selectGroupPage(connection, options);
  const total = await queries.countGroup(connection, options);
  const end = page.after + rows.length;
  return {
    proposals: rows.map((row) => describeProposal(row, language)),
    total,
    next: end < total ? end : null,
  };
}

/** The opened row: the text as it will arrive and the reasons why this person, today. */
export async function loadProposal(
  dependencies: TodayDependencies & { readonly publicUrl: string | null; readonly now: Date },
  contactId: number,
  messageId: number,
  day: Day,
): Promise<ProposalDetail> {
  const { connection } = dependencies;
  const row = await queries.selectProposal(connection, contactId, messageId);
  if (!row) throw new Failure('not_found', { status: 404 });
  const business = await loadBusiness(connection);
  const language = business?.language ?? 'it';
  const rendered = await renderStoredMessage(
    connection,
    { contactId, messageId },
    { publicUrl: dependencies.publicUrl, now: dependencies.now },
  );
  return {
    ...describeProposal(row, language),
    sendAfter: row.send_after.toISOString(),
    sendBefore: row.send_before.toISOString(),
    text: rendered.text,
    reasons: await reasonsOf(connection, row, {
      day,
      language,
      timeZone: business?.timeZone ?? 'Europe/Rome',
    }),
  };
}

function sendWindowInWords(from: string, until: string, language: Language): string {
  const isWholeDay = from === '00:00' && until >= '23:59';
  return isWholeDay
    ? sentence('today.send_at_once', language)
    : sentence('today.send_window', language, { from, until });
}

function stateOf(
  shop: queries.ShopFacts,
  waiting: number,
  counts: ReadonlyMap<string, number>,
): Today['state'] {
  if (waiting > 0) return 'proposals';
  if (shop.last_sale_day === null) return 'no_sales';
  if (shop.contacts === 0) return 'no_contacts';
  return counts.size > 0 ? 'all_decided' : 'nothing_today';
}

function headlineOf(state: Today['state'], waiting: number, language: Language): string {
  if (state === 'proposals') return countSentence('today.headline', waiting, language);
  if (state === 'all_decided') return sentence('today.headline_decided', language);
  return sentence(state === 'nothing_today' ? 'today.headline_nothing' : 'today.headline_no_sales', language);
}

function describeGroup(
  group: queries.GroupRow,
  first: readonly queries.ProposalRow[],
  language: Language,
): Today['groups'][number] {
  const title =
    group.campaign_name === null
      ? countSentence('today.group_clock', group.waiting, language, { category: group.category_name ?? '' })
      : countSentence('today.group_campaign', group.waiting, language, { campaign: group.campaign_name });
  const { letters, calls, waiting } = group;
  const counts = { email: waiting - letters - calls, letter: letters, phone: calls };
  const channels = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([channel, count]) => countSentence(`today.channel_${channel}`, count, language))
    .join(', ');
  return {
    key: group.source,
    title,
    note: sentence('today.group_note', language, {
      channels,
      cost:
        group.cost_cents < 1
          ? sentence('today.cost_tiny', language)
          : moneyInWords(group.cost_cents, language),
    }),
    count: group.waiting,
    costCents: group.cost_cents,
    proposals: first
      .filter((row) => row.source === group.source)
      .map((row) => describeProposal(row, language)),
  };
}

function describeProposal(row: queries.ProposalRow, language: Language): Proposal {
  const facts = row.facts as MessageFacts;
  const name = nameOf(row);
  return {
    contactId: row.contact_id,
    messageId: row.message_id,
    name,
    initials: initialsOf(name),
    channel: row.channel,
    status: row.status as Proposal['status'],
    about: row.campaign_name ?? row.category_name ?? '',
    window: facts.kind === 'clock' ? windowOf(facts, language) : null,
    costCents: row.cost_cents,
    valueCents: row.value_cents,
    subject: row.subject,
    opening: row.opening,
    isEdited: row.is_edited,
  };
}

function windowOf(
  facts: Extract<MessageFacts, { kind: 'clock' }>,
  language: Language,
): NonNullable<Proposal['window']> {
  const { likelyFrom, medianDay, likelyTo } = facts.clock;
  const words = sentence('today.window', language, {
    from: dayInShort(likelyFrom, language),
    to: dayInShort(likelyTo, language),
  });
  return { from: isoFromDay(likelyFrom), middle: isoFromDay(medianDay), to: isoFromDay(likelyTo), words };
}

function leftOutOf(reasons: Record<string, number> | undefined, language: Language): Today['leftOut'] {
  const list = Object.entries(reasons ?? {})
    .map(([reason, count]) => ({ reason, sentence: reasonInWords(reason, language), count }))
    .sort((a, b) => b.count - a.count);
  return { count: list.reduce((sum, { count }) => sum + count, 0), reasons: list };
}

/** What the last plan foresees after today, and how good it is. */
function aheadOf(run: Awaited<ReturnType<typeof queries.selectPlanRun>>, language: Language): Today['ahead'] {
  const days = planDaysSchema.parse(run?.days ?? []).slice(1);
  const messages = days.reduce((sum, day) => sum + day.messages, 0);
  if (!run || messages === 0) return null;
  const share = shareInWords(shareOfBound(run.value_cents ?? 0, run.bound_cents ?? 0) ?? 1, language);
  return {
    sentence: countSentence('plan.ahead', messages, language, { days: String(HORIZON_DAYS) }),
    certificate:
      share === null
        ? sentence('plan.certificate_best', language)
        : sentence('plan.certificate', language, { share }),
    days: days.map((day, place) => ({ ...day, length: periodLength(place + 1) })),
  };
}

async function tomorrowInWords(connection: Connection, day: Day, language: Language): Promise<string> {
  const count = await countDueClocks(connection, day + 1);
  return count === 0
    ? sentence('today.tomorrow_none', language)
    : countSentence('today.tomorrow', count, language);
}

async function describeSent(
  connection: Connection,
  counts: ReadonlyMap<string, number>,
  day: Day,
  language: Language,
): Promise<Today['sent']> {
  const problems = await queries.selectProblems(connection, isoFromDay(day - PROBLEM_DAYS), PROBLEMS_MAX);
  return {
    approved: (counts.get('approved') ?? 0) + (counts.get('sending') ?? 0),
    sent: counts.get('sent') ?? 0,
    withheld: counts.get('withheld') ?? 0,
    failed: counts.get('failed') ?? 0,
    unknown: counts.get('unknown') ?? 0,
    problems: problems.map((row) => ({
      contactId: row.contact_id,
      messageId: row.message_id,
      name: row.company_name || `${row.first_name} ${row.last_name}`.trim(),
      status: row.status,
      sentence: sentence(`problem.${row.status}`, language, {
        reason: reasonInWords(row.reason, language),
      }),
    })),
  };
}

async function describeReturned(
  connection: Connection,
  day: Day,
  language: Language,
): Promise<Today['returned']> {
  const returns = await loadReturns(connection, day - 1);
  if (returns.customers === 0) return null;
  const total = moneyInWords(returns.totalCents, language);
  return {
    sentence: countSentence('today.returned', returns.customers, language, { total }),
    customers: returns.customers,
    totalCents: returns.totalCents,
  };
}

function describeSalesAge(lastSaleDay: string | null, day: Day, language: Language): Today['salesAge'] {
  if (lastSaleDay === null) return { lastSaleDay, sentence: sentence('today.no_sales', language) };
  const last = dayFromIso(lastSaleDay);
  const key = day - last > STALE_SALES_DAYS ? 'today.sales_old' : 'today.sales_fresh';
  return { lastSaleDay, sentence: sentence(key, language, { day: dayInWords(last, language, day) }) };
}

/** The cap over everything that lets the next message wait longest: the one that a person notices. */
async function strictestCapInWords(connection: Connection, language: Language): Promise<string> {
  const { pressure } = await loadPressure(connection);
  const general = pressure.caps.filter(({ channels, classes, kinds, tags }) =>
    [channels, classes, kinds, tags].every((names) => names.length === 0),
  );
  const [strictest] = general.sort(
    (one, other) => one.max / one.days - other.max / other.days || one.days - other.days,
  );
  return strictest ? capInWords(strictest, language) : sentence('cap.free', language);
}

async function reasonsOf(
  connection: Connection,
  row: queries.ProposalRow,
  context: { day: Day; language: Language; timeZone: string },
): Promise<ProposalDetail['reasons']> {
  const { day, language, timeZone } = context;
  const facts = row.facts as MessageFacts;
  const known = await queries.selectReasonFacts(connection, row.contact_id);
  const channel = sentence(`channel.${row.channel}`, language);
  const reasons: ProposalDetail['reasons'] = [
    { kind: facts.kind === 'clock' ? 'clock' : 'promotion', sentence: explainMessage(facts, language, day) },
    {
      kind: 'channel',
      sentence: sentence(
        known.preferred_channel === row.channel ? 'reason.channel_chosen' : 'reason.channel_available',
        language,
        { channel },
      ),
    },
    {
      kind: 'last_message',
      sentence: known.last_sent_on
        ? sentence('reason.last_message', language, {
            day: dayInWords(dayFromIso(known.last_sent_on), language, day),
            cap: await strictestCapInWords(connection, language),
          })
        : sentence('reason.last_message_never', language),
    },
  ];
  const worth = explainValue(facts, language);
  if (worth !== null) reasons.push({ kind: 'value', sentence: worth });
  if (known.granted_at && known.method) {
    const granted = dayInWords(dayOfInstant(known.granted_at, timeZone), language, day);
    reasons.push({
      kind: 'consent',
      sentence: sentence('reason.consent', language, {
        day: granted,
        method: sentence(`method.${known.method}`, language),
      }),
    });
  }
  return reasons;
}
