import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Profile } from '../../contacts/schema.ts';
import { useApi } from '../api.ts';
import { Fascia, daysBetween } from '../parts/fascia.tsx';
import { useDays } from '../parts/days.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { useSession } from '../shell/session.ts';
import { Timeline } from './timeline.tsx';

const SCALE_DAYS = 120;

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
          <p className="muted">{data.identities.map(({ value }) => value).join(' · ')}</p>
        </div>
      </div>
      <p>{data.headline}</p>
      {data.profilingNotice !== '' && <div className="notice">{data.profilingNotice}</div>}
      <Timeline profile={data} today={today} />
      <div className="halves">
        {data.clocks.length > 0 && (
          <section className="card stack">
            <h2>{t('profile.when_again')}</h2>
            {data.clocks.map((clock) => (
              <div key={clock.categoryId} className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
                <b>{clock.name}</b>
                <Fascia
                  isPale={!clock.ownRhythm}
                  from={daysBetween(today, clock.likelyFrom) / SCALE_DAYS}
                  at={daysBetween(today, clock.medianDay) / SCALE_DAYS}
                  to={daysBetween(today, clock.likelyTo) / SCALE_DAYS}
                />
                <p className="small">{clock.sentence}</p>
              </div>
            ))}
          </section>
        )}
        <section className="card stack">
          <h2>{t('profile.why')}</h2>
          {data.decisions.length === 0 && <p className="muted">{t('profile.no_decisions')}</p>}
          {inRuns(data.decisions).map(({ first, last, about, sentence }) => (
            <p key={`${last} ${about}`} className="small">
              <b>{first === last ? days.short(last) : `${days.short(first)} – ${days.short(last)}`}</b>{' '}
              {about}. {sentence}
            </p>
          ))}
        </section>
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
        <section className="card stack">
          <h2>{t('profile.in_order')}</h2>
          <table>
            <tbody>
              {data.timeline.slice(0, 40).map((entry, index) => (
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
        </section>
      </div>
    </div>
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
