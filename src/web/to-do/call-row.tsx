import { VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call, CallDetail, CallList } from '../../calls/schema.ts';
import { useApi } from '../api.ts';
import { useDays } from '../parts/days.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { CallOutcome } from './call-outcome.tsx';

interface Props {
  readonly call: Call;
  readonly list: CallList;
  readonly onChange: () => void;
}

/** One customer to call; opens in place. */
export function CallRow({ call, list, onChange }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const hint = [call.when, ...(call.tries > 0 ? [t('by_hand.tries', { count: call.tries })] : [])].join(', ');
  return (
    <div className="proposal">
      <button
        type="button"
        className="plain-button call-row"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span className="who" aria-hidden="true">
          {call.initials}
        </span>
        <span>
          <VisuallyHidden>{t('by_hand.call_to')} </VisuallyHidden>
          <b>{call.name}</b>
          <span className="small muted">{call.about}</span>
        </span>
        <span className="small muted">
          {hint}
          {!call.isMine && call.caller !== '' && <>, {t('by_hand.caller', { name: call.caller })}</>}
        </span>
        {isOpen ? (
          <IconChevronDown size={20} aria-hidden="true" />
        ) : (
          <IconChevronRight size={20} aria-hidden="true" />
        )}
      </button>
      {isOpen && <CallOpen call={call} list={list} onChange={onChange} />}
    </div>
  );
}

function CallOpen({ call, list, onChange }: Props) {
  const { t } = useTranslation();
  const days = useDays();
  const detail = useApi<CallDetail>(`/api/calls/${call.contactId}/${call.messageId}`);
  if (!detail.data)
    return (
      <div className="call-open">
        {detail.error ? <Failed error={detail.error} retry={onChange} /> : <Waiting />}
      </div>
    );
  const { headline, say, story, why, note } = detail.data;
  return (
    <div className="call-open">
      <div className="stack close">
        <p>
          <b>{headline}</b>
        </p>
        {call.askFor !== '' && <p>{t('by_hand.ask_for', { name: call.askFor })}</p>}
        {note !== '' && <p className="notice">{note}</p>}
        <h4 className="small">{t('by_hand.why')}</h4>
        <p className="small">{why}</p>
        <h4 className="small">{t('by_hand.say')}</h4>
        <div className="bubble">{say}</div>
        {list.mayCallNow ? (
          <a className="dial" href={`tel:${call.tel}`}>
            {t('by_hand.dial', { phone: call.phone })}
          </a>
        ) : (
          <p className="notice time">{t('by_hand.not_now', { hours: list.hours })}</p>
        )}
      </div>
      <div className="stack close">
        {story.length > 0 && (
          <>
            <h4 className="small">{t('by_hand.story')}</h4>
            <ul className="stack" style={{ '--gap': '6px' } as React.CSSProperties}>
              {story.map((entry, index) => (
                <li key={`${entry.day} ${index}`} className="small">
                  <span className="muted">{days.long(entry.day)}</span> {entry.title}
                  {entry.detail !== '' && <span className="muted">, {entry.detail}</span>}
                </li>
              ))}
            </ul>
          </>
        )}
        <CallOutcome call={call} onChange={onChange} />
      </div>
    </div>
  );
}
