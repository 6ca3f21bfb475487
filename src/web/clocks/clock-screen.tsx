import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CategoryClock } from '../../clocks/schema.ts';
import { useApi } from '../api.ts';
import { Fascia } from '../parts/fascia.tsx';
import { Failed, Waiting } from '../parts/states.tsx';
import { ClockDetail } from './clock-detail.tsx';
import { Quality } from './quality.tsx';

const SHORTEST = Math.log(7);
const LONGEST = Math.log(400);

/** Where a number of days stands on the one logarithmic axis. */
const position = (days: number): number => (Math.log(Math.max(days, 1)) - SHORTEST) / (LONGEST - SHORTEST);

/** Orologi: after how long customers buy the same thing again, a row per category on one axis. */
export function ClockScreen() {
  const { t } = useTranslation();
  const list = useApi<{ categories: CategoryClock[] }>('/api/clocks/categories');
  const detail = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Waiting />;
  const { categories } = list.data;
  const selected = chosen ?? categories[0]?.categoryId;
  return (
    <>
      <div className="head">
        <div>
          <h1>{t('menu.clocks')}</h1>
          <p>{t('clocks.intro')}</p>
        </div>
      </div>
      {categories.length === 0 && <p className="card">{t('clocks.none')}</p>}
      <div className="card flush" style={{ marginBottom: 24 }} hidden={categories.length === 0}>
        <div className="list-row caption clock-head" aria-hidden="true">
          <span className="clock-row grow">
            <span>{t('clocks.category')}</span>
            <span>{t('clocks.usually_after')}</span>
            <span className="row between">
              <span>{t('clocks.axis_week')}</span>
              <span>{t('clocks.axis_month')}</span>
              <span>{t('clocks.axis_year')}</span>
            </span>
            <span>{t('clocks.how_known')}</span>
          </span>
        </div>
        {categories.map((category) => (
          <button
            key={category.categoryId}
            type="button"
            className="plain-button list-row"
            aria-pressed={category.categoryId === selected}
            style={category.categoryId === selected ? { background: 'var(--accent-soft)' } : undefined}
            onClick={() => {
              setChosen(category.categoryId);
              detail.current?.scrollIntoView({ block: 'nearest' });
            }}
          >
            <span className="clock-row grow">
              <span>
                <b>{category.name}</b>
                <span className="small muted" style={{ display: 'block' }}>
                  {t('clocks.customers', { count: category.customers })}
                </span>
              </span>
              <b>{t('clocks.days', { count: Math.round(category.medianDays) })}</b>
              <span>
                <Fascia
                  isPale={category.origin === 'sector'}
                  from={position(category.band.from)}
                  at={position(category.band.middle)}
                  to={position(category.band.to)}
                />
                <span className="caption">
                  {t('clocks.band', {
                    from: Math.round(category.band.from),
                    to: Math.round(category.band.to),
                  })}
                </span>
              </span>
              <span
                className={
                  category.origin === 'shop' || category.origin === 'owner' ? 'badge yes' : 'badge time'
                }
              >
                {category.originInWords}
              </span>
            </span>
          </button>
        ))}
      </div>
      <div ref={detail}>{selected !== undefined && <ClockDetail key={selected} categoryId={selected} />}</div>
      {categories.length > 0 && <Quality />}
    </>
  );
}
