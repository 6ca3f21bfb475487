import { Button, TextInput, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { emailCheckSchema, emailSettingsSchema } from '../../business/schema.ts';
import { call } from '../api.ts';
import { sayFailure } from '../parts/notify.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { useSavedForm } from './use-saved-form.ts';

type EmailSettings = z.infer<typeof emailSettingsSchema> & { dkimKey?: string };

/** How mail leaves, and a button that tries it. */
export function EmailForm() {
  const { t } = useTranslation();
  const form = useSavedForm<EmailSettings>('/api/settings/email');
  const check = useMutation({
    mutationFn: () => call<z.infer<typeof emailCheckSchema>>('POST', '/api/settings/email/check'),
    onError: sayFailure,
  });
  if (form.error) return <Failed error={form.error} />;
  if (!form.value) return <Waiting />;
  const { value } = form;
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      <h2>{t('settings.mail')}</h2>
      <div className="halves">
        <TextInput
          label={t('settings.from_name')}
          value={value.fromName}
          onChange={(event) => form.set({ fromName: event.currentTarget.value })}
        />
        <TextInput
          label={t('settings.from_address')}
          type="email"
          value={value.fromAddress}
          onChange={(event) => form.set({ fromAddress: event.currentTarget.value })}
        />
        <TextInput
          label={t('settings.reply_to')}
          type="email"
          value={value.replyTo}
          onChange={(event) => form.set({ replyTo: event.currentTarget.value })}
        />
        <TextInput
          label={t('settings.smtp')}
          description={t(
            value.isFromEnvironment
              ? 'settings.smtp_from_environment'
              : value.hasSmtpUrl
                ? 'settings.smtp_known'
                : 'settings.smtp_missing',
          )}
          placeholder="smtps://utente:password@mail.example.it:465"
          disabled={value.isFromEnvironment}
          value={value.smtpUrl}
          onChange={(event) => form.set({ smtpUrl: event.currentTarget.value })}
        />
        <TextInput
          label={t('settings.dkim_domain')}
          value={value.dkimDomain}
          onChange={(event) => form.set({ dkimDomain: event.currentTarget.value })}
        />
        <TextInput
          label={t('settings.dkim_selector')}
          value={value.dkimSelector}
          onChange={(event) => form.set({ dkimSelector: event.currentTarget.value })}
        />
      </div>
      <Textarea
        label={t('settings.dkim_key')}
        description={t(value.hasDkimKey ? 'settings.dkim_known' : 'settings.dkim_missing')}
        value={value.dkimKey ?? ''}
        onChange={(event) => form.set({ dkimKey: event.currentTarget.value })}
      />
      {check.data && (
        <div className={check.data.isWorking ? 'notice yes' : 'notice stop'} role="status">
          <div>
            <p>{check.data.sentence}</p>
            {check.data.dkimRecord && (
              <p className="caption" style={{ overflowWrap: 'anywhere' }}>
                {check.data.dkimRecord}
              </p>
            )}
          </div>
        </div>
      )}
      <div className="row">
        <Button type="submit" variant="light" disabled={!form.isChanged} loading={form.isSaving}>
          {t('settings.save')}
        </Button>
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t('settings.try')}
        </Button>
      </div>
    </form>
  );
}
