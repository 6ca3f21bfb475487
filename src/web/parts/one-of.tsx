import { Input, SegmentedControl } from '@mantine/core';
import { useId } from 'react';

/** A choice of one among a few, side by side, with its label. */
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
  return (
    <div>
      <Input.Label id={id} labelElement="div" size="md">
        {label}
      </Input.Label>
      <SegmentedControl
        fullWidth
        aria-labelledby={id}
        value={value}
        onChange={(chosen) => onChange(chosen)}
        data={options.map((option) => ({ value: option.value, label: option.label }))}
      />
    </div>
  );
}
