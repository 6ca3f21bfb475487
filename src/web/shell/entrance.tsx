import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Session } from '../../business/schema.ts';
import { call, rememberCsrfToken, useApi } from '../api.ts';
import { speak } from '../catalogue/catalogue.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { SetUp } from '../set-up/set-up.tsx';
import { SignIn } from '../set-up/sign-in.tsx';
import { Rooms } from './router.tsx';

/** The door: set-up when nobody owns the shop, sign-in when signed out; a demonstration opens by itself. */
export function Entrance() {
  const session = useApi<Session>('/api/session');
  const queries = useQueryClient();
  const data = session.data;
  const mayEnter = data?.state === 'signed_out' && data.mayEnterDemonstration;

  useEffect(() => {
    if (data) rememberCsrfToken(data.csrfToken);
    if (data?.business) {
      speak(data.business.language);
      document.documentElement.style.setProperty('--brand', data.business.brandColour);
    }
  }, [data]);

  useEffect(() => {
    if (!mayEnter) return;
    void call<Session>('POST', '/api/session/demonstration').then((entered) =>
      queries.setQueryData(['/api/session'], entered),
    );
  }, [mayEnter, queries]);

  if (session.error) return <Failed error={session.error} retry={() => void session.refetch()} />;
  if (!data || mayEnter) return <Waiting />;
  rememberCsrfToken(data.csrfToken);
  if (data.state === 'set_up') return <SetUp />;
  if (data.state === 'signed_out' || !data.business || !data.operator) return <SignIn />;
  return <Rooms session={data} />;
}
