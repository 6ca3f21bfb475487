import { z } from 'zod';
import { envelopes, ITEM_MONTHS_WITHOUT_REASON } from './rules.ts';

export const sectors = [
  'coffee',
  'cosmetics',
  'clothing',
  'hairdresser',
  'optician',
  'pharmacy',
  'food',
  'restaurant',
  'dentist',
  'hotel',
  'trades',
  'other',
] as const;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const businessSchema = z.object({
  name: z.string().min(1).max(120),
  legalName: z.string().max(200),
  address: z.string().max(300),
  vatNumber: z.string().max(20),
  email: z.string().max(200),
  phone: z.string().max(40),
  sectors: z.array(z.enum(sectors)),
  language: z.enum(['it', 'en']),
  timeZone: z.string().refine(isTimeZone, 'not a time zone'),
  formOfAddress: z.enum(['tu', 'lei']),
  signature: z.string().max(120),
  brandColour: z.string().regex(/^#[0-9a-f]{6}$/i),
});

export const storeSchema = z.object({
  storeId: z.number().int(),
  name: z.string().min(1).max(120),
  city: z.string().max(120),
  province: z.string().max(4),
  region: z.string().max(60),
  patronDay: z
    .string()
    .regex(/^(\d{2}-\d{2})?$/)
    .describe('MM-DD or empty'),
  closures: z.array(z.object({ from: z.string(), to: z.string(), note: z.string() })),
});

/** What the web client needs to know before anything else. */
export const sessionSchema = z.object({
  state: z.enum(['set_up', 'signed_out', 'signed_in']).describe('set_up: nobody owns this shop yet'),
  isDemonstration: z.boolean(),
  isByHandOn: z.boolean().describe('letters or calls are switched on: there are things to do by hand'),
  mayEnterDemonstration: z.boolean().describe('the demonstration may be entered without a password'),
  today: z.string(),
  csrfToken: z.string().describe('to be sent as x-csrf-token with every change; empty when signed out'),
  operator: z
    .object({
      operatorId: z.number().int(),
      name: z.string(),
      role: z.enum(['owner', 'manager', 'assistant']),
    })
    .nullable(),
  business: businessSchema.nullable(),
});

export const signInSchema = z.object({
  email: z.string().min(3).max(200),
  password: z.string().min(1).max(200),
});

/** Set-up in three questions: what you sell, who you are, how you write. Everything has a default. */
export const setUpSchema = z.object({
  kind: z.enum(['my_shop', 'demonstration']),
  demonstrationSector: z.enum(['coffee', 'cosmetics', 'clothing']).default('coffee'),
  owner: z.object({
    name: z.string().min(1).max(120),
    email: z.email().max(200),
    password: z.string().min(10).max(200),
  }),
  business: businessSchema.partial().optional(),
  store: storeSchema.omit({ storeId: true }).partial().optional(),
});

export const emailSettingsSchema = z.object({
  smtpUrl: z.string().max(500).describe('never returned: empty when read, unchanged when sent empty'),
  hasSmtpUrl: z.boolean(),
  isFromEnvironment: z.boolean(),
  fromName: z.string().max(120),
  fromAddress: z.string().max(200),
  replyTo: z.string().max(200),
  dkimDomain: z.string().max(200),
  dkimSelector: z.string().max(60),
  hasDkimKey: z.boolean(),
});

export const emailCheckSchema = z.object({
  isWorking: z.boolean(),
  sentence: z.string(),
  dkimRecord: z.string().nullable(),
});

/** How the customers' pages can be reached, and what follows when they cannot. */
export const reachabilitySchema = z.object({
  kind: z.enum(['own_https', 'proxy_or_tunnel', 'none']),
  publicUrl: z.string().nullable(),
  isReachable: z.boolean(),
  sentence: z.string(),
});

export const planSettingsSchema = z
  .object({
    mode: z.enum(['suggest', 'automatic', 'automatic_unless_refused']),
    refuseUntilHour: z.number().int().min(0).max(23).describe('for automatic_unless_refused: the hour H'),
    sendFrom: timeOfDay,
    sendUntil: timeOfDay,
    maxEmailsPerDay: z.number().int().min(1).nullable().describe('null: as many as are useful'),
    marginShare: z.number().min(0).max(1),
  })
  .refine(({ sendFrom, sendUntil }) => sendFrom < sendUntil, {
    path: ['sendUntil'],
    message: 'must come after sendFrom',
  });

export const letterSettingsSchema = z.object({
  isOn: z.boolean(),
  envelope: z.enum(envelopes),
  sender: z.string().max(300).describe('lines above the letter; empty: name and address of the shop'),
  paperCents: z.number().int().min(0).max(10_000).describe('paper, envelope and print of one letter'),
  postageCents: z.number().int().min(0).max(10_000),
  maxPerDay: z.number().int().min(1).max(1000),
  leadDays: z.number().int().min(0).max(14).describe('days until a letter arrives'),
  toCustomersWhoSaidNothing: z
    .boolean()
    .describe('also to customers who said neither yes nor no: legitimate interest (law.md POS-1)'),
});

export const callSettingsSchema = z.object({
  isOn: z.boolean(),
  costCents: z.number().int().min(0).max(10_000).describe('the time that one call takes'),
});

/** Somebody who works in the shop. */
export const operatorSchema = z.object({
  operatorId: z.number().int(),
  name: z.string(),
  email: z.string(),
  role: z.enum(['owner', 'manager', 'assistant']),
  storeId: z.number().int().nullable(),
  callsPerDay: z.number().int().min(0).max(99).describe('0: makes no calls'),
});

export const operatorChangeSchema = operatorSchema.pick({ storeId: true, callsPerDay: true });

export const newOperatorSchema = z.object({
  name: z.string().min(1).max(120),
  email: z.email().max(200),
  password: z.string().min(10).max(200),
  ...operatorChangeSchema.shape,
});

export const retentionSettingsSchema = z
  .object({
    itemMonths: z
      .number()
      .int()
      .min(1)
      .max(120)
      .describe('months for which the items of a known customer’s purchases are kept; then totals remain'),
    reason: z.string().max(500).describe('why longer than 12 months; shown to who asks'),
    keepSnapshot: z.boolean().describe('keep, as numbers, what the clocks had learned from items forgotten'),
  })
  .refine(({ itemMonths, reason }) => itemMonths <= ITEM_MONTHS_WITHOUT_REASON || reason.trim() !== '', {
    path: ['reason'],
    message: 'must be written when items are kept for more than 12 months',
  });

export type Business = z.infer<typeof businessSchema>;
export type SetUp = z.infer<typeof setUpSchema>;
export type Store = z.infer<typeof storeSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type PlanSettings = z.infer<typeof planSettingsSchema>;
export type LetterSettings = z.infer<typeof letterSettingsSchema>;
export type CallSettings = z.infer<typeof callSettingsSchema>;
export type Operator = z.infer<typeof operatorSchema>;
export type NewOperator = z.infer<typeof newOperatorSchema>;
export type RetentionSettings = z.infer<typeof retentionSettingsSchema>;
