import { z } from 'zod';

const fasciaSchema = z
  .object({ from: z.number(), middle: z.number(), to: z.number() })
  .describe('days: 10 %, 50 % and 90 % of the gaps');

/** One row of Orologi. */
export const categoryClockSchema = z.object({
  categoryId: z.number().int(),
  name: z.string(),
  customers: z.number().int(),
  medianDays: z.number(),
  band: fasciaSchema,
  origin: z.enum(['shop', 'both', 'sector', 'owner']),
  originInWords: z.string(),
  regularShare: z
    .number()
    .min(0)
    .max(1)
    .describe('customers with a rhythm of their own: three purchases or more'),
  ownShare: z
    .number()
    .min(0)
    .max(1)
    .describe('how much of the distribution comes from the shop’s own returns'),
});

export const categoryClockListSchema = z.object({ categories: z.array(categoryClockSchema) });

const curveSchema = z.array(
  z.object({ days: z.number(), density: z.number().describe('share of returns per day') }),
);

const monthDaySchema = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)
  .describe('MM-DD');

/** How a need returns. */
export const habitSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('learned') }),
  z.object({ kind: z.literal('interval'), days: z.number().int().min(1).max(3650) }),
  z.object({ kind: z.literal('fixed_dates'), dates: z.array(monthDaySchema).min(1).max(12).readonly() }),
]);

/** What the clocks said of many customers, and how many of them came. */
const calibrationSchema = z
  .array(z.object({ said: z.number(), came: z.number(), clocks: z.number().int() }))
  .describe(
    'bins of equal count, by the probability of a purchase within 14 days; empty where too little was sold',
  );

const exampleSchema = z.object({
  contactId: z.number().int(),
  name: z.string(),
  days: z.array(z.iso.date()).describe('purchase days of the last year'),
  likelyFrom: z.iso.date(),
  medianDay: z.iso.date(),
  likelyTo: z.iso.date(),
});

/** How good the clocks are, judged on a fortnight that they had not seen. */
export const clockQualitySchema = z.object({
  state: z.enum(['none', 'too_little', 'judged']),
  sentence: z.string(),
  details: z.array(z.string()),
  bins: calibrationSchema,
});

export const categoryClockDetailSchema = categoryClockSchema.extend({
  returns: z.number().int().describe('observed gaps'),
  histogram: z.array(z.object({ fromDays: z.number(), toDays: z.number(), count: z.number().int() })),
  used: curveSchema,
  prior: curveSchema,
  priorMedianDays: z.number(),
  overrideDays: z.number().nullable(),
  habit: habitSchema,
  sentence: z.string(),
  calibration: calibrationSchema,
  examples: z.array(exampleSchema),
});

/** What a customer said about a need. */
export const clockWordSchema = z.object({
  word: z.enum(['still_lasts', 'keep_aside']),
  until: z.iso.date().nullable().default(null).describe('until when it lasts or is kept; null: the usual'),
  method: z.enum(['counter', 'phone', 'reply']).default('counter'),
});

export const overrideSchema = z.object({ days: z.number().min(1).max(3650).nullable() });

/** A contact's clock on the profile. */
export const contactClockSchema = z.object({
  categoryId: z.number().int(),
  name: z.string(),
  purchaseCount: z.number().int(),
  lastDay: z.string(),
  likelyFrom: z.string(),
  medianDay: z.string(),
  likelyTo: z.string(),
  ownRhythm: z.boolean().describe('false: a guess, drawn paler'),
  probability: z.number().describe('of a purchase within 14 days'),
  alive: z.number(),
  sentence: z.string(),
});

export const contactClockListSchema = z.object({ clocks: z.array(contactClockSchema) });

export type ClockQuality = z.infer<typeof clockQualitySchema>;
export type CategoryClock = z.infer<typeof categoryClockSchema>;
export type CategoryClockDetail = z.infer<typeof categoryClockDetailSchema>;
export type ContactClock = z.infer<typeof contactClockSchema>;
