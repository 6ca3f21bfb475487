import { Button, Checkbox } from '@mantine/core';
import { IconAlertTriangle, IconArrowLeft } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportRun } from '../../importing/schema.ts';
import { call } from '../api.ts';
import { sayFailure } from '../parts/notify.ts';
import { ColumnList } from './column-list.tsx';
import { EvidenceForm } from './evidence-form.tsx';
import { FirstPeople, FirstSales } from './first-rows.tsx';
import type { FileAtHand } from './import-screen.tsx';
import { ReadingOptions } from './reading-options.tsx';

/** How a file is understood: columns, doubts and the first rows; corrected here before anything is stored. */
export function FileReview({
  file,
  onChange,
  onLeave,
}: {
  readonly file: FileAtHand;
  readonly onChange: (file: FileAtHand) => void;
  readonly onLeave: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { kind, preview } = file;
  const [keeps, setKeeps] = useState(preview.mappingName === null);
  const look = useMutation({
    mutationFn: async (mapping: unknown) => {
      const fresh = await call('POST', `/api/${kind}/uploads/${preview.uploadId}/preview`, { mapping });
      return { kind, preview: { ...(fresh as object), mappingName: preview.mappingName } } as FileAtHand;
    },
    onSuccess: onChange,
    onError: sayFailure,
  });
  const start = useMutation({
    mutationFn: () =>
      call<ImportRun>('POST', `/api/${kind}/imports`, {
        uploadId: preview.uploadId,
        mapping: preview.mapping,
        ...(keeps ? { saveAs: preview.fileName.slice(0, 120) } : {}),
      }),
    onSuccess: ({ importRunId }) =>
      navigate({ to: '/importa/$importRunId', params: { importRunId: String(importRunId) } }),
    onError: sayFailure,
  });
  return (
    <div className="stack" style={{ '--gap': '24px' } as React.CSSProperties}>
      <div>
        <Button
          variant="subtle"
          c="var(--ink-2)"
          leftSection={<IconArrowLeft size={18} aria-hidden="true" />}
          onClick={onLeave}
        >
          {t('import.other_file')}
        </Button>
        <h1 style={{ overflowWrap: 'anywhere' }}>{preview.fileName}</h1>
        <p className="muted">
          {preview.mappingName === null
            ? t('import.not_stored_yet')
            : t('import.recognised', { name: preview.mappingName })}
        </p>
      </div>
      {preview.doubts.map((doubt) => (
        <div key={doubt.code + doubt.field} className="notice time" role="status">
          <IconAlertTriangle size={20} aria-hidden="true" />
          <p>{doubt.sentence}</p>
        </div>
      ))}
      <ColumnList file={file} onMapping={(mapping) => look.mutate(mapping)} />
      <ReadingOptions file={file} onMapping={(mapping) => look.mutate(mapping)} />
      {file.kind === 'contacts' && (
        <EvidenceForm mapping={file.preview.mapping} onMapping={(mapping) => look.mutate(mapping)} />
      )}
      {file.kind === 'sales' ? <FirstSales preview={file.preview} /> : <FirstPeople preview={file.preview} />}
      <div className="card stack">
        <Checkbox
          label={t('import.keep_reading')}
          checked={keeps}
          onChange={(event) => setKeeps(event.currentTarget.checked)}
        />
        <div>
          <Button
            size="lg"
            disabled={!preview.isComplete || look.isPending}
            loading={start.isPending}
            onClick={() => start.mutate()}
          >
            {t(`import.${kind}.start`)}
          </Button>
        </div>
        <p className="small muted">{t('import.all_or_nothing')}</p>
      </div>
    </div>
  );
}
