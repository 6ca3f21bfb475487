import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { speak } from '../catalogue/catalogue.ts';

/** The frame before one is inside: awning, name, how many questions remain, and the language. */
export function Doorstep({
  step,
  steps,
  children,
}: {
  readonly step: number;
  readonly steps: number;
  readonly children: React.ReactNode;
}) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <div className="awning" aria-hidden="true" />
      <main className="page" style={{ maxWidth: 900, margin: '0 auto' }}>
        <div className="row between" style={{ marginBottom: 24 }}>
          <div className="shop">
            <span className="sign" aria-hidden="true">
              B
            </span>
            Bentornato
          </div>
          {step > 0 && steps > 0 ? (
            <span className="row small muted">
              {t('set_up.step', { step, steps })}
              <span className="dashes" aria-hidden="true">
                {Array.from({ length: steps }, (_, index) => (
                  <i key={index} className={index < step ? 'on' : ''} />
                ))}
              </span>
            </span>
          ) : (
            <Button
              variant="subtle"
              color="gray"
              c="var(--ink-2)"
              px="sm"
              lang={i18n.language === 'en' ? 'it' : 'en'}
              onClick={() => speak(i18n.language === 'en' ? 'it' : 'en')}
            >
              {i18n.language === 'en' ? 'Italiano' : 'English'}
            </Button>
          )}
        </div>
        {children}
      </main>
    </>
  );
}
