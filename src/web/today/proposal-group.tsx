import { Button, Checkbox } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proposal, Today } from '../../planner/schema.ts';
import { call, useApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { ProposalRow } from './proposal-row.tsx';

interface Props {
  readonly group: Today['groups'][number];
  readonly day: string;
  readonly isOpenAtFirst: boolean;
  readonly onChange: () => void;
}

/** One reason to write and its people: approve all of them, or only those ticked. */
export function ProposalGroup({ group, day, isOpenAtFirst, onChange }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const [isWhole, setIsWhole] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const page = useApi<{ proposals: Proposal[]; total: number }>(
    `/api/today/groups/${encodeURIComponent(group.key)}?day=${day}`,
    { enabled: isWhole },
  );
  const proposals = (isWhole && page.data?.proposals) || group.proposals;
  const chosen = group.count - left.size;
  const approve = useMutation({
    mutationFn: async () => {
      if (left.size === 0)
        return call<{ changed: number }>('POST', '/api/messages/approve', { day, source: group.key });
      const { proposals: everybody } = await call<{ proposals: Proposal[] }>(
        'GET',
        `/api/today/groups/${encodeURIComponent(group.key)}?day=${day}`,
      );
      const messages = everybody
        .filter(({ messageId }) => !left.has(messageId))
        .map(({ contactId, messageId }) => ({ contactId, messageId }));
      return call<{ changed: number }>('POST', '/api/messages/approve', { messages });
    },
    onSuccess: ({ changed }) => {
      say(t('today.approved', { count: changed }));
      onChange();
    },
    onError: sayFailure,
  });
  const toggle = (messageId: number): void => {
    const next = new Set(left);
    if (!next.delete(messageId)) next.add(messageId);
    setLeft(next);
  };

  return (
    <section className="card flush" aria-label={group.title}>
      <div className="proposal-head">
        <label className="tick">
          <Checkbox
            aria-label={t('today.tick_group', { title: group.title })}
            checked={left.size === 0}
            indeterminate={left.size > 0 && chosen > 0}
            onChange={() =>
              setLeft(left.size === 0 ? new Set(proposals.map(({ messageId }) => messageId)) : new Set())
            }
          />
        </label>
        <div>
          <h3>{group.title}</h3>
          <p className="small muted">{group.note}</p>
        </div>
        <div className="row acts">
          <Button
            variant="subtle"
            color="gray"
            c="var(--ink-2)"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? t('today.close') : t('today.look')}
          </Button>
          <Button
            variant="light"
            disabled={chosen === 0}
            loading={approve.isPending}
            onClick={() => approve.mutate()}
          >
            {t('today.approve_group', { count: chosen })}
          </Button>
        </div>
      </div>
      {isOpen &&
        proposals.map((proposal) => (
          <ProposalRow
            key={proposal.messageId}
            proposal={proposal}
            day={day}
            isTicked={!left.has(proposal.messageId)}
            onTick={() => toggle(proposal.messageId)}
            onChange={onChange}
          />
        ))}
      {isOpen && !isWhole && group.count > group.proposals.length && (
        <div className="proposal" style={{ padding: 8, textAlign: 'center' }}>
          <Button variant="subtle" onClick={() => setIsWhole(true)}>
            {t('today.see_others', { count: group.count - group.proposals.length })}
          </Button>
        </div>
      )}
    </section>
  );
}
