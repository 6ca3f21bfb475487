import { z } from 'zod';

export const importKindSchema = z.enum(['sales', 'contacts']);

export const importProgressSchema = z.object({
  phase: z.enum(['reading', 'storing', 'clocks']),
  done: z.number().int(),
  total: z.number().int().nullable(),
});

/** What every import counts; each kind adds its own figures. */
const countsSchema = z
  .object({
    read: z.number().int(),
    accepted: z.number().int(),
    rejected: z.number().int(),
    seconds: z.number(),
    rejects: z.record(z.string(), z.number().int()).describe('rejected rows by reason'),
  })
  .catchall(z.number());

export const importRunSchema = z.object({
  importRunId: z.number().int(),
  kind: importKindSchema,
  fileName: z.string(),
  status: z.enum(['running', 'done', 'failed']),
  progress: importProgressSchema.nullable(),
  summary: countsSchema.nullable(),
  failure: z.string().nullable().describe('a sentence that says what happened and what to do'),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  openRejects: z.number().int().describe('rejected rows not yet retried'),
});

export const importRunListSchema = z.object({ imports: z.array(importRunSchema) });

/** Something about a file that a person should look at before importing it. */
export const doubtSchema = z.object({
  code: z.string(),
  field: z.string(),
  sentence: z.string(),
});

/** How a file is written, shown above its first rows. */
export const filePreviewSchema = z.object({
  uploadId: z.string(),
  fileName: z.string(),
  format: z.enum(['csv', 'xlsx']),
  encoding: z.string(),
  delimiter: z.string(),
  header: z.array(z.string()),
  mappingName: z.string().nullable().describe('the saved mapping or preset that was recognised'),
  isComplete: z.boolean().describe('whether it can be imported as it is'),
  doubts: z.array(doubtSchema),
});

export const previewRowSchema = z.object({
  lineNumber: z.number().int(),
  cells: z.array(z.string()),
  reason: z.string().nullable().describe('why the row would be rejected'),
  reasonSentence: z.string().nullable(),
});

export const uploadIdSchema = z.string().regex(/^[\w-]{20,60}$/);

export const rejectGroupsSchema = z.object({
  groups: z.array(
    z.object({
      reason: z.string(),
      sentence: z.string(),
      count: z.number().int(),
      examples: z.array(
        z.object({
          lineNumber: z.number().int(),
          column: z.number().int().nullable().describe('position in the header of the cell at fault, from 0'),
          cells: z.array(z.string()),
        }),
      ),
    }),
  ),
  header: z.array(z.string()),
});

export const correctionsSchema = z
  .array(z.object({ lineNumber: z.number().int(), cells: z.array(z.string()) }))
  .describe('rows with corrected cells; every other rejected row is retried as it was');

export type ImportKind = z.infer<typeof importKindSchema>;
export type ImportProgress = z.infer<typeof importProgressSchema>;
export type ImportRun = z.infer<typeof importRunSchema>;
export type Doubt = z.infer<typeof doubtSchema>;
export type FilePreview = z.infer<typeof filePreviewSchema>;
export type RejectGroups = z.infer<typeof rejectGroupsSchema>;
export type Correction = z.infer<typeof correctionsSchema>[number];
