import { z } from 'zod';

export const templateSchema = z.object({
  templateId: z.number().int(),
  name: z.string(),
  language: z.string(),
  subject: z.string(),
  body: z.string(),
});
export const templateListSchema = z.object({ templates: z.array(templateSchema) });
export const templateInputSchema = z.object({
  subject: z.string().min(1).max(150),
  body: z.string().min(1).max(4000),
});
export const templateParamsSchema = z.object({ templateId: z.coerce.number().int() });
