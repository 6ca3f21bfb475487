import { z } from 'zod';
import { LABELS_PER_SHEET } from './rules.ts';

export const printJobSchema = z.object({
  printJobId: z.number().int(),
  letters: z.number().int(),
  costCents: z.number().describe('paper and postage'),
  state: z.enum(['in_hand', 'posted', 'thrown_away']),
  sentence: z.string().describe('"12 lettere stampate ieri da Marta: da imbucare"'),
  toTakeOut: z
    .array(z.string())
    .describe('who withdrew or bought since they were printed: their letters are taken out'),
});

export const letterListSchema = z.object({
  isOn: z.boolean(),
  waiting: z.number().int().describe('letters to print'),
  waitingSentence: z.string(),
  names: z.array(z.string()).describe('to whom, the first ones'),
  usesLabels: z.boolean(),
  jobs: z.array(printJobSchema).describe('the latest first'),
});

export const printJobParamsSchema = z.object({ printJobId: z.coerce.number().int() });

export const labelQuerySchema = z.object({
  used: z.coerce
    .number()
    .int()
    .min(0)
    .max(LABELS_PER_SHEET - 1)
    .default(0)
    .describe('labels of the first sheet that are gone'),
});

export const printedSchema = z.object({
  printJobId: z.number().int().nullable().describe('null: nothing was left to print'),
});

export type LetterList = z.infer<typeof letterListSchema>;
export type PrintJob = z.infer<typeof printJobSchema>;
