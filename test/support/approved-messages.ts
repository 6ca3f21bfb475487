import { Readable } from 'node:stream';
import { createCampaign } from '../../src/campaigns/actions.ts';
import { campaignInputSchema } from '../../src/campaigns/schema.ts';
import { importContacts } from '../../src/contacts/import.ts';
import { dayFromIso } from '../../src/kernel/day.ts';
import { approveDay, planDay } from '../../src/planner/actions.ts';
import type { TestApplication } from './application.ts';

export interface Person {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly companyName?: string;
}

export const addressOf = (number: number): string => `persona${number}@clienti.example.it`;

/** People who said yes on paper, a promotion for all of them, and its messages of the day approved. */
export async function approveMessagesFor(
  shop: TestApplication,
  people: number,
  day: string,
): Promise<number> {
  await importPeople(
    shop,
    Array.from({ length: people }, (_, index) => ({
      email: addressOf(index + 1),
      firstName: 'Persona',
      lastName: `Numero ${index + 1}`,
    })),
  );
  return approvePromotion(shop, day, {});
}

/** A list of people who said yes on paper, as the shop would load it. */
export function importPeople({ database, clock }: TestApplication, people: readonly Person[]) {
  const rows = people.map(({ email, firstName, lastName, companyName = '' }) =>
    [email, firstName, lastName, companyName, 'sì', '2026-01-10', 'foglio', `foglio di ${email}`]
      .map((cell) => `"${cell.replaceAll('"', '""')}"`)
      .join(';'),
  );
  const header = 'Email;Nome;Cognome;Ragione sociale;Marketing;Data consenso;Metodo consenso;Prova';
  return importContacts(
    database,
    {
      source: { stream: Readable.from([Buffer.from([header, ...rows].join('\n'))]) },
      fileName: 'clienti.csv',
      timeZone: 'Europe/Rome',
    },
    clock.now(),
  );
}

/** A promotion of one day for everybody, planned and approved. Returns how many messages wait to leave. */
export async function approvePromotion(
  shop: TestApplication,
  day: string,
  words: { readonly subject?: string; readonly text?: string },
): Promise<number> {
  const { database, clock } = shop;
  const campaign = campaignInputSchema.parse({
    name: 'Prova',
    startsOn: day,
    endsOn: day,
    audience: { kind: 'everyone' },
    subject: 'Una novità in negozio',
    text: 'È arrivato il miele nuovo.',
    ...words,
  });
  await createCampaign(database, campaign, dayFromIso(day), clock.now());
  await planDay(shop, dayFromIso(day), clock.now());
  return (await approveDay(database, dayFromIso(day), clock.now())).approved;
}
