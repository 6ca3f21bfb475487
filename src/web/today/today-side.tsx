import { Button } from '@mantine/core';
import { IconChartLine, IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Today } from '../../planner/schema.ts';
import { call } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { useSession } from '../shell/session.ts';
import { Ahead } from './ahead.tsx';

/** Beside the work: what left, what came back, how fresh the sales are. */
export function TodaySide({ today, onChange }: { readonly today: Today; readonly onChange: () => void }) {
  const { t } = useTranslation();
  const { isDemonstration } = useSession();
  const { sent } = today;
  return (
    <div className="stack">
      <section className="card stack">
        <h2 className="row">
          <IconSend size={20} aria-hidden="true" />
          {t('today.sent')}
        </h2>
        {sent.approved > 0 && <Waiting day={today.day} count={sent.approved} onChange={onChange} />}
        <p>{t('today.sent_count', { count: sent.sent })}</p>
        {sent.withheld > 0 && <p className="small muted">{t('today.withheld', { count: sent.withheld })}</p>}
        {sent.problems.map((problem) => (
          <p key={problem.messageId} className="small">
            <Link
              className="reach"
              to="/clienti/$contactId"
              params={{ contactId: String(problem.contactId) }}
            >
              {problem.name}
            </Link>
            . {problem.sentence}
          </p>
        ))}
        {today.inHand.length > 0 && (
          <div className="notice">
            <div className="stack" style={{ '--gap': '4px' } as React.CSSProperties}>
              <h3>{t('by_hand.wait')}</h3>
              {today.inHand.map((line) => (
                <p key={line}>{line}</p>
              ))}
              <Link className="reach" to="/da-fare">
                {t('by_hand.go')}
              </Link>
            </div>
          </div>
        )}
        {isDemonstration && sent.sent > 0 && (
          <Link className="small reach" to="/posta-di-prova">
            {t('today.see_trial_mail')}
          </Link>
        )}
      </section>
      <section className="card stack">
        <h2 className="row">
          <IconChartLine size={20} aria-hidden="true" />
          {t('today.returned')}
        </h2>
        <p>{today.returned?.sentence ?? t('today.returned_none')}</p>
        <p className="small muted">{t('today.returned_note')}</p>
        <Link className="small reach" to="/risultati">
          {t('today.to_results')}
        </Link>
      </section>
      {today.ahead && <Ahead ahead={today.ahead} />}
      <p className="small muted">{today.salesAge.sentence}</p>
    </div>
  );
}

/** Approved and not yet gone: until then one may think again. */
function Waiting({
  day,
  count,
  onChange,
}: {
  readonly day: string;
  readonly count: number;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const stop = useMutation({
    mutationFn: () => call<{ changed: number }>('POST', '/api/messages/stop', { day }),
    onSuccess: ({ changed }) => {
      say(t('today.stopped', { count: changed }));
      onChange();
    },
    onError: sayFailure,
  });
  return (
    <div className="notice yes">
      <div className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
        <p>{t('today.leaving', { count })}</p>
        <div>
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('today.stop')}
          </Button>
        </div>
      </div>
    </div>
  );
}
