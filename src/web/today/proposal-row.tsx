import { ActionIcon, Checkbox } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconMail, IconMailbox, IconPhone } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../../planner/schema.ts';
import { Fascia, daysBetween } from '../parts/fascia.tsx';
import { ProposalOpen } from './proposal-open.tsx';

interface Props {
  readonly proposal: Proposal;
  readonly day: string;
  readonly isTicked: boolean;
  readonly onTick: () => void;
  readonly onChange: () => void;
}

/** Bands of a group are drawn on one axis, as long as those of a customer's card. */
const SCALE_DAYS = 120;

/** One person: who, when they will need it, on which channel. Opens in place. */
export function ProposalRow({ proposal, day, isTicked, onTick, onChange }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const { window: band } = proposal;
  const ChannelIcon =
    proposal.channel === 'phone' ? IconPhone : proposal.channel === 'letter' ? IconMailbox : IconMail;
  const position = (iso: string): number => daysBetween(day, iso) / SCALE_DAYS;
  return (
    <div className="proposal">
      <div className="proposal-row">
        <label className="tick">
          <Checkbox
            aria-label={t('today.tick', { name: proposal.name })}
            checked={isTicked}
            onChange={onTick}
          />
        </label>
        <span className="who" aria-hidden="true">
          {proposal.initials}
        </span>
        <div>
          <b>{proposal.name}</b>
          <div className="small muted">{proposal.about}</div>
        </div>
        <div className="window small">
          {band ? (
            <>
              {band.words}
              <Fascia from={position(band.from)} at={position(band.middle)} to={position(band.to)} />
            </>
          ) : (
            <span className="muted">{proposal.subject}</span>
          )}
        </div>
        <span className={proposal.channel === 'email' ? 'badge channel' : 'badge'}>
          <ChannelIcon size={16} aria-hidden="true" />
          {t(`channel.${proposal.channel}`)}
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={44}
          aria-expanded={isOpen}
          aria-label={t('today.open', { name: proposal.name })}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? <IconChevronDown size={20} /> : <IconChevronRight size={20} />}
        </ActionIcon>
      </div>
      {isOpen && <ProposalOpen proposal={proposal} onChange={onChange} />}
    </div>
  );
}
