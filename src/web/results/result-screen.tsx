import { useTranslation } from 'react-i18next';
import type { Results } from '../../measurement/schema.ts';
import { useApi } from '../api.ts';
import { useDays } from '../parts/days.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { Forest, ForestAxis, reachOf } from './forest.tsx';
import { localeOf } from '../parts/locale.ts';

const badges = { works: 'yes', no_difference: '', worse: 'stop', too_early: 'time' } as const;

/** Risultati: what the messages brought, how we know, what they cost, one by one. */
export function ResultScreen() {
  const { t, i18n } = useTranslation();
  const days = useDays();
  const results = useApi<Results>('/api/results');
  if (results.error) return <Failed error={results.error} retry={() => void results.refetch()} />;
  if (!results.data) return <Waiting />;
  const { data } = results;
  const reach = reachOf(data.sources);
  const money = (cents: number): string =>
    new Intl.NumberFormat(localeOf(i18n.language), { style: 'currency', currency: 'EUR' }).format(
      cents / 100,
    );
  return (
    <div className="stack" style={{ '--gap': '24px' } as React.CSSProperties}>
      <div className="head" style={{ marginBottom: 0 }}>
        <div>
          <h1>{t('menu.results')}</h1>
          <p>{t('results.period', { from: days.long(data.from), to: days.long(data.to) })}</p>
        </div>
      </div>
      <section className="card stack">
        <span>
          <span className={`badge ${badges[data.verdict]}`}>{t(`verdict.${data.verdict}`)}</span>
        </span>
        <h2 className="lead">{data.headline}</h2>
        {data.marginSentence !== '' && <p>{data.marginSentence}</p>}
        <p className="muted">{t('results.margin_note', { share: Math.round(data.marginShare * 100) })}</p>
      </section>
      <div className="halves">
        <section className="card stack">
          <h2>{t('results.how')}</h2>
          <p>{t('results.how_note')}</p>
          <Arm
            label={t('results.receive', { count: data.treated.customers })}
            per100={data.treated.per100}
            isHidden={data.verdict === 'too_early'}
          />
          <Arm
            label={t('results.do_not_receive', { count: data.control.customers })}
            per100={data.control.per100}
            isControl
            isHidden={data.verdict === 'too_early'}
          />
          <p className="small">{data.comparison}</p>
        </section>
        <section className="card stack">
          <h2>{t('results.cost')}</h2>
          <p>{t('results.cost_line', { count: data.costs.messages, cost: money(data.costs.costCents) })}</p>
          <p className="small muted">{t('results.window', { days: data.windowDays })}</p>
        </section>
      </div>
      <section className="card stack">
        <h2>{t('results.each')}</h2>
        <p className="muted">{t('results.each_note')}</p>
        {data.sources.length === 0 && <p>{t('results.none')}</p>}
        {data.sources.some(({ difference }) => difference) && <ForestAxis reach={reach} />}
        {data.sources.map((source) => (
          <div
            key={source.source}
            className="stack"
            style={
              { borderTop: '1px solid var(--line)', paddingTop: 16, '--gap': '8px' } as React.CSSProperties
            }
          >
            <div className="row between">
              <h3>{source.name}</h3>
              <span className={`badge ${badges[source.verdict]}`}>{t(`verdict.${source.verdict}`)}</span>
            </div>
            {source.difference && (
              <Forest difference={source.difference} verdict={source.verdict} reach={reach} />
            )}
            <p className="small">{source.sentence}</p>
          </div>
        ))}
      </section>
    </div>
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
