import { Button, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactInput, Profile } from '../../contacts/schema.ts';
import { call } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';

const lines = ['street', 'postcode', 'city', 'province'] as const;
const channels = ['email', 'phone', 'letter'] as const;

/** Where a customer is reached by post and by phone, and how they would rather be. */
export function ContactReach({ profile }: { readonly profile: Profile }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const path = `/api/contacts/${profile.contactId}`;
  const [change, setChange] = useState<Partial<ContactInput>>({});
  const [phone, setPhone] = useState('');
  const facts = { ...profile.facts, ...change };
  const hasPhone = profile.identities.some(({ kind }) => kind === 'phone');
  const save = useMutation({
    mutationFn: async () => {
      if (phone.trim() !== '') await call('POST', `${path}/identities`, { kind: 'phone', value: phone });
      if (Object.keys(change).length > 0) await call('PATCH', path, facts);
    },
    onSuccess: () => {
      setChange({});
      setPhone('');
      say(t('settings.saved'));
    },
    onError: sayFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: [path] }),
  });
  const own = facts.preferredChannel;
  const others = own !== null && !channels.some((channel) => channel === own) ? [own] : [];
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <h2>{t('reach.title')}</h2>
      <div className="halves">
        {lines.map((line) => (
          <TextInput
            key={line}
            label={t(`reach.${line}`)}
            value={facts[line]}
            onChange={(event) => setChange({ ...change, [line]: event.currentTarget.value })}
          />
        ))}
        <TextInput
          type="tel"
          label={t(hasPhone ? 'reach.another_phone' : 'reach.phone')}
          value={phone}
          onChange={(event) => setPhone(event.currentTarget.value)}
        />
        <Select
          label={t('reach.preferred')}
          allowDeselect={false}
          data={['', ...channels, ...others].map((value) => ({
            value,
            label: value === '' ? t('reach.any') : t(`channel.${value}`),
          }))}
          value={own ?? ''}
          onChange={(value) =>
            setChange({ ...change, preferredChannel: channels.find((channel) => channel === value) ?? null })
          }
        />
      </div>
      <div>
        <Button
          type="submit"
          variant="light"
          disabled={Object.keys(change).length === 0 && phone.trim() === ''}
          loading={save.isPending}
        >
          {t('settings.save')}
        </Button>
      </div>
    </form>
  );
}
