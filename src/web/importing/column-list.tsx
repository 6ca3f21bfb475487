import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { contactColumns } from '../../contacts/columns.ts';
import { columnReference } from '../../importing/header.ts';
import { salesColumns } from '../../sales/columns.ts';
import type { FileAtHand } from './import-screen.tsx';

const NOT_NEEDED = 'not_needed';

type Columns = Readonly<Partial<Record<string, string | number>>>;

/** Every column of the file with a few of its values, and what it is; the person corrects what was not understood. */
export function ColumnList({
  file,
  onMapping,
}: {
  readonly file: FileAtHand;
  readonly onMapping: (mapping: unknown) => void;
}) {
  const { t } = useTranslation();
  const { kind, preview } = file;
  const { header } = preview;
  const columns: Columns = preview.mapping.columns;
  const fields: readonly string[] = kind === 'sales' ? salesColumns : contactColumns;
  const options = [
    { value: NOT_NEEDED, label: t('import.not_needed') },
    ...fields.map((field) => ({ value: field, label: t(`import.${kind}.field.${field}`) })),
  ];
  return (
    <section className="card stack" aria-labelledby="columns">
      <div>
        <h2 id="columns">{t('import.columns')}</h2>
        <p className="small muted">{t('import.columns_note')}</p>
      </div>
      <ul className="columns">
        {header.map((name, position) => (
          <li key={`${position} ${name}`}>
            <span>
              <b>{name || t('import.column_nameless', { number: position + 1 })}</b>
              <span className="small muted examples">
                {examplesOf(
                  preview.lines.map(({ cells }) => cells),
                  position,
                )}
              </span>
            </span>
            <Select
              aria-label={t('import.what_is', { name })}
              data={options}
              allowDeselect={false}
              value={fieldAt(columns, header, position)}
              onChange={(field) =>
                onMapping(
                  withField(preview.mapping, columns, {
                    field: field === NOT_NEEDED ? null : field,
                    position,
                    header,
                  }),
                )
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function examplesOf(rows: readonly (readonly string[])[], position: number): string {
  const values = rows.map((cells) => (cells[position] ?? '').trim()).filter((value) => value !== '');
  return [...new Set(values)].slice(0, 3).join(' · ');
}

function positionOf(reference: string | number, header: readonly string[]): number {
  return typeof reference === 'number' ? reference - 1 : header.indexOf(reference);
}

function fieldAt(columns: Columns, header: readonly string[], position: number): string {
  const found = Object.entries(columns).find(
    ([, reference]) => reference !== undefined && positionOf(reference, header) === position,
  );
  return found?.[0] ?? NOT_NEEDED;
}

/** The mapping with a column meaning this field and nothing else. A till's categories are read as soon as they have a column. */
function withField(
  mapping: object,
  columns: Columns,
  { field, position, header }: { field: string | null; position: number; header: readonly string[] },
): object {
  const others = Object.entries(columns).filter(
    ([other, reference]) =>
      other !== field && reference !== undefined && positionOf(reference, header) !== position,
  );
  return {
    ...mapping,
    columns: {
      ...Object.fromEntries(others),
      ...(field === null ? {} : { [field]: columnReference(header, position) }),
    },
    ...(field === 'category' && 'category' in mapping
      ? { category: { rule: 'column', separator: '>' } }
      : {}),
  };
}
