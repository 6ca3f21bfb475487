import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../../planner/schema.ts';
import { call } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';

const reasons = ['already_bought', 'too_early', 'better_in_person'] as const;

/** Refusing asks for one optional reason, in the same place; saying nothing is an answer too. */
export function RefusalReasons({
  proposal,
  onCancel,
  onChange,
}: {
  readonly proposal: Proposal;
  readonly onCancel: () => void;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const refuse = useMutation({
    mutationFn: (reason: string) =>
      call('POST', '/api/messages/refuse', {
        contactId: proposal.contactId,
        messageId: proposal.messageId,
        reason,
      }),
    onSuccess: () => {
      say(t('today.refused', { name: proposal.name }));
      onChange();
    },
    onError: sayFailure,
  });
  return (
    <div className="stack" style={{ background: 'var(--sunk)', padding: 16 }}>
      <p>
        <b>{t('today.refusing', { name: proposal.name })}</b> {t('today.refusing_why')}
      </p>
      <div className="row">
        {reasons.map((reason) => (
          <Button key={reason} variant="default" onClick={() => refuse.mutate(reason)}>
            {t(`refusal.${reason}`)}
          </Button>
        ))}
        <Button variant="default" onClick={() => refuse.mutate('')}>
          {t('refusal.none')}
        </Button>
        <Button variant="subtle" color="gray" c="var(--ink-2)" onClick={onCancel}>
          {t('today.cancel')}
        </Button>
      </div>
    </div>
  );
}
