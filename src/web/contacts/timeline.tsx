import { useElementSize } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { Profile } from '../../contacts/schema.ts';
import { useDays } from '../parts/days.ts';
import { daysBetween } from '../parts/fascia.tsx';
import { localeOf } from '../parts/locale.ts';

const TOP = 30;
const LANES_MAX = 6;
const NARROW_PX = 560;

/** The picture for a width: drawn anew for a phone instead of shrunk, with less past and the names above their lanes. */
function layoutFor(width: number) {
  return width < NARROW_PX
    ? { width, label: 0, lane: 56, past: 120, future: 75, isNarrow: true }
    : { width, label: 150, lane: 42, past: 240, future: 100, isNarrow: false };
}

type Layout = ReturnType<typeof layoutFor>;

/** One time axis with past and future; the list below says the same in words. */
export function Timeline({ profile, today }: { readonly profile: Profile; readonly today: string }) {
  const { t } = useTranslation();
  const { ref, width } = useElementSize();
  return (
    <section className="card stack" aria-label={t('profile.story')}>
      <h2>{t('profile.story')}</h2>
      <div ref={ref} style={{ minHeight: 120 }}>
        {width > 0 && <Axis profile={profile} today={today} layout={layoutFor(width)} />}
      </div>
      <Legend />
    </section>
  );
}

function Axis({
  profile,
  today,
  layout,
}: {
  readonly profile: Profile;
  readonly today: string;
  readonly layout: Layout;
}) {
  const { t } = useTranslation();
  const { width } = layout;
  const lanes = lanesOf(profile);
  const height = TOP + lanes.length * layout.lane;
  const x = (day: string): number =>
    layout.label +
    ((daysBetween(today, day) + layout.past) / (layout.past + layout.future)) * (width - layout.label);
  const y = (lane: string): number =>
    TOP + (lanes.indexOf(lane) + (layout.isNarrow ? 0.7 : 0.55)) * layout.lane;
  const visible = profile.timeline.filter(
    ({ day, lane }) => daysBetween(today, day) > -layout.past && lanes.includes(lane),
  );
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      style={{ display: 'block', maxWidth: '100%' }}
      role="img"
      aria-label={t('profile.story_note')}
    >
      <rect
        x={x(today)}
        y={TOP - 8}
        width={width - x(today)}
        height={height - TOP + 8}
        fill="var(--time-soft)"
        opacity={0.6}
      />
      <Months today={today} layout={layout} x={x} height={height} />
      {lanes.map((lane) => (
        <g key={lane}>
          <line x1={layout.label} x2={width} y1={y(lane)} y2={y(lane)} stroke="var(--chart-grid)" />
          <text
            x={0}
            y={layout.isNarrow ? y(lane) - 16 : y(lane) + 5}
            style={{ fontWeight: 600, fill: 'var(--ink)' }}
          >
            {lane === 'message' || lane === 'consent' ? t(`lane.${lane}`) : lane}
          </text>
        </g>
      ))}
      {profile.clocks
        .filter(({ name }) => lanes.includes(name))
        .map((clock) => (
          <Band key={clock.categoryId} clock={clock} x={x} y={y(clock.name)} width={width} />
        ))}
      {visible.map((entry, index) => (
        <Mark key={`${entry.day} ${index}`} kind={entry.kind} x={x(entry.day)} y={y(entry.lane)} />
      ))}
    </svg>
  );
}

/** Categories first, those with a clock before the others; then what was written and what was said. */
function lanesOf(profile: Profile): string[] {
  const bought = profile.timeline.filter(({ kind }) => kind === 'purchase').map(({ lane }) => lane);
  const categories = [...new Set([...profile.clocks.map(({ name }) => name), ...bought])];
  return [...categories.slice(0, LANES_MAX), 'message', 'consent'];
}

function Months({
  today,
  layout,
  x,
  height,
}: {
  readonly today: string;
  readonly layout: Layout;
  readonly x: (day: string) => number;
  readonly height: number;
}) {
  const { t, i18n } = useTranslation();
  const named = new Intl.DateTimeFormat(localeOf(i18n.language), { month: 'short', timeZone: 'UTC' });
  const months = firstDays(today).filter(
    (month) => daysBetween(today, month) > -layout.past && daysBetween(today, month) < layout.future - 10,
  );
  return (
    <g>
      {months.map((month) => (
        <g key={month}>
          <line x1={x(month)} x2={x(month)} y1={TOP - 8} y2={height} stroke="var(--chart-grid)" />
          {Math.abs(x(month) + 12 - x(today)) > 36 && (
            <text x={x(month) + 4} y={16}>
              {named.format(new Date(month))}
            </text>
          )}
        </g>
      ))}
      <line x1={x(today)} x2={x(today)} y1={TOP - 8} y2={height} stroke="var(--ink)" strokeWidth={1.5} />
      <text x={x(today)} y={16} textAnchor="middle" style={{ fontWeight: 600, fill: 'var(--ink)' }}>
        {t('profile.today')}
      </text>
    </g>
  );
}

function Band({
  clock,
  x,
  y,
  width,
}: {
  readonly clock: Profile['clocks'][number];
  readonly x: (day: string) => number;
  readonly y: number;
  readonly width: number;
}) {
  const { t } = useTranslation();
  const days = useDays();
  const from = Math.min(x(clock.likelyFrom), width);
  const words = t('profile.window', {
    from: days.dayAndMonth(clock.likelyFrom),
    to: days.dayAndMonth(clock.likelyTo),
  });
  return (
    <g>
      <rect
        x={from}
        y={y - 8}
        width={Math.max(3, Math.min(x(clock.likelyTo), width) - from)}
        height={16}
        rx={8}
        fill="var(--time-band)"
        opacity={clock.ownRhythm ? 1 : 0.55}
      />
      {x(clock.medianDay) < width && (
        <rect x={x(clock.medianDay) - 1.5} y={y - 11} width={3} height={22} fill="var(--time-ink)" />
      )}
      <text
        x={width - 4}
        y={y - 14}
        textAnchor="end"
        style={{ fontWeight: 600, fill: 'var(--time-ink)', fontSize: 12 }}
      >
        {words}
      </text>
    </g>
  );
}

type Kind = Profile['timeline'][number]['kind'];

function Mark({ kind, x, y }: { readonly kind: Kind; readonly x: number; readonly y: number }) {
  if (kind === 'purchase') return <circle cx={x} cy={y} r={7} fill="var(--accent)" />;
  if (kind === 'consent')
    return (
      <path
        d={`M${x - 6} ${y}l4 5 8-10`}
        fill="none"
        stroke="var(--accent)"
        strokeWidth={3}
        strokeLinecap="round"
      />
    );
  return (
    <rect
      x={x - 6}
      y={y - 6}
      width={12}
      height={12}
      rx={2}
      fill={kind === 'message' ? 'var(--talk)' : 'var(--surface)'}
      stroke="var(--talk)"
      strokeWidth={1.5}
      strokeDasharray={kind === 'not_sent' ? '3 2' : undefined}
    />
  );
}

/** What each sign means, with the sign itself. */
function Legend() {
  const { t } = useTranslation();
  return (
    <ul className="legend small">
      {(['purchase', 'message', 'not_sent', 'consent'] as const).map((kind) => (
        <li key={kind}>
          <svg width={18} height={18} aria-hidden="true">
            <Mark kind={kind} x={9} y={9} />
          </svg>
          {t(`legend.${kind}`)}
        </li>
      ))}
      <li>
        <svg width={26} height={18} aria-hidden="true">
          <rect y={2} width={26} height={14} rx={7} fill="var(--time-band)" />
        </svg>
        {t('legend.band')}
      </li>
    </ul>
  );
}

/** First days of the months around a day. */
function firstDays(today: string): string[] {
  const start = new Date(`${today.slice(0, 7)}-01T00:00:00Z`);
  return Array.from({ length: 13 }, (_, index) =>
    new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - 8 + index, 1)).toISOString().slice(0, 10),
  );
}
