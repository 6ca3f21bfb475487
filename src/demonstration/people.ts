import type { BulkContact } from '../contacts/actions.ts';
import { allocateContactIds, insertContactsInBulk } from '../contacts/actions.ts';
import { contactInputSchema } from '../contacts/schema.ts';
import type { NewConsentEvent } from '../consent/actions.ts';
import { recordConsentEvents } from '../consent/actions.ts';
import type { Database } from '../database/connection.ts';
import type { Random } from '../kernel/random.ts';
import { seededRandom } from '../kernel/random.ts';
import { consentText, firms, firstNames, streets, surnames, town } from './names.ts';
import type { Person } from './rules.ts';
import { asFirm, createPerson } from './rules.ts';
import type { DemonstrationSector } from './sectors.ts';

const CONTACTS_PER_BATCH = 5_000;
/** One customer in so many is a firm that buys for everybody who works there. */
const FIRM_EVERY = 25;

/** How somebody can be reached besides at home. */
interface Reach {
  /** What kind of firm it is; null: a person. */
  readonly firm: string | null;
  readonly phone: string | null;
  readonly hasEmail: boolean;
}

interface Described {
  readonly contactId: number;
  readonly random: Random;
  readonly joined: Date;
}

/** Firms rather have a telephone than an e-mail address. Numbers of an exchange that does not exist. */
function reachOf(number: number, isFirm: boolean, random: Random): Reach {
  const phone = `+3904500${String(number).padStart(6, '0')}`;
  if (isFirm) {
    const firm = random.pick(firms);
    return { firm, phone: random.next() < 0.6 ? phone : null, hasEmail: random.next() < 0.3 };
  }
  return { firm: null, phone: random.next() < 0.4 ? phone : null, hasEmail: true };
}

export type Known = { readonly person: Person; readonly contactId: number };

/** Makes everybody, with what they said, in batches. */
export async function createPeople(
  database: Database,
  sector: DemonstrationSector,
  options: { readonly contactCount: number; readonly seed: string; readonly joined: Date },
): Promise<Known[]> {
  const known: Known[] = [];
  const { joined } = options;
  for (let first = 1; first <= options.contactCount; first += CONTACTS_PER_BATCH) {
    const size = Math.min(CONTACTS_PER_BATCH, options.contactCount - first + 1);
    await database.transaction(async (transaction) => {
      const ids = await allocateContactIds(transaction, size);
      const contacts: BulkContact[] = [];
      const events: NewConsentEvent[] = [];
      for (const [index, contactId] of ids.entries()) {
        const number = first + index;
        const random = seededRandom(`${options.seed}:person:${number}`);
        const lived = createPerson(number, sector.categories, random);
        const isFirm = number % FIRM_EVERY === 0;
        const person = isFirm ? asFirm(lived, sector.categories) : lived;
        known.push({ person, contactId });
        const reach = reachOf(number, isFirm, seededRandom(`${options.seed}:reach:${number}`));
        contacts.push(describePerson(person, { contactId, reach, random, joined }));
        events.push(...consentsOf(person, { contactId, isFirm, random, joined }));
      }
      await insertContactsInBulk(transaction, contacts, joined);
      await recordConsentEvents(transaction, events, joined);
    });
  }
  return known;
}

function describePerson(
  person: Person,
  { contactId, reach, random, joined }: Described & { readonly reach: Reach },
): BulkContact {
  const firstName = random.pick(firstNames);
  const lastName = random.pick(surnames);
  const local = `${firstName}.${lastName}.${person.number}`
    .normalize('NFD')
    .replace(/[^a-zA-Z0-9.]/g, '')
    .toLowerCase();
  const isFake = random.next() < 0.05;
  const email = isFake ? `nessuno${person.number}@example.invalid` : `${local}@example.it`;
  const isVerified = random.next() < 0.85;
  const identities = [
    { kind: 'card', value: person.card, original: person.card, verifiedAt: joined, verifiedBy: 'counter' },
    ...(random.next() < 0.9 && reach.hasEmail
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
    ...(reach.phone === null
      ? []
      : [
          {
            kind: 'phone',
            value: reach.phone,
            original: reach.phone,
            verifiedAt: joined,
            verifiedBy: 'counter',
          },
        ]),
  ];
  const age = 19 + random.integer(60);
  const facts = contactInputSchema.parse({
    firstName,
    lastName,
    companyName: reach.firm === null ? '' : `${reach.firm} ${lastName}`,
    street: `${random.pick(streets)} ${1 + random.integer(90)}`,
    postcode: town.postcode,
    city: town.city,
    province: town.province,
    birthDate:
      random.next() < 0.3
        ? `${joined.getUTCFullYear() - age}-0${1 + random.integer(9)}-1${random.integer(10)}`
        : null,
    preferredChannel: random.next() < 0.6 ? 'email' : null,
  });
  return { contactId, storeId: null, facts, identities };
}

/** 70 % said yes to messages and most of those to advice, with full evidence; some said no, some were never asked. */
function consentsOf(
  person: Person,
  { contactId, isFirm, random, joined: occurredAt }: Described & { readonly isFirm: boolean },
): NewConsentEvent[] {
  const answer = random.next();
  const event = {
    contactId,
    channels: [],
    text: consentText,
    language: 'it',
    method: 'demonstration' as const,
    occurredAt,
    evidence: { sheet: `F-${String(person.number).padStart(6, '0')}`, operator: 'dimostrazione' },
  };
  if (isFirm)
    return (['marketing', 'profiling'] as const).map((purpose) => ({ ...event, purpose, action: 'granted' }));
  if (answer > 0.85) return [];
  if (answer > 0.72) return [{ ...event, purpose: 'marketing', action: 'withdrawn' }];
  const marketing: NewConsentEvent = {
    ...event,
    purpose: 'marketing',
    action: 'granted',
    channels: random.next() < 0.7 ? ['email'] : [],
  };
  return random.next() < 0.88
    ? [marketing, { ...event, purpose: 'profiling', action: 'granted' }]
    : [marketing];
}
