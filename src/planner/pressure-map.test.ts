import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addCategory, addMessage, addPerson } from '../../test/support/people.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { defaultPressure } from '../pressure/rules.ts';
import { loadPressureMap } from './pressure-map.ts';
import { tryPressure } from './simulate.ts';

const today = dayFromIso('2026-11-24');

describe('how much is written', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database } = shop;
  const { raw } = database;
  const { categoryId } = await addCategory(shop, 'Caffè in capsule');
  const [often, once] = [await addPerson(shop), await addPerson(shop)];
  const release = async (contactId: number, daysAgo: number): Promise<void> => {
    const planDay = isoFromDay(today - daysAgo);
    const message = await addMessage(shop, { contactId, categoryId, source: `clock:${categoryId}`, planDay });
    await raw`update message set status = 'sent', released_at = ${planDay}::date + time '10:00' where message_id = ${message.messageId}`;
  };
  for (const daysAgo of [2, 20, 60, 80]) await release(often, daysAgo);
  await release(once, 2);
  await raw`insert into planned_slot values (${once}, ${`clock:${categoryId}`}, ${isoFromDay(today + 5)}, 'promotion', 'email', ${categoryId}, null, 50, 'later.window')`;

  it('is seen by day and subject, what was sent and what is planned', async () => {
    const map = await loadPressureMap(database, today);
    expect(map.rows).toEqual([
      {
        source: `clock:${categoryId}`,
        name: 'Caffè in capsule',
        total: 4,
        days: [
          { day: isoFromDay(today - 20), messages: 1 },
          { day: isoFromDay(today - 2), messages: 2 },
          { day: isoFromDay(today + 5), messages: 1 },
        ],
      },
    ]);
    expect(map.people.filter((row) => row.people > 0)).toEqual([
      { messages: 1, people: 1 },
      { messages: 4, people: 1 },
    ]);
  });

  it('would have been less by stricter rules, which change nothing until they are saved', async () => {
    const rules = {
      ...defaultPressure,
      caps: [{ channels: [], classes: [], kinds: [], tags: [], max: 1, days: 30 }],
    };
    const trial = await tryPressure(shop, rules, today);
    expect(trial.past).toEqual({ days: 90, messages: 5, held: 2, moved: 0 });
    expect(trial.sentence).toMatch(/^Negli ultimi 90 giorni: di 5 messaggi ne avrebbe fermati 2\. /);
    expect(await raw`select from pressure_version`).toHaveLength(0);
    const loose = await tryPressure(shop, { ...defaultPressure, caps: [] }, today);
    expect(loose.past.held).toBe(0);
  });

  it('would have left on other days had a channel rested, and says so', async () => {
    // The messages of 2 days ago left on a Sunday, that of 80 days ago on a Saturday.
    const rest = { channels: ['email'] as const, weekdays: [7], onHolidays: false };
    const trial = await tryPressure(shop, { ...defaultPressure, caps: [], quiet: [rest] }, today);
    expect(trial.past).toEqual({ days: 90, messages: 5, held: 0, moved: 2 });
    expect(trial.sentence).toMatch(
      /Altri 2, partiti in un giorno di riposo, avrebbero aspettato un giorno libero\.$/,
    );
    const calls = { ...rest, channels: ['phone'] as const };
    const other = await tryPressure(shop, { ...defaultPressure, caps: [], quiet: [calls] }, today);
    expect(other.past.moved).toBe(0);
    expect(other.sentence).not.toMatch(/riposo/);
  });

  it('would have been less had two kinds not come close together', async () => {
    const email = { channels: ['email'] as const, classes: [], kinds: [], tags: [] };
    const rules = { ...defaultPressure, caps: [], exclusions: [{ scope: email, other: email, days: 19 }] };
    expect((await tryPressure(shop, rules, today)).past.held).toBe(1);
  });
});
