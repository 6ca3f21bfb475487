import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactMapping } from '../../contacts/import-schema.ts';
import { useSession } from '../shell/session.ts';

const methods = ['paper', 'counter', 'web', 'phone'] as const;

/** Evidence that holds for every yes of the file, such as a binder of signed sheets. Without it a yes counts as unknown. */
export function EvidenceForm({
  mapping,
  onMapping,
}: {
  readonly mapping: ContactMapping;
  readonly onMapping: (mapping: ContactMapping) => void;
}) {
  const { t } = useTranslation();
  const { today } = useSession();
  const [form, setForm] = useState(
    mapping.evidence ?? { date: today, method: 'paper' as const, reference: '', text: '' },
  );
  if (mapping.columns.marketing === undefined && mapping.columns.profiling === undefined) return null;
  const { evidence, ...withoutEvidence } = mapping;
  return (
    <section className="card stack" aria-labelledby="evidence">
      <h2 id="evidence">{t('import.evidence')}</h2>
      <p className="small muted">{t('import.evidence_note')}</p>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <Select
          label={t('import.evidence_method')}
          data={methods.map((value) => ({ value, label: t(`import.method.${value}`) }))}
          value={form.method}
          allowDeselect={false}
          onChange={(method) =>
            setForm({ ...form, method: methods.find((name) => name === method) ?? 'paper' })
          }
        />
        <TextInput
          type="date"
          label={t('import.evidence_date')}
          max={today}
          value={form.date}
          onChange={(event) => setForm({ ...form, date: event.currentTarget.value })}
        />
        <TextInput
          className="grow"
          label={t('import.evidence_reference')}
          placeholder={t('import.evidence_example')}
          value={form.reference}
          onChange={(event) => setForm({ ...form, reference: event.currentTarget.value })}
        />
      </div>
      <div className="row">
        <Button
          variant="default"
          disabled={form.reference.trim().length < 3 || form.date === ''}
          onClick={() => onMapping({ ...mapping, evidence: form })}
        >
          {t('import.evidence_use')}
        </Button>
        {evidence && (
          <Button variant="subtle" c="var(--ink-2)" onClick={() => onMapping(withoutEvidence)}>
            {t('import.evidence_drop')}
          </Button>
        )}
        {evidence && <span className="badge yes">{t('import.evidence_used')}</span>}
      </div>
    </section>
  );
}
