import { z } from 'zod';

/** Who a promotion is for: everybody, or who ever bought in one of the categories. */
export const audienceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('everyone') }),
  z.object({ kind: z.literal('buyers'), categoryIds: z.array(z.number().int()).min(1) }),
]);

export const campaignInputSchema = z.object({
  name: z.string().min(1).max(120),
  class: z.enum(['promotion', 'care', 'promise']).default('promotion'),
  startsOn: z.iso.date(),
  endsOn: z.iso.date(),
  audience: audienceSchema,
  subject: z.string().min(1).max(150),
  text: z.string().min(1).max(4000).describe('the words of the shop; blank lines separate paragraphs'),
  mode: z.enum(['suggest', 'automatic', 'automatic_unless_refused']).default('suggest'),
  announcesReduction: z.boolean().default(false),
  lowestPrice30Cents: z
    .number()
    .int()
    .nullable()
    .default(null)
    .describe('PRC-1: lowest price of the last 30 days'),
  tags: z
    .array(z.string().trim().min(1).max(40))
    .max(10)
    .default([])
    .describe('labels that pressure rules and customers’ wishes may name'),
  maxMessages: z.number().int().min(1).nullable().default(null).describe('no more messages than that in all'),
  minMessages: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'so many messages are promised for it, to a supplier for instance; never against a cap or a wish',
    ),
  budgetCents: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('the messages may cost no more than that'),
});

export const campaignSchema = campaignInputSchema.extend({
  campaignId: z.number().int(),
  isCancelled: z.boolean(),
  audienceCount: z.number().int().describe('people reached today by consent and address'),
  sentence: z.string().describe('audience and dates in words'),
  messages: z.object({
    planned: z.number().int(),
    approved: z.number().int(),
    sent: z.number().int(),
    withheld: z.number().int(),
    later: z.number().int().describe('foreseen for later days'),
  }),
  leftOut: z
    .array(z.object({ sentence: z.string(), count: z.number().int() }))
    .describe('who is not written to today, and why; most first'),
});

export const campaignListSchema = z.object({ campaigns: z.array(campaignSchema) });

export type Audience = z.infer<typeof audienceSchema>;
export type CampaignInput = z.infer<typeof campaignInputSchema>;
export type Campaign = z.infer<typeof campaignSchema>;
