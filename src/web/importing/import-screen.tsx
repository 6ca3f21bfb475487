import { Button, FileButton } from '@mantine/core';
import { IconFileSpreadsheet, IconReceipt, IconUsers } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactPreview } from '../../contacts/import-schema.ts';
import type { ImportKind, ImportRun } from '../../importing/schema.ts';
import type { SalesPreview } from '../../sales/schema.ts';
import { call, useApi } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';
import { FileReview } from './file-review.tsx';
import { localeOf } from '../parts/locale.ts';

const SHOWN = 8;

/** A file at hand, with its kind: what the person is looking at before it is taken in. */
export type FileAtHand =
  | { readonly kind: 'sales'; readonly preview: SalesPreview }
  | { readonly kind: 'contacts'; readonly preview: ContactPreview };

/** Importa: choose a file, look at how it is understood, and see what was brought in before. */
export function ImportScreen() {
  const { t } = useTranslation();
  const [file, setFile] = useState<FileAtHand | null>(null);
  const upload = useMutation({
    mutationFn: async ({ kind, chosen }: { kind: ImportKind; chosen: File }) => {
      const form = new FormData();
      form.append('file', chosen);
      const preview = await call('POST', `/api/${kind}/uploads`, form);
      return { kind, preview } as FileAtHand;
    },
    onSuccess: setFile,
  });
  if (file) return <FileReview file={file} onChange={setFile} onLeave={() => setFile(null)} />;
  return (
    <>
      <div className="head">
        <div>
          <h1>{t('menu.import')}</h1>
          <p>{t('import.intro')}</p>
        </div>
      </div>
      {upload.error && <Failed error={upload.error} />}
      <div className="halves" style={{ marginBlock: 24 }}>
        {(['sales', 'contacts'] as const).map((kind) => (
          <section key={kind} className="card stack" aria-label={t(`import.${kind}.title`)}>
            <div className="row">
              {kind === 'sales' ? (
                <IconReceipt size={24} aria-hidden="true" />
              ) : (
                <IconUsers size={24} aria-hidden="true" />
              )}
              <h2>{t(`import.${kind}.title`)}</h2>
            </div>
            <p>{t(`import.${kind}.note`)}</p>
            <div>
              <FileButton onChange={(chosen) => chosen && upload.mutate({ kind, chosen })}>
                {(parts) => (
                  <Button
                    {...parts}
                    size="md"
                    loading={upload.isPending && upload.variables.kind === kind}
                    disabled={upload.isPending}
                  >
                    {t(`import.${kind}.choose`)}
                  </Button>
                )}
              </FileButton>
            </div>
          </section>
        ))}
      </div>
      <Earlier />
    </>
  );
}

/** What was brought in before, and what still waits for a correction. */
function Earlier() {
  const { t, i18n } = useTranslation();
  const [isWhole, setIsWhole] = useState(false);
  const list = useApi<{ imports: ImportRun[] }>('/api/imports');
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Waiting />;
  if (list.data.imports.length === 0) return null;
  const { imports } = list.data;
  const shown = isWhole ? imports : imports.slice(0, SHOWN);
  const dated = new Intl.DateTimeFormat(localeOf(i18n.language), { day: 'numeric', month: 'short' });
  return (
    <section className="stack" aria-label={t('import.earlier')}>
      <h2>{t('import.earlier')}</h2>
      <div className="card flush">
        {shown.map((run) => (
          <Link
            key={run.importRunId}
            className="list-row"
            to="/importa/$importRunId"
            params={{ importRunId: String(run.importRunId) }}
          >
            <IconFileSpreadsheet size={22} aria-hidden="true" />
            <span className="grow">
              <b style={{ overflowWrap: 'anywhere' }}>{run.fileName}</b>
              <span className="small muted" style={{ display: 'block' }}>
                {t(`import.${run.kind}.title`)}, {dated.format(new Date(run.startedAt))}
                {run.summary && ` · ${t('import.rows_read', { count: run.summary.read })}`}
              </span>
            </span>
            {run.status === 'running' && <span className="badge talk">{t('import.running')}</span>}
            {run.status === 'failed' && <span className="badge stop">{t('import.failed')}</span>}
            {run.openRejects > 0 && (
              <span className="badge time">{t('import.to_correct', { count: run.openRejects })}</span>
            )}
          </Link>
        ))}
      </div>
      {shown.length < imports.length && (
        <div>
          <Button variant="default" onClick={() => setIsWhole(true)}>
            {t('contacts.more')}
          </Button>
        </div>
      )}
    </section>
  );
}
