import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CategoryClockDetail } from '../../clocks/schema.ts';
import { useApi } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { Calibration } from './calibration.tsx';
import { Distribution } from './distribution.tsx';
import { Examples } from './examples.tsx';
import { HabitForm } from './habit-form.tsx';
import { categoryPath, useCategoryChange } from './use-category-change.ts';

/** One category: its returns drawn, where the curve comes from, and the owner's own word. */
export function ClockDetail({ categoryId }: { readonly categoryId: number }) {
  const { t } = useTranslation();
  const detail = useApi<CategoryClockDetail>(categoryPath(categoryId));
  const [days, setDays] = useState<number | string>('');
  const override = useCategoryChange<{ days: number | null }>(categoryId, 'override');
  if (detail.error) return <Failed error={detail.error} retry={() => void detail.refetch()} />;
  if (!detail.data) return <Waiting />;
  const { data } = detail;
  return (
    <section className="card stack" aria-label={data.name}>
      <div className="row between">
        <h2>{data.name}</h2>
        <span className="small muted">
          {t('clocks.returns', { customers: data.customers, returns: data.returns })}
        </span>
      </div>
      <h3>{t('clocks.after_how_long')}</h3>
      <Distribution detail={data} />
      <p className="notice">{data.sentence}</p>
      <p className="small">{t('clocks.regulars', { share: Math.round(data.regularShare * 100) })}</p>
      <div className="halves">
        {data.examples.length > 0 && (
          <div className="stack">
            <h3>{t('clocks.examples')}</h3>
            <Examples examples={data.examples} />
          </div>
        )}
        {data.calibration.length > 0 && (
          <div className="stack">
            <h3>{t('clocks.how_good_here')}</h3>
            <Calibration bins={data.calibration} />
          </div>
        )}
      </div>
      <h3>{t('clocks.decide')}</h3>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <NumberInput
          label={t('clocks.days_label')}
          placeholder={String(Math.round(data.medianDays))}
          min={1}
          max={3650}
          w={160}
          value={days}
          onChange={setDays}
        />
        <Button
          variant="default"
          disabled={typeof days !== 'number'}
          loading={override.isPending}
          onClick={() => override.mutate({ days: Number(days) }, { onSuccess: () => setDays('') })}
        >
          {t('clocks.use')}
        </Button>
        {data.overrideDays !== null && (
          <Button
            variant="subtle"
            onClick={() => override.mutate({ days: null }, { onSuccess: () => setDays('') })}
          >
            {t('clocks.back')}
          </Button>
        )}
      </div>
      <p className="caption">{t('clocks.decide_note')}</p>
      <HabitForm key={JSON.stringify(data.habit)} detail={data} />
    </section>
  );
}
