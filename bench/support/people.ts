import { seededRandom } from '../../src/kernel/random.ts';
import type { Random } from '../../src/kernel/random.ts';
import type { NewConsentEvent } from '../../src/consent/actions.ts';
import { recordConsentEvents } from '../../src/consent/actions.ts';
import type { BulkContact } from '../../src/contacts/actions.ts';
import { allocateContactIds, insertContactsInBulk } from '../../src/contacts/actions.ts';
import { contactInputSchema } from '../../src/contacts/schema.ts';
import type { Database } from '../../src/database/connection.ts';
import { consentText, firstNames, streets, surnames, town } from '../../src/demonstration/names.ts';
import { cardOf } from './till-file.ts';

const PER_BATCH = 5_000;

/**
 * Who is in the shop's book, by the product's own paths: everybody with a card, nine in ten with an address (85 % of them
 * verified); 72 % said yes to messages, most of those to advice from what they buy; 13 % said no, the others were never asked.
 */
export async function createPeople(database: Database, count: number, joined: Date): Promise<void> {
  for (let first = 0; first < count; first += PER_BATCH) {
    const size = Math.min(PER_BATCH, count - first);
    await database.transaction(async (transaction) => {
      const contacts: BulkContact[] = [];
      const events: NewConsentEvent[] = [];
      for (const [index, contactId] of (await allocateContactIds(transaction, size)).entries()) {
        const number = first + index;
        const random = seededRandom(`bench person ${number}`);
        contacts.push(describePerson(number, contactId, random, joined));
        events.push(...consentsOf(number, contactId, random, joined));
      }
      await insertContactsInBulk(transaction, contacts, joined);
      await recordConsentEvents(transaction, events, joined);
    });
  }
}

function describePerson(number: number, contactId: number, random: Random, joined: Date): BulkContact {
  const email = `persona${number}@clienti.example.it`;
  const isVerified = random.next() < 0.85;
  const card = cardOf(number);
  const identities = [
    { kind: 'card', value: card, original: card, verifiedAt: joined, verifiedBy: 'counter' },
    ...(random.next() < 0.9
      ? [
          {
            kind: 'email',
            value: email,
            original: email,
            verifiedAt: isVerified ? joined : null,
            verifiedBy: isVerified ? 'code' : null,
          },
        ]
      : []),
  ];
  const facts = contactInputSchema.parse({
    firstName: random.pick(firstNames),
    lastName: random.pick(surnames),
    street: `${random.pick(streets)} ${1 + random.integer(90)}`,
    postcode: town.postcode,
    city: town.city,
    province: town.province,
    birthDate: random.next() < 0.3 ? `19${40 + random.integer(60)}-0${1 + random.integer(9)}-15` : null,
    preferredChannel: random.next() < 0.6 ? 'email' : null,
  });
  return { contactId, storeId: null, facts, identities };
}

function consentsOf(number: number, contactId: number, random: Random, occurredAt: Date): NewConsentEvent[] {
  const answer = random.next();
  if (answer > 0.85) return [];
  const event = {
    contactId,
    channels: [],
    text: consentText,
    language: 'it',
    method: 'paper' as const,
    occurredAt,
    evidence: { sheet: `F-${String(number).padStart(6, '0')}` },
  };
  if (answer > 0.72) return [{ ...event, purpose: 'marketing', action: 'withdrawn' }];
  const channels = random.next() < 0.7 ? ['email'] : [];
  const marketing: NewConsentEvent = { ...event, purpose: 'marketing', action: 'granted', channels };
  return random.next() < 0.88
    ? [marketing, { ...event, purpose: 'profiling', action: 'granted' }]
    : [marketing];
}
