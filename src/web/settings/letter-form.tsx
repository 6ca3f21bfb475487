import { NumberInput, Select, Switch, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { envelopes } from '../../business/rules.ts';
import type { LetterSettings } from '../../business/schema.ts';
import { EuroInput } from '../parts/euro-input.tsx';
import { SettingForm } from './setting-form.tsx';
import { useSavedForm } from './use-saved-form.ts';

/** Whether letters are written, in which envelopes and at what cost. */
export function LetterForm() {
  const { t } = useTranslation();
  const form = useSavedForm<LetterSettings>('/api/settings/letters');
  return (
    <SettingForm title={t('by_hand.settings_letters')} form={form}>
      {(value) => (
        <>
          <p className="muted">{t('by_hand.settings_letters_note')}</p>
          <Switch
            size="md"
            label={t('by_hand.letters_on')}
            checked={value.isOn}
            onChange={(event) => form.set({ isOn: event.currentTarget.checked })}
          />
          {value.isOn && (
            <>
              <div className="halves">
                <Select
                  label={t('by_hand.envelope')}
                  allowDeselect={false}
                  data={envelopes.map((name) => ({ value: name, label: t(`by_hand.envelopes.${name}`) }))}
                  value={value.envelope}
                  onChange={(name) =>
                    form.set({ envelope: envelopes.find((one) => one === name) ?? 'window_right' })
                  }
                />
                <Textarea
                  label={t('by_hand.sender')}
                  description={t('by_hand.sender_note')}
                  autosize
                  minRows={2}
                  maxLength={300}
                  value={value.sender}
                  onChange={(event) => form.set({ sender: event.currentTarget.value })}
                />
                <EuroInput
                  label={t('by_hand.postage')}
                  cents={value.postageCents}
                  onChange={(postageCents) => form.set({ postageCents })}
                />
                <EuroInput
                  label={t('by_hand.paper')}
                  cents={value.paperCents}
                  onChange={(paperCents) => form.set({ paperCents })}
                />
                <NumberInput
                  label={t('by_hand.max_letters')}
                  min={1}
                  max={1000}
                  value={value.maxPerDay}
                  onChange={(count) => form.set({ maxPerDay: Math.max(1, Number(count)) })}
                />
                <NumberInput
                  label={t('by_hand.lead_days')}
                  min={0}
                  max={14}
                  value={value.leadDays}
                  onChange={(days) => form.set({ leadDays: Number(days) })}
                />
              </div>
              <Switch
                size="md"
                label={t('by_hand.silent')}
                description={t('by_hand.silent_note')}
                checked={value.toCustomersWhoSaidNothing}
                onChange={(event) => form.set({ toCustomersWhoSaidNothing: event.currentTarget.checked })}
              />
            </>
          )}
        </>
      )}
    </SettingForm>
  );
}
