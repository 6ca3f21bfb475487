import { useTranslation } from 'react-i18next';
import type { ClockQuality } from '../../clocks/schema.ts';
import { Picture } from '../parts/picture.tsx';

const HEIGHT = 240;
const LEFT = 8;
const AXIS = 28;
/** The axes end a little beyond the largest share. */
const BEYOND = 1.15;

/** What was said against what came: one dot per group of customers, the diagonal where both are the same. */
export function Calibration({ bins }: { readonly bins: ClockQuality['bins'] }) {
  const { t } = useTranslation();
  const highest = Math.min(1, Math.max(...bins.flatMap(({ said, came }) => [said, came]), 0.05) * BEYOND);
  const inWords = (what: 'said' | 'came', share: number): string =>
    `${t(`clocks.${what}`)} ${t('clocks.in_hundred', { count: Math.round(share * 100) })}`;
  const draw = (width: number) => {
    const x = (share: number): number => LEFT + (share / highest) * (width - 2 * LEFT);
    const y = (share: number): number => HEIGHT - AXIS - (share / highest) * (HEIGHT - AXIS - 12);
    return (
      <>
        <line x1={x(0)} x2={x(highest)} y1={y(0)} y2={y(0)} stroke="var(--line-strong)" />
        <line x1={x(0)} x2={x(0)} y1={y(0)} y2={y(highest)} stroke="var(--line-strong)" />
        <line
          x1={x(0)}
          y1={y(0)}
          x2={x(highest)}
          y2={y(highest)}
          stroke="var(--ink-2)"
          strokeWidth={1.5}
          strokeDasharray="5 4"
        />
        {bins.map((bin, index) => (
          <circle key={index} cx={x(bin.said)} cy={y(bin.came)} r={6} fill="var(--accent)">
            <title>{`${inWords('said', bin.said)}, ${inWords('came', bin.came)}`}</title>
          </circle>
        ))}
        <text x={x(highest)} y={HEIGHT - 8} textAnchor="end">
          {inWords('said', highest)}
        </text>
        <text x={x(0) + 8} y={18}>
          {inWords('came', highest)}
        </text>
      </>
    );
  };
  return (
    <Picture
      height={HEIGHT}
      widthMax={420}
      label={t('clocks.calibration_picture')}
      legend={t('clocks.calibration_legend')}
    >
      {draw}
    </Picture>
  );
}
