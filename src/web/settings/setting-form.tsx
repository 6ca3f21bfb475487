import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed, Waiting } from '../parts/states.tsx';
import type { SavedForm } from './use-saved-form.ts';

export interface SettingFormProps<Value extends object> {
  readonly title: string;
  readonly form: SavedForm<Value>;
  /** Buttons beside the one that saves. */
  readonly beside?: ReactNode;
  /** The fields, once the stored value is there. */
  readonly children: (value: Value) => ReactNode;
}

/** A card of Impostazioni: the fields of one setting and the button that saves them. */
export function SettingForm<Value extends object>({
  title,
  form,
  beside,
  children,
}: SettingFormProps<Value>) {
  const { t } = useTranslation();
  if (form.error) return <Failed error={form.error} />;
  if (!form.value) return <Waiting />;
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      <h2>{title}</h2>
      {children(form.value)}
      <div className="row">
        <Button type="submit" variant="light" disabled={!form.isChanged} loading={form.isSaving}>
          {t('settings.save')}
        </Button>
        {beside}
      </div>
    </form>
  );
}
