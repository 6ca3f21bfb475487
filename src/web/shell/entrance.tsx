import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Session } from '../../business/schema.ts';
import { call, rememberCsrfToken, useApi } from '../api.ts';
import { speak } from '../catalogue/catalogue.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { SetUp } from '../set-up/set-up.tsx';
import { SignIn } from '../set-up/sign-in.tsx';
import { paintBrand } from '../theme.ts';
import { Rooms } from './router.tsx';

/** The door: set-up when nobody owns the shop, sign-in when signed out; a demonstration opens by itself. */
export function Entrance() {
  const session = useApi<Session>('/api/session');
  const queries = useQueryClient();
  const [inside, setInside] = useState<Session | null>(null);
  const data = session.data;
  const mayEnter = data?.state === 'signed_out' && data.mayEnterDemonstration;
  if (data?.operator && data !== inside) setInside(data);

  useEffect(() => {
    if (!data?.business) return;
    speak(data.business.language);
    paintBrand(data.business.brandColour);
  }, [data]);

  useEffect(() => {
    if (!mayEnter) return;
    void call<Session>('POST', '/api/session/demonstration').then((entered) =>
      queries.setQueryData(['/api/session'], entered),
    );
  }, [mayEnter, queries]);

  if (!data) {
    const retry = (): void => void session.refetch();
    return <Hall>{session.error ? <Failed error={session.error} retry={retry} /> : <Waiting />}</Hall>;
  }
  rememberCsrfToken(data.csrfToken);
  if (data.state === 'set_up') return <SetUp />;
  const isOut = !data.operator;
  if (isOut && mayEnter && !inside)
    return (
      <Hall>
        <Waiting />
      </Hall>
    );
  if (isOut && !inside) return <SignIn />;
  // Who is asked to sign in again in the middle of the work finds everything as it was.
  return (
    <>
      {isOut && !mayEnter && <SignIn isAgain />}
      <div hidden={isOut}>{inside && <Rooms key={inside.operator?.operatorId} session={inside} />}</div>
    </>
  );
}

function Hall({ children }: { readonly children: React.ReactNode }) {
  return (
    <>
      <div className="awning" aria-hidden="true" />
      <main className="page">{children}</main>
    </>
  );
}
