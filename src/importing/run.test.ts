import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { loadImport } from './listing.ts';
import { closeAbandonedImports, startRun } from './run.ts';
import { findUpload, keepUpload } from './uploads.ts';

const now = new Date('2026-11-24T10:00:00Z');

describe('an import under way', async () => {
  const database = await createTestDatabase();
  const request = {
    kind: 'sales' as const,
    fileName: 'vendite.csv',
    reading: { specification: { columns: {} }, header: [], timeZone: 'Europe/Rome' },
    operatorId: null,
    now,
  };
  const begin = async (
    store: () => Promise<{ read: number; accepted: number; rejected: number; rejects: object }>,
  ) => startRun(database, request, { store, estimate: () => null, fileHash: () => null });
  const counts = { read: 1, accepted: 1, rejected: 0, rejects: {} };

  it('is left alone however long it takes; one whose process is gone is closed at once', async () => {
    const gate = Promise.withResolvers<typeof counts>();
    const isStoring = Promise.withResolvers<boolean>();
    const running = await begin(() => {
      isStoring.resolve(true);
      return gate.promise;
    });
    await isStoring.promise;
    const [gone] = await database.raw<{ import_run_id: number }[]>`
      insert into import_run (kind, file_name, mapping, status, started_at)
      values ('sales', 'persa.csv', ${database.raw.json({ header: [] })}, 'running', ${now}) returning import_run_id`;
    expect(await closeAbandonedImports(database, new Date(now.getTime() + 3_600_000))).toBe(1);
    expect((await loadImport(database, running.importRunId, 'it')).status).toBe('running');
    expect(await loadImport(database, gone?.import_run_id ?? 0, 'it')).toMatchObject({
      status: 'failed',
      failure:
        'Il programma si è chiuso durante l’importazione. Non è stato salvato niente a metà: ricarica lo stesso file.',
    });
    gate.resolve(counts);
    await running.finished;
    expect((await loadImport(database, running.importRunId, 'it')).status).toBe('done');
  });

  it('that fails keeps why, in the words of who asks', async () => {
    const full = Object.assign(new Error('no room'), { code: '53100' });
    const failing = await begin(() => Promise.reject(full));
    await expect(failing.finished).rejects.toBe(full);
    const { failure } = await loadImport(database, failing.importRunId, 'en');
    expect(failure).toBe(
      'The disk is full. What was saved is safe, the last operation is not: make room and repeat it.',
    );
  });
});

describe('a file that is sent to us', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-uploads-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is kept until it is imported, under the name the person gave it and nowhere else', async () => {
    const upload = await keepUpload(
      folder,
      Readable.from([Buffer.from('Data;Importo')]),
      '..\\..\\vendite.csv',
      now,
    );
    expect(await findUpload(folder, upload.uploadId)).toEqual({
      ...upload,
      fileName: 'vendite.csv',
      bytes: 12,
    });
    await expect(findUpload(folder, '../secret.key')).rejects.toMatchObject({ code: 'upload_gone' });
  });

  it('and does not arrive whole leaves nothing behind', async () => {
    const before = readdirSync(join(folder, 'uploads')).length;
    const cut = Object.assign(Readable.from([Buffer.from('Data;Imp')]), { truncated: true });
    await expect(keepUpload(folder, cut, 'vendite.csv', now)).rejects.toMatchObject({
      code: 'import_file_too_large',
    });
    const broken = new Readable({
      read() {
        this.destroy(Object.assign(new Error('no room'), { code: 'ENOSPC' }));
      },
    });
    await expect(keepUpload(folder, broken, 'vendite.csv', now)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(readdirSync(join(folder, 'uploads'))).toHaveLength(before);
  });
});
