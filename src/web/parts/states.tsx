import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiFailure } from '../api.ts';

/** Skeletons after 400 ms, a sentence after a second: nothing flashes when the answer is quick. */
export function Waiting({ sentence }: { readonly sentence?: string }) {
  const { t } = useTranslation();
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const first = setTimeout(() => setElapsed(1), 400);
    const second = setTimeout(() => setElapsed(2), 1000);
    return () => {
      clearTimeout(first);
      clearTimeout(second);
    };
  }, []);
  if (elapsed === 0) return <div role="status" aria-label={t('states.loading')} />;
  return (
    <div className="card stack" role="status">
      <Skeleton height={24} width="60%" />
      <Skeleton height={16} />
      <Skeleton height={16} width="80%" />
      <p className="small muted">{elapsed === 2 ? (sentence ?? t('states.loading')) : ''}</p>
    </div>
  );
}

/** A failure in three lines: what happened, what was not lost, what to do. */
export function Failed({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const { t } = useTranslation();
  const isOffline = error instanceof TypeError;
  const isForGood = error instanceof ApiFailure && error.code === 'not_found';
  return (
    <div className="notice stop" role="alert">
      <IconAlertTriangle size={20} aria-hidden="true" />
      <div className="stack">
        <p>{isOffline ? t('states.offline') : error.message}</p>
        {retry && !isForGood && (
          <div>
            <Button variant="default" onClick={retry}>
              {t('states.retry')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
