import { Readable } from 'node:stream';
import { createCampaign } from '../../src/campaigns/actions.ts';
import { campaignInputSchema } from '../../src/campaigns/schema.ts';
import { importContacts } from '../../src/contacts/import.ts';
import { dayFromIso } from '../../src/kernel/day.ts';
import { approveDay, planDay } from '../../src/planner/actions.ts';
import type { TestApplication } from './application.ts';

export const addressOf = (number: number): string => `persona${number}@clienti.example.it`;

/** People who said yes on paper, a promotion for all of them, and its messages of the day approved. */
export async function approveMessagesFor(
  shop: TestApplication,
  people: number,
  day: string,
): Promise<number> {
  const { database, clock } = shop;
  const rows = Array.from(
    { length: people },
    (_, index) =>
      `${addressOf(index + 1)};Persona;Numero ${index + 1};sì;2026-01-10;foglio;foglio ${index + 1}`,
  );
  const list = ['Email;Nome;Cognome;Marketing;Data consenso;Metodo consenso;Prova', ...rows].join('\n');
  await importContacts(
    database,
    {
      source: { stream: Readable.from([Buffer.from(list)]) },
      fileName: 'clienti.csv',
      timeZone: 'Europe/Rome',
    },
    clock.now(),
  );
  const campaign = campaignInputSchema.parse({
    name: 'Prova',
    startsOn: day,
    endsOn: day,
    audience: { kind: 'everyone' },
    subject: 'Una novità in negozio',
    text: 'È arrivato il miele nuovo.',
  });
  await createCampaign(database, campaign, dayFromIso(day), clock.now());
  await planDay(shop, dayFromIso(day), clock.now());
  return (await approveDay(database, dayFromIso(day), clock.now())).approved;
}
