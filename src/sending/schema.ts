import { z } from 'zod';

const reference = z.object({ contactId: z.number().int(), messageId: z.number().int() });

/** Some messages, a group of a day, or the whole day. */
export const selectionSchema = z.union([
  z.object({ messages: z.array(reference).min(1).max(5000) }),
  z.object({
    day: z.iso.date(),
    source: z.string().optional().describe('group key, such as clock:12; absent: everything'),
    except: z.array(z.number().int()).max(5000).default([]).describe('messages left as they are'),
  }),
]);

export const decisionSchema = z.object({
  changed: z.number().int().describe('how many changed state; the others were decided before'),
});

export const refusalSchema = reference.extend({
  reason: z.enum(['already_bought', 'too_early', 'better_in_person', 'other', '']).default(''),
});

export const editSchema = z
  .object({ subject: z.string().min(1).max(150).optional(), body: z.string().min(1).max(4000).optional() })
  .refine((edit) => edit.subject !== undefined || edit.body !== undefined);

export const messageParamsSchema = z.object({
  contactId: z.coerce.number().int(),
  messageId: z.coerce.number().int(),
});

export const previewSchema = z.object({ subject: z.string(), text: z.string(), html: z.string() });

export type Selection = z.infer<typeof selectionSchema>;
export type Preview = z.infer<typeof previewSchema>;
