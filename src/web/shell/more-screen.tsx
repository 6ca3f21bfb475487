import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePlaces } from './places.ts';

/** On a phone: the places that do not fit in the bar. */
export function MoreScreen() {
  const { t } = useTranslation();
  const { sometimes } = usePlaces();
  return (
    <>
      <div className="head">
        <h1>{t('menu.more')}</h1>
      </div>
      <div className="card flush">
        {sometimes.map(({ to, key, Icon }) => (
          <Link key={to} to={to} className="list-row">
            <Icon size={22} aria-hidden="true" />
            {t(`menu.${key}`)}
          </Link>
        ))}
      </div>
    </>
  );
}
