import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed, Waiting } from '../parts/states.tsx';
import type { SavedForm } from './use-saved-form.ts';

export interface SettingFormProps<Value extends object> {
  readonly title: string;
  readonly form: SavedForm<Value>;
  /** Whether a field says that its value cannot be saved. */
  readonly isWrong?: (value: Value) => boolean;
  /** Buttons beside the one that saves. */
  readonly beside?: ReactNode;
  /** The fields, once the stored value is there. */
  readonly children: (value: Value) => ReactNode;
}

/** A card of Impostazioni: the fields of one setting and the button that saves them. */
export function SettingForm<Value extends object>({
  title,
  form,
  isWrong,
  beside,
  children,
}: SettingFormProps<Value>) {
  const { t } = useTranslation();
  if (form.error) return <Failed error={form.error} />;
  const { value } = form;
  if (!value) return <Waiting />;
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWrong?.(value)) showFirstWrong(event.currentTarget);
        else form.save();
      }}
    >
      <h2>{title}</h2>
      {children(value)}
      <div className="row">
        <Button type="submit" variant="light" disabled={!form.isChanged} loading={form.isSaving}>
          {t('settings.save')}
        </Button>
        {beside}
        {form.isChanged && (
          <Button variant="subtle" color="gray" c="var(--ink-2)" onClick={form.undo}>
            {t('settings.undo')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Goes to the first field with an error: it may be far above the button. */
function showFirstWrong(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong="true"] input')?.focus();
}
