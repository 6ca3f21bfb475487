import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUpMyShop } from '../../src/business/set-up.ts';
import { createCampaign } from '../../src/campaigns/actions.ts';
import { campaignInputSchema } from '../../src/campaigns/schema.ts';
import { fitClocks } from '../../src/clocks/actions.ts';
import type { Database } from '../../src/database/connection.ts';
import type { Day } from '../../src/kernel/day.ts';
import { dayFromIso, instantOfDay, isoFromDay } from '../../src/kernel/day.ts';
import type { Application } from '../../src/main/application.ts';
import { openApplication } from '../../src/main/application.ts';
import { readEnvironment } from '../../src/main/environment.ts';
import { importSales } from '../../src/sales/actions.ts';
import { timed } from './measure.ts';
import { writePast } from './past.ts';
import { createPeople } from './people.ts';
import { writeShopSales } from './rhythms.ts';

const TIME_ZONE = 'Europe/Rome';

/** Days of the benchmark: only needs and a promotion to some; a promotion to everybody as well; only needs. */
export const days = {
  ordinary: dayFromIso('2026-01-15'),
  heaviest: dayFromIso('2026-01-16'),
  needsOnly: dayFromIso('2026-01-17'),
} as const;

export const owner = { name: 'Marta', email: 'marta@bottega.example.it', password: 'una frase molto lunga' };

/** A moment of one of the days, by the shop's clock. */
export const momentOf = (day: Day, time: string): Date => instantOfDay(day, time, TIME_ZONE);

export interface ShopSize {
  readonly lines: number;
  readonly contacts: number;
  readonly messages: number;
}

export interface ShopFacts extends ShopSize {
  readonly historyDays: number;
  readonly clocks: number;
  readonly candidatesKept: number;
  readonly fitSeconds: number;
  readonly databaseMb: number;
  /** Needs whose window contains the day, before any gate. */
  readonly due: { readonly ordinary: number; readonly heaviest: number; readonly needsOnly: number };
}

/** The product over a folder of the benchmark (or over BENTORNATO_BENCH_DATABASE_URL), at a moment of its own. */
export function openShop(folder: string, now: Date, smtpUrl: string | null = null): Promise<Application> {
  const environment = readEnvironment({
    BENTORNATO_DATA: folder,
    BENTORNATO_LOG: 'error',
    PORT: '0',
    BENTORNATO_PUBLIC_URL: 'https://scelte.example.it',
    ...(process.env.BENTORNATO_BENCH_DATABASE_URL
      ? { DATABASE_URL: process.env.BENTORNATO_BENCH_DATABASE_URL }
      : {}),
    ...(smtpUrl === null ? {} : { BENTORNATO_SMTP_URL: smtpUrl }),
  });
  return openApplication(environment, { clock: { now: () => now } });
}

/** Builds the shop in a folder once; a folder that holds one of this size already is used as it is. */
export async function prepareShop(folder: string, size: ShopSize): Promise<ShopFacts> {
  const mark = join(folder, 'shop.json');
  if (existsSync(mark)) {
    const facts = JSON.parse(readFileSync(mark, 'utf8')) as ShopFacts;
    if (facts.lines === size.lines && facts.contacts === size.contacts && facts.messages === size.messages)
      return facts;
    throw new Error(`${folder} holds a shop of another size`);
  }
  mkdirSync(folder, { recursive: true });
  const application = await openShop(folder, momentOf(days.ordinary, '05:00'));
  try {
    const facts = await build(application.database, folder, size);
    writeFileSync(mark, JSON.stringify(facts));
    return facts;
  } finally {
    await application.close();
  }
}

async function build(database: Database, folder: string, size: ShopSize): Promise<ShopFacts> {
  const now = momentOf(days.ordinary, '05:00');
  const say = (step: string, seconds: number): void => console.error(`${step}: ${seconds} s`);
  const people = await timed(async () => {
    const request = { kind: 'my_shop' as const, demonstrationSector: 'coffee' as const, owner };
    const business = { name: 'Bottega Inventata', address: 'Via dell’Esempio 1, 00000 Borgo' };
    await setUpMyShop(database, { ...request, business }, now);
    await createPeople(database, size.contacts, momentOf(days.ordinary - 700, '10:00'));
  });
  say('people', people.seconds);
  const path = join(folder, 'vendite.csv');
  const written = await timed(() => writeShopSales(path, { ...size, lastDay: days.ordinary - 1 }));
  say('till file', written.seconds);
  const imported = await timed(async () => {
    await importSales(database, { source: { path }, fileName: 'vendite.csv', timeZone: TIME_ZONE }, now);
    rmSync(path);
  });
  say('import', imported.seconds);
  const fit = await timed(() => fitClocks(database, now));
  say('fit of the clocks', fit.seconds);
  // Without a model in use a plan would score by the renewal clock alone, which costs less than what it is to show; on a history of a
  // few lines for each customer the layer may not have stood its test.
  await database.raw`update clock_model set is_adopted = true`;
  const past = await timed(() => writePast(database, { today: days.ordinary, messages: size.messages }));
  say('past', past.seconds);
  await createPromotions(database, now);
  await database.raw`vacuum analyze`;
  return {
    lines: size.lines,
    contacts: size.contacts,
    messages: size.messages,
    historyDays: written.result.days,
    candidatesKept: past.result.candidates,
    fitSeconds: fit.seconds,
    ...(await countShop(database)),
  };
}

async function createPromotions(database: Database, now: Date): Promise<void> {
  const words = {
    subject: 'Una novità in negozio',
    text: 'È arrivato il miele nuovo: passa ad assaggiarlo.',
  };
  const categories = await database.raw<
    { category_id: number }[]
  >`select category_id from category order by 1 limit 5`;
  const some = { kind: 'buyers', categoryIds: categories.map((row) => row.category_id) };
  const promotions = [
    {
      name: 'Miele nuovo',
      startsOn: isoFromDay(days.ordinary),
      endsOn: isoFromDay(days.heaviest),
      audience: some,
    },
    {
      name: 'Per tutti',
      startsOn: isoFromDay(days.heaviest),
      endsOn: isoFromDay(days.heaviest),
      audience: { kind: 'everyone' },
    },
  ];
  for (const promotion of promotions)
    await createCampaign(database, campaignInputSchema.parse({ ...promotion, ...words }), days.ordinary, now);
}

async function countShop({ raw }: Database) {
  const dueOn = async (day: Day): Promise<number> => {
    const [row] = await raw<{ due: number }[]>`
      select count(*) as due from clock where due_from <= ${isoFromDay(day)} and due_to >= ${isoFromDay(day)}`;
    return row?.due ?? 0;
  };
  const [row] = await raw<{ clocks: number; bytes: number }[]>`
    select (select count(*) from clock) as clocks, pg_database_size(current_database()) as bytes`;
  return {
    clocks: row?.clocks ?? 0,
    databaseMb: Math.round((row?.bytes ?? 0) / 1e6),
    due: {
      ordinary: await dueOn(days.ordinary),
      heaviest: await dueOn(days.heaviest),
      needsOnly: await dueOn(days.needsOnly),
    },
  };
}

/** Leaves only so many needs open on the last day, the same people in every shop, so that two histories can be compared. */
export async function trimDue({ raw }: Database, keep: number): Promise<void> {
  const day = isoFromDay(days.needsOnly);
  await raw`
    update clock k set due_to = ${day}::date - 1 from (
      select contact_id, category_id, row_number() over (order by contact_id, category_id) as position
      from clock where due_from <= ${day} and due_to >= ${day}) d
    where d.position > ${keep} and k.contact_id = d.contact_id and k.category_id = d.category_id`;
  await raw`update clock set due_from = due_to where due_from > due_to`;
  await raw`vacuum analyze clock`;
}

/** Takes away what the benchmark planned and sent, so that a folder can be measured again. */
export async function forgetDays({ raw }: Database): Promise<void> {
  const first = isoFromDay(days.ordinary);
  const chosen = raw`select contact_id, message_id from message where plan_day >= ${first}`;
  await raw`delete from message_event where (contact_id, message_id) in (${chosen})`;
  await raw`delete from public_link where (contact_id, message_id) in (${chosen})`;
  await raw`delete from send_queue where (contact_id, message_id) in (${chosen})`;
  await raw`delete from message where plan_day >= ${first}`;
  await raw`delete from candidate where plan_day >= ${first}`;
  await raw`delete from plan_run where plan_day >= ${first}`;
  await raw`delete from control_bucket where assigned_at >= ${momentOf(days.ordinary, '00:00')}`;
  await raw`vacuum analyze message, message_event, candidate, send_queue, public_link, control_bucket`;
}
