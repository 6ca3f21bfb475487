import { Button, NumberInput, Switch, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RetentionSettings } from '../../business/schema.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { useSavedForm } from './use-saved-form.ts';

const MONTHS_WITHOUT_REASON = 12;

/** For how long what each person bought is remembered, item by item. */
export function RetentionForm() {
  const { t } = useTranslation();
  const form = useSavedForm<RetentionSettings>('/api/settings/retention');
  if (form.error) return <Failed error={form.error} />;
  if (!form.value) return <Waiting />;
  const { value } = form;
  const needsReason = value.itemMonths > MONTHS_WITHOUT_REASON;
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      <h2>{t('settings.retention')}</h2>
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
      {needsReason && (
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
      <div>
        <Button type="submit" variant="light" disabled={!form.isChanged} loading={form.isSaving}>
          {t('settings.save')}
        </Button>
      </div>
    </form>
  );
}
