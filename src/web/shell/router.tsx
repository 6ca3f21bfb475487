import { RouterProvider, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Session } from '../../business/schema.ts';
import { CampaignScreen } from '../campaigns/campaign-screen.tsx';
import { ClockScreen } from '../clocks/clock-screen.tsx';
import { ContactList } from '../contacts/contact-list.tsx';
import { ContactProfile } from '../contacts/contact-profile.tsx';
import { ImportScreen } from '../importing/import-screen.tsx';
import { RunScreen } from '../importing/run-screen.tsx';
import { ResultScreen } from '../results/result-screen.tsx';
import { SettingScreen } from '../settings/setting-screen.tsx';
import { ToDoScreen } from '../to-do/to-do-screen.tsx';
import { TodayScreen } from '../today/today-screen.tsx';
import { TrialMailScreen } from '../trial-mail/trial-mail-screen.tsx';
import { MoreScreen } from './more-screen.tsx';
import { NotHere, WentWrong } from './not-here.tsx';
import { SessionContext } from './session.ts';
import { Shell } from './shell.tsx';

const rootRoute = createRootRoute({ component: Shell });
const page = <Path extends string>(path: Path, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => rootRoute, path, component });

const routeTree = rootRoute.addChildren([
  page('/', TodayScreen),
  page('/da-fare', ToDoScreen),
  page('/clienti', ContactList),
  page('/clienti/$contactId', ContactProfile),
  page('/orologi', ClockScreen),
  page('/iniziative', CampaignScreen),
  page('/risultati', ResultScreen),
  page('/importa', ImportScreen),
  page('/importa/$importRunId', RunScreen),
  page('/impostazioni', SettingScreen),
  page('/posta-di-prova', TrialMailScreen),
  page('/altro', MoreScreen),
]);

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

const createAppRouter = () =>
  createRouter({
    routeTree,
    defaultPreload: false,
    scrollRestoration: true,
    defaultNotFoundComponent: NotHere,
    defaultErrorComponent: WentWrong,
  });

/** Every screen behind the door. */
export function Rooms({ session }: { readonly session: Session }) {
  const router = useMemo(() => createAppRouter(), []);
  return (
    <SessionContext.Provider value={session}>
      <RouterProvider router={router} />
    </SessionContext.Provider>
  );
}
