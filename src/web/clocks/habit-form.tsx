import { Button, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CategoryClockDetail } from '../../clocks/schema.ts';
import { OneOf } from '../parts/one-of.tsx';
import { datesInWords, parseDates } from './month-days.ts';
import { useCategoryChange } from './use-category-change.ts';

type Habit = CategoryClockDetail['habit'];

/** How the need returns: when the thing runs out, after a fixed time, or on fixed days of the year. */
export function HabitForm({ detail }: { readonly detail: CategoryClockDetail }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Habit['kind']>(detail.habit.kind);
  const [days, setDays] = useState<number | string>(
    detail.habit.kind === 'interval' ? detail.habit.days : '',
  );
  const [dates, setDates] = useState(
    detail.habit.kind === 'fixed_dates' ? datesInWords(detail.habit.dates) : '',
  );
  const parsed = parseDates(dates);
  const habit = habitOf(kind, days, parsed);
  const save = useCategoryChange<{ habit: Habit | null }>(detail.categoryId, 'habit');
  return (
    <div className="stack">
      <OneOf
        label={t('clocks.how_returns')}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'learned', label: t('clocks.habit_learned') },
          { value: 'interval', label: t('clocks.habit_interval') },
          { value: 'fixed_dates', label: t('clocks.habit_fixed') },
        ]}
      />
      {kind === 'interval' && (
        <NumberInput
          label={t('clocks.habit_days')}
          min={1}
          max={3650}
          w={200}
          value={days}
          onChange={setDays}
        />
      )}
      {kind === 'fixed_dates' && (
        <TextInput
          label={t('clocks.habit_dates')}
          description={t('clocks.habit_dates_note')}
          error={dates !== '' && parsed === null ? t('clocks.habit_dates_wrong') : undefined}
          maw={360}
          value={dates}
          onChange={(event) => setDates(event.currentTarget.value)}
        />
      )}
      <div className="row">
        <Button
          variant="default"
          disabled={habit === null || JSON.stringify(habit) === JSON.stringify(detail.habit)}
          loading={save.isPending}
          onClick={() => save.mutate({ habit })}
        >
          {t('clocks.habit_save')}
        </Button>
        <Button variant="subtle" onClick={() => save.mutate({ habit: null })}>
          {t('clocks.habit_sector')}
        </Button>
      </div>
    </div>
  );
}

function habitOf(kind: Habit['kind'], days: number | string, dates: string[] | null): Habit | null {
  if (kind === 'learned') return { kind };
  if (kind === 'interval') return typeof days === 'number' ? { kind, days } : null;
  return dates === null ? null : { kind, dates };
}
