import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, useApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';

export type SavedForm<Value extends object> = ReturnType<typeof useSavedForm<Value>>;

/** A form over one setting of the API: what is stored, what was changed, and saving it. `onReset` hears that nothing is changed any more: saved or undone. */
export function useSavedForm<Value extends object>(path: string, onReset?: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const stored = useApi<Value>(path);
  const [change, setChange] = useState<Partial<Value>>({});
  const value = stored.data ? { ...stored.data, ...change } : null;
  const reset = (): void => {
    setChange({});
    onReset?.();
  };
  const save = useMutation({
    mutationFn: () => call<Value>('PUT', path, value),
    onSuccess: async (answer) => {
      queries.setQueryData([path], answer);
      reset();
      say(t('settings.saved'));
      await queries.invalidateQueries();
    },
    onError: sayFailure,
  });
  return {
    value,
    stored: stored.data,
    error: stored.error,
    set: (part: Partial<Value>) => setChange({ ...change, ...part }),
    undo: reset,
    save: () => save.mutate(),
    isSaving: save.isPending,
    isChanged: Object.keys(change).length > 0,
  };
}
