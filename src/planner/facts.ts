import { loadOpening, loadPlanSettings, loadTimeZone } from '../business/actions.ts';
import { selectCampaignTags } from '../campaigns/actions.ts';
import type { PlanSettings } from '../business/schema.ts';
import { loadEmailSettings } from '../channels/email/actions.ts';
import type { UpcomingClocks } from '../clocks/actions.ts';
import { suppressedAmong } from '../consent/actions.ts';
import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { instantOfDay, isoFromDay } from '../kernel/day.ts';
import { addressHash } from '../kernel/secret.ts';
import type { Effects } from '../measurement/actions.ts';
import { loadEffects } from '../measurement/actions.ts';
import { loadPressure, loadWishes } from '../pressure/actions.ts';
import type { ContactWish, Pressure, QuietRule } from '../pressure/rules.ts';
import { hoursOn } from '../pressure/rules.ts';
import type { Candidates } from './candidates.ts';
import { HORIZON_DAYS } from './horizon.ts';
import type { PlanChannel } from './inputs.ts';
import type { PastMessages } from './past.ts';
import { loadPastMessages } from './past.ts';
import type { PersonRow } from './fact-queries.ts';
import {
  selectPeople,
  selectMembers,
  selectReturners,
  selectShopMeanReceiptCents,
  selectCommitted,
} from './fact-queries.ts';

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

/** Everything the gates and the options look at, read in a few set-based queries. */
export interface PlanFacts {
  readonly day: Day;
  readonly candidates: Candidates;
  readonly clocks: UpcomingClocks;
  readonly people: ReadonlyMap<number, PersonRow>;
  readonly past: PastMessages;
  readonly wishes: ReadonlyMap<number, ContactWish>;
  readonly suppressed: ReadonlySet<number>;
  readonly returners: ReadonlySet<number>;
  readonly pressure: Pressure;
  readonly pressureVersion: number;
  readonly channels: readonly PlanChannel[];
  readonly hasSender: boolean;
  readonly marginShare: number;
  readonly effects: Effects;
  readonly shopMeanReceiptCents: number;
}

export async function loadFacts(
  connection: Connection,
  dependencies: PlanDependencies,
  { scope, candidates, clocks }: { scope: PlanScope; candidates: Candidates; clocks: UpcomingClocks },
): Promise<PlanFacts> {
  const { day, contactIds } = scope;
  const inForce = await loadPressure(connection);
  const pressure = scope.pressure ?? inForce.pressure;
  const people = await selectPeople(connection, candidates.contactIds);
  const settings = await loadPlanSettings(connection);
  const email = await loadEmailSettings(connection, dependencies.secretKey, {
    smtpUrl: dependencies.smtpUrl,
  });
  const timeZone = await loadTimeZone(connection);
  const wishes = await loadWishes(connection, contactIds);
  const tagsOf = await selectCampaignTags(connection);
  return {
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
    wishes,
    suppressed: await loadSuppressed(connection, people, dependencies.secretKey),
    returners: await selectReturners(
      connection,
      isoFromDay(day - pressure.restAfterReturnDays + 1),
      contactIds,
    ),
    pressure,
    pressureVersion: inForce.version,
    channels: await loadChannels(connection, day, {
      settings,
      quiet: pressure.quiet,
      used:
        settings.maxEmailsPerDay === null || scope.limits
          ? new Map<string, number>()
          : await selectCommitted(connection, instantOfDay(day, '00:00', timeZone)),
    }),
    hasSender: email.fromAddress !== '',
    marginShare: settings.marginShare,
    effects: await loadEffects(connection),
    shopMeanReceiptCents:
      scope.shopMeanReceiptCents ??
      (await selectShopMeanReceiptCents(connection)) ??
      DEFAULT_MEAN_RECEIPT_CENTS,
  };
}

/** The channels that are connected, with the days on which they rest. */
async function loadChannels(
  connection: Connection,
  day: Day,
  {
    settings,
    quiet,
    used,
  }: {
    readonly settings: PlanSettings;
    readonly quiet: readonly QuietRule[];
    readonly used: ReadonlyMap<string, number>;
  },
): Promise<PlanChannel[]> {
  const { isClosedOn, patronDay } = await loadOpening(connection);
  const isClosed = Array.from({ length: HORIZON_DAYS }, (_, ahead) => isClosedOn(isoFromDay(day + ahead)));
  const opening = { shop: { from: settings.sendFrom, until: settings.sendUntil }, patronDay, quiet };
  const connected: Pick<PlanChannel, 'channel' | 'leadDays' | 'perDay' | 'usedToday'>[] = [
    { channel: 'email', leadDays: 0, perDay: settings.maxEmailsPerDay, usedToday: used.get('email') ?? 0 },
  ];
  return connected.map((one) => ({
    ...one,
    closedBecause: (ahead) => {
      if (isClosed[ahead]) return 'hours.shop_closed';
      return hoursOn(one.channel, day + ahead, opening) === null ? 'hours.quiet_day' : null;
    },
  }));
}

/** Members of the candidates' households who are no candidates themselves, each with one that is: what they had counts for it. */
async function loadHouseholds(
  connection: Connection,
  people: readonly PersonRow[],
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
  people: readonly PersonRow[],
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
