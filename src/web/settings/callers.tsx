import { Button, NumberInput, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Operator } from '../../business/schema.ts';
import { call, useApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { Failed, Waiting } from '../parts/states.tsx';

const path = '/api/settings/operators';
const nobody = { name: '', email: '', password: '' };

/** Who calls customers, and how many a day; an assistant gets a way to sign in. */
export function Callers() {
  const { t } = useTranslation();
  const list = useApi<{ operators: Operator[] }>(path);
  if (!list.data)
    return list.error ? <Failed error={list.error} retry={() => void list.refetch()} /> : <Waiting />;
  return (
    <section className="card stack" aria-labelledby="callers">
      <h2 id="callers">{t('by_hand.who_calls')}</h2>
      {list.data.operators.map((operator) => (
        <Caller key={`${operator.operatorId} ${operator.callsPerDay}`} operator={operator} />
      ))}
      <NewPerson />
    </section>
  );
}

function Caller({ operator }: { readonly operator: Operator }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [calls, setCalls] = useState(operator.callsPerDay);
  const save = useMutation({
    mutationFn: () =>
      call('PUT', `${path}/${operator.operatorId}`, { storeId: operator.storeId, callsPerDay: calls }),
    onSuccess: async () => {
      say(t('settings.saved'));
      await queries.invalidateQueries();
    },
    onError: sayFailure,
  });
  return (
    <div className="row" style={{ alignItems: 'flex-end' }}>
      <NumberInput
        label={t('by_hand.calls_per_day', { name: operator.name })}
        min={0}
        max={99}
        value={calls}
        onChange={(count) => setCalls(Number(count))}
      />
      <Button
        variant="default"
        aria-label={`${t('settings.save')}: ${operator.name}`}
        disabled={calls === operator.callsPerDay}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        {t('settings.save')}
      </Button>
    </div>
  );
}

function NewPerson() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [person, setPerson] = useState(nobody);
  const add = useMutation({
    mutationFn: () => call('POST', path, { ...person, storeId: null, callsPerDay: 3 }),
    onSuccess: async () => {
      say(t('by_hand.person_added', { name: person.name }));
      setPerson(nobody);
      await queries.invalidateQueries({ queryKey: [path] });
    },
    onError: sayFailure,
  });
  const change = (part: Partial<typeof nobody>): void => setPerson({ ...person, ...part });
  return (
    <details>
      <summary className="reach">{t('by_hand.add_person')}</summary>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <div className="halves">
          <TextInput
            label={t('by_hand.person_name')}
            required
            value={person.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            type="email"
            label={t('by_hand.person_email')}
            required
            value={person.email}
            onChange={(event) => change({ email: event.currentTarget.value })}
          />
          <PasswordInput
            label={t('by_hand.person_password')}
            description={t('set_up.password_note')}
            required
            minLength={10}
            autoComplete="new-password"
            value={person.password}
            onChange={(event) => change({ password: event.currentTarget.value })}
          />
        </div>
        <div>
          <Button type="submit" variant="default" loading={add.isPending}>
            {t('by_hand.add')}
          </Button>
        </div>
      </form>
    </details>
  );
}
