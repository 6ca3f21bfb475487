import type { Results } from '../../measurement/schema.ts';

const WIDTH = 400;
const HEIGHT = 28;
const REACH = 30;

const colours = {
  works: 'var(--chart-1)',
  no_difference: 'var(--chart-2)',
  worse: 'var(--stop)',
  too_early: 'var(--time)',
} as const;

/** An interval beside zero: how many customers more of 100 came back. Its words stand below. */
export function Forest({
  difference,
  verdict,
}: {
  readonly difference: { estimate: number; low: number; high: number };
  readonly verdict: Results['verdict'];
}) {
  const x = (value: number): number =>
    ((Math.min(Math.max(value, -REACH), REACH) + REACH) / (2 * REACH)) * WIDTH;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} style={{ width: '100%', maxWidth: 520 }} aria-hidden="true">
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
