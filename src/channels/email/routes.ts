import { createPublicKey } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { loadBusiness, saveSetting } from '../../business/actions.ts';
import { emailCheckSchema, emailSettingsSchema } from '../../business/schema.ts';
import type { RouteContext } from '../../http/route-context.ts';
import { sentence } from '../../kernel/catalogue/index.ts';
import { Failure } from '../../kernel/failure.ts';
import { checkEmailServer } from './channel.ts';
import { emailSettingsInputSchema, trialMailListSchema, trialMailSchema } from './schema.ts';
import type { EmailSettings } from './settings.ts';
import { loadEmailSettings, sealEmailSettings } from './settings.ts';
import { listTrialMails, readTrialMail } from './trial-mailbox.ts';

/** Mail settings, their check, and the trial mailbox. */
export function emailRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock, secretKey, smtpUrl } = context;
  const load = (): Promise<EmailSettings> => loadEmailSettings(database, secretKey, { smtpUrl });
  return (server) => {
    server.get(
      '/api/settings/email',
      { config: { access: 'owner' }, schema: { response: { 200: emailSettingsSchema } } },
      async () => describe(await load()),
    );
    server.put(
      '/api/settings/email',
      {
        config: { access: 'owner' },
        schema: { body: emailSettingsInputSchema, response: { 200: emailSettingsSchema } },
      },
      async (request) => {
        await saveSetting(
          database,
          'email',
          await sealEmailSettings(database, secretKey, request.body),
          request.operator?.operatorId ?? null,
          clock.now(),
        );
        return describe(await load());
      },
    );
    server.post(
      '/api/settings/email/check',
      { config: { access: 'owner' }, schema: { response: { 200: emailCheckSchema } } },
      async () => {
        const language = (await loadBusiness(database))?.language ?? 'it';
        const settings = await load();
        if (settings.smtpUrl === null)
          return { isWorking: false, sentence: sentence('mail.check_missing', language), dkimRecord: null };
        try {
          await checkEmailServer(settings);
          return {
            isWorking: true,
            sentence: sentence('mail.check_ok', language),
            dkimRecord: dkimRecordOf(settings),
          };
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          return {
            isWorking: false,
            sentence: sentence(`failure.${error.code}`, language, error.params),
            dkimRecord: dkimRecordOf(settings),
          };
        }
      },
    );
    registerTrialMail(server, context);
    return Promise.resolve();
  };
}

function registerTrialMail(server: Parameters<FastifyPluginAsyncZod>[0], { database }: RouteContext): void {
  server.get('/api/trial-mail', { schema: { response: { 200: trialMailListSchema } } }, async () => ({
    mails: await listTrialMails(database),
  }));
  server.get(
    '/api/trial-mail/:trialMailId',
    {
      schema: {
        params: z.object({ trialMailId: z.coerce.number().int() }),
        response: { 200: trialMailSchema },
      },
    },
    (request) => readTrialMail(database, request.params.trialMailId),
  );
}

function describe(settings: EmailSettings): z.infer<typeof emailSettingsSchema> {
  return {
    smtpUrl: '',
    hasSmtpUrl: settings.smtpUrl !== null,
    isFromEnvironment: settings.isFromEnvironment,
    fromName: settings.fromName,
    fromAddress: settings.fromAddress,
    replyTo: settings.replyTo,
    dkimDomain: settings.dkimDomain,
    dkimSelector: settings.dkimSelector,
    hasDkimKey: settings.dkim !== null,
  };
}

/** The DNS entry that lets others verify the signature. */
function dkimRecordOf(settings: EmailSettings): string | null {
  if (!settings.dkim) return null;
  const key = createPublicKey(settings.dkim.key).export({ type: 'spki', format: 'der' }).toString('base64');
  return `${settings.dkim.selector}._domainkey.${settings.dkim.domain} TXT "v=DKIM1; k=rsa; p=${key}"`;
}
