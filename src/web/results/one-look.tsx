import { useTranslation } from 'react-i18next';
import type { Results } from '../../measurement/schema.ts';
import { useDays } from '../parts/days.ts';

/** The plain comparison of a period: an interval for whoever looks once, at a time chosen beforehand. */
export function OneLook({ data }: { readonly data: Results }) {
  const { t } = useTranslation();
  const days = useDays();
  const isHidden = data.verdict === 'too_early';
  return (
    <details className="card">
      <summary style={{ minHeight: 44, cursor: 'pointer' }}>
        <b>{t('results.one_look')}</b>
      </summary>
      <div className="stack">
        <p className="muted">{t('results.one_look_note')}</p>
        <p>{t('results.period', { from: days.long(data.from), to: days.long(data.to) })}</p>
        <p>{data.headline}</p>
        {data.marginSentence !== '' && <p>{data.marginSentence}</p>}
        <Arm
          label={t('results.receive', { count: data.treated.customers })}
          per100={data.treated.per100}
          isHidden={isHidden}
        />
        <Arm
          label={t('results.do_not_receive', { count: data.control.customers })}
          per100={data.control.per100}
          isControl
          isHidden={isHidden}
        />
        <p className="small">{data.comparison}</p>
        <p className="small muted">{t('results.window', { days: data.windowDays })}</p>
      </div>
    </details>
  );
}

function Arm({
  label,
  per100,
  isControl = false,
  isHidden,
}: {
  readonly label: string;
  readonly per100: number;
  readonly isControl?: boolean;
  readonly isHidden: boolean;
}) {
  const { t } = useTranslation();
  return (
    <div className="stack" style={{ '--gap': '6px' } as React.CSSProperties}>
      <div className="row between">
        <span>{label}</span>
        {!isHidden && <b>{t('results.in_100', { count: Math.round(per100) })}</b>}
      </div>
      {!isHidden && (
        <div className={isControl ? 'bar control' : 'bar'} aria-hidden="true">
          <i style={{ width: `${Math.min(per100, 100)}%` }} />
        </div>
      )}
    </div>
  );
}
