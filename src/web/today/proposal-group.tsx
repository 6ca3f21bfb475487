import { Button, Checkbox } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proposal, Today } from '../../planner/schema.ts';
import { call } from '../api.ts';
import type { Choice } from './choice.ts';
import { countChosen, everybody, forget, isChosen, nobody, toggle } from './choice.ts';
import { ProposalRow } from './proposal-row.tsx';

interface Props {
  readonly group: Today['groups'][number];
  readonly day: string;
  readonly isOpenAtFirst: boolean;
  readonly choice: Choice;
  readonly isBusy: boolean;
  readonly onChoose: (choice: Choice) => void;
  readonly onApprove: () => void;
  readonly onChange: () => void;
}

/** One reason to write and its people: approve all of them, or only those ticked. */
export function ProposalGroup(props: Props) {
  const { group, day, choice, onChoose } = props;
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(props.isOpenAtFirst);
  const [isWhole, setIsWhole] = useState(false);
  const people = usePeople(group.key, day, isWhole);
  const proposals = people.data?.pages.flatMap((page) => page.proposals) ?? group.proposals;
  const chosen = countChosen(choice, group.count);
  const hidden = group.count - proposals.length;
  return (
    <section className="card flush" aria-label={group.title}>
      <div className="proposal-head">
        <label className="tick">
          <Checkbox
            aria-label={t('today.tick_group', { title: group.title })}
            checked={chosen === group.count}
            indeterminate={chosen > 0 && chosen < group.count}
            onChange={() => onChoose(chosen === group.count ? nobody : everybody)}
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
            px="sm"
            aria-expanded={isOpen}
            aria-label={t(isOpen ? 'today.close_group' : 'today.look_group', { title: group.title })}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? t('today.close') : t('today.look')}
          </Button>
          <Button variant="light" disabled={chosen === 0} loading={props.isBusy} onClick={props.onApprove}>
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
            isTicked={isChosen(choice, proposal.messageId)}
            onTick={() => onChoose(toggle(choice, proposal))}
            onChange={() => {
              onChoose(forget(choice, proposal.messageId));
              props.onChange();
            }}
          />
        ))}
      {isOpen && hidden > 0 && (
        <div className="proposal" style={{ padding: 8, textAlign: 'center' }}>
          <Button
            variant="subtle"
            loading={people.isFetching}
            onClick={() => (isWhole ? void people.fetchNextPage() : setIsWhole(true))}
          >
            {t('today.see_others', { count: hidden })}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Everybody of a group, a page at a time, once somebody wants to see them. */
function usePeople(source: string, day: string, isWanted: boolean) {
  return useInfiniteQuery({
    queryKey: ['/api/today', 'group', source, day],
    queryFn: ({ pageParam }) =>
      call<{ proposals: Proposal[]; total: number; next: number | null }>(
        'GET',
        `/api/today/groups/${encodeURIComponent(source)}?day=${day}&after=${pageParam}`,
      ),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    enabled: isWanted,
  });
}
