import { z } from 'zod';
import { callOutcomes } from './rules.ts';

export const callSchema = z.object({
  contactId: z.number().int(),
  messageId: z.number().int(),
  name: z.string(),
  initials: z.string(),
  askFor: z.string().describe('whom to ask for at a firm; empty for a person'),
  about: z.string().describe('category or promotion'),
  phone: z.string().describe('as people write it'),
  tel: z.string().describe('for a tel: link'),
  caller: z.string().describe('who makes the call'),
  isMine: z.boolean(),
  dueAt: z.string(),
  when: z.string().describe('"adesso", "oggi alle 16:00", "domani alle 10:30"'),
  isNow: z.boolean(),
  tries: z.number().int().describe('how often nobody answered'),
});

export const callListSchema = z.object({
  isOn: z.boolean(),
  mayCallNow: z.boolean(),
  hours: z.string().describe('"Oggi si chiama dalle 10:30 alle 17:30."'),
  calls: z.array(callSchema).describe('today’s, the first to make first'),
  laterCount: z.number().int().describe('to be made on another day'),
  others: z.number().int().describe('today’s calls of colleagues'),
  done: z.array(
    z.object({
      contactId: z.number().int(),
      messageId: z.number().int(),
      name: z.string(),
      sentence: z.string(),
    }),
  ),
});

export const callListQuerySchema = z.object({
  whose: z.enum(['mine', 'everybody']).default('mine'),
});

/** The opened call: who it is, what to say and why now. */
export const callDetailSchema = callSchema.extend({
  say: z.string(),
  why: z.string(),
  headline: z.string().describe('"Viene ogni 26 giorni circa, l’ultima volta il 20 ottobre."'),
  story: z
    .array(z.object({ day: z.string(), title: z.string(), detail: z.string() }))
    .describe('what happened last, the latest first; items only with consent to profiling'),
  note: z.string().describe('what the shop wrote about the customer'),
});

export const callOutcomeSchema = z
  .object({
    outcome: z.enum(callOutcomes),
    callBackAt: z.iso
      .datetime({ offset: true })
      .nullable()
      .default(null)
      .describe('for call_back: when the customer wants to be called'),
    note: z.string().max(500).default(''),
  })
  .refine(({ outcome, callBackAt }) => outcome !== 'call_back' || callBackAt !== null, {
    path: ['callBackAt'],
    message: 'must be said for call_back',
  });

export const callResultSchema = z.object({ sentence: z.string().describe('what follows') });

export const registerResultSchema = z.object({
  checkedOn: z.iso.date(),
  listed: z.string().max(2_000_000).describe('numbers found in the register, one a line'),
});
export const registerCountSchema = z.object({
  checked: z.number().int(),
  listed: z.number().int(),
});

export type CallList = z.infer<typeof callListSchema>;
export type Call = z.infer<typeof callSchema>;
export type CallDetail = z.infer<typeof callDetailSchema>;
export type CallOutcomeInput = z.infer<typeof callOutcomeSchema>;
