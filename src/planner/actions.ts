import { isClosedOn, loadBusiness, loadPlanSettings } from '../business/actions.ts';
import { selectAudience, selectRunningCampaigns } from '../campaigns/actions.ts';
import type { EmailSettings } from '../channels/email/actions.ts';
import { loadEmailSettings } from '../channels/email/actions.ts';
import { loadDueClocks } from '../clocks/actions.ts';
import { suppressedAmong } from '../consent/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, instantOfDay, isoFromDay } from '../kernel/day.ts';
import { addressHash } from '../kernel/secret.ts';
import { judge } from '../pressure/rules.ts';
import type { PlanFacts, Proposal } from './candidates.ts';
import { gateFactsOf, pastKey, proposalOfCampaign, proposalOfClock, valueOf } from './candidates.ts';
import type { CandidateInsert } from './queries.ts';
import * as queries from './queries.ts';
import { arbitrate, messageCostCents } from './rules.ts';
import type { PlanCounts, PlanReport } from './schema.ts';
import { describeMessages, factsOfProposal } from './words.ts';
import { openWriter } from './writer.ts';

/** Mean receipt in cents while the shop has none of its own (priors.md 2). */
const DEFAULT_MEAN_RECEIPT_CENTS = 4000;

const CHANNEL = 'email';
const HASHED_AT_ONCE = 10_000;

/** An approved message may wait this many days for a mail server that is down; then it is stale and expires. */
const SEND_WITHIN_DAYS = 2;

export { approveByMode, approveDay, modesDue } from './approval.ts';
export { countOrphans as countOrphanCandidates } from './check-queries.ts';
export { forgetVerdicts } from './retention.ts';

export interface PlanDependencies {
  readonly database: Database;
  readonly secretKey: Buffer;
  /** What the environment says about the mail server. */
  readonly smtpUrl: string | null;
}

/**
 * Plans a day: proposes from due clocks and running campaigns, passes every candidate through the gates, lets the
 * highest value win per contact, and stores one verdict each. Undecided messages of the day are replaced, decided ones
 * stay with the candidate that led to them. The same data and day give the same plan, with the same message numbers.
 */
export function planDay(dependencies: PlanDependencies, day: Day, now: Date): Promise<PlanCounts> {
  return dependencies.database.transaction(async (transaction) => {
    await queries.lockPlan(transaction);
    await queries.lapseEarlierPlans(transaction, isoFromDay(day), now);
    const decided = await queries.selectDecidedCandidates(transaction, isoFromDay(day));
    const decidedKeys = new Set(decided.map((row) => pastKey(row.contact_id, row.source)));
    const proposed = await propose(transaction, day);
    const proposals =
      decidedKeys.size === 0
        ? proposed
        : proposed.filter(({ contactId, source }) => !decidedKeys.has(pastKey(contactId, source)));
    const facts = await loadFacts(transaction, proposals, day, dependencies);
    const values = proposals.map((proposal) => valueOf(proposal, facts));
    const limits = await loadPlanSettings(transaction);
    const judged = proposals.map((proposal, index) => ({
      contactId: proposal.contactId,
      source: proposal.source,
      valueCents: values[index] ?? 0,
      blockedBy: judge(gateFactsOf(proposal, facts, values[index] ?? 0), limits),
    }));
    const verdicts = arbitrate(judged);
    const candidates = proposals.map((proposal, index): CandidateInsert => ({
      contact_id: proposal.contactId,
      source: proposal.source,
      channel: CHANNEL,
      class: proposal.messageClass,
      category_id: proposal.categoryId,
      campaign_id: proposal.campaign?.campaign_id ?? null,
      probability: proposal.probability,
      value_cents: values[index] ?? 0,
      verdict: verdicts[index]?.verdict ?? 'blocked',
      reason: verdicts[index]?.reason ?? '',
    }));
    const chosen = candidates.flatMap((candidate, index) => {
      const proposal = proposals[index];
      return proposal && candidate.verdict === 'planned' ? [{ proposal, candidate }] : [];
    });
    await queries.replaceCandidates(transaction, isoFromDay(day), candidates);
    await writeMessages(transaction, { day, now, chosen, facts });
    return recordRun(transaction, { day, now, candidates: [...decided, ...candidates] });
  });
}

/**
 * The nightly plan of a day, for a slot of the clock: nothing when the day was planned since. Whoever has read the proposals
 * does not find others a moment later.
 */
export async function planDayFor(
  dependencies: PlanDependencies,
  day: Day,
  { slot, now }: { readonly slot: Date; readonly now: Date },
): Promise<PlanCounts | null> {
  const plannedAt = await queries.selectPlannedAt(dependencies.database, isoFromDay(day));
  return plannedAt !== null && plannedAt >= slot ? null : planDay(dependencies, day, now);
}

/** Plans a day and tells its undecided messages, each with its explanation: what a person asks for, not the nightly work. */
export async function planAndReport(
  dependencies: PlanDependencies,
  day: Day,
  now: Date,
): Promise<PlanReport> {
  const counts = await planDay(dependencies, day, now);
  const messages = await queries.selectPlannedForReport(dependencies.database, isoFromDay(day));
  const language = (await loadBusiness(dependencies.database))?.language ?? 'it';
  return { ...counts, messages: describeMessages(messages, day, language) };
}

/** Due clocks first, then each running campaign's audience, in a fixed order. */
async function propose(connection: Connection, day: Day): Promise<Proposal[]> {
  const clocks = await loadDueClocks(connection, day);
  const proposals = clocks.map(proposalOfClock);
  for (const campaign of await selectRunningCampaigns(connection, isoFromDay(day))) {
    const audience = await selectAudience(connection, campaign.audience);
    for (const contactId of audience) proposals.push(proposalOfCampaign(campaign, contactId));
  }
  return proposals;
}

async function loadFacts(
  connection: Connection,
  proposals: readonly Proposal[],
  day: Day,
  dependencies: PlanDependencies,
): Promise<PlanFacts> {
  const contactIds = [...new Set(proposals.map((proposal) => proposal.contactId))];
  const sources = [...new Set(proposals.map((proposal) => proposal.source))];
  const business = await loadBusiness(connection);
  const timeZone = business?.timeZone ?? 'Europe/Rome';
  const startOf = (start: Day): Date => instantOfDay(start, '00:00', timeZone);
  const people = await queries.selectPeople(connection, contactIds);
  const pressure = await queries.selectPressure(connection, {
    day: isoFromDay(day),
    dayStart: startOf(day),
    from14: startOf(day - 13),
    from90: startOf(day - 89),
  });
  const past = await queries.selectPastMessages(connection, contactIds, sources);
  const settings = await loadPlanSettings(connection);
  const email = await loadEmailSettings(connection, dependencies.secretKey, {
    smtpUrl: dependencies.smtpUrl,
  });
  return {
    day,
    people: new Map(people.map((row) => [row.contact_id, row])),
    pressure: new Map(pressure.map((row) => [row.contact_id, row])),
    past: new Map(past.map((row) => [pastKey(row.contact_id, row.source), row])),
    suppressedContacts: await loadSuppressed(connection, people, dependencies.secretKey),
    sensitiveCategories: await loadSensitiveCategories(connection),
    shopMeanReceiptCents:
      (await queries.selectShopMeanReceiptCents(connection)) ?? DEFAULT_MEAN_RECEIPT_CENTS,
    marginShare: settings.marginShare,
    hasSender: hasSender(email),
    isShopClosed: await isClosedOn(connection, isoFromDay(day)),
  };
}

const hasSender = (email: EmailSettings): boolean => email.fromAddress !== '';

async function loadSuppressed(
  connection: Connection,
  people: readonly queries.PersonRow[],
  key: Buffer,
): Promise<Set<number>> {
  const suppressed = new Set<number>();
  for (let start = 0; start < people.length; start += HASHED_AT_ONCE) {
    const hashed = people
      .slice(start, start + HASHED_AT_ONCE)
      .flatMap(({ contact_id: contactId, email }) =>
        email ? [{ contactId, hash: addressHash(key, 'email', email) }] : [],
      );
    const found = await suppressedAmong(
      connection,
      hashed.map(({ hash }) => hash),
    );
    if (found.size === 0) continue;
    for (const { contactId, hash } of hashed) if (found.has(hash.toString('hex'))) suppressed.add(contactId);
  }
  return suppressed;
}

async function loadSensitiveCategories(connection: Connection): Promise<Set<number>> {
  const rows = await connection.query
    .selectFrom('category')
    .select('category_id')
    .where('is_sensitive', '=', true)
    .execute();
  return new Set(rows.map((row) => row.category_id));
}

interface PlanWriting {
  readonly day: Day;
  readonly now: Date;
  readonly chosen: readonly { readonly proposal: Proposal; readonly candidate: CandidateInsert }[];
  readonly facts: PlanFacts;
}

/** Keeps the day's undecided messages that the new plan chooses again, deletes the others, adds what is new. */
async function writeMessages(transaction: Connection, plan: PlanWriting): Promise<void> {
  const planned = await queries.selectPlanned(transaction, isoFromDay(plan.day));
  const plannedKeys = new Set(planned.map((row) => pastKey(row.contact_id, row.source)));
  const keptKeys = new Set<string>();
  const fresh = plan.chosen.filter(({ proposal }) => {
    const key = pastKey(proposal.contactId, proposal.source);
    if (plannedKeys.has(key)) keptKeys.add(key);
    return !plannedKeys.has(key);
  });
  await queries.deletePlanned(
    transaction,
    planned.filter((row) => !keptKeys.has(pastKey(row.contact_id, row.source))),
  );
  const write = await openWriter(transaction, plan.day);
  const hours = await sendingHours(transaction, plan.day);
  const messages = fresh.map(({ proposal, candidate }) => {
    const person = plan.facts.people.get(proposal.contactId);
    const words = write(proposal, person);
    return {
      contact_id: proposal.contactId,
      store_id: person?.store_id ?? null,
      source: proposal.source,
      class: proposal.messageClass,
      channel: CHANNEL,
      category_id: proposal.categoryId,
      campaign_id: proposal.campaign?.campaign_id ?? null,
      template_id: words.templateId,
      value_cents: candidate.value_cents,
      probability: proposal.probability,
      cost_cents: messageCostCents(CHANNEL),
      facts: factsOfProposal(proposal),
      subject: words.subject,
      opening: words.opening,
      send_after: hours.sendAfter,
      send_before: hours.sendBefore(proposal),
    };
  });
  await queries.insertMessages(transaction, isoFromDay(plan.day), messages, plan.now);
}

/** When an approved message may leave: from the first sending hour of its day until its need or promotion ends, two days at most. */
async function sendingHours(
  connection: Connection,
  day: Day,
): Promise<{ sendAfter: Date; sendBefore: (proposal: Proposal) => Date }> {
  const settings = await loadPlanSettings(connection);
  const timeZone = (await loadBusiness(connection))?.timeZone ?? 'Europe/Rome';
  const ends = Array.from({ length: SEND_WITHIN_DAYS + 1 }, (_, later) =>
    instantOfDay(day + later, settings.sendUntil, timeZone),
  );
  return {
    sendAfter: instantOfDay(day, settings.sendFrom, timeZone),
    sendBefore: (proposal) => {
      const later = Math.min(lastDayOf(proposal) - day, SEND_WITHIN_DAYS);
      return ends[later] ?? instantOfDay(day + later, settings.sendUntil, timeZone);
    },
  };
}

function lastDayOf(proposal: Proposal): Day {
  if (proposal.clock) return proposal.clock.dueTo;
  return proposal.campaign ? dayFromIso(proposal.campaign.ends_on) : Number.POSITIVE_INFINITY;
}

async function recordRun(
  transaction: Connection,
  plan: { day: Day; now: Date; candidates: readonly Pick<CandidateInsert, 'verdict' | 'reason'>[] },
): Promise<PlanCounts> {
  const verdicts = countBy(plan.candidates, (candidate) => candidate.verdict);
  const reasons = countBy(
    plan.candidates.filter((candidate) => candidate.verdict !== 'planned'),
    (candidate) => candidate.reason,
  );
  await queries.upsertPlanRun(transaction, {
    day: isoFromDay(plan.day),
    now: plan.now,
    candidates: plan.candidates.length,
    verdicts,
    reasons,
  });
  return { date: isoFromDay(plan.day), candidates: plan.candidates.length, verdicts, reasons };
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b, 'en')));
}
