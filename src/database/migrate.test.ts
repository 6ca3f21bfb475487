import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { generateRows } from '../../test/support/generate-rows.ts';
import { migrate, splitStatements } from './migrate.ts';

describe('migrations', async () => {
  const database = await createTestDatabase();

  it('applies nothing a second time', async () => {
    expect(await migrate(database)).toBe(0);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    await expect(
      database.transaction(async ({ raw }) => {
        await raw`update schema_migration set hash = 'edited'`;
        throw new Error('the edit was visible inside and is rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await database.raw`update schema_migration set hash = 'edited' || hash`;
    await expect(migrate(database)).rejects.toMatchObject({ code: 'migration_changed' });
    await database.raw`update schema_migration set hash = substr(hash, 7)`;
    expect(await migrate(database)).toBe(0);
  });

  it('has row types generated from this very schema', async () => {
    expect(readFileSync(new URL('./rows.ts', import.meta.url), 'utf8')).toBe(
      await generateRows(database.query),
    );
  });

  it('splits a file into its statements, without comments', () => {
    expect(splitStatements('-- why\ncreate table a (x int); \n\ninsert into a values (1);\n')).toEqual([
      'create table a (x int)',
      'insert into a values (1)',
    ]);
  });
});
