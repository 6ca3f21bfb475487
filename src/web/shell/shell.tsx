import { IconDots } from '@tabler/icons-react';
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePlaces } from './places.ts';
import { useSession } from './session.ts';

/** The frame of every screen: awning, menu, and on a phone the bar below. */
export function Shell() {
  const { t } = useTranslation();
  const { business, operator } = useSession();
  const { daily, sometimes } = usePlaces();
  const tabs = [...daily, sometimes[1], sometimes[2], { to: '/altro', key: 'more', Icon: IconDots }];
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
        <div className="me row small muted">
          <span className="who" aria-hidden="true">
            {initials(operator?.name ?? '')}
          </span>
          {operator?.name}
        </div>
      </aside>
      <div className="awning phone-awning" aria-hidden="true" />
      <main id="content" className="page">
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
