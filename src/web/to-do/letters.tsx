import { Button, NumberInput } from '@mantine/core';
import { IconMailbox } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LetterList, PrintJob } from '../../channels/letter/schema.ts';
import { call } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';

/** Letters to print, and those printed: to be posted, and later that they were. */
export function Letters({ list }: { readonly list: LetterList }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const print = useMutation({
    mutationFn: () => call<{ printJobId: number | null }>('POST', '/api/letters/print'),
    onSuccess: async ({ printJobId }) => {
      say(t(printJobId === null ? 'by_hand.nothing_left' : 'by_hand.printed'));
      await queries.invalidateQueries();
    },
    onError: sayFailure,
  });
  return (
    <section className="stack" aria-labelledby="letters">
      <h2 id="letters" className="row">
        <IconMailbox size={22} aria-hidden="true" />
        {t('by_hand.letters')}
      </h2>
      <div className="card stack">
        <p>{list.waiting === 0 ? t('by_hand.letters_none') : list.waitingSentence}</p>
        {list.waiting > 0 && (
          <>
            <details>
              <summary className="reach">{t('by_hand.for_whom')}</summary>
              <p className="small">{list.names.join(', ')}</p>
            </details>
            <div>
              <Button size="lg" loading={print.isPending} onClick={() => print.mutate()}>
                {t('by_hand.print')}
              </Button>
            </div>
          </>
        )}
      </div>
      {list.jobs.length > 0 && (
        <div className="card flush">
          {list.jobs.map((job) => (
            <Job key={job.printJobId} job={job} usesLabels={list.usesLabels} />
          ))}
        </div>
      )}
    </section>
  );
}

function Job({ job, usesLabels }: { readonly job: PrintJob; readonly usesLabels: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [used, setUsed] = useState(0);
  const path = `/api/letters/print-jobs/${job.printJobId}`;
  const settle = useMutation({
    mutationFn: (what: 'posted' | 'thrown-away') => call('POST', `${path}/${what}`),
    onSuccess: async () => {
      say(t('by_hand.saved'));
      await queries.invalidateQueries();
    },
    onError: sayFailure,
  });
  return (
    <div className="proposal print-job">
      <p>{job.sentence}</p>
      {job.toTakeOut.length > 0 && (
        <p className="notice time">{t('by_hand.take_out', { names: job.toTakeOut.join(', ') })}</p>
      )}
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <a
          className="reach"
          href={`${path}/letters.pdf`}
          target="_blank"
          rel="noreferrer"
          aria-label={t('by_hand.open_pdf_of', { what: job.sentence })}
        >
          {t('by_hand.open_pdf')}
        </a>
        {usesLabels && job.state === 'in_hand' && (
          <>
            <NumberInput
              label={t('by_hand.labels_used')}
              min={0}
              max={23}
              w={220}
              value={used}
              onChange={(count) => setUsed(Number(count))}
            />
            <a className="reach" href={`${path}/labels.pdf?used=${used}`} target="_blank" rel="noreferrer">
              {t('by_hand.labels')}
            </a>
          </>
        )}
        {job.state === 'in_hand' && (
          <>
            <Button variant="light" loading={settle.isPending} onClick={() => settle.mutate('posted')}>
              {t('by_hand.posted')}
            </Button>
            <Button
              variant="subtle"
              color="gray"
              c="var(--ink-2)"
              disabled={settle.isPending}
              onClick={() => settle.mutate('thrown-away')}
            >
              {t('by_hand.not_posted')}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
