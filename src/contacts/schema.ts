import { z } from 'zod';
import { contactClockSchema } from '../clocks/schema.ts';

export const identityKinds = ['email', 'phone', 'card', 'code'] as const;
export const preferredChannels = [
  'email',
  'sms',
  'whatsapp',
  'telegram',
  'messenger',
  'phone',
  'letter',
] as const;

export const contactRowSchema = z.object({
  contactId: z.number().int(),
  name: z.string(),
  initials: z.string(),
  city: z.string(),
  email: z.string(),
  phone: z.string(),
  lastVisit: z.string().nullable(),
  mayBeWrittenTo: z.boolean().describe('said yes to messages'),
});

export const contactListQuerySchema = z.object({
  search: z.string().default(''),
  after: z.coerce.number().int().min(0).default(0),
});
export const contactListSchema = z.object({
  contacts: z.array(contactRowSchema),
  next: z.number().int().nullable(),
  total: z.number().int(),
});

export const contactInputSchema = z.object({
  firstName: z.string().max(120).default(''),
  lastName: z.string().max(120).default(''),
  companyName: z.string().max(200).default(''),
  language: z.enum(['it', 'en']).default('it'),
  birthDate: z.iso.date().nullable().default(null),
  street: z.string().max(200).default(''),
  postcode: z.string().max(10).default(''),
  city: z.string().max(120).default(''),
  province: z.string().max(4).default(''),
  preferredChannel: z.enum(preferredChannels).nullable().default(null),
  note: z.string().max(2000).default(''),
  attributes: z.record(z.string(), z.string()).default({}),
});

export const identityInputSchema = z.object({
  kind: z.enum(identityKinds),
  value: z.string().min(1).max(200),
});

export const newContactSchema = contactInputSchema.extend({
  identities: z.array(identityInputSchema).default([]),
});

export const consentInputSchema = z.object({
  purpose: z.enum(['marketing', 'profiling']),
  action: z.enum(['granted', 'withdrawn']),
  channels: z.array(z.enum(preferredChannels)).default([]),
  method: z.enum(['paper', 'counter', 'phone', 'web']),
  reference: z.string().min(1).max(300).describe('what proves it: sheet number, who asked and when'),
});

const timelineEntrySchema = z.object({
  day: z.string(),
  kind: z.enum(['purchase', 'return', 'message', 'not_sent', 'consent']),
  title: z.string(),
  detail: z.string(),
  lane: z.string().describe('category name for purchases, else the kind'),
  quantity: z.number(),
  amountCents: z.number().nullable(),
});

export const profileSchema = z.object({
  contactId: z.number().int(),
  name: z.string(),
  initials: z.string(),
  since: z.string(),
  headline: z.string().describe('"Viene ogni 26 giorni circa, l’ultima volta il 20 ottobre."'),
  chips: z.array(z.string()),
  identities: z.array(
    z.object({
      kind: z.enum(identityKinds),
      value: z.string(),
      isVerified: z.boolean(),
      isUnreachable: z.boolean(),
    }),
  ),
  facts: contactInputSchema,
  isProfiled: z.boolean(),
  profilingNotice: z.string().describe('why there is no item detail, or empty'),
  totalCents: z.number(),
  lastVisit: z.string().nullable(),
  clocks: z.array(contactClockSchema),
  consents: z.array(
    z.object({
      purpose: z.enum(['marketing', 'profiling']),
      state: z.enum(['granted', 'withdrawn', 'unknown']),
      sentence: z.string(),
      evidence: z.string(),
    }),
  ),
  timeline: z.array(timelineEntrySchema).describe('latest first, item detail only with consent to profiling'),
  upcoming: z
    .array(z.object({ day: z.string(), about: z.string(), channel: z.string(), sentence: z.string() }))
    .describe('messages planned for later days, and why then'),
  decisions: z
    .array(z.object({ day: z.string(), verdict: z.string(), about: z.string(), sentence: z.string() }))
    .describe('why we write, why not'),
});

export type ContactRow = z.infer<typeof contactRowSchema>;
export type Profile = z.infer<typeof profileSchema>;
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;
export type ContactInput = z.infer<typeof contactInputSchema>;
