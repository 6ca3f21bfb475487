import { z } from 'zod';

const intervalSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() });

const armSchema = z.object({
  customers: z.number().int(),
  returned: z.number().int(),
  per100: z.number().describe('returned of 100'),
});

/** too_early: no number is shown; works, worse: the interval excludes zero; no_difference: it does not. */
export const verdictSchema = z.enum(['too_early', 'works', 'no_difference', 'worse']);

export const sourceResultSchema = z.object({
  source: z.string(),
  name: z.string(),
  kind: z.enum(['clock', 'campaign']),
  treated: armSchema,
  control: armSchema,
  difference: intervalSchema
    .nullable()
    .describe('customers more of 100 who came back; null when it is too early'),
  verdict: verdictSchema,
  sentence: z.string(),
  messagesNeeded: z
    .number()
    .int()
    .nullable()
    .describe('how many customers are needed before a number is shown'),
});

export const resultsSchema = z.object({
  from: z.string(),
  to: z.string(),
  windowDays: z.number().int(),
  headline: z.string(),
  marginSentence: z.string().describe('the margin in words where the headline does not state it, or empty'),
  verdict: verdictSchema,
  treated: armSchema,
  control: armSchema,
  difference: intervalSchema.nullable(),
  monthlyMarginCents: intervalSchema.nullable().describe('extra margin of a month because of the messages'),
  comparison: z.string().describe('the two groups in words'),
  costs: z.object({ messages: z.number().int(), costCents: z.number() }),
  marginShare: z.number(),
  sources: z.array(sourceResultSchema),
});

const effectResultSchema = z.object({
  decisions: z.number().int().describe('messages decided by lot whose 14 days are over'),
  treated: z.object({ decisions: z.number().int(), returned: z.number().int() }),
  control: z.object({ decisions: z.number().int(), returned: z.number().int() }),
  coupons: z.number().int().describe('receipts known only by a coupon: not causal, shown apart'),
  verdict: verdictSchema,
  extraPurchasesPer100: intervalSchema
    .nullable()
    .describe('of 100 messages, with an interval that may be read every day; null: too early'),
  extraMarginCents: intervalSchema.nullable().describe('extra margin of one message'),
  daysNeeded: z
    .number()
    .int()
    .nullable()
    .describe('about so many days until it can be told; null: unknown, or more than a year'),
  sentence: z.string(),
});

const namedEffectSchema = effectResultSchema.extend({ key: z.string(), name: z.string() });

/** What messages brought, by decisions that fell by lot. */
export const effectResultsSchema = z.object({
  all: effectResultSchema,
  sources: z.array(namedEffectSchema),
  channels: z.array(namedEffectSchema),
  timing: z
    .object({
      onTime: effectResultSchema,
      heldBack: effectResultSchema,
      extraPurchasesPer100: intervalSchema.nullable().describe('more on time than later; null: too early'),
      sentence: z.string(),
    })
    .describe('needs written about as soon as they open, against those held back by lot within their window'),
  series: z
    .array(intervalSchema.extend({ day: z.string() }))
    .describe('extra purchases of 100 messages as known on each day'),
  programme: z.object({
    year: z.number().int().nullable(),
    treated: z.number().int().describe('customers whose 90 days are over'),
    control: z.number().int(),
    extraMarginCentsPerCustomer: intervalSchema.nullable().describe('in 90 days'),
    sentence: z.string(),
  }),
  note: z.string(),
});

export type EffectResult = z.infer<typeof effectResultSchema>;
export type EffectResults = z.infer<typeof effectResultsSchema>;

export const resultsQuerySchema = z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() });

export type Results = z.infer<typeof resultsSchema>;
