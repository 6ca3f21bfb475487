import { useTranslation } from 'react-i18next';
import type { ContactPreview } from '../../contacts/import-schema.ts';
import type { SalesPreview } from '../../sales/schema.ts';
import { localeOf } from '../parts/locale.ts';

const SHOWN = 8;

/** The first sales as they would be taken in. */
export function FirstSales({ preview }: { readonly preview: SalesPreview }) {
  const { t, i18n } = useTranslation();
  const money = new Intl.NumberFormat(localeOf(i18n.language), {
    style: 'currency',
    currency: 'EUR',
    useGrouping: 'always',
  });
  const day = new Intl.DateTimeFormat(localeOf(i18n.language), { dateStyle: 'medium' });
  return (
    <Rows preview={preview} note={t('import.first_sales')}>
      {preview.lines.slice(0, SHOWN).map((line) => (
        <Line key={line.lineNumber} number={line.lineNumber} reason={line.reasonSentence}>
          <b>
            {line.soldAt === null ? '' : day.format(new Date(line.soldAt))} ·{' '}
            {line.customer === '' ? t('import.nobody') : line.customer}
          </b>
          <span className="small muted">
            {[
              `${line.isReturn ? `${t('import.brought_back')} ` : ''}${Math.abs(line.quantity ?? 1)} × ${line.product}`,
              line.category,
              line.totalCents === null ? '' : money.format(line.totalCents / 100),
            ]
              .filter((part) => part !== '')
              .join(' · ')}
          </span>
        </Line>
      ))}
    </Rows>
  );
}

/** The first people as they would be taken in, and what their answers count for. */
export function FirstPeople({ preview }: { readonly preview: ContactPreview }) {
  const { t } = useTranslation();
  return (
    <Rows preview={preview} note={t('import.first_people')}>
      {preview.lines.slice(0, SHOWN).map((line) => (
        <Line key={line.lineNumber} number={line.lineNumber} reason={line.reasonSentence}>
          <b>{line.name || t('contacts.nameless')}</b>
          <span className="small muted">{line.addresses.join(' · ')}</span>
          <span className="row" style={{ '--gap': '8px' } as React.CSSProperties}>
            {(['marketing', 'profiling'] as const).map((purpose) => (
              <span key={purpose} className={`badge ${line[purpose] === 'granted' ? 'yes' : ''}`}>
                {t(`purpose.${purpose}`)}: {t(`import.answer.${line[purpose]}`)}
              </span>
            ))}
          </span>
        </Line>
      ))}
    </Rows>
  );
}

function Rows({
  preview,
  note,
  children,
}: {
  readonly preview: { readonly lines: readonly unknown[] };
  readonly note: string;
  readonly children: React.ReactNode;
}) {
  const { t } = useTranslation();
  if (preview.lines.length === 0) return null;
  return (
    <section className="stack" aria-label={t('import.first_rows')}>
      <div>
        <h2>{t('import.first_rows')}</h2>
        <p className="small muted">{note}</p>
      </div>
      <div className="card flush">{children}</div>
    </section>
  );
}

function Line({
  number,
  reason,
  children,
}: {
  readonly number: number;
  readonly reason: string | null;
  readonly children: React.ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className="list-row">
      <span className="caption">{t('import.line', { number })}</span>
      {reason === null ? (
        <span className="grow stack" style={{ '--gap': '2px' } as React.CSSProperties}>
          {children}
        </span>
      ) : (
        <span className="grow">{t('import.would_stay_out', { reason })}</span>
      )}
    </div>
  );
}
