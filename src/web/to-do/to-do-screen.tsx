import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CallList } from '../../calls/schema.ts';
import type { LetterList } from '../../channels/letter/schema.ts';
import { useApi } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { useSession } from '../shell/session.ts';
import { Calls } from './calls.tsx';
import { Letters } from './letters.tsx';

const REFRESH_MS = 30_000;

/** Da fare: what passes through a person's hands. */
export function ToDoScreen() {
  const { t } = useTranslation();
  const { isByHandOn } = useSession();
  const calls = useApi<CallList>('/api/calls', { refetchInterval: REFRESH_MS });
  const letters = useApi<LetterList>('/api/letters', { refetchInterval: REFRESH_MS });
  const error = calls.error ?? letters.error;
  return (
    <>
      <div className="head">
        <div>
          <h1>{t('menu.to_do')}</h1>
          <p className="muted">{t('by_hand.intro')}</p>
        </div>
      </div>
      {error && !(calls.data && letters.data) ? (
        <Failed
          error={error}
          retry={() => {
            void calls.refetch();
            void letters.refetch();
          }}
        />
      ) : !calls.data || !letters.data ? (
        <Waiting />
      ) : (
        <div className="stack" style={{ '--gap': '24px' } as React.CSSProperties}>
          {!isByHandOn && <Off />}
          {(calls.data.isOn || calls.data.calls.length > 0) && <Calls />}
          {(letters.data.isOn || letters.data.waiting > 0 || letters.data.jobs.length > 0) && (
            <Letters list={letters.data} />
          )}
        </div>
      )}
    </>
  );
}

function Off() {
  const { t } = useTranslation();
  return (
    <div className="card stack">
      <p>{t('by_hand.off')}</p>
      <div>
        <Button component={Link} to="/impostazioni" variant="default">
          {t('by_hand.to_settings')}
        </Button>
      </div>
    </div>
  );
}
