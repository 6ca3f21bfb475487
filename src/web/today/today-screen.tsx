import { Button } from '@mantine/core';
import { IconSunset2 } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Today } from '../../planner/schema.ts';
import { call, useApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { useSession } from '../shell/session.ts';
import type { Choice } from './choice.ts';
import { countChosen, everybody, selectionOf } from './choice.ts';
import { LeftOut } from './left-out.tsx';
import { ProposalGroup } from './proposal-group.tsx';
import { Refused } from './refused.tsx';
import { TodaySide } from './today-side.tsx';

const REFRESH_MS = 10_000;

/** Oggi: what to do today. */
export function TodayScreen() {
  const { t } = useTranslation();
  const { operator } = useSession();
  const queries = useQueryClient();
  const today = useApi<Today>('/api/today', { refetchInterval: REFRESH_MS });
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['/api/today'] });
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const choiceOf = (source: string): Choice => choices.get(source) ?? everybody;
  const approve = useMutation({
    mutationFn: async ({ day, sources }: { day: string; sources: readonly string[] }) => {
      let changed = 0;
      for (const source of sources) {
        const selection = selectionOf(choiceOf(source), day, source);
        if (selection)
          changed += (await call<{ changed: number }>('POST', '/api/messages/approve', selection)).changed;
      }
      return changed;
    },
    onSuccess: (count) => say(t('today.approved', { count })),
    onError: sayFailure,
    onSettled: refresh,
  });

  if (!today.data)
    return today.error ? (
      <Failed error={today.error} retry={() => void today.refetch()} />
    ) : (
      <Waiting sentence={t('today.preparing')} />
    );
  const { data } = today;
  const chosen = data.groups.reduce((sum, { key, count }) => sum + countChosen(choiceOf(key), count), 0);
  const lineFailure = today.error instanceof TypeError ? today.error : null;
  return (
    <>
      <div className="head">
        <div>
          <p>{t('today.greeting', { name: operator?.name, day: data.dayInWords })}</p>
          <h1>{data.headline}</h1>
        </div>
      </div>
      {lineFailure && <Failed error={lineFailure} retry={() => void today.refetch()} />}
      {!data.isSendingPossible && <Problem text={data.sendingProblem} />}
      <div className="two-columns">
        <div className="stack">
          {data.waitingCount > 0 && (
            <div className="row between">
              <h2>{t('today.proposed')}</h2>
              <span className="small muted grow" style={{ textAlign: 'right' }}>
                {t('today.people', { count: data.waitingCount })} · {data.sendWindow}
              </span>
              <div className="main-action">
                <Button
                  size="lg"
                  disabled={chosen === 0}
                  loading={approve.isPending}
                  onClick={() =>
                    approve.mutate({ day: data.day, sources: data.groups.map(({ key }) => key) })
                  }
                >
                  {t(chosen === data.waitingCount ? 'today.approve_all' : 'today.approve_group', {
                    count: chosen,
                  })}
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
              choice={choiceOf(group.key)}
              isBusy={approve.isPending && approve.variables.sources.includes(group.key)}
              onChoose={(choice) => setChoices(new Map([...choices, [group.key, choice]]))}
              onApprove={() => approve.mutate({ day: data.day, sources: [group.key] })}
              onChange={() => void refresh()}
            />
          ))}
          {data.waitingCount === 0 && <Nothing today={data} />}
          <Refused people={data.refused} onChange={() => void refresh()} />
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
        <ol className="steps">
          <li>{t('today.first_step')}</li>
          <li>{t('today.second_step')}</li>
          <li>{t('today.third_step')}</li>
        </ol>
        <div>
          <Button component={Link} to="/importa" size="lg">
            {t('today.load_sales')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="card stack">
      <IconSunset2 size={32} aria-hidden="true" color="var(--accent-ink)" />
      <p>{today.tomorrow}</p>
    </div>
  );
}
