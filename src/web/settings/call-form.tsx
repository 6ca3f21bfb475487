import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallSettings } from '../../business/schema.ts';
import { EuroInput } from '../parts/euro-input.tsx';
import { Callers } from './callers.tsx';
import { RegisterForm } from './register-form.tsx';
import { SettingForm } from './setting-form.tsx';
import { useSavedForm } from './use-saved-form.ts';

/** Whether customers are called, by whom, and what the opposition register says. */
export function CallForm() {
  const { t } = useTranslation();
  const form = useSavedForm<CallSettings>('/api/settings/calls');
  return (
    <>
      <SettingForm title={t('by_hand.settings_calls')} form={form}>
        {(value) => (
          <>
            <p className="muted">{t('by_hand.settings_calls_note')}</p>
            <Switch
              size="md"
              label={t('by_hand.calls_on')}
              checked={value.isOn}
              onChange={(event) => form.set({ isOn: event.currentTarget.checked })}
            />
            {value.isOn && (
              <EuroInput
                label={t('by_hand.call_cost')}
                description={t('by_hand.call_cost_note')}
                w={280}
                cents={value.costCents}
                onChange={(costCents) => form.set({ costCents })}
              />
            )}
          </>
        )}
      </SettingForm>
      {form.value?.isOn && !form.isChanged && (
        <>
          <Callers />
          <RegisterForm />
        </>
      )}
    </>
  );
}
