import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { useSession } from '../shell/session.ts';

/** The opposition register: numbers to have checked, and what it said. */
export function RegisterForm() {
  const { t } = useTranslation();
  const { today } = useSession();
  const queries = useQueryClient();
  const [checkedOn, setCheckedOn] = useState(today);
  const [listed, setListed] = useState('');
  const save = useMutation({
    mutationFn: () =>
      call<{ checked: number; listed: number }>('POST', '/api/calls/register', { checkedOn, listed }),
    onSuccess: async (counts) => {
      say(t('by_hand.register_saved', counts));
      setListed('');
      await queries.invalidateQueries();
    },
    onError: sayFailure,
  });
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <h2>{t('by_hand.register')}</h2>
      <p className="muted">{t('by_hand.register_note')}</p>
      <a className="reach" href="/api/calls/register" download>
        {t('by_hand.register_download')}
      </a>
      <TextInput
        type="date"
        label={t('by_hand.register_day')}
        w={220}
        max={today}
        required
        value={checkedOn}
        onChange={(event) => setCheckedOn(event.currentTarget.value)}
      />
      <Textarea
        label={t('by_hand.register_listed')}
        description={t('by_hand.register_listed_note')}
        autosize
        minRows={3}
        maxRows={12}
        value={listed}
        onChange={(event) => setListed(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" variant="light" loading={save.isPending}>
          {t('by_hand.register_save')}
        </Button>
      </div>
    </form>
  );
}
