import { Button, Progress } from '@mantine/core';
import { IconCheck, IconFileSpreadsheet } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ImportRun } from '../../importing/schema.ts';
import { useApi } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { Rejects } from './rejects.tsx';
import { localeOf } from '../parts/locale.ts';

const REFRESH_MS = 700;

/** One import: how far it is, what came in, and what stayed out. */
export function RunScreen() {
  const { t } = useTranslation();
  const { importRunId } = useParams({ from: '/importa/$importRunId' });
  const path = `/api/imports/${importRunId}`;
  const first = useApi<ImportRun>(path);
  const isRunning = first.data?.status === 'running';
  const run = useApi<ImportRun>(path, { refetchInterval: REFRESH_MS, enabled: isRunning });
  if (first.error) return <Failed error={first.error} retry={() => void first.refetch()} />;
  const data = run.data ?? first.data;
  if (!data) return <Waiting />;
  return (
    <div className="stack" style={{ '--gap': '24px' } as React.CSSProperties}>
      {data.status === 'running' && <Running run={data} />}
      {data.status === 'failed' && (
        <div className="card stack">
          <h1>{t('import.did_not_go')}</h1>
          <div className="notice stop" role="alert">
            <p>{data.failure}</p>
          </div>
        </div>
      )}
      {data.status === 'done' && <Done run={data} />}
      {data.openRejects > 0 && <Rejects run={data} />}
      <div className="row">
        {data.status === 'done' && (
          <Button component={Link} to="/" size="md">
            {t('import.to_today')}
          </Button>
        )}
        <Button component={Link} to="/importa" variant="default" size="md">
          {t('import.other_file')}
        </Button>
      </div>
    </div>
  );
}

function Running({ run }: { readonly run: ImportRun }) {
  const { t } = useTranslation();
  const { done, total, phase } = run.progress ?? { done: 0, total: null, phase: 'reading' as const };
  const share = phase === 'reading' && total ? Math.min(100, (done / total) * 100) : 100;
  const steps = ['reading', 'storing', 'clocks'] as const;
  return (
    <div className="card stack" role="status">
      <div className="row between">
        <h1 style={{ overflowWrap: 'anywhere' }}>{t('import.loading', { name: run.fileName })}</h1>
        <span className="badge">
          <IconFileSpreadsheet size={16} aria-hidden="true" />
          {t('import.rows_read', { count: done })}
        </span>
      </div>
      <Progress value={share} animated aria-label={t('import.progress')} size="lg" />
      <p>
        {phase === 'reading' && total
          ? t('import.so_far', { count: done, total })
          : t(`import.phase.${phase}`)}{' '}
        <span className="muted">{t('import.may_close')}</span>
      </p>
      <ol className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
        {steps.map((step, position) => (
          <li key={step} className="row">
            <span className={`badge ${step === phase ? 'talk' : ''}`}>
              {position < steps.indexOf(phase) ? <IconCheck size={16} aria-hidden="true" /> : position + 1}
            </span>
            {t(`import.phase.${step}`)}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Figures of a finished import, those that are not zero; the first three always. */
function Done({ run }: { readonly run: ImportRun }) {
  const { t, i18n } = useTranslation();
  const { summary } = run;
  if (!summary) return null;
  const shown =
    run.kind === 'sales'
      ? [
          'accepted',
          'newContacts',
          'rejected',
          'duplicates',
          'returns',
          'anonymous',
          'newProducts',
          'suspectCards',
        ]
      : ['accepted', 'updated', 'rejected', 'unchanged', 'consents', 'withoutEvidence'];
  const isNothingNew = summary.accepted === 0 && (summary.updated ?? 0) === 0;
  const figures = shown
    .map((key, position) => ({ key, position, count: Number(summary[key] ?? 0) }))
    .filter(({ count, position }) => count > 0 || position < 3);
  return (
    <div className="card stack">
      <h1>
        {summary.rejected > 0
          ? t(`import.${run.kind}.done_but`, { count: summary.rejected })
          : t(`import.${run.kind}.${isNothingNew ? 'nothing_new' : 'done'}`)}
      </h1>
      <p className="small muted" style={{ overflowWrap: 'anywhere' }}>
        {run.fileName} · {t('import.rows_read', { count: summary.read })}
      </p>
      <dl className="figures">
        {figures.map(({ key, count }) => (
          <div key={key}>
            <dd>{new Intl.NumberFormat(localeOf(i18n.language), { useGrouping: 'always' }).format(count)}</dd>
            <dt>{t(`import.${run.kind}.figure.${key}`)}</dt>
          </div>
        ))}
      </dl>
    </div>
  );
}
