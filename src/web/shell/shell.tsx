import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlaces } from './places.ts';
import { useSession } from './session.ts';
import { SignOut } from './sign-out.tsx';

/** The frame of every screen: awning, menu, and on a phone the bar below. */
export function Shell() {
  const { t } = useTranslation();
  const { business, operator } = useSession();
  const { daily, sometimes, tabs } = usePlaces();
  const main = useArrival(business?.name ?? '');
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('shell.skip')}
      </a>
      <aside className="side">
        <div className="awning" aria-hidden="true" />
        <div className="shop">
          <span className="sign" aria-hidden="true">
            {initials(business?.name ?? '')}
          </span>
          {business?.name}
        </div>
        <nav aria-label={t('shell.menu')}>
          {daily.map(({ to, key, Icon }) => (
            <Place key={to} to={to} label={t(`menu.${key}`)} icon={<Icon size={20} aria-hidden="true" />} />
          ))}
          <span className="group">{t('shell.sometimes')}</span>
          {sometimes.map(({ to, key, Icon }) => (
            <Place key={to} to={to} label={t(`menu.${key}`)} icon={<Icon size={20} aria-hidden="true" />} />
          ))}
        </nav>
        <div className="me small muted">
          <div className="row">
            <span className="who" aria-hidden="true">
              {initials(operator?.name ?? '')}
            </span>
            {operator?.name}
          </div>
          <SignOut />
        </div>
      </aside>
      <div className="awning phone-awning" aria-hidden="true" />
      <main id="content" className="page" ref={main} tabIndex={-1}>
        <div className="wrap">
          <Outlet />
        </div>
      </main>
      <nav className="tabbar" aria-label={t('shell.menu')}>
        {tabs.map(({ to, key, Icon }) => (
          <Place key={to} to={to} label={t(`menu.${key}`)} icon={<Icon size={22} aria-hidden="true" />} />
        ))}
      </nav>
    </div>
  );
}

/** On arrival at a place: its name in the title, and the keyboard and screen reader at its beginning. */
function useArrival(shop: string): React.RefObject<HTMLElement | null> {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const { daily, sometimes, tabs } = usePlaces();
  const main = useRef<HTMLElement>(null);
  const before = useRef(pathname);
  const place = [...daily, ...sometimes, ...tabs].find(({ to }) => `/${pathname.split('/')[1] ?? ''}` === to);
  const title = [...(place ? [t(`menu.${place.key}`)] : []), shop].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    if (before.current !== pathname) main.current?.focus({ preventScroll: true });
    before.current = pathname;
  }, [pathname]);
  return main;
}

function Place({
  to,
  label,
  icon,
}: {
  readonly to: string;
  readonly label: string;
  readonly icon: React.ReactNode;
}) {
  return (
    <Link to={to} activeOptions={{ exact: to === '/' }} activeProps={{ 'aria-current': 'page' }}>
      {icon}
      {label}
    </Link>
  );
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter((word) => /^\p{Lu}/u.test(word))
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join('');
