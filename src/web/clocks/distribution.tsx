import { useTranslation } from 'react-i18next';
import type { CategoryClockDetail } from '../../clocks/schema.ts';
import { Picture } from '../parts/picture.tsx';

const HEIGHT = 220;
const AXIS = 28;

/** Own returns as bars, the curve in use as a line, where it started from as a dashed line. */
export function Distribution({ detail }: { readonly detail: CategoryClockDetail }) {
  const { t } = useTranslation();
  const last = detail.histogram.at(-1)?.toDays ?? 1;
  const total = detail.histogram.reduce((sum, { count }) => sum + count, 0);
  const densities = [
    ...detail.histogram.map(({ count, fromDays, toDays }) =>
      total === 0 ? 0 : count / total / (toDays - fromDays),
    ),
    ...detail.used.map(({ density }) => density),
    ...detail.prior.map(({ density }) => density),
  ];
  const highest = Math.max(...densities, 1e-6);
  const draw = (width: number) => {
    const x = (days: number): number => (days / last) * width;
    const y = (density: number): number => HEIGHT - AXIS - (density / highest) * (HEIGHT - AXIS - 12);
    const line = (points: CategoryClockDetail['used']): string =>
      points
        .filter(({ days }) => days <= last)
        .map(
          ({ days, density }, index) =>
            `${index === 0 ? 'M' : 'L'}${x(days).toFixed(1)} ${y(density).toFixed(1)}`,
        )
        .join('');
    return (
      <>
        {detail.histogram.map((bar) => {
          const density = total === 0 ? 0 : bar.count / total / (bar.toDays - bar.fromDays);
          return (
            <rect
              key={bar.fromDays}
              x={x(bar.fromDays) + 1}
              width={Math.max(x(bar.toDays) - x(bar.fromDays) - 2, 1)}
              y={y(density)}
              height={HEIGHT - AXIS - y(density)}
              rx={3}
              fill="var(--time-band)"
            />
          );
        })}
        <path
          d={line(detail.prior)}
          fill="none"
          stroke="var(--ink-2)"
          strokeWidth={1.5}
          strokeDasharray="5 4"
        />
        <path d={line(detail.used)} fill="none" stroke="var(--accent)" strokeWidth={2.5} />
        <line
          x1={x(detail.medianDays)}
          x2={x(detail.medianDays)}
          y1={8}
          y2={HEIGHT - AXIS}
          stroke="var(--time-ink)"
          strokeWidth={2}
        />
        <line x1={0} x2={width} y1={HEIGHT - AXIS} y2={HEIGHT - AXIS} stroke="var(--line-strong)" />
        <text x={width} y={HEIGHT - 8} textAnchor="end">
          {t('clocks.and_more')}
        </text>
        {[0.25, 0.5, 0.75].map((share) => (
          <text key={share} x={width * share} y={HEIGHT - 8} textAnchor="middle">
            {t('clocks.days', { count: Math.round(last * share) })}
          </text>
        ))}
      </>
    );
  };
  return (
    <Picture
      height={HEIGHT}
      widthMax={760}
      label={t('clocks.picture', { name: detail.name, days: Math.round(detail.medianDays) })}
      legend={t('clocks.legend')}
    >
      {draw}
    </Picture>
  );
}
