import { useElementSize } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CategoryClockDetail } from '../../clocks/schema.ts';
import { daysBetween } from '../parts/fascia.tsx';
import { useSession } from '../shell/session.ts';

const HEIGHT = 34;
const PAST_DAYS = 240;
const FUTURE_DAYS = 100;

/** Some customers of a category on one time axis: what they bought, and when the next time is expected. */
export function Examples({ examples }: { readonly examples: CategoryClockDetail['examples'] }) {
  const { t } = useTranslation();
  const { ref, width } = useElementSize();
  const { today } = useSession();
  return (
    <div className="stack" style={{ '--gap': '4px' } as React.CSSProperties} ref={ref}>
      {examples.map((example) => (
        <div key={example.contactId}>
          <Link
            to="/clienti/$contactId"
            params={{ contactId: String(example.contactId) }}
            style={{ display: 'inline-flex', alignItems: 'center', minHeight: 44, minWidth: 44 }}
          >
            {example.name}
          </Link>
          {width > 0 && <Lane example={example} today={today} width={width} />}
        </div>
      ))}
      <div className="row between caption" aria-hidden="true">
        <span>{t('profile.months_ago', { count: Math.round(PAST_DAYS / 30) })}</span>
        <span>{t('profile.in_months', { count: Math.round(FUTURE_DAYS / 30) })}</span>
      </div>
      <p className="small muted">{t('clocks.examples_legend')}</p>
    </div>
  );
}

function Lane({
  example,
  today,
  width,
}: {
  readonly example: CategoryClockDetail['examples'][number];
  readonly today: string;
  readonly width: number;
}) {
  const x = (day: string): number =>
    Math.min(((daysBetween(today, day) + PAST_DAYS) / (PAST_DAYS + FUTURE_DAYS)) * width, width);
  return (
    <svg
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      style={{ display: 'block' }}
      aria-hidden="true"
    >
      <line x1={0} x2={width} y1={HEIGHT / 2} y2={HEIGHT / 2} stroke="var(--chart-grid)" />
      <rect
        x={x(example.likelyFrom)}
        y={HEIGHT / 2 - 8}
        width={Math.max(3, x(example.likelyTo) - x(example.likelyFrom))}
        height={16}
        rx={8}
        fill="var(--time-band)"
      />
      <rect x={x(example.medianDay) - 1.5} y={HEIGHT / 2 - 11} width={3} height={22} fill="var(--time-ink)" />
      <line x1={x(today)} x2={x(today)} y1={0} y2={HEIGHT} stroke="var(--ink)" strokeWidth={1.5} />
      {example.days
        .filter((day) => daysBetween(today, day) > -PAST_DAYS)
        .map((day) => (
          <circle key={day} cx={x(day)} cy={HEIGHT / 2} r={6} fill="var(--accent)" />
        ))}
    </svg>
  );
}
