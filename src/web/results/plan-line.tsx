import { useTranslation } from 'react-i18next';
import type { PlanCertificates } from '../../planner/schema.ts';
import { useApi } from '../api.ts';
import { useDays } from '../parts/days.ts';
import { localeOf } from '../parts/locale.ts';
import { Picture } from '../parts/picture.tsx';
import { Failed } from '../parts/states.tsx';

const HEIGHT = 200;
const TOP = 12;
const BOTTOM = 28;
const LEFT = 64;
const RIGHT = 8;
const DAY_MS = 86_400_000;
const FLOOR = HEIGHT - BOTTOM;

type PlanDay = PlanCertificates['days'][number];

/** How good the plans were: what each was worth against the best possible one, and which limits cost something. */
export function PlanQuality() {
  const { t } = useTranslation();
  const answer = useApi<PlanCertificates>('/api/plan/certificates');
  if (answer.error) return <Failed error={answer.error} retry={() => void answer.refetch()} />;
  if (!answer.data) return null;
  const { days, sentence, wider, widerSentence } = answer.data;
  return (
    <section className="card stack">
      <h2>{t('results.plan')}</h2>
      <p>{sentence}</p>
      {days.length > 0 && <PlanLine days={days} />}
      {widerSentence !== '' && (
        <div className="stack" style={{ '--gap': '4px' } as React.CSSProperties}>
          <p>{widerSentence}</p>
          <ul>
            {wider.map((limit) => (
              <li key={limit.limit}>
                <b>{limit.sentence}</b>
              </li>
            ))}
          </ul>
        </div>
      )}
      {days.length > 1 && <DayByDay days={days} />}
    </section>
  );
}

/** The value of each day's plan, and what no plan could pass; days without a plan are left open. */
function PlanLine({ days }: { readonly days: readonly PlanDay[] }) {
  const { t } = useTranslation();
  const words = useDays();
  const money = useEuros();
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const top = roundUp(Math.max(...days.map(({ boundCents }) => boundCents)));
  const from = Date.parse(first.day);
  const span = Date.parse(last.day) - from;
  const y = (cents: number): number => TOP + (1 - cents / top) * (FLOOR - TOP);
  const label = t('results.plan_label', {
    from: words.long(first.day),
    to: words.long(last.day),
    value: money(last.valueCents),
    bound: money(last.boundCents),
  });
  return (
    <Picture height={HEIGHT} widthMax={900} label={label} legend={t('results.plan_legend')}>
      {(width) => {
        const inner = Math.max(width - LEFT - RIGHT, 1);
        const x = (day: string): number =>
          LEFT + (span === 0 ? inner / 2 : ((Date.parse(day) - from) / span) * inner);
        return (
          <>
            {[0, top / 2, top].map((cents) => (
              <g key={cents}>
                <line
                  x1={LEFT}
                  x2={width}
                  y1={y(cents)}
                  y2={y(cents)}
                  stroke={cents === 0 ? 'var(--line-strong)' : 'var(--line)'}
                />
                <text x={LEFT - 8} y={y(cents) + 4} fontSize={12} textAnchor="end" fill="var(--ink-2)">
                  {money(cents)}
                </text>
              </g>
            ))}
            {runsOf(days).map((run) => (
              <Run key={run[0]?.day} days={run} x={x} y={y} />
            ))}
            <text
              x={span === 0 ? x(first.day) : LEFT}
              y={HEIGHT - 6}
              fontSize={12}
              textAnchor={span === 0 ? 'middle' : 'start'}
              fill="var(--ink-2)"
            >
              {words.short(first.day)}
            </text>
            {span > 0 && (
              <text x={width - 4} y={HEIGHT - 6} fontSize={12} textAnchor="end" fill="var(--ink-2)">
                {words.short(last.day)}
              </text>
            )}
          </>
        );
      }}
    </Picture>
  );
}

/** Days in a row, each with a plan: a line, or a dot where it is one day alone. */
function Run({
  days,
  x,
  y,
}: {
  readonly days: readonly PlanDay[];
  readonly x: (day: string) => number;
  readonly y: (cents: number) => number;
}) {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  if (days.length === 1)
    return (
      <>
        <circle cx={x(first.day)} cy={y(first.valueCents)} r={4} fill="var(--chart-1)" />
        <line
          x1={x(first.day) - 7}
          x2={x(first.day) + 7}
          y1={y(first.boundCents)}
          y2={y(first.boundCents)}
          stroke="var(--ink)"
          strokeWidth={1.5}
        />
      </>
    );
  const value = days.map((day) => `${x(day.day)},${y(day.valueCents)}`);
  const bound = days.map((day) => `${x(day.day)},${y(day.boundCents)}`);
  return (
    <>
      <polygon
        points={[`${x(first.day)},${FLOOR}`, ...value, `${x(last.day)},${FLOOR}`].join(' ')}
        fill="var(--chart-1)"
        opacity={0.18}
      />
      <polyline points={value.join(' ')} fill="none" stroke="var(--chart-1)" strokeWidth={2.5} />
      <polyline
        points={bound.join(' ')}
        fill="none"
        stroke="var(--ink)"
        strokeWidth={1.5}
        strokeDasharray="6 4"
      />
    </>
  );
}

/** The same in words, the latest day first. */
function DayByDay({ days }: { readonly days: readonly PlanDay[] }) {
  const { t } = useTranslation();
  const words = useDays();
  const money = useEuros();
  return (
    <details>
      <summary className="reach">{t('results.plan_days')}</summary>
      <table className="small">
        <thead>
          <tr>
            <th scope="col">{t('results.plan_day')}</th>
            <th scope="col">{t('results.plan_value')}</th>
            <th scope="col">{t('results.plan_bound')}</th>
            <th scope="col">{t('results.plan_share')}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, valueCents, boundCents, closeness }) => (
            <tr key={day}>
              <td>{words.dayAndMonth(day)}</td>
              <td>{money(valueCents)}</td>
              <td>{money(boundCents)}</td>
              <td>{closeness}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Days that follow one another, cut where a day has no plan. */
function runsOf(days: readonly PlanDay[]): PlanDay[][] {
  const runs: PlanDay[][] = [];
  let before = -Infinity;
  for (const day of days) {
    const at = Date.parse(day.day);
    if (at - before > DAY_MS) runs.push([]);
    runs.at(-1)?.push(day);
    before = at;
  }
  return runs;
}

/** Where an axis ends: the next fifth of the amount's first digit, of which half is in whole euros too. */
function roundUp(cents: number): number {
  const step = Math.max(200, 10 ** Math.floor(Math.log10(Math.max(cents, 1))) / 5);
  return Math.max(Math.ceil(cents / step), 1) * step;
}

/** Estimated amounts in whole euros: cents would claim a precision that they do not have. */
function useEuros(): (cents: number) => string {
  const { i18n } = useTranslation();
  const format = new Intl.NumberFormat(localeOf(i18n.language), {
    style: 'currency',
    currency: 'EUR',
    maximumFractionDigits: 0,
  });
  return (cents) => format.format(cents / 100);
}
