import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';

export const categoryPath = (categoryId: number): string => `/api/clocks/categories/${categoryId}`;

/** What the owner decides of a category: sent, said, and read again where it shows. */
export function useCategoryChange<T extends object>(categoryId: number, part: 'override' | 'habit') {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const path = categoryPath(categoryId);
  return useMutation({
    mutationFn: (change: T) => call('PUT', `${path}/${part}`, change),
    onSuccess: async () => {
      say(t('clocks.saved'));
      await queries.invalidateQueries({ queryKey: [path] });
      await queries.invalidateQueries({ queryKey: ['/api/clocks/categories'] });
    },
    onError: sayFailure,
  });
}
