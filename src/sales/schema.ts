import { z } from 'zod';
import { filePreviewSchema, previewRowSchema } from '../importing/schema.ts';
import { salesColumns } from './columns.ts';

/** Where a field stands: the name of its column, or its number counted from 1. */
const columnReference = z.union([z.string().min(1), z.number().int().positive()]);

export const salesColumnsSchema = z.partialRecord(z.enum(salesColumns), columnReference);

/** Where the category of a new product comes from. A product keeps its category once it has one. */
export const categoryRuleSchema = z.discriminatedUnion('rule', [
  z
    .object({ rule: z.literal('column'), separator: z.string().min(1).default('>') })
    .describe('the category column; "A > B" is a tree'),
  z.object({ rule: z.literal('fixed'), name: z.string().min(1) }),
  z
    .object({ rule: z.literal('code_prefix'), length: z.number().int().positive() })
    .describe('the first letters of the article code'),
  z
    .object({
      rule: z.literal('head_noun'),
      minimumLines: z.number().int().positive().default(100),
      stopWords: z.array(z.string()).default([]),
      restName: z.string().min(1).default('MISC').describe('nouns with fewer lines'),
      goodsCodeDigits: z
        .number()
        .int()
        .min(0)
        .default(0)
        .describe('codes that do not begin with so many digits are no goods: postage, fees'),
      otherName: z.string().min(1).default('SERVIZI').describe('what is no goods; it has no clock'),
    })
    .describe('the head noun of the description (clocks.md 7)'),
]);

export const ignoreRuleSchema = z
  .object({
    field: z.enum(salesColumns),
    equals: z.array(z.string()).optional(),
    startsWith: z.string().min(1).optional(),
    atMost: z.number().optional(),
    reason: z.string().regex(/^[a-z_]+$/),
  })
  .describe('rows to leave out: they are rejected with this reason');

/** How to read a layout of sales files. Saved mappings and the JSON files of data/mappings have this form. */
export const salesMappingSchema = z.object({
  source: z
    .string()
    .min(1)
    .default('till')
    .describe('the system the receipts come from: part of what makes a receipt unique'),
  columns: salesColumnsSchema,
  numberFormat: z.enum(['comma', 'dot', 'mixed', 'auto']).default('auto').describe('decimal sign'),
  dateFormat: z.enum(['day_first', 'month_first', 'iso', 'serial', 'mixed', 'auto']).default('auto'),
  isVatIncluded: z.boolean().default(true),
  vatRate: z.number().min(0).max(100).optional().describe('percent, where the file has no VAT column'),
  discountIs: z.enum(['percent', 'amount']).default('percent'),
  returns: z
    .object({
      numberPrefixes: z.array(z.string().min(1)).default([]),
      typeValues: z.array(z.string().min(1)).default([]).describe('values of the type column, any case'),
    })
    .default({ numberPrefixes: [], typeValues: [] }),
  anonymousNames: z
    .array(z.string())
    .default([
      'BANCO',
      'VENDITA AL BANCO',
      'CLIENTE GENERICO',
      'CLIENTE OCCASIONALE',
      'CLIENTE',
      'VARIE',
      'VARI',
    ]),
  anonymousCodes: z.array(z.string()).default(['0', '00', '000', '0000', '9999', '99999']),
  hasGroupedLines: z
    .boolean()
    .default(false)
    .describe('day, customer and till stand only on the first line of a receipt'),
  isNumberUnique: z.boolean().default(false).describe('the number alone makes the receipt, whatever its day'),
  category: categoryRuleSchema.default({ rule: 'column', separator: '>' }),
  ignore: z.array(ignoreRuleSchema).default([]),
  maxReceiptsPerDay: z
    .number()
    .int()
    .positive()
    .default(10)
    .describe('more receipts a day on one card are probably the cashier’s own card'),
});

export const importSummarySchema = z.object({
  importRunId: z.number().int(),
  read: z.number().int(),
  accepted: z.number().int(),
  rejected: z.number().int(),
  duplicates: z.number().int(),
  returns: z.number().int().describe('part of accepted'),
  anonymous: z.number().int().describe('part of accepted'),
  seconds: z.number(),
  rejects: z.record(z.string(), z.number().int()),
  newContacts: z.number().int(),
  newProducts: z.number().int(),
  changedReceipts: z.number().int().describe('receipts whose lines a later file replaced'),
  suspectCards: z.number().int().describe('cards with more receipts in a day than one person makes'),
  contactsUpdated: z.number().int().describe('contacts whose clocks or totals moved'),
});

const previewLineSchema = previewRowSchema.extend({
  soldAt: z.string().nullable(),
  number: z.string(),
  customer: z.string().describe('key of the customer; empty for an anonymous sale'),
  product: z.string(),
  category: z.string(),
  quantity: z.number().nullable(),
  totalCents: z.number().int().nullable(),
  isReturn: z.boolean(),
});

export const salesPreviewSchema = filePreviewSchema.extend({
  mapping: salesMappingSchema,
  lines: z.array(previewLineSchema),
});

export type SalesMapping = z.infer<typeof salesMappingSchema>;
export type SalesMappingInput = z.input<typeof salesMappingSchema>;
export type CategoryRule = z.infer<typeof categoryRuleSchema>;
export type IgnoreRule = z.infer<typeof ignoreRuleSchema>;
export type SalesColumn = keyof z.infer<typeof salesColumnsSchema>;
export type ImportSummary = z.infer<typeof importSummarySchema>;
export type SalesPreview = z.infer<typeof salesPreviewSchema>;
export type PreviewLine = z.infer<typeof previewLineSchema>;
