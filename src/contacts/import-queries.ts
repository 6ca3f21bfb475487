import type { Connection } from '../database/connection.ts';

export async function insertRun(
  { raw }: Connection,
  run: { fileName: string; mapping: object; operatorId: number | null; now: Date },
): Promise<number> {
  const [row] = await raw<{ import_run_id: number }[]>`
    insert into import_run (kind, file_name, mapping, status, operator_id, started_at)
    values ('contacts', ${run.fileName}, ${raw.json(run.mapping as never)}, 'running', ${run.operatorId}, ${run.now}) returning import_run_id`;
  return row?.import_run_id ?? 0;
}

export async function finishRun(
  { raw }: Connection,
  importRunId: number,
  change: { status: 'done' | 'failed'; summary: object | null; failure: string | null; now: Date },
): Promise<void> {
  await raw`
    update import_run set status = ${change.status}, summary = ${change.summary === null ? null : raw.json(change.summary as never)}, failure = ${change.failure},
      finished_at = ${change.now} where import_run_id = ${importRunId}`;
}

export interface RejectInsert {
  readonly line_number: number;
  readonly reason: string;
  readonly field: string;
  readonly cells: readonly string[];
}

export async function insertRejects(
  { raw }: Connection,
  importRunId: number,
  rejects: readonly RejectInsert[],
): Promise<void> {
  if (rejects.length === 0) return;
  await raw`
    insert into import_reject (import_run_id, line_number, reason, field, cells)
    select ${importRunId}, r.* from jsonb_to_recordset(${raw.json(rejects as never)}) as r (line_number integer, reason text, field text, cells jsonb)
    on conflict (import_run_id, line_number) do nothing`;
}

/** Which of these consents the ledger has already: contact, purpose, action and moment joined by spaces. */
export async function selectKnownConsents(
  { raw }: Connection,
  contactIds: readonly number[],
): Promise<Set<string>> {
  const rows = await raw<{ contact_id: number; purpose: string; action: string; occurred_at: Date }[]>`
    select contact_id, purpose, action, occurred_at from consent_event where contact_id = any(${contactIds})`;
  return new Set(
    rows.map((row) => `${row.contact_id} ${row.purpose} ${row.action} ${row.occurred_at.toISOString()}`),
  );
}
