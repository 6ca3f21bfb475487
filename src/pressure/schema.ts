import { z } from 'zod';
import { channels } from '../kernel/channel.ts';
import type { Bounds } from './bounds.ts';
import { pressureBounds, QUIET_WEEKDAYS_MAX, rulesMax } from './bounds.ts';
import { defaultPressure } from './limits.ts';

const whole = ({ min, max }: Bounds) => z.number().int().min(min).max(max);
const days = whole(pressureBounds.days);

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
  max: whole(pressureBounds.capMessages),
  days,
});

const exclusionRuleSchema = z.object({
  scope: scopeSchema,
  other: scopeSchema,
  days,
});

export const pressureSchema = z.object({
  caps: z
    .array(capRuleSchema)
    .max(rulesMax.caps)
    .default(() => defaultPressure.caps.map((cap) => capRuleSchema.parse(cap))),
  exclusions: z.array(exclusionRuleSchema).max(rulesMax.exclusions).default([]),
  careShare: z
    .number()
    .min(pressureBounds.carePercent.min / 100)
    .max(pressureBounds.carePercent.max / 100)
    .default(defaultPressure.careShare)
    .describe('share of each cap that is kept for messages of care'),
  isPerHousehold: z.boolean().default(defaultPressure.isPerHousehold),
  quiet: z
    .array(
      z.object({
        channels: z.array(z.enum(channels)).default([]).describe('empty: all channels'),
        weekdays: z
          .array(z.number().int().min(1).max(7))
          .max(QUIET_WEEKDAYS_MAX)
          .default([])
          .describe('1 is Monday'),
        onHolidays: z.boolean().default(false),
      }),
    )
    .max(rulesMax.quiet)
    .default([])
    .describe('days on which channels rest, besides those of the law'),
  restAfterReturnDays: whole(pressureBounds.restDays).default(defaultPressure.restAfterReturnDays),
});

/** The rules in force, with their number and in words. */
export const pressureStateSchema = pressureSchema.extend({
  version: z.number().int().describe('0: the defaults, never changed'),
  changedAt: z.string().nullable(),
  sentences: z
    .object({
      caps: z.array(z.string()),
      exclusions: z.array(z.string()),
      quiet: z.array(z.string()),
      care: z.string(),
    })
    .describe('every rule in words, in the order of the rules'),
});

export const wishSchema = z.object({
  cap: z
    .object({ max: whole(pressureBounds.capMessages), days })
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
