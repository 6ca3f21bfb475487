import { z } from 'zod';
import { emailSettingsSchema } from '../../business/schema.ts';

export const emailSettingsInputSchema = emailSettingsSchema
  .omit({ hasSmtpUrl: true, isFromEnvironment: true, hasDkimKey: true })
  .extend({
    dkimKey: z.string().max(10_000).optional().describe('RSA private key in PEM form; absent: unchanged'),
  });

export const trialMailListSchema = z.object({
  mails: z.array(
    z.object({
      trialMailId: z.number().int(),
      recipient: z.string(),
      subject: z.string(),
      receivedAt: z.string(),
    }),
  ),
});

export const trialMailSchema = z.object({
  trialMailId: z.number().int(),
  recipient: z.string(),
  from: z.string(),
  subject: z.string(),
  receivedAt: z.string(),
  text: z.string(),
  html: z.string(),
  listUnsubscribe: z.string(),
});
