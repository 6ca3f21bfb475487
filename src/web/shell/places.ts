import {
  IconChartLine,
  IconClock,
  IconDots,
  IconFileImport,
  IconInbox,
  IconSettings,
  IconSpeakerphone,
  IconSun,
  IconUsers,
} from '@tabler/icons-react';
import { useSession } from './session.ts';

const today = { to: '/', key: 'today', Icon: IconSun } as const;
const contacts = { to: '/clienti', key: 'contacts', Icon: IconUsers } as const;
const campaigns = { to: '/iniziative', key: 'campaigns', Icon: IconSpeakerphone } as const;
const clocks = { to: '/orologi', key: 'clocks', Icon: IconClock } as const;
const results = { to: '/risultati', key: 'results', Icon: IconChartLine } as const;
const importing = { to: '/importa', key: 'import', Icon: IconFileImport } as const;
const settings = { to: '/impostazioni', key: 'settings', Icon: IconSettings } as const;
const trialMail = { to: '/posta-di-prova', key: 'trial_mail', Icon: IconInbox } as const;
const more = { to: '/altro', key: 'more', Icon: IconDots } as const;

/** Places that exist: the two groups of the menu, the bar of a phone, and what stands behind its last place. */
export function usePlaces() {
  const trial = useSession().isDemonstration ? [trialMail] : [];
  return {
    daily: [today, contacts],
    sometimes: [campaigns, clocks, results, importing, settings, ...trial],
    tabs: [today, contacts, campaigns, results, more],
    behindMore: [clocks, importing, settings, ...trial],
  } as const;
}
