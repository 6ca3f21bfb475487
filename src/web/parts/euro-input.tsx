import type { NumberInputProps } from '@mantine/core';
import { NumberInput } from '@mantine/core';

interface Props extends Omit<NumberInputProps, 'value' | 'onChange'> {
  readonly cents: number;
  readonly onChange: (cents: number) => void;
}

/** A sum of money, written in euro. */
export function EuroInput({ cents, onChange, ...rest }: Props) {
  return (
    <NumberInput
      suffix=" €"
      decimalScale={2}
      fixedDecimalScale
      decimalSeparator=","
      min={0}
      {...rest}
      value={cents / 100}
      onChange={(euro) => onChange(Math.round(Number(euro) * 100))}
    />
  );
}
