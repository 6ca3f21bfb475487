import { SegmentedControl } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallList } from '../../calls/schema.ts';
import { useApi } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { CallRow } from './call-row.tsx';

const REFRESH_MS = 30_000;

/** Today's calls: mine, or everybody's; the first to make first. */
export function Calls() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [whose, setWhose] = useState<'mine' | 'everybody'>('mine');
  const path = whose === 'mine' ? '/api/calls' : '/api/calls?whose=everybody';
  const list = useApi<CallList>(path, { refetchInterval: REFRESH_MS });
  if (!list.data)
    return list.error ? <Failed error={list.error} retry={() => void list.refetch()} /> : <Waiting />;
  const { calls, done, hours, laterCount, others } = list.data;
  const refresh = (): void => void queries.invalidateQueries();
  return (
    <section className="stack" aria-labelledby="calls">
      <div className="row between">
        <h2 id="calls" className="row">
          <IconPhone size={22} aria-hidden="true" />
          {t('by_hand.calls')}
        </h2>
        {(others > 0 || whose === 'everybody') && (
          <SegmentedControl
            aria-label={t('by_hand.whose')}
            value={whose}
            onChange={(value) => setWhose(value === 'mine' ? 'mine' : 'everybody')}
            data={[
              { value: 'mine', label: t('by_hand.mine') },
              { value: 'everybody', label: t('by_hand.everybody') },
            ]}
          />
        )}
      </div>
      <p className="muted">{hours}</p>
      {calls.length === 0 ? (
        <div className="card">
          <p>{t(done.length > 0 ? 'by_hand.calls_done' : 'by_hand.calls_none')}</p>
        </div>
      ) : (
        <div className="card flush">
          {calls.map((call) => (
            <CallRow key={call.messageId} call={call} list={list.data} onChange={refresh} />
          ))}
        </div>
      )}
      {laterCount > 0 && <p className="small muted">{t('by_hand.calls_later', { count: laterCount })}</p>}
      {others > 0 && <p className="small muted">{t('by_hand.others', { count: others })}</p>}
      {done.length > 0 && (
        <div className="card stack">
          <h3>{t('by_hand.made')}</h3>
          <ul className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
            {done.map((made, index) => (
              <li key={`${made.messageId} ${index}`} className="small">
                <Link
                  className="reach"
                  to="/clienti/$contactId"
                  params={{ contactId: String(made.contactId) }}
                >
                  {made.name}
                </Link>
                {'. '}
                {made.sentence}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
