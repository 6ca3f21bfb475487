import { useTranslation } from 'react-i18next';
import { BusinessForm } from './business-form.tsx';
import { CallForm } from './call-form.tsx';
import { ClosureForm } from './closure-form.tsx';
import { EmailForm } from './email-form.tsx';
import { LetterForm } from './letter-form.tsx';
import { PlanForm } from './plan-form.tsx';
import { PressureForm } from './pressure-form.tsx';
import { Reachability } from './reachability.tsx';
import { RetentionForm } from './retention-form.tsx';

/** Impostazioni: the shop, how the plan behaves, how often one person is written to, how long purchases are kept, mail, letters and calls, and whether customers can reach their pages. */
export function SettingScreen() {
  const { t } = useTranslation();
  return (
    <div className="stack" style={{ '--gap': '24px' } as React.CSSProperties}>
      <h1>{t('menu.settings')}</h1>
      <BusinessForm />
      <PlanForm />
      <PressureForm />
      <ClosureForm />
      <RetentionForm />
      <EmailForm />
      <LetterForm />
      <CallForm />
      <Reachability />
    </div>
  );
}
