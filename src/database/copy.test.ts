import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { copyIn, copyOut } from './copy.ts';

const statement = 'copy product (code, name, category_id, created_at) from stdin';

describe('a copy into a table', async () => {
  const database = await createTestDatabase();
  const copy = (rows: string[]): Promise<void> =>
    database.transaction(({ raw }) =>
      copyIn(
        raw,
        statement,
        rows.map((row) => Buffer.from(`${row}\n`)),
      ),
    );

  it('is there when it returns', async () => {
    await database.raw`insert into category (name, lookup_name, created_at) values ('Tè', 'te', '2026-01-01')`;
    await copy(['A\tTè verde\t1\t2026-01-01', 'B\tTè nero\t1\t2026-01-01']);
    expect(await database.raw`select code from product order by code`).toHaveLength(2);
  });

  it('that the server refuses at its end throws what the server says, and the connection goes on', async () => {
    await expect(copy(['C\tTè bianco\t99\t2026-01-01'])).rejects.toMatchObject({ code: '23503' });
    await expect(copy(['D\tonly two fields'])).rejects.toMatchObject({ code: '22P04' });
    expect(await database.raw`select code from product order by code`).toHaveLength(2);
  });

  it('whose source fails is undone', async () => {
    const source = async function* (): AsyncIterable<string> {
      await Promise.resolve();
      yield 'E\tTè rosso\t1\t2026-01-01\n';
      throw new Error('the file ended');
    };
    await expect(database.transaction(({ raw }) => copyIn(raw, statement, source()))).rejects.toThrow(
      'the file ended',
    );
    expect(await database.raw`select code from product order by code`).toHaveLength(2);
  });

  it('out of a table that the server cannot go on with throws what it says, and the connection goes on', async () => {
    const read = async (): Promise<void> => {
      for await (const block of copyOut(
        database.raw,
        'copy (select 1 / i from generate_series(0, 3) i) to stdout',
      ))
        expect(block).toHaveLength(0);
    };
    await expect(read()).rejects.toMatchObject({ code: '22012' });
    expect(await database.raw`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it('out of a table comes whole though we are slow, and the connection goes on', async () => {
    let bytes = 0;
    await database.transaction(async ({ raw }) => {
      for await (const block of copyOut(
        raw,
        `copy (select repeat('x', 9999) from generate_series(1, 300)) to stdout`,
      )) {
        bytes += block.length;
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await raw`select 1 as one`).toEqual([{ one: 1 }]);
    });
    expect(bytes).toBe(3_000_000);
  });
});
