import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { exportBackup, restoreBackup } from './backup.ts';
import type { Database } from './connection.ts';

const now = new Date('2026-11-24T10:00:00Z');
const secretKey = Buffer.alloc(32, 7);
const tricky = 'tab\t new\nline \\. back\\slash \u2028 «è» \r "quoted" \\N';

async function fill({ raw }: Database): Promise<void> {
  await raw`insert into business (name, created_at) values ('Bottega Inventata', ${now})`;
  await raw`insert into category (name, lookup_name, created_at) values ('Capsule', 'capsule', ${now})`;
  await raw`insert into category (name, lookup_name, parent_id, created_at) values ('Deca', 'deca', 1, ${now})`;
  await raw`insert into contact (household_id, first_name, note, attributes, created_at, updated_at)
    select n, 'Persona ' || n, ${tricky}, ${raw.json({ note: tricky })}, ${now}::timestamptz, ${now}::timestamptz from generate_series(1, 500) n`;
  await raw`insert into contact_identity (contact_id, kind, value, original, created_at)
    select contact_id, 'card', 'T' || contact_id, 'T' || contact_id, ${now}::timestamptz from contact`;
}

const contentOf = async ({ raw }: Database): Promise<unknown> => ({
  contacts: await raw`select * from contact order by contact_id`,
  identities: await raw`select * from contact_identity order by contact_id`,
  categories: await raw`select * from category order by category_id`,
});

describe('a backup', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-backup-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const database = await createTestDatabase();
  const other = await createTestDatabase();
  const path = join(folder, 'bottega.backup');

  it('restores into an empty database exactly what was there, and numbers go on', async () => {
    await fill(database);
    const written = await exportBackup(database, { path, secretKey }, now);
    expect(written.rows).toBe(1003);
    expect(await restoreBackup(other, { path, secretKey })).toEqual(written);
    expect(await contentOf(other)).toEqual(await contentOf(database));
    const [contact] = await other.raw`insert into contact (household_id, created_at, updated_at)
      values (1, ${now}, ${now}) returning contact_id`;
    expect(contact).toEqual({ contact_id: 501 });
  });

  it('is not read over a shop that is there, nor with another key', async () => {
    await expect(restoreBackup(other, { path, secretKey })).rejects.toMatchObject({
      code: 'restore_not_empty',
    });
    await expect(restoreBackup(other, { path, secretKey: Buffer.alloc(32, 8) })).rejects.toMatchObject({
      code: 'backup_other_key',
    });
  });

  it('that was cut or is something else is refused, and nothing changes', async () => {
    const empty = await createTestDatabase();
    const whole = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
    const cutInRows = join(folder, 'cut');
    writeFileSync(cutInRows, gzipSync([...whole.slice(0, 100), ...whole.slice(101)].join('\n')));
    const cutFile = join(folder, 'half');
    writeFileSync(cutFile, readFileSync(path).subarray(0, 5_000));
    const picture = join(folder, 'picture.png');
    writeFileSync(picture, 'no backup');
    for (const wrong of [picture, join(folder, 'nowhere'), cutFile, cutInRows])
      await expect(restoreBackup(empty, { path: wrong, secretKey })).rejects.toMatchObject({
        code: 'backup_unreadable',
      });
    expect(await empty.raw`select 1 from contact`).toHaveLength(0);
    await restoreBackup(empty, { path, secretKey });
    expect(await contentOf(empty)).toEqual(await contentOf(database));
  });

  it('that cannot be written says so and leaves no half file', async () => {
    await expect(
      exportBackup(database, { path: join(folder, 'no', 'such', 'folder'), secretKey }, now),
    ).rejects.toMatchObject({ code: 'backup_not_written' });
  });
});
