import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call, CallOutcomeInput } from '../../calls/schema.ts';
import { call as callApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';

type Outcome = CallOutcomeInput['outcome'];

const atOnce = ['spoken', 'no_answer', 'not_interested'] as const;

/** What came of the call: five answers, of which two ask something more. */
export function CallOutcome({ call, onChange }: { readonly call: Call; readonly onChange: () => void }) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const [asking, setAsking] = useState<'call_back' | 'do_not_call' | null>(null);
  const [when, setWhen] = useState('');
  const record = useMutation({
    mutationFn: (outcome: Outcome) =>
      callApi<{ sentence: string }>('POST', `/api/calls/${call.contactId}/${call.messageId}/outcome`, {
        outcome,
        note,
        callBackAt: outcome === 'call_back' ? new Date(when).toISOString() : null,
      }),
    onSuccess: ({ sentence }) => {
      say(sentence);
      onChange();
    },
    onError: sayFailure,
  });
  const button = (outcome: Outcome, label: string, variant: 'light' | 'default' = 'default') => (
    <Button
      key={outcome}
      variant={variant}
      loading={record.isPending && record.variables === outcome}
      disabled={record.isPending || (asking === 'call_back' && when === '')}
      onClick={() => record.mutate(outcome)}
    >
      {label}
    </Button>
  );
  const back = (
    <Button variant="subtle" color="gray" c="var(--ink-2)" onClick={() => setAsking(null)}>
      {t('by_hand.back')}
    </Button>
  );
  if (asking === 'do_not_call')
    return (
      <div className="stack asking">
        <p>{t('by_hand.no_more_calls', { name: call.name })}</p>
        <div className="row">
          {button('do_not_call', t('by_hand.no_more_calls_yes'))}
          {back}
        </div>
      </div>
    );
  if (asking === 'call_back')
    return (
      <div className="stack asking">
        <TextInput
          type="datetime-local"
          label={t('by_hand.when')}
          value={when}
          onChange={(event) => setWhen(event.currentTarget.value)}
        />
        <div className="row">
          {button('call_back', t('by_hand.call_back'), 'light')}
          {back}
        </div>
      </div>
    );
  return (
    <div className="stack asking">
      <h4 className="small">{t('by_hand.how_did_it_go')}</h4>
      <TextInput
        label={t('by_hand.note')}
        description={t('by_hand.note_hint')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className="row">
        {atOnce.map((outcome) =>
          button(outcome, t(`by_hand.outcome.${outcome}`), outcome === 'spoken' ? 'light' : 'default'),
        )}
        <Button variant="default" onClick={() => setAsking('call_back')}>
          {t('by_hand.outcome.call_back')}
        </Button>
        <Button variant="default" onClick={() => setAsking('do_not_call')}>
          {t('by_hand.outcome.do_not_call')}
        </Button>
      </div>
    </div>
  );
}
