import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Profile } from '../../contacts/schema.ts';
import { call } from '../api.ts';
import { Fascia, daysBetween } from '../parts/fascia.tsx';
import { say, sayFailure } from '../parts/notify.ts';

const SCALE_DAYS = 120;

type Word = 'still_lasts' | 'keep_aside';

/** When the person will need what again, and what they said about it. */
export function ContactClocks({
  contactId,
  clocks,
  today,
}: {
  readonly contactId: number;
  readonly clocks: Profile['clocks'];
  readonly today: string;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const tell = useMutation({
    mutationFn: ({ categoryId, word }: { categoryId: number; word: Word }) =>
      call('POST', `/api/contacts/${contactId}/clocks/${categoryId}/words`, { word }),
    onSuccess: async () => {
      say(t('profile.word_saved'));
      await queries.invalidateQueries({ queryKey: [`/api/contacts/${contactId}`] });
    },
    onError: sayFailure,
  });
  return (
    <section className="card stack">
      <h2>{t('profile.when_again')}</h2>
      {clocks.map((clock) => (
        <div key={clock.categoryId} className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
          <b>{clock.name}</b>
          <Fascia
            isPale={!clock.ownRhythm}
            from={daysBetween(today, clock.likelyFrom) / SCALE_DAYS}
            at={daysBetween(today, clock.medianDay) / SCALE_DAYS}
            to={daysBetween(today, clock.likelyTo) / SCALE_DAYS}
          />
          <p className="small">{clock.sentence}</p>
          <div className="row">
            {(['still_lasts', 'keep_aside'] as const).map((word) => (
              <Button
                key={word}
                variant="default"
                size="compact-md"
                aria-label={`${t(`profile.${word}`)}: ${clock.name}`}
                loading={
                  tell.isPending &&
                  tell.variables.categoryId === clock.categoryId &&
                  tell.variables.word === word
                }
                onClick={() => tell.mutate({ categoryId: clock.categoryId, word })}
              >
                {t(`profile.${word}`)}
              </Button>
            ))}
          </div>
        </div>
      ))}
      <div className="row between caption" aria-hidden="true">
        <span>{t('profile.today')}</span>
        <span>{t('profile.in_months', { count: 2 })}</span>
        <span>{t('profile.in_months', { count: 4 })}</span>
      </div>
      <p className="caption">{t('profile.word_note')}</p>
    </section>
  );
}
