import {
  IconChartLine,
  IconClock,
  IconFileImport,
  IconInbox,
  IconSettings,
  IconSpeakerphone,
  IconSun,
  IconUsers,
} from '@tabler/icons-react';
import { useSession } from './session.ts';

/** Places that exist, in the two groups of the menu. */
export function usePlaces() {
  const { isDemonstration } = useSession();
  return {
    daily: [
      { to: '/', key: 'today', Icon: IconSun },
      { to: '/clienti', key: 'contacts', Icon: IconUsers },
    ],
    sometimes: [
      { to: '/iniziative', key: 'campaigns', Icon: IconSpeakerphone },
      { to: '/orologi', key: 'clocks', Icon: IconClock },
      { to: '/risultati', key: 'results', Icon: IconChartLine },
      { to: '/importa', key: 'import', Icon: IconFileImport },
      { to: '/impostazioni', key: 'settings', Icon: IconSettings },
      ...(isDemonstration ? [{ to: '/posta-di-prova', key: 'trial_mail', Icon: IconInbox }] : []),
    ],
  } as const;
}
