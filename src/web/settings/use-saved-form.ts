import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, useApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';

export type SavedForm<Value extends object> = ReturnType<typeof useSavedForm<Value>>;

/** A form over one setting of the API: what is stored, what was changed, and saving it. */
export function useSavedForm<Value extends object>(path: string, onSaved?: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const stored = useApi<Value>(path);
  const [change, setChange] = useState<Partial<Value>>({});
  const value = stored.data ? { ...stored.data, ...change } : null;
  const save = useMutation({
    mutationFn: () => call<Value>('PUT', path, value),
    onSuccess: async () => {
      setChange({});
      onSaved?.();
      say(t('settings.saved'));
      await queries.invalidateQueries();
    },
    onError: sayFailure,
  });
  return {
    value,
    error: stored.error,
    set: (part: Partial<Value>) => setChange({ ...change, ...part }),
    save: () => save.mutate(),
    isSaving: save.isPending,
    isChanged: Object.keys(change).length > 0,
  };
}
