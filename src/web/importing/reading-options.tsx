import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FileAtHand } from './import-screen.tsx';

const salesDates = ['auto', 'day_first', 'month_first', 'iso'] as const;
const contactDates = ['day_first', 'month_first', 'iso'] as const;

/** What a column alone does not say: how days and amounts are written, which name comes first. */
export function ReadingOptions({
  file,
  onMapping,
}: {
  readonly file: FileAtHand;
  readonly onMapping: (mapping: unknown) => void;
}) {
  const { t } = useTranslation();
  const { kind, preview } = file;
  const choose = (change: object): void => onMapping({ ...preview.mapping, ...change });
  const named = (group: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`import.${group}.${value}`) }));
  return (
    <section className="card row" aria-label={t('import.options')} style={{ alignItems: 'flex-end' }}>
      <Select
        label={t('import.dates')}
        data={named('date_format', kind === 'sales' ? salesDates : contactDates)}
        value={preview.mapping.dateFormat}
        allowDeselect={false}
        onChange={(dateFormat) => choose({ dateFormat })}
      />
      {file.kind === 'sales' && (
        <Select
          label={t('import.numbers')}
          data={named('number_format', ['auto', 'comma', 'dot'])}
          value={file.preview.mapping.numberFormat}
          allowDeselect={false}
          onChange={(numberFormat) => choose({ numberFormat })}
        />
      )}
      {file.kind === 'contacts' && file.preview.mapping.columns.fullName !== undefined && (
        <Select
          label={t('import.names')}
          data={named('name_order', ['last_first', 'first_last'])}
          value={file.preview.mapping.nameOrder}
          allowDeselect={false}
          onChange={(nameOrder) => choose({ nameOrder })}
        />
      )}
    </section>
  );
}
