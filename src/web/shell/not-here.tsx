import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** An address without a page. */
export function NotHere() {
  const { t } = useTranslation();
  return (
    <div className="card stack">
      <h1>{t('states.not_here')}</h1>
      <p>{t('states.not_here_note')}</p>
      <div>
        <Button component={Link} to="/">
          {t('states.to_today')}
        </Button>
      </div>
    </div>
  );
}

/** A fault of a screen: the others go on working. */
export function WentWrong() {
  const { t } = useTranslation();
  return (
    <div className="card stack" role="alert">
      <h1>{t('states.went_wrong')}</h1>
      <p>{t('states.went_wrong_note')}</p>
      <div>
        <Button onClick={() => window.location.reload()}>{t('states.retry')}</Button>
      </div>
    </div>
  );
}
