import { NumberInput, Radio, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PlanSettings } from '../../business/schema.ts';
import { SettingForm } from './setting-form.tsx';
import { useSavedForm } from './use-saved-form.ts';

const modes = ['suggest', 'automatic', 'automatic_unless_refused'] as const;

/** Who approves, at which hours messages leave, and how many a day. */
export function PlanForm() {
  const { t } = useTranslation();
  const form = useSavedForm<PlanSettings>('/api/settings/plan');
  return (
    <SettingForm title={t('settings.plan')} form={form}>
      {(value) => (
        <>
          <Radio.Group
            label={t('settings.mode')}
            value={value.mode}
            onChange={(mode) => form.set({ mode: modes.find((name) => name === mode) ?? 'suggest' })}
          >
            <div className="stack" style={{ marginTop: 8 }}>
              {modes.map((mode) => (
                <Radio key={mode} value={mode} label={t(`mode.${mode}`)} />
              ))}
            </div>
          </Radio.Group>
          <div className="halves">
            {value.mode === 'automatic_unless_refused' && (
              <NumberInput
                label={t('settings.hour')}
                min={0}
                max={23}
                value={value.refuseUntilHour}
                onChange={(hour) => form.set({ refuseUntilHour: Number(hour) })}
              />
            )}
            <TextInput
              type="time"
              label={t('settings.send_from')}
              value={value.sendFrom}
              onChange={(event) => form.set({ sendFrom: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={t('settings.send_until')}
              value={value.sendUntil}
              onChange={(event) => form.set({ sendUntil: event.currentTarget.value })}
            />
            <NumberInput
              label={t('settings.max_emails')}
              description={t('settings.max_emails_note')}
              min={1}
              value={value.maxEmailsPerDay ?? ''}
              onChange={(count) => form.set({ maxEmailsPerDay: count === '' ? null : Number(count) })}
            />
            <NumberInput
              label={t('settings.margin')}
              description={t('settings.margin_note')}
              min={0}
              max={100}
              suffix=" %"
              value={Math.round(value.marginShare * 100)}
              onChange={(percent) => form.set({ marginShare: Number(percent) / 100 })}
            />
          </div>
        </>
      )}
    </SettingForm>
  );
}
