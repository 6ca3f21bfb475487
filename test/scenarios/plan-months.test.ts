import { describe, expect, it } from 'vitest';
import { defaultPlanSettings, saveSetting } from '../../src/business/actions.ts';
import { listCalls, recordOutcome } from '../../src/calls/actions.ts';
import { createCampaign } from '../../src/campaigns/actions.ts';
import { campaignInputSchema } from '../../src/campaigns/schema.ts';
import { markPosted, startPrinting, throwAway } from '../../src/channels/letter/actions.ts';
import { rebuildClocks } from '../../src/clocks/actions.ts';
import type { Day } from '../../src/kernel/day.ts';
import { dayFromIso, instantOfDay, isoFromDay, weekdayOf } from '../../src/kernel/day.ts';
import type { Random } from '../../src/kernel/random.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { planDay } from '../../src/planner/actions.ts';
import { savePressure, saveWish } from '../../src/pressure/actions.ts';
import { defaultPressure } from '../../src/pressure/rules.ts';
import { approveMessages, expireMessages, sendDue } from '../../src/sending/actions.ts';
import { createTestApplication } from '../support/application.ts';
import { addCategory, addPerson } from '../support/people.ts';

const START = dayFromIso('2026-09-01');
const DAYS = 75;
const PEOPLE = 24;
const ZONE = 'Europe/Rome';
const EMAILS_PER_DAY = 2;
const EVENING_PLACES = 5;
const LETTERS_PER_DAY = 1;
const CALLS_PER_DAY = 2;
const LETTER_LEAD_DAYS = 3;
const SUNDAY = 7;
const everything = { channels: [], classes: [], kinds: [], tags: [] };
const CLOSED = { from: START + 20, to: START + 24 };
/** Hairdresser's habit: a promotion with this label not within 10 days of a refill. */
const pressure = {
  ...defaultPressure,
  caps: [
    { ...everything, max: 2, days: 14 },
    { ...everything, max: 4, days: 60 },
    { ...everything, tags: ['serata'], max: 1, days: 45 },
    { ...everything, channels: ['phone' as const], max: 1, days: 60 },
  ],
  exclusions: [
    {
      scope: { ...everything, tags: ['serata'] },
      other: { ...everything, kinds: ['clock' as const] },
      days: 10,
    },
  ],
  careShare: 0,
  quiet: [{ channels: [], weekdays: [SUNDAY], onHolidays: false }],
};

/** A message that reached somebody, waits for it, or is foreseen. */
interface Seen {
  readonly contactId: number;
  readonly day: Day;
  readonly source: string;
  readonly channel: string;
  readonly isFixed: boolean;
}

async function openShop(random: Random) {
  const shop = await createTestApplication({ now: instantOfDay(START, '07:00', ZONE) });
  const { database, clock } = shop;
  await savePressure(database, pressure, { now: clock.now(), operatorId: null });
  await saveSetting(
    database,
    'plan',
    { ...defaultPlanSettings, maxEmailsPerDay: EMAILS_PER_DAY },
    null,
    clock.now(),
  );
  await saveSetting(
    database,
    'letters',
    { isOn: true, maxPerDay: LETTERS_PER_DAY, leadDays: LETTER_LEAD_DAYS, paperCents: 5, postageCents: 25 },
    null,
    clock.now(),
  );
  await saveSetting(database, 'calls', { isOn: true, costCents: 30 }, null, clock.now());
  await database.raw`update operator set calls_per_day = ${CALLS_PER_DAY}`;
  const closures = JSON.stringify([{ from: isoFromDay(CLOSED.from), to: isoFromDay(CLOSED.to), note: '' }]);
  await database.raw`update store set closures = ${closures}::text::jsonb`;
  const categories = [
    await addCategory(shop, 'Caffè'),
    await addCategory(shop, 'Crema'),
    await addCategory(shop, 'Tè'),
  ];
  const campaign = (name: string, from: number, days: number, change: object) =>
    createCampaign(
      database,
      campaignInputSchema.parse({
        name, subject: name, text: name, audience: { kind: 'everyone' },
        startsOn: isoFromDay(START + from), endsOn: isoFromDay(START + from + days), ...change,
      }),
      START,
      clock.now(),
    ); // prettier-ignore
  const evening = await campaign('Serata', 15, 25, { tags: ['serata'], maxMessages: EVENING_PLACES });
  await campaign('Autunno', 30, 20, {});
  const people: number[] = [];
  // Some are reached by e-mail, some only by a letter or a call, some by all of them.
  for (let number = 0; number < PEOPLE; number++)
    people.push(
      await addPerson(shop, {
        ...(number % 3 === 0 && number > 2 ? { email: null } : {}),
        ...(number % 2 === 0 ? { phone: `+39 333 12345${String(number).padStart(2, '0')}` } : {}),
        ...(number % 3 === 0
          ? { street: `Via dell’Esempio ${number}`, postcode: '50100', city: 'Borgo' }
          : {}),
      }),
    );
  await database.raw`update contact set is_exempt_from_control = true`;
  for (const contactId of people)
    for (const category of categories)
      for (const back of [90, 60, 30, random.integer(28)]) await buy(shop, contactId, category, START - back);
  await saveWish(
    database,
    people[0]!,
    { cap: { max: 1, days: 30 }, pausedUntil: null, topics: [] },
    clock.now(),
  );
  await saveWish(
    database,
    people[1]!,
    { cap: null, pausedUntil: isoFromDay(START + 30), topics: [] },
    clock.now(),
  );
  await saveWish(database, people[2]!, { cap: null, pausedUntil: null, topics: ['tag:serata'] }, clock.now());
  return { ...shop, categories, people, evening };
}

type Shop = Awaited<ReturnType<typeof openShop>>;
let receipts = 0;

async function buy(
  { database, clock }: Pick<Shop, 'database' | 'clock'>,
  contactId: number,
  { categoryId, productId }: Shop['categories'][number],
  on: Day,
): Promise<void> {
  receipts += 1;
  const day = isoFromDay(on);
  await database.raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
    values (${contactId}, ${receipts}, gen_random_uuid(), ${day}::date, ${day}, 4000, 1, 1)`;
  await database.raw`insert into sale_line values (${contactId}, ${receipts}, 1, ${categoryId}, ${productId}, ${day}, 1, 4000)`;
  await database.transaction((transaction) => rebuildClocks(transaction, [contactId], clock.now()));
}

/** Everything that has reached somebody, waits, is proposed today or is foreseen. */
async function seen({ database: { raw } }: Shop, today: Day): Promise<Seen[]> {
  const rows = await raw<
    { contact_id: number; source: string; channel: string; day: string; is_fixed: boolean }[]
  >`
    select contact_id, source, channel, coalesce((released_at at time zone 'Europe/Rome')::date, greatest(plan_day, ${isoFromDay(today)}::date)) as day,
      status <> 'planned' as is_fixed
    from message where (released_at is not null and status not in ('expired', 'cancelled', 'refused')) or status in ('planned', 'approved', 'sending')
    union all select contact_id, source, channel, planned_for, false from planned_slot`;
  return rows.map((row) => ({
    contactId: row.contact_id,
    source: row.source,
    channel: row.channel,
    day: dayFromIso(row.day),
    isFixed: row.is_fixed,
  }));
}

/** Whatever is wrong with what a person gets, by the rules read once more in the plainest way. */
function faultsOf(
  all: readonly Seen[],
  { evening, people }: Pick<Shop, 'evening' | 'people'>,
  today: Day,
): string[] {
  const faults: string[] = [];
  const isEvening = ({ source }: Seen): boolean => source === `campaign:${evening}`;
  for (const [contactId, own] of Map.groupBy(all, (one) => one.contactId)) {
    const within = (days: number, max: number, among: readonly Seen[]): void => {
      for (const end of among) {
        const count = among.filter(({ day }) => day <= end.day && day > end.day - days).length;
        if (count > max) faults.push(`${contactId}: ${count} in ${days} days until ${isoFromDay(end.day)}`);
      }
    };
    within(1, 1, own);
    within(14, 2, own);
    within(60, 4, own);
    within(60, 1, own.filter(({ channel }) => channel === 'phone')); // prettier-ignore
    within(45, 1, own.filter(isEvening));
    if (contactId === people[0]) within(30, 1, own);
    for (const one of own.filter(isEvening))
      for (const other of own)
        if (other.source.startsWith('clock') && Math.abs(other.day - one.day) < 10)
          faults.push(`${contactId}: evening and refill within 10 days`);
    for (const one of own.filter(({ day, isFixed }) => !isFixed && day >= today)) {
      const isClosed = one.day >= CLOSED.from && one.day <= CLOSED.to;
      if (isClosed || weekdayOf(one.day) === SUNDAY) faults.push(`${contactId}: on a closed day`);
      if (contactId === people[2] && !isEvening(one)) faults.push(`${contactId}: another topic`);
    }
  }
  const open = all.filter(({ isFixed }) => !isFixed);
  for (let ahead = 0; ahead < 14; ahead++)
    for (const [channel, most] of [
      ['email', EMAILS_PER_DAY],
      ['letter', LETTERS_PER_DAY],
      ['phone', CALLS_PER_DAY],
    ] as const)
      if (open.filter((one) => one.channel === channel && one.day === today + ahead).length > most)
        faults.push(`too many by ${channel} on ${isoFromDay(today + ahead)}`);
  if (all.filter(isEvening).length > EVENING_PLACES) faults.push('too many for the evening');
  return faults;
}

/** Planned messages whose need is not open on the day on which they arrive, read from the clocks and campaigns themselves. */
async function outsideTheirWindow({ database: { raw } }: Shop): Promise<object[]> {
  return raw`
    with planned as (
      select contact_id, category_id, campaign_id, channel, plan_day as day from message where status = 'planned'
      union all select contact_id, category_id, campaign_id, channel, planned_for from planned_slot),
    arriving as (select *, day + case channel when 'letter' then ${LETTER_LEAD_DAYS}::integer else 0 end as arrives_on from planned)
    select p.* from arriving p left join clock k using (contact_id, category_id) left join campaign n on n.campaign_id = p.campaign_id
    where p.arrives_on > coalesce(k.due_to, n.ends_on) or p.arrives_on < coalesce(k.due_from, n.starts_on)`;
}

const channel = {
  send: () => Promise.resolve({ kind: 'accepted' as const, externalId: '', response: '' }),
  close: () => undefined,
};

describe('months of plans, made anew every night while people buy, say no and are written to', () => {
  it.each(['uno', 'due'])(
    'never break a cap, a window, a wish, a limit, a closed day or an exclusion: %s',
    async (seed) => {
      const random = seededRandom(`months ${seed}`);
      const shop = await openShop(random);
      const { database, clock, people, categories } = shop;
      let sent = 0;
      for (let day = START; day < START + DAYS; day++) {
        clock.moveTo(instantOfDay(day, '07:00', ZONE));
        await planDay(shop, day, clock.now());
        expect(faultsOf(await seen(shop, day), shop, day), `plan of ${isoFromDay(day)}`).toEqual([]);
        expect(await outsideTheirWindow(shop)).toEqual([]);
        await withdrawSomebody(shop, day, random);
        const planned = await database.raw<{ contactId: number; messageId: number }[]>`
        select contact_id as "contactId", message_id as "messageId" from message where plan_day = ${isoFromDay(day)} and status = 'planned' order by 1`;
        await approveMessages(
          database,
          planned.filter(() => random.next() < 0.8),
          null,
          clock.now(),
        );
        clock.moveTo(instantOfDay(day, '11:00', ZONE));
        sent += (await sendDue(shop, clock.now(), { limit: 20, channel })).sent;
        await workByHand(shop, day, random);
        expect(faultsOf(await seen(shop, day), shop, day), `evening of ${isoFromDay(day)}`).toEqual([]);
        for (const contactId of people)
          if (random.next() < 0.03) await buy(shop, contactId, random.pick(categories), day);
      }
      expect(sent).toBeGreaterThan(40);
      const byHand = await database.raw<{ channel: string; status: string; messages: number }[]>`
        select channel, status, count(*) as messages from message where channel <> 'email' and status in ('sent', 'expired') group by 1, 2 order by 1, 2`;
      const count = (channel: string, status: string): number =>
        byHand.find((row) => row.channel === channel && row.status === status)?.messages ?? 0;
      expect(count('letter', 'sent')).toBeGreaterThan(2);
      expect(count('phone', 'sent')).toBeGreaterThan(2);
      expect(count('phone', 'expired') + count('letter', 'expired')).toBeGreaterThan(0);
      expect(await callsOfDays(shop)).toBeLessThanOrEqual(CALLS_PER_DAY);
    },
  );
});

/** Somebody posts the letters on some days, and makes some of the calls; a few customers answer, a few never. */
async function workByHand(shop: Shop, day: Day, random: Random): Promise<void> {
  const { database, clock } = shop;
  const viewer = { operatorId: null, now: clock.now() };
  if (weekdayOf(day) % 2 === 0) {
    const printJobId = await startPrinting(shop, viewer);
    if (printJobId !== null && random.next() < 0.8) await markPosted(shop, printJobId, viewer);
    else if (printJobId !== null) await throwAway(shop, printJobId, clock.now());
  }
  const { calls, mayCallNow } = await listCalls(database, 'everybody', viewer);
  expect(calls.length).toBeLessThanOrEqual(CALLS_PER_DAY);
  for (const call of mayCallNow ? calls : []) {
    const lot = random.next();
    if (lot < 0.2) continue;
    const outcome = lot < 0.6 ? 'no_answer' : lot < 0.95 ? 'spoken' : 'not_interested';
    await recordOutcome(shop, call, { outcome, callBackAt: null, note: '' }, viewer);
  }
  await expireMessages(database, clock.now());
}

/** Most customers called on one day, each counted once, by what is on record. */
async function callsOfDays({ database: { raw } }: Shop): Promise<number> {
  const [row] = await raw<{ most: number }[]>`
    select max(calls) as most from (select count(distinct message_id) as calls from message_event
      where kind = 'called' group by (occurred_at at time zone 'Europe/Rome')::date) days`;
  return row?.most ?? 0;
}

/** Now and then somebody withdraws: at once nothing is left for them, and a new plan brings nothing back. */
async function withdrawSomebody(shop: Shop, day: Day, random: Random): Promise<void> {
  const { database, clock } = shop;
  if (random.next() > 0.1) return;
  const contactId = random.pick(shop.people.slice(3));
  const before = (await seen(shop, day)).filter((one) => one.contactId === contactId && !one.isFixed);
  await database.raw`update consent_state set state = 'withdrawn' where contact_id = ${contactId} and purpose = 'marketing'`;
  await planDay(shop, day, clock.now());
  const after = (await seen(shop, day)).filter((one) => one.contactId === contactId && !one.isFixed);
  expect(after, `${before.length} were planned`).toEqual([]);
  await database.raw`update consent_state set state = 'granted' where contact_id = ${contactId} and purpose = 'marketing'`;
}
