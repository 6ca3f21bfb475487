import { useTranslation } from 'react-i18next';
import type { EffectResults } from '../../measurement/schema.ts';
import { useDays } from '../parts/days.ts';
import { Picture } from '../parts/picture.tsx';

const HEIGHT = 220;
const TOP = 12;
const BOTTOM = 28;
const LEFT = 40;

/** Extra purchases of 100 messages as they were known on each day, with the interval closing in. */
export function LiftLine({ series }: { readonly series: EffectResults['series'] }) {
  const { t } = useTranslation();
  const days = useDays();
  const [first, last] = [series[0], series.at(-1)];
  if (!first || !last || series.length < 2) return null;
  // Early intervals are so wide that they would flatten everything after: they run out of the picture.
  const middle = series[Math.floor(series.length / 4)] ?? first;
  const reach = Math.max(5, Math.ceil(Math.max(Math.abs(middle.low), Math.abs(middle.high)) / 5) * 5);
  const from = Date.parse(first.day);
  const span = Math.max(Date.parse(last.day) - from, 1);
  const y = (value: number): number =>
    TOP + ((reach - Math.min(Math.max(value, -reach), reach)) / (2 * reach)) * (HEIGHT - TOP - BOTTOM);
  const label = t('results.line_label', {
    from: days.long(first.day),
    to: days.long(last.day),
    estimate: Math.round(last.estimate),
    low: Math.round(last.low),
    high: Math.round(last.high),
  });
  return (
    <Picture height={HEIGHT} widthMax={900} label={label} legend={t('results.line_legend')}>
      {(width) => {
        const x = (day: string): number =>
          LEFT + ((Date.parse(day) - from) / span) * Math.max(width - LEFT - 8, 1);
        const upper = series.map((point) => `${x(point.day)},${y(point.high)}`);
        const lower = [...series].reverse().map((point) => `${x(point.day)},${y(point.low)}`);
        return (
          <>
            {[reach, 0, -reach].map((value) => (
              <g key={value}>
                <line
                  x1={LEFT}
                  x2={width}
                  y1={y(value)}
                  y2={y(value)}
                  stroke={value === 0 ? 'var(--line-strong)' : 'var(--line)'}
                />
                <text x={LEFT - 8} y={y(value) + 4} fontSize={12} textAnchor="end" fill="var(--ink-2)">
                  {value > 0 ? `+${value}` : String(value).replace('-', '−')}
                </text>
              </g>
            ))}
            <polygon points={[...upper, ...lower].join(' ')} fill="var(--chart-1)" opacity={0.18} />
            <polyline
              points={series.map((point) => `${x(point.day)},${y(point.estimate)}`).join(' ')}
              fill="none"
              stroke="var(--chart-1)"
              strokeWidth={2.5}
            />
            <text x={LEFT} y={HEIGHT - 6} fontSize={12} fill="var(--ink-2)">
              {days.short(first.day)}
            </text>
            <text x={width - 4} y={HEIGHT - 6} fontSize={12} textAnchor="end" fill="var(--ink-2)">
              {days.short(last.day)}
            </text>
          </>
        );
      }}
    </Picture>
  );
}
