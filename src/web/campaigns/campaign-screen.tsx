import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../../campaigns/schema.ts';
import { call, useApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { CampaignForm } from './campaign-form.tsx';

/** Promotions of the shop: what runs, whom it reaches, and a simple form for a new one. */
export function CampaignScreen() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isWriting, setIsWriting] = useState(false);
  const list = useApi<{ campaigns: Campaign[] }>('/api/campaigns');
  const cancel = useMutation({
    mutationFn: (campaignId: number) => call('POST', `/api/campaigns/${campaignId}/cancel`),
    onSuccess: async () => {
      say(t('campaigns.cancelled'));
      await queries.invalidateQueries({ queryKey: ['/api/campaigns'] });
    },
    onError: sayFailure,
  });
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Waiting />;
  return (
    <>
      <div className="head">
        <div>
          <h1>{t('menu.campaigns')}</h1>
          <p>{t('campaigns.intro')}</p>
        </div>
        {!isWriting && <Button onClick={() => setIsWriting(true)}>{t('campaigns.new')}</Button>}
      </div>
      {isWriting && <CampaignForm onDone={() => setIsWriting(false)} />}
      {list.data.campaigns.length === 0 && !isWriting && <p className="card">{t('campaigns.none')}</p>}
      <div className="stack">
        {list.data.campaigns.map((campaign) => (
          <section key={campaign.campaignId} className="card stack" aria-label={campaign.name}>
            <div className="row between">
              <h2>{campaign.name}</h2>
              {campaign.isCancelled ? (
                <span className="badge stop">{t('campaigns.stopped')}</span>
              ) : (
                <Button variant="default" onClick={() => cancel.mutate(campaign.campaignId)}>
                  {t('campaigns.stop')}
                </Button>
              )}
            </div>
            <p>
              {campaign.sentence}. {t('campaigns.reach', { count: campaign.audienceCount })}
            </p>
            <p className="small muted">{t('campaigns.counts', { ...campaign.messages })}</p>
            {campaign.messages.later > 0 && (
              <p className="small muted">{t('campaigns.later', { count: campaign.messages.later })}</p>
            )}
            {campaign.leftOut.length > 0 && (
              <details>
                <summary className="small" style={{ minHeight: 44, cursor: 'pointer' }}>
                  {t('campaigns.left_out')}
                </summary>
                <table>
                  <tbody>
                    {campaign.leftOut.map(({ sentence, count }) => (
                      <tr key={sentence}>
                        <td style={{ width: 72 }}>{count}</td>
                        <td>{sentence}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </details>
            )}
          </section>
        ))}
      </div>
    </>
  );
}
