import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Channel } from '../../kernel/channel.ts';
import { channels } from '../../kernel/channel.ts';

export interface ChannelSelectProps {
  readonly label: string;
  /** Words for all channels. */
  readonly all: string;
  /** Empty: all. */
  readonly value: readonly Channel[];
  readonly onChange: (channels: Channel[]) => void;
}

/** One channel, all of them, or the several that a rule already names together. */
export function ChannelSelect({ label, all, value, onChange }: ChannelSelectProps) {
  const { t } = useTranslation();
  const own = value.join();
  const names = [...new Set(['', ...channels, own])];
  return (
    <Select
      label={label}
      allowDeselect={false}
      data={names.map((name) => ({
        value: name,
        label:
          name === ''
            ? all
            : name
                .split(',')
                .map((channel) => t(`channel.${channel}`))
                .join(', '),
      }))}
      value={own}
      onChange={(name) => onChange(channels.filter((channel) => name?.split(',').includes(channel)))}
    />
  );
}
