import { Button, PasswordInput, TextInput, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { emailCheckSchema, emailSettingsSchema } from '../../business/schema.ts';
import { call } from '../api.ts';
import { sayFailure } from '../parts/notify.ts';
import { useSession } from '../shell/session.ts';
import type { MailServer } from './smtp-url.ts';
import { noServer, smtpUrlOf } from './smtp-url.ts';
import { SettingForm } from './setting-form.tsx';
import { useSavedForm } from './use-saved-form.ts';

type EmailSettings = z.infer<typeof emailSettingsSchema> & { dkimKey?: string };
type EmailCheck = z.infer<typeof emailCheckSchema>;

/** How mail leaves, and a button that tries it. */
export function EmailForm() {
  const { t } = useTranslation();
  const [server, setServer] = useState(noServer);
  const form = useSavedForm<EmailSettings>('/api/settings/email', () => setServer(noServer));
  const check = useMutation({
    mutationFn: () => call<EmailCheck>('POST', '/api/settings/email/check'),
    onError: sayFailure,
  });
  const changeServer = (change: Partial<MailServer>): void => {
    const changed = { ...server, ...change };
    setServer(changed);
    form.set({ smtpUrl: smtpUrlOf(changed) });
  };
  return (
    <SettingForm
      title={t('settings.mail')}
      form={form}
      beside={
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t('settings.try')}
        </Button>
      }
    >
      {(value) => (
        <>
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
          </div>
          <Server settings={value} server={server} onChange={changeServer} />
          <Signature settings={value} onChange={form.set} />
          {check.data && <CheckResult result={check.data} />}
        </>
      )}
    </SettingForm>
  );
}

/** The server in the four words in which a provider gives it. What is saved is never shown again. */
function Server({
  settings,
  server,
  onChange,
}: {
  readonly settings: EmailSettings;
  readonly server: MailServer;
  readonly onChange: (change: Partial<MailServer>) => void;
}) {
  const { t } = useTranslation();
  const { isDemonstration } = useSession();
  if (settings.isFromEnvironment)
    return (
      <p className="notice">
        {t(isDemonstration ? 'settings.smtp_trial' : 'settings.smtp_from_environment')}
      </p>
    );
  return (
    <fieldset className="plain-fieldset stack">
      <legend>{t('settings.smtp')}</legend>
      <p className="small muted">
        {t(settings.hasSmtpUrl ? 'settings.smtp_known' : 'settings.smtp_missing')}
      </p>
      <div className="halves">
        <TextInput
          label={t('settings.smtp_host')}
          placeholder="mail.example.it"
          value={server.host}
          onChange={(event) => onChange({ host: event.currentTarget.value })}
        />
        <TextInput
          label={t('settings.smtp_port')}
          inputMode="numeric"
          value={server.port}
          onChange={(event) => onChange({ port: event.currentTarget.value.replace(/\D/g, '') })}
        />
        <TextInput
          label={t('settings.smtp_user')}
          autoComplete="off"
          value={server.user}
          onChange={(event) => onChange({ user: event.currentTarget.value })}
        />
        <PasswordInput
          label={t('settings.smtp_password')}
          autoComplete="new-password"
          value={server.password}
          onChange={(event) => onChange({ password: event.currentTarget.value })}
        />
      </div>
    </fieldset>
  );
}

/** DKIM: for whoever looks after the shop's mail, out of the way of everybody else. */
function Signature({
  settings,
  onChange,
}: {
  readonly settings: EmailSettings;
  readonly onChange: (change: Partial<EmailSettings>) => void;
}) {
  const { t } = useTranslation();
  return (
    <details>
      <summary className="reach">{t('settings.dkim')}</summary>
      <div className="stack" style={{ paddingTop: 8 }}>
        <p className="small muted">
          {t(settings.hasDkimKey ? 'settings.dkim_known' : 'settings.dkim_missing')}
        </p>
        <div className="halves">
          <TextInput
            label={t('settings.dkim_domain')}
            value={settings.dkimDomain}
            onChange={(event) => onChange({ dkimDomain: event.currentTarget.value })}
          />
          <TextInput
            label={t('settings.dkim_selector')}
            value={settings.dkimSelector}
            onChange={(event) => onChange({ dkimSelector: event.currentTarget.value })}
          />
        </div>
        <Textarea
          label={t('settings.dkim_key')}
          value={settings.dkimKey ?? ''}
          onChange={(event) => onChange({ dkimKey: event.currentTarget.value })}
        />
      </div>
    </details>
  );
}

function CheckResult({ result }: { readonly result: EmailCheck }) {
  return (
    <div className={result.isWorking ? 'notice yes' : 'notice stop'} role="status">
      <div>
        <p>{result.sentence}</p>
        {result.dkimRecord && (
          <p className="caption" style={{ overflowWrap: 'anywhere' }}>
            {result.dkimRecord}
          </p>
        )}
      </div>
    </div>
  );
}
