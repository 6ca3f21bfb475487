import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../../campaigns/schema.ts';
import { channels } from '../../kernel/channel.ts';
import type { PressureState } from '../../pressure/schema.ts';
import { useApi } from '../api.ts';

/** Which messages a rule is about. */
export type Scope = PressureState['exclusions'][number]['scope'];

export const anyMessage: Scope = { channels: [], classes: [], kinds: [], tags: [] };

export interface ScopeSelectProps {
  readonly label: string;
  /** Beginning of the keys of its words: `settings.scope` for one message, `settings.cap` for several. */
  readonly words: string;
  readonly scope: Scope;
  /** Whether channels are among the choices. */
  readonly hasChannels?: boolean;
  readonly onChange: (scope: Scope) => void;
}

interface Choice {
  readonly scope: Scope;
  readonly label: string;
}

/** One kind of message: a class, what proposed it, a label of a campaign, perhaps a channel; or what a rule already joins. */
export function ScopeSelect({ label, words, scope, hasChannels = false, onChange }: ScopeSelectProps) {
  const { t } = useTranslation();
  const list = useApi<{ campaigns: Campaign[] }>('/api/campaigns');
  const tags = [...new Set(list.data?.campaigns.flatMap((campaign) => campaign.tags))].sort();
  const one = (part: Partial<Scope>, key: string, params: Record<string, string> = {}): Choice => ({
    scope: { ...anyMessage, ...part },
    label: t(`${words}_${key}`, params),
  });
  const choices: Choice[] = [
    one({}, 'all'),
    ...(['promotion', 'care'] as const).map((name) => one({ classes: [name] }, name)),
    ...(['clock', 'campaign'] as const).map((name) => one({ kinds: [name] }, name)),
    ...(hasChannels ? channels : []).map((name) => one({ channels: [name] }, name)),
    ...tags.map((tag) => one({ tags: [tag] }, 'tag', { tag })),
  ];
  const own = keyOf(scope);
  if (!choices.some((choice) => keyOf(choice.scope) === own)) choices.push({ scope, label: joined() });
  return (
    <Select
      label={label}
      allowDeselect={false}
      data={choices.map((choice) => ({ value: keyOf(choice.scope), label: choice.label }))}
      value={own}
      onChange={(key) => {
        const chosen = choices.find((choice) => keyOf(choice.scope) === key);
        if (chosen) onChange(chosen.scope);
      }}
    />
  );

  function joined(): string {
    return [
      ...[...scope.classes, ...scope.kinds, ...scope.channels].map((name) => t(`${words}_${name}`)),
      ...scope.tags.map((tag) => t(`${words}_tag`, { tag })),
    ].join(' + ');
  }
}

const keyOf = ({ channels: ways, classes, kinds, tags }: Scope): string =>
  JSON.stringify([ways, classes, kinds, tags]);
