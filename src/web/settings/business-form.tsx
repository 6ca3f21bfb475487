import { ColorInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Business } from '../../business/schema.ts';
import { OneOf } from '../parts/one-of.tsx';
import { SettingForm } from './setting-form.tsx';
import { useSavedForm } from './use-saved-form.ts';

const fields = ['name', 'legalName', 'address', 'vatNumber', 'email', 'phone', 'signature'] as const;

/** The shop as its customers see it. */
export function BusinessForm() {
  const { t } = useTranslation();
  const form = useSavedForm<Business>('/api/settings/business');
  return (
    <SettingForm title={t('settings.shop')} form={form}>
      {(value) => (
        <>
          <div className="halves">
            {fields.map((field) => (
              <TextInput
                key={field}
                label={t(`settings.${field}`)}
                value={value[field]}
                onChange={(event) => form.set({ [field]: event.currentTarget.value })}
              />
            ))}
            <ColorInput
              label={t('settings.colour')}
              value={value.brandColour}
              onChange={(brandColour) => form.set({ brandColour })}
            />
          </div>
          <div className="halves">
            <OneOf
              label={t('set_up.how')}
              value={value.formOfAddress}
              onChange={(formOfAddress) => form.set({ formOfAddress })}
              options={[
                { value: 'tu', label: t('set_up.tu') },
                { value: 'lei', label: t('set_up.lei') },
              ]}
            />
            <OneOf
              label={t('settings.language')}
              value={value.language}
              onChange={(language) => form.set({ language })}
              options={[
                { value: 'it', label: 'Italiano' },
                { value: 'en', label: 'English' },
              ]}
            />
          </div>
        </>
      )}
    </SettingForm>
  );
}
