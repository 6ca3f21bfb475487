import { Button, MultiSelect, NumberInput, TagsInput, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Campaign, CampaignInput } from '../../campaigns/schema.ts';
import type { CategoryClock } from '../../clocks/schema.ts';
import { call, useApi } from '../api.ts';
import { OneOf } from '../parts/one-of.tsx';
import { say, sayFailure } from '../parts/notify.ts';
import { useSession } from '../shell/session.ts';

/** A new promotion: name, days, for whom, which words, and the message as it will arrive. */
export function CampaignForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const { today, business } = useSession();
  const queries = useQueryClient();
  const categories = useApi<{ categories: CategoryClock[] }>('/api/clocks/categories');
  const [form, setForm] = useState({
    name: '',
    startsOn: today,
    endsOn: today,
    kind: 'everyone' as 'everyone' | 'buyers',
    categoryIds: [] as string[],
    subject: '',
    text: '',
    tags: [] as string[],
    maxMessages: null as number | null,
    minMessages: null as number | null,
  });
  const set = (change: Partial<typeof form>): void => setForm({ ...form, ...change });
  const create = useMutation({
    mutationFn: async () => {
      const audience: CampaignInput['audience'] =
        form.kind === 'everyone'
          ? { kind: 'everyone' }
          : { kind: 'buyers', categoryIds: form.categoryIds.map(Number) };
      const { name, startsOn, endsOn, subject, text, tags, maxMessages, minMessages } = form;
      const created = await call<Campaign>('POST', '/api/campaigns', {
        name,
        startsOn,
        endsOn,
        audience,
        subject,
        text,
        tags,
        maxMessages,
        minMessages,
      });
      await call('POST', '/api/plan', {});
      return created;
    },
    onSuccess: async (created) => {
      say(t('campaigns.created', { count: created.audienceCount }));
      await queries.invalidateQueries();
      onDone();
    },
    onError: sayFailure,
  });
  const isComplete =
    form.name !== '' &&
    form.subject !== '' &&
    form.text !== '' &&
    (form.kind === 'everyone' || form.categoryIds.length > 0);
  return (
    <form
      className="card stack"
      style={{ marginBottom: 24 }}
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <h2>{t('campaigns.new')}</h2>
      <TextInput
        label={t('campaigns.name')}
        value={form.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <TextInput
          type="date"
          label={t('campaigns.from')}
          value={form.startsOn}
          onChange={(event) => set({ startsOn: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('campaigns.to')}
          min={form.startsOn}
          value={form.endsOn}
          onChange={(event) => set({ endsOn: event.currentTarget.value })}
        />
      </div>
      <OneOf
        label={t('campaigns.for_whom')}
        value={form.kind}
        onChange={(kind) => set({ kind })}
        options={[
          { value: 'everyone', label: t('campaigns.everyone') },
          { value: 'buyers', label: t('campaigns.buyers') },
        ]}
      />
      {form.kind === 'buyers' && (
        <MultiSelect
          label={t('campaigns.categories')}
          data={(categories.data?.categories ?? []).map(({ categoryId, name }) => ({
            value: String(categoryId),
            label: name,
          }))}
          value={form.categoryIds}
          onChange={(categoryIds) => set({ categoryIds })}
        />
      )}
      <TextInput
        label={t('campaigns.subject')}
        value={form.subject}
        onChange={(event) => set({ subject: event.currentTarget.value })}
      />
      <Textarea
        label={t('campaigns.words')}
        autosize
        minRows={4}
        value={form.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
      />
      <details>
        <summary style={{ minHeight: 44, cursor: 'pointer' }}>{t('campaigns.limits')}</summary>
        <div className="halves">
          <NumberInput
            label={t('campaigns.max_messages')}
            description={t('campaigns.max_messages_note')}
            min={1}
            value={form.maxMessages ?? ''}
            onChange={(count) => set({ maxMessages: count === '' ? null : Number(count) })}
          />
          <NumberInput
            label={t('campaigns.min_messages')}
            description={t('campaigns.min_messages_note')}
            min={1}
            value={form.minMessages ?? ''}
            onChange={(count) => set({ minMessages: count === '' ? null : Number(count) })}
          />
          <TagsInput
            label={t('campaigns.tags')}
            description={t('campaigns.tags_note')}
            value={form.tags}
            onChange={(tags) => set({ tags })}
          />
        </div>
      </details>
      <h3>{t('campaigns.preview')}</h3>
      <div className="bubble">
        {`${t(business?.formOfAddress === 'lei' ? 'campaigns.greeting_lei' : 'campaigns.greeting')},\n\n${form.text || '…'}\n\n${business?.signature ?? ''}\n${business?.name ?? ''}`}
      </div>
      <div className="row">
        <Button type="submit" disabled={!isComplete} loading={create.isPending}>
          {t('campaigns.save')}
        </Button>
        <Button variant="subtle" color="gray" c="var(--ink-2)" onClick={onDone}>
          {t('today.cancel')}
        </Button>
      </div>
    </form>
  );
}
