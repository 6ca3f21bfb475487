import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Today } from '../../planner/schema.ts';
import { call, useApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { useSession } from '../shell/session.ts';
import { LeftOut } from './left-out.tsx';
import { ProposalGroup } from './proposal-group.tsx';
import { TodaySide } from './today-side.tsx';

const REFRESH_MS = 10_000;

/** Oggi: what to do today. */
export function TodayScreen() {
  const { t } = useTranslation();
  const { operator } = useSession();
  const queries = useQueryClient();
  const today = useApi<Today>('/api/today', { refetchInterval: REFRESH_MS });
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['/api/today'] });
  const approveAll = useMutation({
    mutationFn: (day: string) => call<{ changed: number }>('POST', '/api/messages/approve', { day }),
    onSuccess: async ({ changed }) => {
      say(t('today.approved', { count: changed }));
      await refresh();
    },
    onError: sayFailure,
  });

  if (today.error) return <Failed error={today.error} retry={() => void today.refetch()} />;
  if (!today.data) return <Waiting sentence={t('today.preparing')} />;
  const { data } = today;
  return (
    <>
      <div className="head">
        <div>
          <p>{t('today.greeting', { name: operator?.name, day: data.dayInWords })}</p>
          <h1>{data.headline}</h1>
        </div>
      </div>
      {!data.isSendingPossible && <Problem text={data.sendingProblem} />}
      <div className="two-columns">
        <div className="stack">
          {data.waitingCount > 0 && (
            <div className="row between">
              <h2>{t('today.proposed')}</h2>
              <div className="row">
                <span className="small muted">
                  {t('today.people', { count: data.waitingCount })} · {data.sendWindow}
                </span>
                <Button size="lg" loading={approveAll.isPending} onClick={() => approveAll.mutate(data.day)}>
                  {t('today.approve_all', { count: data.waitingCount })}
                </Button>
              </div>
            </div>
          )}
          {data.groups.map((group, index) => (
            <ProposalGroup
              key={group.key}
              group={group}
              day={data.day}
              isOpenAtFirst={index === 0}
              onChange={() => void refresh()}
            />
          ))}
          {data.waitingCount === 0 && <Nothing today={data} />}
          <LeftOut leftOut={data.leftOut} />
        </div>
        <TodaySide today={data} onChange={() => void refresh()} />
      </div>
    </>
  );
}

function Problem({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  return (
    <div className="notice time" role="status" style={{ marginBottom: 16 }}>
      <p>
        {text} <Link to="/impostazioni">{t('menu.settings')}</Link>
      </p>
    </div>
  );
}

/** The first day, or a day on which all is well: the next step is always there. */
function Nothing({ today }: { readonly today: Today }) {
  const { t } = useTranslation();
  if (today.state === 'no_sales' || today.state === 'no_contacts') {
    return (
      <div className="card stack">
        <h2>{t('today.first_day')}</h2>
        <ol className="stack">
          <li>1. {t('today.first_step')}</li>
          <li>2. {t('today.second_step')}</li>
          <li>3. {t('today.third_step')}</li>
        </ol>
        <div>
          <Button component={Link} to="/importa">
            {t('today.load_sales')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="card stack">
      <h2>{today.headline}</h2>
      <p className="muted">{today.tomorrow}</p>
    </div>
  );
}
