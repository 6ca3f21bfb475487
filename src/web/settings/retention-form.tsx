import { NumberInput, Switch, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ITEM_MONTHS_WITHOUT_REASON } from '../../business/rules.ts';
import type { RetentionSettings } from '../../business/schema.ts';
import { SettingForm } from './setting-form.tsx';
import { useSavedForm } from './use-saved-form.ts';

/** For how long what each person bought is remembered, item by item. */
export function RetentionForm() {
  const { t } = useTranslation();
  const form = useSavedForm<RetentionSettings>('/api/settings/retention');
  return (
    <SettingForm title={t('settings.retention')} form={form}>
      {(value) => (
        <>
          <p className="muted">{t('settings.retention_note')}</p>
          <NumberInput
            label={t('settings.item_months')}
            description={t('settings.item_months_note')}
            min={1}
            max={120}
            w={280}
            value={value.itemMonths}
            onChange={(months) => form.set({ itemMonths: Number(months) })}
          />
          {value.itemMonths > ITEM_MONTHS_WITHOUT_REASON && (
            <Textarea
              label={t('settings.retention_reason')}
              description={t('settings.retention_reason_note')}
              autosize
              minRows={2}
              required
              value={value.reason}
              onChange={(event) => form.set({ reason: event.currentTarget.value })}
            />
          )}
          <Switch
            size="md"
            label={t('settings.keep_snapshot')}
            description={t('settings.keep_snapshot_note')}
            checked={value.keepSnapshot}
            onChange={(event) => form.set({ keepSnapshot: event.currentTarget.checked })}
          />
        </>
      )}
    </SettingForm>
  );
}
