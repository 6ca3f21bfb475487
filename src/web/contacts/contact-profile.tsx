import { Button } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Profile } from '../../contacts/schema.ts';
import { useApi } from '../api.ts';
import { useDays } from '../parts/days.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { useSession } from '../shell/session.ts';
import { ContactClocks } from './contact-clocks.tsx';
import { ContactReach } from './contact-reach.tsx';
import { ContactWish } from './contact-wish.tsx';
import { Timeline } from './timeline.tsx';

const FIRST_ENTRIES = 8;

/** A person with one axis of past and future, and its twin in words. */
export function ContactProfile() {
  const { t } = useTranslation();
  const { today } = useSession();
  const days = useDays();
  const params: { contactId?: string } = useParams({ strict: false });
  const profile = useApi<Profile>(`/api/contacts/${params.contactId ?? ''}`);
  if (profile.error) return <Failed error={profile.error} retry={() => void profile.refetch()} />;
  if (!profile.data) return <Waiting />;
  const { data } = profile;
  return (
    <div className="stack" style={{ '--gap': '24px' } as React.CSSProperties}>
      <div className="row">
        <span className="who large" aria-hidden="true">
          {data.initials}
        </span>
        <div>
          <h1>{data.name}</h1>
          <p className="muted" style={{ overflowWrap: 'anywhere' }}>
            {data.identities.map(({ kind, value }) => t(`identity.${kind}`, { value })).join(' · ')}
          </p>
        </div>
      </div>
      <p>{data.headline}</p>
      {data.profilingNotice !== '' && <div className="notice">{data.profilingNotice}</div>}
      <Timeline profile={data} today={today} />
      <div className="halves">
        <div className="stack" style={{ '--gap': '24px' } as React.CSSProperties}>
          {data.clocks.length > 0 && (
            <ContactClocks contactId={data.contactId} clocks={data.clocks} today={today} />
          )}
          <ContactWish contactId={data.contactId} />
          <ContactReach profile={data} />
          <section className="card stack">
            <h2>{t('profile.consents')}</h2>
            {data.consents.map((consent) => (
              <div key={consent.purpose}>
                <b>{t(`purpose.${consent.purpose}`)}</b>
                <p className="small">{consent.sentence}</p>
                {consent.evidence !== '' && <p className="caption">{consent.evidence}</p>}
              </div>
            ))}
          </section>
        </div>
        <div className="stack" style={{ '--gap': '24px' } as React.CSSProperties}>
          <section className="card stack">
            <h2>{t('profile.why')}</h2>
            {data.upcoming.map(({ day, about, sentence }) => (
              <div key={`${day} ${about}`} className="notice yes">
                <div>
                  <b>{t('profile.upcoming', { day: days.long(day), about })}</b>
                  <p className="small">{sentence}</p>
                </div>
              </div>
            ))}
            {data.decisions.length === 0 && data.upcoming.length === 0 && (
              <p className="muted">{t('profile.no_decisions')}</p>
            )}
            {inRuns(data.decisions).map(({ first, last, about, sentence }) => (
              <div key={`${last} ${about}`}>
                <b>{about}</b>
                <p className="small">{sentence}</p>
                <p className="caption">
                  {first === last
                    ? days.long(last)
                    : t('profile.days_between', { first: days.dayAndMonth(first), last: days.short(last) })}
                </p>
              </div>
            ))}
          </section>
          <InOrder timeline={data.timeline} />
        </div>
      </div>
    </div>
  );
}

/** Everything that happened, the latest first: the picture's twin in words. */
function InOrder({ timeline }: { readonly timeline: Profile['timeline'] }) {
  const { t } = useTranslation();
  const days = useDays();
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? timeline : timeline.slice(0, FIRST_ENTRIES);
  return (
    <section className="card stack">
      <h2>{t('profile.in_order')}</h2>
      {timeline.length === 0 && <p className="muted">{t('profile.nothing_yet')}</p>}
      <table>
        <tbody>
          {shown.map((entry, index) => (
            <tr key={`${entry.day} ${index}`}>
              <td className="small" style={{ whiteSpace: 'nowrap' }}>
                {days.short(entry.day)}
              </td>
              <td>
                {entry.title}
                <div className="small muted">{entry.detail}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < timeline.length && (
        <div>
          <Button variant="default" onClick={() => setIsWhole(true)}>
            {t('profile.more', { count: timeline.length - shown.length })}
          </Button>
        </div>
      )}
    </section>
  );
}

/** The same verdict day after day is told once, with the days it held. The latest decision comes first. */
function inRuns(decisions: Profile['decisions']) {
  const runs: { first: string; last: string; about: string; sentence: string }[] = [];
  for (const { day, about, sentence } of decisions) {
    const run = runs.find((earlier) => earlier.about === about);
    if (run?.sentence === sentence) run.first = day;
    else runs.unshift({ first: day, last: day, about, sentence });
  }
  return runs.sort((one, other) => other.last.localeCompare(one.last));
}
