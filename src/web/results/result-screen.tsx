import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EffectResults, Results } from '../../measurement/schema.ts';
import { useApi } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { Forest, ForestAxis, reachOf } from './forest.tsx';
import { LiftLine } from './lift-line.tsx';
import { localeOf } from '../parts/locale.ts';
import { OneLook } from './one-look.tsx';
import { PlanQuality } from './plan-line.tsx';
import { PressureMap } from './pressure-map.tsx';

const badges = { works: 'yes', no_difference: '', worse: 'stop', too_early: 'time' } as const;

/** Risultati: what the messages brought by what was left out by lot, how sure we are, what they cost, one by one. */
export function ResultScreen() {
  const { t, i18n } = useTranslation();
  const results = useApi<Results>('/api/results');
  const effects = useApi<EffectResults>('/api/results/effects');
  const error = results.error ?? effects.error;
  if (error)
    return (
      <Failed
        error={error}
        retry={() => {
          void results.refetch();
          void effects.refetch();
        }}
      />
    );
  if (!results.data || !effects.data) return <Waiting />;
  const { all, series, timing, programme, sources, channels, note } = effects.data;
  const { costs, marginShare } = results.data;
  const money = (cents: number): string =>
    new Intl.NumberFormat(localeOf(i18n.language), { style: 'currency', currency: 'EUR' }).format(
      cents / 100,
    );
  return (
    <div className="stack" style={{ '--gap': '24px' } as React.CSSProperties}>
      <h1>{t('menu.results')}</h1>
      <section className="card stack">
        <span>
          <Badge verdict={all.verdict} />
        </span>
        <h2 className="lead">{all.sentence}</h2>
        <LiftLine series={series} />
        <p className="muted">{t('results.margin_note', { share: Math.round(marginShare * 100) })}</p>
      </section>
      <div className="halves">
        <section className="card stack">
          <h2>{t('results.how')}</h2>
          <p>{note}</p>
          <p>
            {t('results.decided', {
              count: all.decisions,
              treated: all.treated.decisions,
              control: all.control.decisions,
            })}
          </p>
          {all.coupons > 0 && <p className="small muted">{t('results.coupons', { count: all.coupons })}</p>}
          <p className="small">
            <a className="row reach" href="/api/results/effects.csv" download>
              <IconDownload size={18} aria-hidden="true" />
              {t('results.download')}
            </a>
          </p>
        </section>
        <section className="card stack">
          <h2>{t('results.programme')}</h2>
          <p>{programme.sentence}</p>
          <h2>{t('results.cost')}</h2>
          <p>{t('results.cost_line', { count: costs.messages, cost: money(costs.costCents) })}</p>
        </section>
      </div>
      <Each results={sources} title={t('results.each')} note={t('results.each_note')} />
      {channels.length > 1 && (
        <Each results={channels} title={t('results.each_channel')} note={t('results.each_note')} />
      )}
      <Each
        results={[
          { key: 'on_time', name: t('results.on_time'), ...timing.onTime },
          { key: 'held_back', name: t('results.held_back'), ...timing.heldBack },
        ]}
        title={t('results.timing')}
        note={timing.sentence}
      />
      <PlanQuality />
      <PressureMap />
      <OneLook data={results.data} />
    </div>
  );
}

function Badge({ verdict }: { readonly verdict: Results['verdict'] }) {
  const { t } = useTranslation();
  return <span className={`badge ${badges[verdict]}`}>{t(`verdict.${verdict}`)}</span>;
}

/** One kind or time of message after the other, on one axis. */
function Each({
  results,
  title,
  note,
}: {
  readonly results: EffectResults['sources'];
  readonly title: string;
  readonly note: string;
}) {
  const { t } = useTranslation();
  const reach = reachOf(results.map(({ extraPurchasesPer100 }) => extraPurchasesPer100));
  return (
    <section className="card stack">
      <h2>{title}</h2>
      <p className="muted">{note}</p>
      {results.length === 0 && <p>{t('results.none')}</p>}
      {results.some(({ extraPurchasesPer100 }) => extraPurchasesPer100) && <ForestAxis reach={reach} />}
      {results.map((result) => (
        <div
          key={result.key}
          className="stack"
          style={
            { borderTop: '1px solid var(--line)', paddingTop: 16, '--gap': '8px' } as React.CSSProperties
          }
        >
          <div className="row between">
            <h3>{result.name}</h3>
            <Badge verdict={result.verdict} />
          </div>
          {result.extraPurchasesPer100 && (
            <Forest difference={result.extraPurchasesPer100} verdict={result.verdict} reach={reach} />
          )}
          <p className="small">{result.sentence}</p>
        </div>
      ))}
    </section>
  );
}
