import { createContact } from '../../src/contacts/actions.ts';
import { newContactSchema } from '../../src/contacts/schema.ts';
import type { NewConsentEvent } from '../../src/consent/actions.ts';
import { recordConsentEvents } from '../../src/consent/actions.ts';
import { dayFromIso, instantOfDay } from '../../src/kernel/day.ts';
import type { TestApplication } from './application.ts';

/** Somebody the shop knows: said yes to both on paper and has a confirmed address, unless told otherwise. */
export interface PersonWish {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly companyName?: string;
  readonly email?: string | null;
  readonly phone?: string;
  readonly street?: string;
  readonly postcode?: string;
  readonly city?: string;
  readonly province?: string;
  readonly preferredChannel?: 'email' | 'phone' | 'letter';
  readonly isVerified?: boolean;
  readonly birthDate?: string;
  readonly consents?: readonly Pick<NewConsentEvent, 'purpose' | 'action' | 'channels'>[];
  readonly consentedAt?: Date;
}

const yesToBoth: NonNullable<PersonWish['consents']> = [
  { purpose: 'marketing', action: 'granted', channels: [] },
  { purpose: 'profiling', action: 'granted', channels: [] },
];

let people = 0;

export async function addPerson(
  { database, clock }: TestApplication,
  wish: PersonWish = {},
): Promise<number> {
  people += 1;
  const email = wish.email === undefined ? `persona${people}@clienti.example.it` : wish.email;
  const {
    consents = yesToBoth,
    consentedAt = new Date('2026-01-10T09:00:00Z'),
    isVerified = true,
    phone,
    ...facts
  } = wish;
  const contactId = await createContact(
    database,
    newContactSchema.parse({
      firstName: 'Persona',
      lastName: `Numero ${people}`,
      ...facts,
      identities: [
        ...(email === null ? [] : [{ kind: 'email', value: email }]),
        ...(phone === undefined ? [] : [{ kind: 'phone', value: phone }]),
      ],
    }),
    clock.now(),
  );
  if (isVerified)
    await database.raw`update contact_identity set verified_at = ${consentedAt}, verified_by = 'signed_sheet' where contact_id = ${contactId}`;
  const events = consents.map((consent): NewConsentEvent => ({
    ...consent,
    contactId,
    text: null,
    language: 'it',
    method: 'paper',
    occurredAt: consentedAt,
    evidence: { sheet: `foglio ${people}` },
  }));
  await database.transaction((transaction) => recordConsentEvents(transaction, events, clock.now()));
  return contactId;
}

/** A category of the shop with one product, known to the clocks. */
export async function addCategory(
  { database, clock }: TestApplication,
  name: string,
): Promise<{ categoryId: number; productId: number }> {
  const [category] = await database.raw<{ category_id: number }[]>`
    insert into category (name, lookup_name, created_at) values (${name}, ${name.toLowerCase()}, ${clock.now()}) returning category_id`;
  const categoryId = category?.category_id ?? 0;
  const [product] = await database.raw<{ product_id: number }[]>`
    insert into product (code, name, category_id, created_at) values (${name}, ${name}, ${categoryId}, ${clock.now()}) returning product_id`;
  return { categoryId, productId: product?.product_id ?? 0 };
}

export interface MessageWish {
  readonly contactId: number;
  readonly source?: string;
  readonly channel?: 'email' | 'letter' | 'phone';
  readonly messageClass?: string;
  readonly categoryId?: number | null;
  readonly campaignId?: number | null;
  readonly planDay: string;
  /** Days after the plan until when it may leave. */
  readonly days?: number;
  readonly facts?: object;
}

/** One message of a plan, undecided, as the planner writes it. */
export async function addMessage(
  { database, clock }: TestApplication,
  wish: MessageWish,
): Promise<{ contactId: number; messageId: number }> {
  const { contactId, planDay, source = 'campaign:0', messageClass = 'promotion', days = 2 } = wish;
  const day = dayFromIso(planDay);
  const facts = wish.facts ?? { kind: 'campaign', campaignName: 'Prova', startsOn: planDay, endsOn: planDay };
  const [row] = await database.raw<{ message_id: number }[]>`
    insert into message (contact_id, plan_day, source, class, channel, category_id, campaign_id, template_id, status, value_cents, facts, subject, opening,
      send_after, send_before, created_at)
    values (${contactId}, ${planDay}, ${source}, ${messageClass}, ${wish.channel ?? 'email'}, ${wish.categoryId ?? null}, ${wish.campaignId ?? null},
      (select template_id from template where name = 'promotion.it.tu'), 'planned', 10, ${database.raw.json(facts as never)}, 'Una novità', 'È arrivato.',
      ${instantOfDay(day, '10:30', 'Europe/Rome')}, ${instantOfDay(day + days, '17:30', 'Europe/Rome')}, ${clock.now()})
    returning message_id`;
  return { contactId, messageId: row?.message_id ?? 0 };
}
