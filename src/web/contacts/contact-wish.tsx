import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { WishInput } from '../../pressure/schema.ts';
import { SettingForm } from '../settings/setting-form.tsx';
import { useSavedForm } from '../settings/use-saved-form.ts';

/** Wishes that can be said in one sentence, as messages in days. */
const choices = ['', '1:30', '1:90', '0:366'] as const;

/** How often a customer wants to be written to, and until when not at all. It tightens the shop's own limits. */
export function ContactWish({ contactId }: { readonly contactId: number }) {
  const { t } = useTranslation();
  const form = useSavedForm<WishInput>(`/api/contacts/${contactId}/wish`);
  return (
    <SettingForm title={t('wish.title')} form={form}>
      {(wish) => {
        const own = wish.cap ? `${wish.cap.max}:${wish.cap.days}` : '';
        const names = [...new Set<string>([...choices, own])];
        return (
          <div className="halves">
            <Select
              label={t('wish.often')}
              allowDeselect={false}
              data={names.map((value) => ({ value, label: nameOf(value, t) }))}
              value={own}
              onChange={(value) => form.set({ cap: capOf(value ?? '') })}
            />
            <TextInput
              type="date"
              label={t('wish.paused')}
              description={t('wish.paused_note')}
              value={wish.pausedUntil ?? ''}
              onChange={(event) => form.set({ pausedUntil: event.currentTarget.value || null })}
            />
          </div>
        );
      }}
    </SettingForm>
  );
}

function nameOf(value: string, t: (key: string, options?: Record<string, unknown>) => string): string {
  const names: Record<string, string> = {
    '': t('wish.as_others'),
    '1:30': t('wish.monthly'),
    '1:90': t('wish.quarterly'),
    '0:366': t('wish.none'),
  };
  const [max = '', days = ''] = value.split(':');
  return names[value] ?? t('wish.other', { max, days });
}

function capOf(value: string): WishInput['cap'] {
  if (value === '') return null;
  const [max, days] = value.split(':').map(Number);
  return { max: max ?? 0, days: days ?? 1 };
}
