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

export const resultsQuerySchema = z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() });

export type Results = z.infer<typeof resultsSchema>;
