import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportRun, RejectGroups } from '../../importing/schema.ts';
import { call, useApi } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';
import { Failed, Waiting } from '../parts/states.tsx';

type Group = RejectGroups['groups'][number];
type Edits = ReadonlyMap<number, readonly string[]>;

/** Rows that stayed out, by reason: some are corrected here, all can be taken as a file. */
export function Rejects({ run }: { readonly run: ImportRun }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [edits, setEdits] = useState<Edits>(new Map());
  const rejects = useApi<RejectGroups>(`/api/imports/${run.importRunId}/rejects`);
  const retry = useMutation({
    mutationFn: () =>
      call<{ importRunId: number; accepted: number; rejected: number }>(
        'POST',
        `/api/${run.kind}/imports/${run.importRunId}/retry`,
        { corrections: [...edits].map(([lineNumber, cells]) => ({ lineNumber, cells })) },
      ),
    onSuccess: async ({ importRunId, accepted, rejected }) => {
      setEdits(new Map());
      await navigate({ to: '/importa/$importRunId', params: { importRunId: String(importRunId) } });
      // Said last: after it the person may go where they like, and nothing takes them back here.
      say(t('import.retried', { accepted, rejected }));
      await queries.invalidateQueries();
    },
    onError: sayFailure,
  });
  if (rejects.error) return <Failed error={rejects.error} retry={() => void rejects.refetch()} />;
  if (!rejects.data) return <Waiting />;
  const { groups, header } = rejects.data;
  return (
    <section className="card stack" aria-labelledby="rejects">
      <h2 id="rejects">{t('import.stayed_out', { count: run.openRejects })}</h2>
      {groups.map((group) => (
        <RejectGroup key={group.reason} group={group} header={header} edits={edits} onEdits={setEdits} />
      ))}
      <div className="row">
        <Button loading={retry.isPending} disabled={edits.size === 0} onClick={() => retry.mutate()}>
          {t('import.retry', { count: edits.size })}
        </Button>
        <Button component="a" variant="default" href={`/api/imports/${run.importRunId}/rejects.csv`} download>
          {t('import.download', { count: run.openRejects })}
        </Button>
      </div>
      <p className="small muted">{t('import.rejects_note')}</p>
    </section>
  );
}

function RejectGroup({
  group,
  header,
  edits,
  onEdits,
}: {
  readonly group: Group;
  readonly header: readonly string[];
  readonly edits: Edits;
  readonly onEdits: (edits: Edits) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="stack reject-group">
      <h3>{t('import.group', { count: group.count, reason: group.sentence })}</h3>
      {group.examples.map((example) => (
        <div key={example.lineNumber} className="reject-row">
          <span className="caption">{t('import.line', { number: example.lineNumber })}</span>
          <span className="small muted" style={{ overflowWrap: 'anywhere' }}>
            {example.cells.filter((cell) => cell.trim() !== '').join(' · ')}
          </span>
          {example.column !== null && (
            <TextInput
              aria-label={t('import.correct_cell', {
                column: header[example.column] ?? '',
                number: example.lineNumber,
              })}
              value={(edits.get(example.lineNumber) ?? example.cells)[example.column] ?? ''}
              onChange={(event) => {
                const cells = header.map((_, position) => example.cells[position] ?? '');
                cells[example.column ?? 0] = event.currentTarget.value;
                onEdits(new Map([...edits, [example.lineNumber, cells]]));
              }}
            />
          )}
        </div>
      ))}
      {group.count > group.examples.length && (
        <p className="small muted">
          {t('import.more_like_these', { count: group.count - group.examples.length })}
        </p>
      )}
    </div>
  );
}
