import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { startTrialMailbox } from '../../src/channels/email/trial-mailbox.ts';
import { createDemonstration, playDays } from '../../src/demonstration/actions.ts';
import { loadPeople } from '../../src/demonstration/queries.ts';
import type { Person } from '../../src/demonstration/rules.ts';
import { livePersonDay } from '../../src/demonstration/rules.ts';
import { demonstrationSectors } from '../../src/demonstration/sectors.ts';
import type { Day } from '../../src/kernel/day.ts';
import { dayFromIso, isoFromDay } from '../../src/kernel/day.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { loadResults } from '../../src/measurement/actions.ts';
import type { TestApplication } from '../support/application.ts';
import { overDatabase } from '../support/application.ts';
import { createTestDatabase } from '../support/database.ts';

const today = dayFromIso('2026-11-24');
const owner = { name: 'Marta', email: 'marta@example.it', password: 'una frase molto lunga' };
const WINDOW_DAYS = 14;

async function openDemonstration(options: { contactCount: number; playedDays: number; seed: string }) {
  const application = overDatabase(await createTestDatabase(), { now: new Date('2026-11-24T08:00:00Z') });
  const mailbox = await startTrialMailbox(application.database, application.clock);
  afterAll(() => mailbox.close());
  const shop: TestApplication = { ...application, smtpUrl: mailbox.url };
  await createDemonstration(shop, { ...options, sector: 'coffee', today, owner }, shop.clock.now());
  return shop;
}

/** Everything a person would notice of a shop, as one short text. */
async function fingerprint({ database: { raw } }: TestApplication): Promise<string> {
  const rows = [
    await raw`select contact_id, first_name, last_name, birth_date from contact order by contact_id`,
    await raw`select contact_id, receipt_id, line_number, sold_on, quantity, total_cents from sale_line order by 1, 2, 3`,
    await raw`select contact_id, source, plan_day, status, subject, edited_body from message order by 1, 3, 2`,
  ];
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

/** Whether a person comes back within the window after a day, in the world in which these messages reached them. */
function comesBack(
  before: Person,
  days: { first: Day; last: Day; after: Day },
  messages: readonly Day[],
  seed: string,
) {
  const person = structuredClone(before);
  const { categories } = demonstrationSectors.coffee;
  let hasReturned = false;
  for (let day = days.first; day <= days.last; day += 1) {
    if (messages.includes(day)) person.lastMessageDay = day;
    const lines = livePersonDay(person, day, categories, seededRandom(`${seed}:${person.number}:${day}`));
    if (lines.length > 0 && day > days.after && day <= days.after + WINDOW_DAYS) hasReturned = true;
  }
  return hasReturned;
}

describe('the demonstration shop', () => {
  it('is the same for the same seed, and another for another', async () => {
    const options = { contactCount: 150, playedDays: 6 };
    const one = await fingerprint(await openDemonstration({ ...options, seed: 'prima' }));
    expect(await fingerprint(await openDemonstration({ ...options, seed: 'prima' }))).toBe(one);
    expect(await fingerprint(await openDemonstration({ ...options, seed: 'seconda' }))).not.toBe(one);
  });

  it('shows results whose interval holds the lift that only its generator knows', async () => {
    const seed = 'verità';
    const playedDays = 60;
    const shop = await openDemonstration({ contactCount: 3_000, playedDays: 0, seed });
    const { database } = shop;
    const start = today;
    const before = new Map(
      (await loadPeople(database)).map(({ contactId, person }) => [contactId, structuredClone(person)]),
    );
    await playDays(shop, playedDays);
    const end = start + playedDays - 1;

    const messages = await database.raw<
      { contact_id: number; day: string; reached_on: string | null; assigned_by: string }[]
    >`
      select contact_id, (released_at at time zone 'Europe/Rome')::date as day,
        case when status = 'sent' then (settled_at at time zone 'Europe/Rome')::date end as reached_on, assigned_by from message
      where released_at is not null order by contact_id, released_at`;
    const byContact = Map.groupBy(messages, ({ contact_id }) => contact_id);
    const lifts: number[] = [];
    let simulatedReturns = 0;
    for (const [contactId, own] of byContact) {
      const person = before.get(contactId);
      const [first] = own;
      // Written to or left out with the household: single no-sends are among what is done to those who are written to.
      if (!person || first?.assigned_by !== 'decision') continue;
      const after = dayFromIso(first.day);
      if (after + WINDOW_DAYS > end) continue;
      const days = { first: start, last: after + WINDOW_DAYS, after };
      // A call reaches somebody on the day on which they answer, and some never do.
      const reached = own.flatMap(({ reached_on: day }) => (day === null ? [] : [dayFromIso(day)]));
      const withMessages = comesBack(person, days, reached, seed);
      const without = comesBack(person, days, [], seed);
      simulatedReturns += Number(withMessages);
      lifts.push(Number(withMessages) - Number(without));
    }
    const trueLift = (100 * lifts.reduce((sum, lift) => sum + lift, 0)) / lifts.length;

    const results = await loadResults(
      database,
      { from: isoFromDay(start), to: isoFromDay(end), today: isoFromDay(end + 1) },
      'Europe/Rome',
    );
    // The world lived twice here is the one that the product saw through the till, the plan and the mail.
    expect(results.treated).toMatchObject({ customers: lifts.length, returned: simulatedReturns });
    expect(lifts.length).toBeGreaterThan(500);
    expect(trueLift).toBeGreaterThan(1);
    expect(results.control.customers).toBeGreaterThan(20);
    expect(results.difference?.low).toBeLessThan(trueLift);
    expect(results.difference?.high).toBeGreaterThan(trueLift);
  });
});
