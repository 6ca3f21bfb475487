import { IconCalendar } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Today } from '../../planner/schema.ts';
import { useDays } from '../parts/days.ts';
import { Picture } from '../parts/picture.tsx';

const HEIGHT = 96;
const BASE = 76;
const GAP = 2;
/** A week is drawn as wide as so many days: it stands for more, but nobody decides on it yet. */
const WEEK_WIDTH = 2;

/** What the plan foresees after today: how many messages on which day, and how good the plan is. */
export function Ahead({ ahead }: { readonly ahead: NonNullable<Today['ahead']> }) {
  const { t } = useTranslation();
  const days = useDays();
  const most = Math.max(1, ...ahead.days.map((day) => day.messages / day.length));
  const widths = ahead.days.map((day) => (day.length === 1 ? 1 : WEEK_WIDTH));
  const total = widths.reduce((sum, width) => sum + width, 0);
  const label = ahead.days
    .filter((day) => day.messages > 0)
    .map((day) => t('today.ahead_day', { day: days.short(day.day), count: day.messages }))
    .join(', ');
  return (
    <section className="card stack">
      <h2 className="row">
        <IconCalendar size={20} aria-hidden="true" />
        {t('today.ahead')}
      </h2>
      <p>{ahead.sentence}</p>
      <Picture height={HEIGHT} widthMax={420} label={label} legend={t('today.ahead_legend')}>
        {(width) =>
          ahead.days.map((day, place) => {
            const unit = width / total;
            const before = widths.slice(0, place).reduce((sum, own) => sum + own, 0);
            const height = Math.round((BASE - 8) * (day.messages / day.length / most));
            const isLabelled = place === 0 || (day.length > 1 && ahead.days[place - 1]?.length === 1);
            return (
              <g key={day.day}>
                <rect
                  x={before * unit}
                  y={BASE - height}
                  width={Math.max(1, (widths[place] ?? 1) * unit - GAP)}
                  height={Math.max(1, height)}
                  rx={2}
                  fill="var(--accent)"
                  opacity={day.length === 1 ? 1 : 0.55}
                />
                {isLabelled && (
                  <text x={before * unit} y={HEIGHT - 4} fontSize={12} fill="var(--ink-2)">
                    {days.dayAndMonth(day.day)}
                  </text>
                )}
              </g>
            );
          })
        }
      </Picture>
      <p className="small muted">{ahead.certificate}</p>
    </section>
  );
}
