import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { reachabilitySchema } from '../../business/schema.ts';
import { useApi } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';

/** Whether the customers' pages can be reached, and what follows when they cannot. */
export function Reachability() {
  const { t } = useTranslation();
  const answer = useApi<z.infer<typeof reachabilitySchema>>('/api/settings/reachability');
  if (answer.error) return <Failed error={answer.error} />;
  if (!answer.data) return <Waiting />;
  return (
    <section className="card stack">
      <h2>{t('settings.reachability')}</h2>
      <div className={answer.data.isReachable ? 'notice yes' : 'notice time'}>{answer.data.sentence}</div>
    </section>
  );
}
