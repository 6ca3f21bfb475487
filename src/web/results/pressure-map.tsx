import { useTranslation } from 'react-i18next';
import type { PressureMap as Pressure } from '../../planner/schema.ts';
import { useApi } from '../api.ts';
import { useDays } from '../parts/days.ts';
import { Picture } from '../parts/picture.tsx';

const ROW = 26;
const HEADER = 22;
const NAMES = 130;
const DAY_MS = 86_400_000;

/** How much is written to people: a heat map by day and subject, and how many people had how many messages. */
export function PressureMap() {
  const { t } = useTranslation();
  const map = useApi<Pressure>('/api/pressure/map');
  if (!map.data || map.data.rows.length === 0) return null;
  const { people, countedDays } = map.data;
  const most = Math.max(1, ...people.map((row) => row.people));
  return (
    <section className="card stack">
      <h2>{t('results.pressure')}</h2>
      <Heat map={map.data} />
      <h3>{t('results.per_person', { count: countedDays })}</h3>
      {people.map((row, place) => (
        <div key={row.messages} className="stack" style={{ '--gap': '4px' } as React.CSSProperties}>
          <div className="row between small">
            <span>
              {t(place === people.length - 1 ? 'results.messages_or_more' : 'results.messages_each', {
                count: row.messages,
              })}
            </span>
            <b>{t('results.people', { count: row.people })}</b>
          </div>
          <div className="bar" aria-hidden="true">
            <i style={{ width: `${(100 * row.people) / most}%` }} />
          </div>
        </div>
      ))}
    </section>
  );
}

function Heat({ map }: { readonly map: Pressure }) {
  const { t } = useTranslation();
  const days = useDays();
  const first = Date.parse(map.from);
  const count = Math.round((Date.parse(map.until) - first) / DAY_MS) + 1;
  const most = Math.max(1, ...map.rows.flatMap((row) => row.days.map((day) => day.messages)));
  const placeOf = (day: string): number => Math.round((Date.parse(day) - first) / DAY_MS);
  const label = map.rows
    .map((row) => t('results.row_label', { name: row.name, count: row.total }))
    .join(', ');
  return (
    <Picture
      height={HEADER + ROW * map.rows.length + 4}
      widthMax={900}
      label={label}
      legend={t('results.pressure_legend')}
    >
      {(width) => {
        const cell = Math.max((width - NAMES) / count, 1);
        const today = NAMES + placeOf(map.today) * cell;
        return (
          <>
            <text x={Math.min(today, width - 40)} y={14} fontSize={12} fill="var(--ink-2)">
              {t('results.today')}
            </text>
            {map.rows.map((row, place) => (
              <g key={row.source} transform={`translate(0 ${HEADER + ROW * place})`}>
                <text x={0} y={17} fontSize={13} fill="var(--ink)">
                  {row.name.length > 17 ? `${row.name.slice(0, 16)}…` : row.name}
                </text>
                {row.days.map(({ day, messages }) => (
                  <rect
                    key={day}
                    x={NAMES + placeOf(day) * cell}
                    y={3}
                    width={Math.max(cell - 1, 1)}
                    height={ROW - 6}
                    rx={2}
                    fill="var(--chart-1)"
                    opacity={0.15 + (0.85 * messages) / most}
                  >
                    <title>{t('results.cell', { day: days.short(day), count: messages })}</title>
                  </rect>
                ))}
              </g>
            ))}
            <line
              x1={today}
              x2={today}
              y1={HEADER}
              y2={HEADER + ROW * map.rows.length}
              stroke="var(--ink-2)"
            />
          </>
        );
      }}
    </Picture>
  );
}
