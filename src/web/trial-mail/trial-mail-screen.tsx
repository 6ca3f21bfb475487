import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { trialMailListSchema, trialMailSchema } from '../../channels/email/schema.ts';
import { useApi } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { localeOf } from '../parts/locale.ts';

const REFRESH_MS = 5_000;

/** Posta di prova: the mails as the customers would see them. */
export function TrialMailScreen() {
  const { t, i18n } = useTranslation();
  const list = useApi<z.infer<typeof trialMailListSchema>>('/api/trial-mail', {
    refetchInterval: REFRESH_MS,
  });
  const reading = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Waiting />;
  const selected = chosen ?? list.data.mails[0]?.trialMailId;
  return (
    <>
      <div className="head">
        <div>
          <h1>{t('menu.trial_mail')}</h1>
          <p>{t('trial_mail.intro')}</p>
        </div>
      </div>
      {list.data.mails.length === 0 && <p className="card">{t('trial_mail.none')}</p>}
      <div className="halves">
        <div className="card flush mail-list" hidden={list.data.mails.length === 0}>
          {list.data.mails.map((mail) => (
            <button
              key={mail.trialMailId}
              type="button"
              className="plain-button list-row"
              aria-pressed={mail.trialMailId === selected}
              style={mail.trialMailId === selected ? { background: 'var(--accent-soft)' } : undefined}
              onClick={() => {
                setChosen(mail.trialMailId);
                reading.current?.scrollIntoView({ block: 'nearest' });
              }}
            >
              <span className="grow">
                <b>{mail.subject}</b>
                <span className="small muted" style={{ display: 'block', overflowWrap: 'anywhere' }}>
                  {mail.recipient}
                </span>
              </span>
              <span className="caption">
                {new Intl.DateTimeFormat(localeOf(i18n.language), {
                  dateStyle: 'short',
                  timeStyle: 'short',
                }).format(new Date(mail.receivedAt))}
              </span>
            </button>
          ))}
        </div>
        <div ref={reading}>{selected !== undefined && <Mail trialMailId={selected} />}</div>
      </div>
    </>
  );
}

function Mail({ trialMailId }: { readonly trialMailId: number }) {
  const { t } = useTranslation();
  const mail = useApi<z.infer<typeof trialMailSchema>>(`/api/trial-mail/${trialMailId}`);
  if (mail.error) return <Failed error={mail.error} retry={() => void mail.refetch()} />;
  if (!mail.data) return <Waiting />;
  return (
    <section className="card stack" aria-label={mail.data.subject}>
      <h2>{mail.data.subject}</h2>
      <p className="small muted">
        {mail.data.from} → {mail.data.recipient}
      </p>
      <iframe
        title={mail.data.subject}
        srcDoc={mail.data.html}
        sandbox="allow-popups"
        style={{
          width: '100%',
          height: 560,
          border: '1px solid var(--line)',
          borderRadius: 10,
          background: '#f6f5f0',
        }}
      />
      <details>
        <summary className="reach">{t('trial_mail.text')}</summary>
        <pre style={{ whiteSpace: 'pre-wrap' }}>{mail.data.text}</pre>
        <p className="caption">List-Unsubscribe: {mail.data.listUnsubscribe}</p>
      </details>
    </section>
  );
}
