import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePlaces } from './places.ts';
import { SignOut } from './sign-out.tsx';

/** On a phone: the places that do not fit in the bar, and the way out. */
export function MoreScreen() {
  const { t } = useTranslation();
  const { behindMore } = usePlaces();
  return (
    <>
      <div className="head">
        <h1>{t('menu.more')}</h1>
      </div>
      <div className="card flush">
        {behindMore.map(({ to, key, Icon }) => (
          <Link key={to} to={to} className="list-row">
            <Icon size={22} aria-hidden="true" />
            {t(`menu.${key}`)}
          </Link>
        ))}
      </div>
      <SignOut />
    </>
  );
}
