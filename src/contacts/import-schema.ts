import { z } from 'zod';
import { contactColumns } from './columns.ts';
import { filePreviewSchema, previewRowSchema } from '../importing/schema.ts';

/** Where a field stands: the name of its column, or its number counted from 1. */
const columnReference = z.union([z.string().min(1), z.number().int().positive()]);

/** How to read a contact list. */
export const contactMappingSchema = z.object({
  columns: z.partialRecord(z.enum(contactColumns), columnReference),
  attributes: z.record(z.string(), columnReference).default({}).describe('free attributes: name -> column'),
  nameOrder: z
    .enum(['first_last', 'last_first'])
    .default('last_first')
    .describe('order of names in one field'),
  dateFormat: z.enum(['day_first', 'month_first', 'iso']).default('day_first'),
  defaultLanguage: z.enum(['it', 'en']).default('it'),
  evidence: z
    .object({
      date: z.iso.date(),
      method: z.enum(['paper', 'counter', 'web', 'phone']),
      reference: z.string().min(3),
      text: z.string().default(''),
    })
    .optional()
    .describe('evidence that holds for every yes in the file, such as a binder of signed sheets'),
});

export const contactImportSummarySchema = z.object({
  importRunId: z.number().int(),
  read: z.number().int(),
  accepted: z.number().int().describe('new contacts'),
  updated: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
  consents: z.number().int().describe('answers taken into the ledger'),
  withoutEvidence: z
    .number()
    .int()
    .describe('a yes without evidence: it counts as unknown, hence as no marketing (law.md CON-8)'),
  seconds: z.number(),
  rejects: z.record(z.string(), z.number().int()),
});

export const contactPreviewSchema = filePreviewSchema.extend({
  mapping: contactMappingSchema,
  lines: z.array(
    previewRowSchema.extend({
      name: z.string(),
      addresses: z.array(z.string()).describe('what the person is recognised by'),
      marketing: z.enum(['granted', 'withdrawn', 'unknown']).describe('as it will count'),
      profiling: z.enum(['granted', 'withdrawn', 'unknown']),
    }),
  ),
});

export type ContactField = (typeof contactColumns)[number];
export type ContactMapping = z.infer<typeof contactMappingSchema>;
export type ContactImportSummary = z.infer<typeof contactImportSummarySchema>;
export type ContactPreview = z.infer<typeof contactPreviewSchema>;
