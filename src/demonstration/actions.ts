import { createOwner, saveSetting, whileSettingUp } from '../business/actions.ts';
import { createShop } from '../business/set-up.ts';
import { fitClocks } from '../clocks/actions.ts';
import type { Database } from '../database/connection.ts';
import { Failure } from '../kernel/failure.ts';
import type { Clock } from '../kernel/clock.ts';
import { ManualClock } from '../kernel/clock.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, instantOfDay, isoFromDay } from '../kernel/day.ts';
import { seededRandom } from '../kernel/random.ts';
import { learnFromDecisions, measureReturns } from '../measurement/actions.ts';
import { approveDay, planDay } from '../planner/actions.ts';
import { importSales } from '../sales/actions.ts';
import type { SendDependencies } from '../sending/actions.ts';
import { expireMessages, sendDue } from '../sending/actions.ts';
import { switchOnByHand, workByHand } from './by-hand.ts';
import { town } from './names.ts';
import type { Known } from './people.ts';
import { createPeople } from './people.ts';
import * as queries from './queries.ts';
import type { Purchase } from './rules.ts';
import { augustClosures, isClosed, livePersonDay } from './rules.ts';
import type { DemonstrationSector, SectorName } from './sectors.ts';
import { demonstrationSectors } from './sectors.ts';
import { tillMapping, writeTillFile } from './till.ts';

const TIME_ZONE = 'Europe/Rome';
const HISTORY_DAYS = 548;
const PLAYED_DAYS = 60;
const IMPORT_EVERY_DAYS = 3;
/** Anonymous receipts beside those with a card. */
const ANONYMOUS_SHARE = 0.25;
const RETURN_SHARE = 0.008;

export interface DemonstrationOptions {
  readonly sector: SectorName;
  readonly contactCount: number;
  readonly seed: string;
  readonly today: Day;
  readonly owner: { readonly name: string; readonly email: string; readonly password: string };
  readonly onProgress?: (percent: number, step: string) => void;
  /** Days at the end of the history in which the programme already ran; 0 for benchmarks. */
  readonly playedDays?: number;
}

/** What playing days needs: the real paths of planning and sending. */
export type DemonstrationDependencies = Omit<SendDependencies, 'clock'> & { readonly clock: Clock };

/**
 * Makes a plausible shop of invented people: eighteen months of receipts through the product's own import, consents with
 * evidence, then some weeks in which the programme ran for real, so that results are those of the simulation.
 */
export function createDemonstration(
  dependencies: DemonstrationDependencies,
  options: DemonstrationOptions,
  now: Date,
): Promise<void> {
  return whileSettingUp(dependencies.database, () => makeShop(dependencies, options, now));
}

async function makeShop(
  dependencies: DemonstrationDependencies,
  options: DemonstrationOptions,
  now: Date,
): Promise<void> {
  const { database } = dependencies;
  const sector: DemonstrationSector = demonstrationSectors[options.sector];
  const playedDays = options.playedDays ?? PLAYED_DAYS;
  const report = options.onProgress ?? (() => undefined);
  report(2, 'preparing');
  await prepareShop(database, sector, options, now);
  report(5, 'people');
  const joined = instantOfDay(options.today - HISTORY_DAYS, '10:00', TIME_ZONE);
  const people = await createPeople(database, sector, { ...options, joined });
  report(20, 'sales');
  const start = options.today - HISTORY_DAYS;
  const lastDay = options.today - 1 - playedDays;
  const history = liveDays(people, { from: start, to: lastDay, sector, seed: options.seed, firstReceipt: 1 });
  await importPurchases(
    database,
    history.purchases,
    sector,
    options.seed,
    instantOfDay(lastDay, '21:00', TIME_ZONE),
  );
  await fitClocks(database, instantOfDay(lastDay, '22:00', TIME_ZONE));
  await queries.savePeople(database, people);
  await queries.saveProgress(database, {
    sector: options.sector,
    seed: options.seed,
    last_day: isoFromDay(lastDay),
    receipts: history.nextReceipt,
  });
  report(50, 'play');
  await playDays(dependencies, playedDays, (day) => {
    report(50 + Math.round((45 * day) / playedDays), 'play');
  });
  report(96, 'plan');
  if (playedDays > 0) await fitClocks(database, now);
  // From today on: whoever looks finds the first calls and letters, and not what two months have used up.
  await switchOnByHand(database, now);
  await planDay(dependencies, options.today, now);
  report(100, 'plan');
}

async function prepareShop(
  database: Database,
  sector: DemonstrationSector,
  options: DemonstrationOptions,
  now: Date,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await createOwner(transaction, options.owner, now);
    await createShop(
      transaction,
      {
        name: sector.shopName,
        legalName: sector.legalName,
        address: `Via dell’Esempio 12, ${town.postcode} ${town.city}`,
        vatNumber: '00000000000',
        email: 'negozio@example.it',
        phone: '',
        sectors: sector.sectors as never,
        language: 'it',
        timeZone: TIME_ZONE,
        formOfAddress: 'tu',
        signature: sector.signature,
        brandColour: sector.brandColour,
      },
      {
        name: sector.shopName,
        city: town.city,
        province: town.province,
        region: 'Toscana',
        patronDay: '06-24',
        closures: augustClosures(options.today),
      },
      now,
    );
    await transaction.raw`update business set is_demonstration = true`;
    // Somebody who tries the product in the evening wants to see the mails arrive.
    await saveSetting(transaction, 'plan', { sendFrom: '00:00', sendUntil: '23:59' }, null, now);
  });
}

interface Span {
  readonly from: Day;
  readonly to: Day;
  readonly sector: DemonstrationSector;
  readonly seed: string;
  readonly firstReceipt: number;
}

/** Lives some days of everybody; chance is seeded per person and day, so that runs differing in messages stay comparable. */
function liveDays(people: readonly Known[], span: Span): { purchases: Purchase[]; nextReceipt: number } {
  const purchases: Purchase[] = [];
  let receipt = span.firstReceipt;
  for (let day = span.from; day <= span.to; day += 1) {
    for (const { person } of people) {
      const random = seededRandom(`${span.seed}:${person.number}:${day}`);
      const lines = livePersonDay(person, day, span.sector.categories, random);
      if (lines.length === 0) continue;
      const isReturn = random.next() < RETURN_SHARE;
      purchases.push({ person, day, receipt: receipt++, lines });
      if (isReturn)
        purchases.push({
          person,
          day,
          receipt: receipt++,
          lines: lines.slice(0, 1).map((line) => ({ ...line, quantity: -1 })),
        });
    }
    receipt = addAnonymous(purchases, day, receipt, span);
  }
  return { purchases, nextReceipt: receipt };
}

function addAnonymous(purchases: Purchase[], day: Day, first: number, span: Span): number {
  if (isClosed(day)) return first;
  const random = seededRandom(`${span.seed}:anonymous:${day}`);
  const count = Math.round(purchases.filter((purchase) => purchase.day === day).length * ANONYMOUS_SHARE);
  for (let index = 0; index < count; index += 1) {
    const category = random.integer(span.sector.categories.length);
    const product = random.integer(span.sector.categories[category]?.products.length ?? 1);
    purchases.push({
      person: null,
      day,
      receipt: first + index,
      lines: [{ category, product, quantity: 1, discount: 0 }],
    });
  }
  return first + count;
}

async function importPurchases(
  database: Database,
  purchases: readonly Purchase[],
  sector: DemonstrationSector,
  seed: string,
  now: Date,
): Promise<void> {
  if (purchases.length === 0) return;
  const stream = writeTillFile(purchases, sector, seededRandom(`${seed}:till:${purchases[0]?.receipt ?? 0}`));
  await importSales(
    database,
    { source: { stream }, fileName: 'cassa.csv', mapping: tillMapping, timeZone: TIME_ZONE },
    now,
  );
}

export interface PlayReport {
  readonly days: number;
  readonly lastDay: string;
  readonly sent: number;
  readonly withheld: number;
  readonly receipts: number;
}

/**
 * Lets days go by: each morning the plan, the approval of a shopkeeper, the mails by the real sending path; the people live
 * their day, moved by what reached them; the till's sales arrive every few days. The shop's clock moves with the days.
 */
export async function playDays(
  dependencies: DemonstrationDependencies,
  days: number,
  onDay: (day: number) => void = () => undefined,
): Promise<PlayReport> {
  const { database } = dependencies;
  const progress = await queries.loadProgress(database);
  if (!progress) throw new Failure('not_demonstration', { status: 409 });
  const sector: DemonstrationSector = demonstrationSectors[progress.sector as SectorName];
  const people = await queries.loadPeople(database);
  const byContact = new Map(people.map((known) => [known.contactId, known.person]));
  const clock = new ManualClock(dependencies.clock.now());
  const total = { sent: 0, withheld: 0 };
  let waiting: Purchase[] = [];
  let receipt = progress.receipts;
  const start = dayFromIso(progress.last_day) + 1;
  for (let index = 0; index < days; index += 1) {
    const day = start + index;
    const summary = await workDay({ ...dependencies, clock }, { day, seed: progress.seed }, clock);
    total.sent += summary.sent;
    total.withheld += summary.withheld;
    const reached = await queries.selectReached(
      database,
      instantOfDay(day, '00:00', TIME_ZONE),
      instantOfDay(day + 1, '00:00', TIME_ZONE),
    );
    for (const contactId of reached) {
      const person = byContact.get(contactId);
      if (person) person.lastMessageDay = day;
    }
    const lived = liveDays(people, {
      from: day,
      to: day,
      sector,
      seed: progress.seed,
      firstReceipt: receipt,
    });
    receipt = lived.nextReceipt;
    waiting.push(...lived.purchases);
    const isLast = index === days - 1;
    if (isLast || index % IMPORT_EVERY_DAYS === IMPORT_EVERY_DAYS - 1) {
      await importPurchases(database, waiting, sector, progress.seed, instantOfDay(day, '21:00', TIME_ZONE));
      waiting = [];
    }
    onDay(index + 1);
  }
  const known = { today: start + days, timeZone: TIME_ZONE };
  await measureReturns(database, known);
  await learnFromDecisions(database, known, instantOfDay(start + days, '03:30', TIME_ZONE));
  const lastDay = isoFromDay(start + days - 1);
  await queries.savePeople(database, people);
  await queries.saveProgress(database, { ...progress, last_day: lastDay, receipts: receipt });
  return { days, lastDay, ...total, receipts: receipt - progress.receipts };
}

/** A shopkeeper's morning: yesterday's leftovers expire, the plan, the approval, the mails, the letters and the calls. */
async function workDay(
  dependencies: DemonstrationDependencies,
  { day, seed }: { readonly day: Day; readonly seed: string },
  clock: ManualClock,
): Promise<{ sent: number; withheld: number }> {
  clock.moveTo(instantOfDay(day, '08:30', TIME_ZONE));
  await expireMessages(dependencies.database, clock.now());
  await planDay(dependencies, day, clock.now());
  await approveDay(dependencies.database, day, clock.now());
  clock.moveTo(instantOfDay(day, '11:00', TIME_ZONE));
  const total = { sent: 0, withheld: 0 };
  for (;;) {
    const summary = await sendDue(dependencies, clock.now(), { limit: 200 });
    total.sent += summary.sent;
    total.withheld += summary.withheld;
    if (Object.values(summary).every((count) => count === 0)) break;
  }
  total.sent += await workByHand(dependencies, { day, seed, now: clock.now() });
  return total;
}
