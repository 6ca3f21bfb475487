import type { CampaignRow } from '../campaigns/actions.ts';
import { selectAudience, selectCampaignsBetween, selectCampaignUse } from '../campaigns/actions.ts';
import type { UpcomingClocks } from '../clocks/actions.ts';
import { loadUpcomingClocks } from '../clocks/actions.ts';
import type { Connection } from '../database/connection.ts';
import { isoFromDay } from '../kernel/day.ts';
import type { OpeningHours } from '../pressure/rules.ts';
import { groupsOf } from '../pressure/rules.ts';
import { ContactPlanner } from './allocation/contact-planner.ts';
import { usageOfPlan } from './allocation/problem.ts';
import type { Allocation } from './allocation/solve.ts';
import { allocate, allocateAtPrices } from './allocation/solve.ts';
import type { CampaignAudience, Candidates, Source } from './candidates.ts';
import { gatherCandidates } from './candidates.ts';
import type { PlanDependencies, PlanFacts, PlanLimits, PlanScope } from './facts.ts';
import { loadConditions, loadFacts } from './facts.ts';
import type { Judged } from './gates.ts';
import { judgeAll, reservePromises } from './gates.ts';
import { HORIZON_DAYS } from './horizon.ts';
import type { PlanChannel, PlanInputs } from './inputs.ts';
import type { PlanProblem } from './options.ts';
import { chanceAt, termsOf, windowOf } from './inputs.ts';
import { buildProblem } from './options.ts';
import type { CandidatePersonRow } from './fact-queries.ts';
import { selectSensitiveCategories } from './fact-queries.ts';
import { drawHeldBackDays } from './timing.ts';
import type { ValueTerms } from './rules.ts';
import { meanReceiptCents } from './rules.ts';
import type { Verdict } from './verdicts.ts';
import { verdictsOf } from './verdicts.ts';

/** A plan over the horizon, made and not yet written. */
export interface ComputedPlan {
  readonly candidates: Candidates;
  readonly clocks: UpcomingClocks;
  readonly people: ReadonlyMap<number, CandidatePersonRow>;
  readonly channels: readonly PlanChannel[];
  readonly opening: OpeningHours;
  readonly timeZone: string;
  /** Of every candidate that is due today, and of those chosen for later. */
  readonly verdicts: readonly Verdict[];
  readonly isDueToday: (candidate: number) => boolean;
  /** Chance of a purchase within 14 days without a message; null where no clock says it. */
  readonly probabilityOf: (candidate: number) => number | null;
  /** Days by which the lot holds a candidate's need back; null: not part of the trial of send days. */
  readonly heldBackOf: (candidate: number) => number | null;
  /** What a message of a candidate brings and costs when it goes today. */
  readonly termsOf: (contact: number, candidate: number, channel: number) => ValueTerms;
  /** What a contact is expected to buy in 14 days without a message. */
  readonly forecastOf: (contact: number) => { readonly forecast: number; readonly forecastCents: number };
  readonly allocation: Allocation;
  readonly limits: PlanLimits;
  readonly shopMeanReceiptCents: number;
  readonly pressureVersion: number | null;
}

/** Loads what a plan depends on, passes every candidate through the gates, and chooses over the horizon. Writes nothing. */
export async function computePlan(
  connection: Connection,
  dependencies: PlanDependencies,
  scope: PlanScope,
): Promise<ComputedPlan> {
  const { day, contactIds } = scope;
  const [conditions, audiences, sensitive] = await Promise.all([
    loadConditions(connection, dependencies, scope),
    loadAudiences(connection, scope),
    selectSensitiveCategories(connection),
  ]);
  const clocks = await loadUpcomingClocks(connection, day, {
    days: HORIZON_DAYS,
    contactIds,
  });
  const candidates = gatherCandidates(clocks, audiences, sensitive);
  const facts = await loadFacts(connection, dependencies, { scope, candidates, clocks, conditions });
  const judged = judgeAll(facts);
  const campaignLimits = await loadCampaignLimits(connection, candidates.sources);
  const promised = reservePromises(facts, judged, campaignLimits);
  const heldBackOf = sendDayLots(dependencies.secretKey, candidates, clocks);
  const inputs = {
    ...inputsOf(facts, judged),
    campaignLimits,
    heldBackDays: (candidate: number) => heldBackOf(candidate) ?? 0,
  };
  const plan = buildProblem(inputs);
  const planner = new ContactPlanner(plan.problem);
  const allocation = scope.limits
    ? allocateAtPrices(plan.problem, ...pricesOf(plan, scope.limits), planner)
    : allocate(plan.problem, planner);
  const isDueToday = (candidate: number): boolean => {
    const { from, to } = windowOf(inputs, candidate);
    return from <= 0 && to >= 0;
  };
  const { blocked } = judged;
  const { people, channels, opening, timeZone, pressureVersion } = facts;
  return {
    candidates,
    clocks,
    people,
    channels,
    opening,
    timeZone,
    verdicts: verdictsOf({ inputs, plan, allocation, planner, blocked, isDueToday, promised }),
    isDueToday,
    probabilityOf: (candidate) => {
      const clock = candidates.clock[candidate]!;
      return clock < 0 ? null : chanceAt(clocks, clock, 0);
    },
    heldBackOf,
    forecastOf: (contact) => forecastOf(inputs, contact),
    termsOf: (contact, candidate, channel) => termsOf(inputs, { contact, candidate }, { channel, ahead: 0 }),
    allocation,
    limits: limitsAfter(plan, allocation, scope.limits),
    shopMeanReceiptCents: facts.shopMeanReceiptCents,
    pressureVersion,
  };
}

/** The lot of send days of each candidate; null where none is drawn. */
function sendDayLots(
  key: Buffer,
  candidates: Candidates,
  clocks: UpcomingClocks,
): (candidate: number) => number | null {
  return (candidate) => {
    const clock = candidates.clock[candidate]!;
    if (clock < 0) return null;
    return drawHeldBackDays(key, {
      contactId: clocks.contactId[clock]!,
      categoryId: clocks.categoryId[clock]!,
      lastDay: clocks.lastDay[clock]!,
      dueFrom: clocks.dueFrom[clock]!,
      dueTo: clocks.dueTo[clock]!,
    });
  };
}

/** Chance of any purchase within 14 days, by all clocks of the contact that the plan looks at, taken as independent. */
function forecastOf({ candidates, clocks, receiptCents }: PlanInputs, contact: number) {
  let stays = 1;
  for (let candidate = candidates.first[contact]!; candidate < candidates.first[contact + 1]!; candidate++) {
    const clock = candidates.clock[candidate]!;
    if (clock >= 0) stays *= 1 - chanceAt(clocks, clock, 0);
  }
  return { forecast: 1 - stays, forecastCents: (1 - stays) * receiptCents[contact]! };
}

/** Prices of the last plan for the limits of this one, and what it left of them. */
function pricesOf({ problem, limitNames }: PlanProblem, limits: PlanLimits): [Float64Array, Float64Array] {
  const known = limitNames.map((name, limit) => limits[name] ?? { price: 0, left: problem.limits[limit]! });
  return [
    Float64Array.from(known, ({ price }) => price),
    Float64Array.from(known, ({ left }) => Math.max(0, left)),
  ];
}

/** What is left of every limit after the plan; those that some contacts did not touch stay as they were. */
function limitsAfter(
  { problem, limitNames }: PlanProblem,
  { plan, prices }: Allocation,
  before: PlanLimits | undefined,
): PlanLimits {
  const used = usageOfPlan(problem, plan);
  const after = limitNames.map((name, limit) => {
    const known = before?.[name] ?? { price: prices[limit]!, left: problem.limits[limit]! };
    return [name, { price: known.price, left: known.left - used[limit]! }] as const;
  });
  return { ...before, ...Object.fromEntries(after) };
}

async function loadAudiences(
  connection: Connection,
  { day, contactIds }: PlanScope,
): Promise<CampaignAudience[]> {
  const campaigns = await selectCampaignsBetween(
    connection,
    isoFromDay(day),
    isoFromDay(day + HORIZON_DAYS - 1),
  );
  const audiences: CampaignAudience[] = [];
  for (const campaign of campaigns)
    audiences.push({
      campaign,
      contactIds: await selectAudience(connection, campaign.audience, contactIds),
    });
  return audiences;
}

function inputsOf(facts: PlanFacts, judged: Judged): Omit<PlanInputs, 'campaignLimits' | 'heldBackDays'> {
  const { candidates, people, channels, pressure, past, wishes } = facts;
  const personOf = candidates.contactIds.map((contactId) => people.get(contactId));
  return {
    day: facts.day,
    candidates,
    clocks: facts.clocks,
    channels,
    groups: groupsOf(pressure),
    marginShare: facts.settings.marginShare,
    logHazardRatio: facts.effects.logHazardRatio,
    campaignUplift: facts.effects.campaignUplift,
    leaving: facts.effects.leaving,
    receiptCents: Float64Array.from(personOf, (person) =>
      meanReceiptCents(
        person?.visit_count ? (person.total_cents ?? 0) : 0,
        person?.visit_count ?? 0,
        facts.shopMeanReceiptCents,
      ),
    ),
    allowed: judged.allowed,
    preferred: Int8Array.from(personOf, (person) =>
      channels.findIndex(({ channel }) => channel === person?.preferred_channel),
    ),
    stores: personOf.map((person) => person?.store_id ?? null),
    units: unitsOf(personOf, pressure.isPerHousehold),
    fixed: past.fixed,
    wishedCaps: new Map(
      [...wishes].flatMap(([contactId, { cap }]) => (cap ? [[contactId, cap] as const] : [])),
    ),
  };
}

/** Who is planned as one: each contact by itself, or those of a household together, in the order of their first. */
function unitsOf(people: readonly (CandidatePersonRow | undefined)[], isPerHousehold: boolean): number[][] {
  if (!isPerHousehold) return people.map((_, contact) => [contact]);
  const households = new Map<number, number[]>();
  for (const [contact, person] of people.entries()) {
    const household = person?.household_id ?? -contact;
    const members = households.get(household);
    if (members) members.push(contact);
    else households.set(household, [contact]);
  }
  return [...households.values()];
}

async function loadCampaignLimits(
  connection: Connection,
  sources: readonly Source[],
): Promise<PlanInputs['campaignLimits']> {
  const limits = new Map<number, { messages: number | null; cents: number | null; least: number }>();
  const limited = sources.flatMap(({ campaign }) => (campaign && isLimited(campaign) ? [campaign] : []));
  for (const campaign of limited) {
    const used = await selectCampaignUse(connection, campaign.campaign_id);
    const left = (limit: number | null, use: number): number | null =>
      limit === null ? null : Math.max(0, limit - use);
    limits.set(campaign.campaign_id, {
      messages: left(campaign.max_messages, used.messages),
      cents: left(campaign.budget_cents, used.cost_cents),
      least: left(campaign.min_messages, used.messages) ?? 0,
    });
  }
  return limits;
}

const isLimited = (campaign: CampaignRow): boolean =>
  campaign.max_messages !== null || campaign.budget_cents !== null || campaign.min_messages !== null;
