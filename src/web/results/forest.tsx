import { useTranslation } from 'react-i18next';
import type { Results } from '../../measurement/schema.ts';

const WIDTH = 400;
const HEIGHT = 28;

const colours = {
  works: 'var(--chart-1)',
  no_difference: 'var(--chart-2)',
  worse: 'var(--stop)',
  too_early: 'var(--time)',
} as const;

type Difference = NonNullable<Results['difference']>;

/** How far the one axis of all sources reaches on both sides: the widest interval, in tens of customers of 100. */
export function reachOf(differences: readonly (Difference | null)[]): number {
  const ends = differences.flatMap((difference) => (difference ? [difference.low, difference.high] : []));
  return Math.min(100, Math.max(10, Math.ceil(Math.max(0, ...ends.map(Math.abs)) / 10) * 10));
}

/** The axis in words, once above all intervals. */
export function ForestAxis({ reach }: { readonly reach: number }) {
  const { t } = useTranslation();
  return (
    <div className="row between caption forest" aria-hidden="true">
      <span>{t('results.fewer', { count: reach })}</span>
      <span>{t('results.same')}</span>
      <span>{t('results.more', { count: reach })}</span>
    </div>
  );
}

/** An interval beside zero: how many customers more of 100 came back. Its words stand below. */
export function Forest({
  difference,
  verdict,
  reach,
}: {
  readonly difference: Difference;
  readonly verdict: Results['verdict'];
  readonly reach: number;
}) {
  const x = (value: number): number =>
    ((Math.min(Math.max(value, -reach), reach) + reach) / (2 * reach)) * WIDTH;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="forest" aria-hidden="true">
      <line x1={x(0)} x2={x(0)} y1={0} y2={HEIGHT} stroke="var(--line-strong)" />
      <rect
        x={x(difference.low)}
        width={Math.max(x(difference.high) - x(difference.low), 2)}
        y={9}
        height={10}
        rx={5}
        fill={colours[verdict]}
        opacity={0.4}
      />
      <rect x={x(difference.estimate) - 2} width={4} y={5} height={18} rx={2} fill={colours[verdict]} />
    </svg>
  );
}
