import { NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Bounds } from '../../pressure/bounds.ts';

export interface WholeNumberProps {
  readonly label: string;
  readonly description?: string;
  readonly bounds: Bounds;
  readonly suffix?: string;
  /** NaN while nothing is written. */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** Whether a number may stand in such a field. */
export const isWithin = (value: number, { min, max }: Bounds): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

/** A field for a whole number. What does not fit stays as it was written, and is told beside the field. */
export function WholeNumber({ bounds, value, onChange, ...rest }: WholeNumberProps) {
  const { t } = useTranslation();
  return (
    <NumberInput
      {...rest}
      {...bounds}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="none"
      value={Number.isNaN(value) ? '' : value}
      onChange={(written) => onChange(written === '' ? NaN : Number(written))}
      error={isWithin(value, bounds) ? null : t('settings.between', { ...bounds })}
    />
  );
}
