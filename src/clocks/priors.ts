import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { foldName } from '../kernel/text.ts';
import type { Habit } from './rules.ts';

const monthDaySchema = z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);

/** How a need returns, as the file says it. */
const habitSchema = z
  .union([
    z.object({ interval: z.number().int().positive() }),
    z.object({ dates: z.array(monthDaySchema).min(1) }),
  ])
  .transform((habit): Habit =>
    'interval' in habit
      ? { kind: 'interval', days: habit.interval }
      : { kind: 'fixed_dates', dates: habit.dates },
  );

const priorSchema = z.object({
  key: z.string().default('default'),
  words: z.array(z.string()).default([]),
  median_days: z.number().positive(),
  sigma: z.number().positive(),
  certainty: z.enum(['read', 'computed', 'to verify']),
  source: z.string(),
  sensitive: z.boolean().default(false),
  habit: habitSchema.default({ kind: 'learned' }),
});

const fileSchema = z.object({ version: z.number(), default: priorSchema, priors: z.array(priorSchema) });

/** What is believed of a category before the shop's own sales. */
export type Prior = z.infer<typeof priorSchema>;

const file = fileSchema.parse(
  parse(readFileSync(new URL('../../data/priors/italy.yaml', import.meta.url), 'utf8')),
);

/** The sector's habit for a category by the words of its name, or the cautious default. */
export function priorFor(categoryName: string): Prior {
  const words = new Set(foldName(categoryName).split(' '));
  return (
    file.priors.find((prior) => prior.words.every((word) => words.has(word) || words.has(`${word}s`))) ??
    file.default
  );
}
