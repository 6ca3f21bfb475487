import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Store } from '../../business/schema.ts';
import { call, useApi } from '../api.ts';
import { useDays } from '../parts/days.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { Failed, Waiting } from '../parts/states.tsx';

type Closure = Store['closures'][number];

/** Days on which the shop is closed: no message invites anybody then. */
export function ClosureForm() {
  const { t } = useTranslation();
  const list = useApi<{ stores: Store[] }>('/api/settings/stores');
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Waiting />;
  return (
    <section className="card stack" aria-labelledby="closures">
      <h2 id="closures">{t('settings.closures')}</h2>
      <p className="muted">{t('settings.closures_note')}</p>
      {list.data.stores.map((store) => (
        <Closures key={store.storeId} store={store} />
      ))}
    </section>
  );
}

function Closures({ store }: { readonly store: Store }) {
  const { t } = useTranslation();
  const days = useDays();
  const queries = useQueryClient();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const save = useMutation({
    mutationFn: (closures: readonly Closure[]) => {
      const { storeId, ...rest } = store;
      return call('PUT', `/api/settings/stores/${storeId}`, { ...rest, closures });
    },
    onSuccess: async () => {
      setFrom('');
      setTo('');
      say(t('settings.saved'));
      await queries.invalidateQueries({ queryKey: ['/api/settings/stores'] });
    },
    onError: sayFailure,
  });
  return (
    <>
      {store.closures.map((closure) => (
        <div key={`${closure.from} ${closure.to}`} className="row between">
          <span>{t('settings.closed', { from: days.long(closure.from), to: days.long(closure.to) })}</span>
          <Button
            variant="subtle"
            color="gray"
            c="var(--ink-2)"
            px="sm"
            aria-label={t('settings.closure_remove', { from: days.long(closure.from) })}
            onClick={() => save.mutate(store.closures.filter((other) => other !== closure))}
          >
            {t('import.evidence_drop')}
          </Button>
        </div>
      ))}
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <TextInput
          type="date"
          label={t('settings.closed_from')}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('settings.closed_to')}
          min={from}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={from === '' || to < from}
          loading={save.isPending}
          onClick={() => save.mutate([...store.closures, { from, to, note: '' }])}
        >
          {t('settings.closure_add')}
        </Button>
      </div>
    </>
  );
}
