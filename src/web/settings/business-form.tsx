import { Button, ColorInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Business } from '../../business/schema.ts';
import { OneOf } from '../parts/one-of.tsx';
import { Failed, Waiting } from '../parts/states.tsx';
import { useSavedForm } from './use-saved-form.ts';

const fields = ['name', 'legalName', 'address', 'vatNumber', 'email', 'phone', 'signature'] as const;

/** The shop as its customers see it. */
export function BusinessForm() {
  const { t } = useTranslation();
  const form = useSavedForm<Business>('/api/settings/business');
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
      <h2>{t('settings.shop')}</h2>
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
      <div>
        <Button type="submit" variant="light" disabled={!form.isChanged} loading={form.isSaving}>
          {t('settings.save')}
        </Button>
      </div>
    </form>
  );
}
