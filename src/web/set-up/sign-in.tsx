import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../business/schema.ts';
import { call } from '../api.ts';
import { Failed } from '../parts/states.tsx';

/** The door of a shop that has an owner; `isAgain` when the session ended in the middle of the work. */
export function SignIn({ isAgain = false }: { readonly isAgain?: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const enter = useMutation({
    mutationFn: () => call<Session>('POST', '/api/session', { email, password }),
    onSuccess: async (session) => {
      queries.setQueryData(['/api/session'], session);
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== '/api/session' });
    },
  });
  return (
    <>
      <div className="awning" aria-hidden="true" />
      <main className="page" style={{ maxWidth: 480, margin: '0 auto' }}>
        <form
          className="card stack"
          onSubmit={(event) => {
            event.preventDefault();
            enter.mutate();
          }}
        >
          <h1>{t('sign_in.title')}</h1>
          {isAgain && <p className="muted">{t('sign_in.again')}</p>}
          {enter.error && <Failed error={enter.error} />}
          <TextInput
            label={t('sign_in.email')}
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('sign_in.password')}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="lg" loading={enter.isPending}>
            {t('sign_in.enter')}
          </Button>
        </form>
      </main>
    </>
  );
}
