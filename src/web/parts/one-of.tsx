import { Input, SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useId } from 'react';

/** More letters than this do not fit side by side on a phone. */
const LETTERS_MAX = 30;

/** A choice of one among a few, side by side where they fit, with its label. */
export function OneOf<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}) {
  const id = useId();
  const isNarrow = useMediaQuery('(max-width: 600px)');
  const letters = options.reduce((sum, option) => sum + option.label.length, 0);
  return (
    <div>
      <Input.Label id={id} labelElement="div" size="md">
        {label}
      </Input.Label>
      <SegmentedControl
        fullWidth
        orientation={isNarrow && letters > LETTERS_MAX ? 'vertical' : 'horizontal'}
        aria-labelledby={id}
        value={value}
        onChange={(chosen) => onChange(chosen)}
        data={options.map((option) => ({ value: option.value, label: option.label }))}
      />
    </div>
  );
}
