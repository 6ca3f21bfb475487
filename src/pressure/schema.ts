import { z } from 'zod';
import { channels } from '../kernel/channel.ts';
import { defaultPressure } from './limits.ts';

const LONGEST_DAYS = 366;

const scopeSchema = z.object({
  channels: z.array(z.enum(channels)).default([]).describe('empty: all channels'),
  classes: z
    .array(z.enum(['care', 'promotion']))
    .default([])
    .describe('empty: all that are counted'),
  kinds: z
    .array(z.enum(['clock', 'campaign']))
    .default([])
    .describe('empty: both'),
  tags: z.array(z.string().min(1).max(40)).default([]).describe('labels of campaigns; empty: any'),
});

const capRuleSchema = scopeSchema.extend({
  max: z.number().int().min(0).max(99),
  days: z.number().int().min(1).max(LONGEST_DAYS),
});

const exclusionRuleSchema = z.object({
  scope: scopeSchema,
  other: scopeSchema,
  days: z.number().int().min(1).max(LONGEST_DAYS),
});

export const pressureSchema = z.object({
  caps: z
    .array(capRuleSchema)
    .max(12)
    .default(() => defaultPressure.caps.map((cap) => capRuleSchema.parse(cap))),
  exclusions: z.array(exclusionRuleSchema).max(6).default([]),
  careShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(defaultPressure.careShare)
    .describe('share of each cap that is kept for messages of care'),
  isPerHousehold: z.boolean().default(defaultPressure.isPerHousehold),
  quiet: z
    .array(
      z.object({
        channels: z.array(z.enum(channels)).default([]).describe('empty: all channels'),
        weekdays: z.array(z.number().int().min(1).max(7)).max(6).default([]).describe('1 is Monday'),
        onHolidays: z.boolean().default(false),
      }),
    )
    .max(12)
    .default([])
    .describe('days on which channels rest, besides those of the law'),
  restAfterReturnDays: z.number().int().min(0).max(60).default(defaultPressure.restAfterReturnDays),
});

/** The rules in force, with their number and in words. */
export const pressureStateSchema = pressureSchema.extend({
  version: z.number().int().describe('0: the defaults, never changed'),
  changedAt: z.string().nullable(),
  sentences: z.array(z.string()).describe('every rule in words, in the order of caps and exclusions'),
});

export const wishSchema = z.object({
  cap: z
    .object({ max: z.number().int().min(0).max(99), days: z.number().int().min(1).max(LONGEST_DAYS) })
    .nullable()
    .describe('at most so many messages in so many days'),
  pausedUntil: z.iso.date().nullable(),
  topics: z
    .array(z.string().regex(/^(category:\d+|tag:.{1,40})$/))
    .max(50)
    .describe('what to hear about; empty: everything'),
});

export type PressureInput = z.infer<typeof pressureSchema>;
export type PressureState = z.infer<typeof pressureStateSchema>;
export type WishInput = z.infer<typeof wishSchema>;
