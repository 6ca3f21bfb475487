import {
  IconChartLine,
  IconClock,
  IconDots,
  IconFileImport,
  IconInbox,
  IconListCheck,
  IconSettings,
  IconSpeakerphone,
  IconSun,
  IconUsers,
} from '@tabler/icons-react';
import { useSession } from './session.ts';

const today = { to: '/', key: 'today', Icon: IconSun } as const;
const toDo = { to: '/da-fare', key: 'to_do', Icon: IconListCheck } as const;
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
  const { isDemonstration, isByHandOn } = useSession();
  const trial = isDemonstration ? [trialMail] : [];
  const byHand = isByHandOn ? [toDo] : [];
  // A bar has five places: where things are done by hand, campaigns stand behind the last one.
  const [inBar, behind] = isByHandOn ? [[], [campaigns]] : [[campaigns], []];
  return {
    daily: [today, ...byHand, contacts],
    sometimes: [campaigns, clocks, results, importing, settings, ...trial],
    tabs: [today, ...byHand, contacts, ...inBar, results, more],
    behindMore: [...behind, clocks, importing, settings, ...trial],
  } as const;
}
