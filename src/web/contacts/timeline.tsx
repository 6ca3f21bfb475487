import { useTranslation } from 'react-i18next';
import type { Profile } from '../../contacts/schema.ts';
import { daysBetween } from '../parts/fascia.tsx';

const PAST_DAYS = 240;
const FUTURE_DAYS = 100;
const WIDTH = 980;
const LABEL = 150;
const LANE = 38;
const TOP = 30;
const LANES_MAX = 6;

/** One time axis with past and future; the list below says the same in words. */
export function Timeline({ profile, today }: { readonly profile: Profile; readonly today: string }) {
  const { t, i18n } = useTranslation();
  const categories = [
    ...new Set([
      ...profile.clocks.map(({ name }) => name),
      ...profile.timeline.filter(({ kind }) => kind === 'purchase').map(({ lane }) => lane),
    ]),
  ];
  const lanes = [...categories.slice(0, LANES_MAX), 'message', 'consent'];
  const x = (day: string): number =>
    LABEL + ((daysBetween(today, day) + PAST_DAYS) / (PAST_DAYS + FUTURE_DAYS)) * (WIDTH - LABEL);
  const y = (lane: string): number => TOP + (lanes.indexOf(lane) + 0.5) * LANE;
  const height = TOP + lanes.length * LANE;
  const visible = profile.timeline.filter((entry) => daysBetween(today, entry.day) > -PAST_DAYS);
  return (
    <section className="card" aria-label={t('profile.story')}>
      <h2>{t('profile.story')}</h2>
      <div
        ref={(picture) => picture?.scrollTo({ left: picture.scrollWidth })} // on a phone: what comes next
        style={{ overflowX: 'auto' }}
        tabIndex={0}
        role="region"
        aria-label={t('profile.story')}
      >
        <svg
          viewBox={`0 0 ${WIDTH} ${height}`}
          style={{ minWidth: 640, width: '100%' }}
          role="img"
          aria-label={t('profile.story_note')}
        >
          <rect
            x={x(today)}
            y={TOP - 8}
            width={WIDTH - x(today)}
            height={height - TOP + 8}
            fill="var(--time-soft)"
            opacity={0.6}
          />
          {months(today).map((month) => (
            <g key={month}>
              <line x1={x(month)} x2={x(month)} y1={TOP - 8} y2={height} stroke="var(--chart-grid)" />
              <text x={x(month) + 4} y={16}>
                {new Intl.DateTimeFormat(i18n.language, { month: 'short', timeZone: 'UTC' }).format(
                  new Date(month),
                )}
              </text>
            </g>
          ))}
          <line x1={x(today)} x2={x(today)} y1={TOP - 8} y2={height} stroke="var(--ink)" strokeWidth={1.5} />
          {lanes.map((lane) => (
            <g key={lane}>
              <text x={0} y={y(lane) + 5} style={{ fontWeight: 600, fill: 'var(--ink)' }}>
                {lane === 'message' || lane === 'consent' ? t(`lane.${lane}`) : lane}
              </text>
              <line x1={LABEL} x2={WIDTH} y1={y(lane)} y2={y(lane)} stroke="var(--chart-grid)" />
            </g>
          ))}
          {profile.clocks
            .filter(({ name }) => lanes.includes(name))
            .map((clock) => (
              <g key={clock.categoryId}>
                <rect
                  x={x(clock.likelyFrom)}
                  y={y(clock.name) - 8}
                  width={Math.max(3, Math.min(x(clock.likelyTo), WIDTH) - x(clock.likelyFrom))}
                  height={16}
                  rx={8}
                  fill="var(--time-band)"
                  opacity={clock.ownRhythm ? 1 : 0.55}
                />
                <rect
                  x={x(clock.medianDay) - 1.5}
                  y={y(clock.name) - 11}
                  width={3}
                  height={22}
                  fill="var(--time-ink)"
                />
              </g>
            ))}
          {visible
            .filter(({ lane }) => lanes.includes(lane))
            .map((entry, index) =>
              entry.kind === 'purchase' ? (
                <circle key={index} cx={x(entry.day)} cy={y(entry.lane)} r={7} fill="var(--accent)" />
              ) : (
                <rect
                  key={index}
                  x={x(entry.day) - 6}
                  y={y(entry.lane) - 6}
                  width={12}
                  height={12}
                  rx={2}
                  fill={entry.kind === 'not_sent' ? 'none' : 'var(--talk)'}
                  stroke="var(--talk)"
                  strokeDasharray={entry.kind === 'not_sent' ? '3 2' : undefined}
                />
              ),
            )}
        </svg>
      </div>
      <p className="caption">{t('profile.legend')}</p>
    </section>
  );
}

/** First days of the months on the axis. */
function months(today: string): string[] {
  const start = new Date(`${today.slice(0, 7)}-01T00:00:00Z`);
  return Array.from({ length: 11 }, (_, index) =>
    new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - 7 + index, 1)).toISOString().slice(0, 10),
  ).filter((month) => daysBetween(today, month) > -PAST_DAYS && daysBetween(today, month) < FUTURE_DAYS);
}
