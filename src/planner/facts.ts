import { loadPlanSettings, loadTimeZone } from '../business/actions.ts';
import { selectCampaignTags } from '../campaigns/actions.ts';
import { loadEmailSettings } from '../channels/email/actions.ts';
import type { PlanSettings } from '../business/schema.ts';
import type { UpcomingClocks } from '../clocks/actions.ts';
import { suppressedAmong } from '../consent/actions.ts';
import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { addressHash } from '../kernel/secret.ts';
import type { Effects } from '../measurement/actions.ts';
import { loadEffects } from '../measurement/actions.ts';
import { loadPressure, loadResting, loadWishes } from '../pressure/actions.ts';
import type { ContactWish, OpeningHours, Pressure } from '../pressure/rules.ts';
import type { Candidates } from './candidates.ts';
import type { PlanChannel } from './inputs.ts';
import type { PastMessages } from './past.ts';
import { loadPastMessages } from './past.ts';
import { loadPlanChannels } from './plan-channels.ts';
import type { Reach } from './reach.ts';
import { loadReach } from './reach.ts';
import type { CandidatePersonRow } from './fact-queries.ts';
import { selectPeople, selectMembers, selectShopMeanReceiptCents } from './fact-queries.ts';

/** Mean receipt in cents while the shop has none of its own (priors.md 2). */
const DEFAULT_MEAN_RECEIPT_CENTS = 4000;
const HASHED_AT_ONCE = 10_000;

export interface PlanDependencies {
  readonly secretKey: Buffer;
  /** What the environment says about the mail server. */
  readonly smtpUrl: string | null;
}

export interface PlanScope {
  readonly day: Day;
  /** Some contacts; null: everybody. */
  readonly contactIds: readonly number[] | null;
  /** Rules to plan by; those in force when absent. */
  readonly pressure?: Pressure;
  /** Mean receipt of the shop, where the last plan knows it. */
  readonly shopMeanReceiptCents?: number | null;
  /** What the last plan left of its limits, where only some contacts are planned anew. */
  readonly limits?: PlanLimits;
}

/** By the name of a limit: what one more unit would earn, and how much is left. */
export type PlanLimits = Readonly<Record<string, { readonly price: number; readonly left: number }>>;

/** What a plan depends on besides its candidates. */
interface Conditions {
  readonly pressure: Pressure;
  /** Number of the rules in force; null where other ones were given. */
  readonly pressureVersion: number | null;
  readonly settings: PlanSettings;
  readonly hasSender: boolean;
  readonly timeZone: string;
  readonly wishes: ReadonlyMap<number, ContactWish>;
  readonly tagsOf: ReadonlyMap<number, readonly string[]>;
  readonly effects: Effects;
  readonly shopMeanReceiptCents: number;
}

/** Everything the gates and the options look at, read in a few set-based queries. */
export interface PlanFacts extends Conditions {
  readonly day: Day;
  readonly candidates: Candidates;
  readonly clocks: UpcomingClocks;
  readonly people: ReadonlyMap<number, CandidatePersonRow>;
  readonly past: PastMessages;
  readonly suppressed: ReadonlySet<number>;
  readonly resting: ReadonlySet<number>;
  readonly opening: OpeningHours;
  readonly channels: readonly PlanChannel[];
  /** How people are reached besides by e-mail. */
  readonly reach: Reach;
}

/** Asked all at once: the server answers the many small questions of one contact's plan without a round trip between them. */
export async function loadConditions(
  connection: Connection,
  { secretKey, smtpUrl }: PlanDependencies,
  scope: PlanScope,
): Promise<Conditions> {
  const [rules, settings, email, timeZone, wishes, tagsOf, effects, meanReceipt] = await Promise.all([
    scope.pressure ? { pressure: scope.pressure, version: null } : loadPressure(connection),
    loadPlanSettings(connection),
    loadEmailSettings(connection, secretKey, { smtpUrl }),
    loadTimeZone(connection),
    loadWishes(connection, scope.contactIds),
    selectCampaignTags(connection),
    loadEffects(connection),
    scope.shopMeanReceiptCents ?? selectShopMeanReceiptCents(connection),
  ]);
  const { pressure, version } = rules;
  return {
    pressure,
    pressureVersion: version,
    settings,
    hasSender: email.fromAddress !== '',
    timeZone,
    wishes,
    tagsOf,
    effects,
    shopMeanReceiptCents: meanReceipt ?? DEFAULT_MEAN_RECEIPT_CENTS,
  };
}

export async function loadFacts(
  connection: Connection,
  { secretKey }: PlanDependencies,
  {
    scope,
    candidates,
    clocks,
    conditions,
  }: {
    readonly scope: PlanScope;
    readonly candidates: Candidates;
    readonly clocks: UpcomingClocks;
    readonly conditions: Conditions;
  },
): Promise<PlanFacts> {
  const { day, contactIds } = scope;
  const { pressure, timeZone, settings, wishes, tagsOf } = conditions;
  const { quiet } = pressure;
  const knowsLimits = scope.limits !== undefined;
  const [people, resting, { channels, opening, writesToCustomers }] = await Promise.all([
    selectPeople(connection, candidates.contactIds),
    loadResting(connection, pressure, { day, contactIds }),
    loadPlanChannels(connection, { day, timeZone, settings, quiet, knowsLimits }),
  ]);
  const reached = { secretKey, channels, writesToCustomers, day };
  return {
    ...conditions,
    day,
    candidates,
    clocks,
    people: new Map(people.map((row) => [row.contact_id, row])),
    past: await loadPastMessages(connection, candidates, {
      day,
      timeZone,
      pressure,
      tagsOf,
      contactIds,
      daysWished: Math.max(0, ...[...wishes.values()].map(({ cap }) => cap?.days ?? 0)),
      standsFor: pressure.isPerHousehold
        ? await loadHouseholds(connection, people)
        : new Map<number, number>(),
    }),
    suppressed: await loadSuppressed(connection, people, secretKey),
    resting,
    opening,
    channels,
    reach: await loadReach(connection, candidates.contactIds, reached),
  };
}

/** Members of the candidates' households who are no candidates themselves, each with one that is: what they had counts for it. */
async function loadHouseholds(
  connection: Connection,
  people: readonly CandidatePersonRow[],
): Promise<Map<number, number>> {
  const first = new Map(people.map((row) => [row.household_id, row.contact_id]));
  const own = new Set(people.map((row) => row.contact_id));
  const members = await selectMembers(connection, [...first.keys()]);
  return new Map(
    members
      .filter((row) => !own.has(row.contact_id))
      .map((row) => [row.contact_id, first.get(row.household_id) ?? row.contact_id]),
  );
}

async function loadSuppressed(
  connection: Connection,
  people: readonly CandidatePersonRow[],
  key: Buffer,
): Promise<Set<number>> {
  const suppressed = new Set<number>();
  for (let start = 0; start < people.length; start += HASHED_AT_ONCE) {
    const hashed = people
      .slice(start, start + HASHED_AT_ONCE)
      .flatMap(({ contact_id: contactId, address }) =>
        address ? [{ contactId, hash: addressHash(key, 'email', address) }] : [],
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
