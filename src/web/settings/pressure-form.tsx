import { Button, NumberInput, Select, Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { channels } from '../../kernel/channel.ts';
import type { PressureTrial } from '../../planner/schema.ts';
import type { PressureState } from '../../pressure/schema.ts';
import { call } from '../api.ts';
import { sayFailure } from '../parts/notify.ts';
import { SettingForm } from './setting-form.tsx';
import type { SavedForm } from './use-saved-form.ts';
import { useSavedForm } from './use-saved-form.ts';

type Cap = PressureState['caps'][number];

const newCap: Cap = { channels: [], classes: [], kinds: [], tags: [], max: 1, days: 30 };

/** How often one person may be written to: the caps one by one, and what they would change before they are saved. */
export function PressureForm() {
  const { t } = useTranslation();
  const trial = useMutation({
    mutationFn: (rules: PressureState) => call<PressureTrial>('POST', '/api/pressure/trial', rules),
    onError: sayFailure,
  });
  const form = useSavedForm<PressureState>('/api/pressure', () => trial.reset());
  const { value } = form;
  return (
    <SettingForm
      title={t('settings.pressure')}
      form={form}
      beside={
        value && (
          <Button
            variant="default"
            disabled={!form.isChanged}
            loading={trial.isPending}
            onClick={() => trial.mutate(value)}
          >
            {t('settings.trial')}
          </Button>
        )
      }
    >
      {(rules) => (
        <>
          <p className="muted">{t('settings.pressure_note')}</p>
          <Caps rules={rules} form={form} />
          <div className="halves">
            <NumberInput
              label={t('settings.care_share')}
              description={t('settings.care_share_note')}
              min={0}
              max={50}
              suffix=" %"
              value={Math.round(rules.careShare * 100)}
              onChange={(percent) => form.set({ careShare: Number(percent) / 100 })}
            />
            <NumberInput
              label={t('settings.rest')}
              min={0}
              max={60}
              value={rules.restAfterReturnDays}
              onChange={(days) => form.set({ restAfterReturnDays: Number(days) })}
            />
          </div>
          <Switch
            label={t('settings.household')}
            description={t('settings.household_note')}
            checked={rules.isPerHousehold}
            onChange={(event) => form.set({ isPerHousehold: event.currentTarget.checked })}
          />
          {trial.data && form.isChanged && <p role="status">{trial.data.sentence}</p>}
        </>
      )}
    </SettingForm>
  );
}

function Caps({ rules, form }: { readonly rules: PressureState; readonly form: SavedForm<PressureState> }) {
  const { t } = useTranslation();
  const { caps } = rules;
  const change = (number: number, part: Partial<Cap>): void =>
    form.set({ caps: caps.map((cap, other) => (other === number ? { ...cap, ...part } : cap)) });
  return (
    <>
      {caps.map((cap, number) => (
        <CapRow
          key={number}
          cap={cap}
          number={number + 1}
          onChange={(part) => change(number, part)}
          onRemove={() => form.set({ caps: caps.filter((_, other) => other !== number) })}
        />
      ))}
      <div>
        <Button
          variant="default"
          disabled={caps.length >= 12}
          onClick={() => form.set({ caps: [...caps, newCap] })}
        >
          {t('settings.cap_add')}
        </Button>
      </div>
    </>
  );
}

interface CapRowProps {
  readonly cap: Cap;
  readonly number: number;
  readonly onChange: (part: Partial<Cap>) => void;
  readonly onRemove: () => void;
}

function CapRow({ cap, number, onChange, onRemove }: CapRowProps) {
  const { t } = useTranslation();
  return (
    <div className="cap-row">
      <NumberInput
        label={t('settings.cap_max')}
        min={0}
        max={99}
        value={cap.max}
        onChange={(max) => onChange({ max: Number(max) })}
      />
      <NumberInput
        label={t('settings.cap_days')}
        min={1}
        max={366}
        value={cap.days}
        onChange={(days) => onChange({ days: Number(days) })}
      />
      <ChannelSelect cap={cap} onChange={onChange} />
      <Select
        label={t('settings.cap_classes')}
        allowDeselect={false}
        data={[
          { value: '', label: t('settings.cap_all_classes') },
          { value: 'promotion', label: t('settings.cap_promotion') },
          { value: 'care', label: t('settings.cap_care') },
        ]}
        value={cap.classes[0] ?? ''}
        onChange={(name) => onChange({ classes: name === 'promotion' || name === 'care' ? [name] : [] })}
      />
      <Button
        variant="subtle"
        color="gray"
        c="var(--ink-2)"
        px="sm"
        aria-label={t('settings.cap_remove_this', { number })}
        onClick={onRemove}
      >
        {t('settings.cap_remove')}
      </Button>
    </div>
  );
}

/** One channel, all of them, or the several that a rule already names together. */
function ChannelSelect({ cap, onChange }: Pick<CapRowProps, 'cap' | 'onChange'>) {
  const { t } = useTranslation();
  const own = cap.channels.join();
  const names = [...new Set(['', ...channels, own])];
  return (
    <Select
      label={t('settings.cap_channels')}
      allowDeselect={false}
      data={names.map((value) => ({
        value,
        label:
          value === ''
            ? t('settings.cap_all_channels')
            : value
                .split(',')
                .map((channel) => t(`channel.${channel}`))
                .join(', '),
      }))}
      value={own}
      onChange={(value) =>
        onChange({ channels: channels.filter((name) => value?.split(',').includes(name)) })
      }
    />
  );
}
