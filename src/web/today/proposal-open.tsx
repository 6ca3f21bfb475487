import { Button, Textarea } from '@mantine/core';
import {
  IconCheck,
  IconClock,
  IconCoin,
  IconMail,
  IconMessage,
  IconShieldCheck,
  IconSpeakerphone,
} from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proposal, ProposalDetail } from '../../planner/schema.ts';
import { call, useApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { RefusalReasons } from './refusal-reasons.tsx';

const icons = {
  clock: IconClock,
  channel: IconMail,
  last_message: IconCheck,
  consent: IconShieldCheck,
  promotion: IconSpeakerphone,
  value: IconCoin,
  other: IconMessage,
};
const FOOTER = '\n\n--\n';

/** The words as they will arrive, why this person today, and what one can do about it. */
export function ProposalOpen({
  proposal,
  onChange,
}: {
  readonly proposal: Proposal;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const path = `/api/today/proposals/${proposal.contactId}/${proposal.messageId}`;
  const detail = useApi<ProposalDetail>(path);
  const [draft, setDraft] = useState<string | null>(null);
  const [isRefusing, setIsRefusing] = useState(false);
  const save = useMutation({
    mutationFn: (body: string) =>
      call('PATCH', `/api/messages/${proposal.contactId}/${proposal.messageId}`, { body }),
    onSuccess: async () => {
      setDraft(null);
      say(t('today.changed'));
      await queries.invalidateQueries({ queryKey: [path] });
    },
    onError: sayFailure,
  });
  if (detail.error) return <Failed error={detail.error} retry={() => void detail.refetch()} />;
  if (!detail.data) return <Waiting />;
  const words = detail.data.text.split(FOOTER)[0] ?? '';
  if (isRefusing)
    return <RefusalReasons proposal={proposal} onCancel={() => setIsRefusing(false)} onChange={onChange} />;
  return (
    <div className="proposal-open">
      <div className="stack">
        <h4 className="small">{t(proposal.channel === 'phone' ? 'by_hand.say' : 'today.what_arrives')}</h4>
        {proposal.channel === 'email' && (
          <p className="small muted">{t('today.subject', { subject: detail.data.subject })}</p>
        )}
        {draft === null ? (
          <div className="bubble">{words}</div>
        ) : (
          <Textarea
            autosize
            minRows={6}
            label={t('today.words')}
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
          />
        )}
        <div className="row">
          {draft === null ? (
            <>
              <Button variant="default" px="sm" onClick={() => setDraft(words)}>
                {t('today.edit')}
              </Button>
              <Button
                variant="subtle"
                color="gray"
                c="var(--ink-2)"
                px="sm"
                onClick={() => setIsRefusing(true)}
              >
                {t('today.refuse')}
              </Button>
            </>
          ) : (
            <>
              <Button
                variant="light"
                loading={save.isPending}
                disabled={draft.trim() === ''}
                onClick={() => save.mutate(draft)}
              >
                {t('today.save_words')}
              </Button>
              <Button variant="subtle" color="gray" c="var(--ink-2)" onClick={() => setDraft(null)}>
                {t('today.cancel')}
              </Button>
            </>
          )}
        </div>
      </div>
      <div className="stack">
        <h4 className="small">{t('today.why')}</h4>
        <ul className="reasons">
          {detail.data.reasons.map((reason) => {
            const Icon = icons[reason.kind];
            return (
              <li key={reason.sentence}>
                <Icon size={18} aria-hidden="true" />
                {reason.sentence}
              </li>
            );
          })}
        </ul>
        <Link
          className="small reach"
          to="/clienti/$contactId"
          params={{ contactId: String(proposal.contactId) }}
        >
          {t('today.open_card', { name: proposal.name })}
        </Link>
      </div>
    </div>
  );
}
