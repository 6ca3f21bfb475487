import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { foldName } from '../kernel/text.ts';

const priorSchema = z.object({
  key: z.string().default('default'),
  words: z.array(z.string()).default([]),
  median_days: z.number().positive(),
  sigma: z.number().positive(),
  certainty: z.enum(['read', 'computed', 'to verify']),
  source: z.string(),
  sensitive: z.boolean().default(false),
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
