import { useTranslation } from 'react-i18next';
import type { ClockQuality } from '../../clocks/schema.ts';
import { useApi } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { Calibration } from './calibration.tsx';

/** "How good are the clocks?", on the shop's own past. */
export function Quality() {
  const { t } = useTranslation();
  const quality = useApi<ClockQuality>('/api/clocks/quality');
  if (quality.error) return <Failed error={quality.error} retry={() => void quality.refetch()} />;
  if (!quality.data) return <Waiting />;
  const { sentence, details, bins } = quality.data;
  return (
    <section className="card stack" aria-label={t('clocks.how_good')} style={{ marginTop: 24 }}>
      <h2>{t('clocks.how_good')}</h2>
      <div className="halves">
        <div className="stack">
          <p>
            <b>{sentence}</b>
          </p>
          {details.map((detail) => (
            <p key={detail} className="small">
              {detail}
            </p>
          ))}
        </div>
        {bins.length > 0 && <Calibration bins={bins} />}
      </div>
    </section>
  );
}
