import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { dayFromIso } from '../kernel/day.ts';
import { RowsOfCopy, readBinary } from './binary-read.ts';
import { copyOut } from './copy.ts';

describe('rows read from a binary copy', async () => {
  const database = await createTestDatabase();

  it('are what the server holds, of every kind', async () => {
    const rows: unknown[] = [];
    await readBinary(
      database.raw,
      `select 7 as a, -9007199254740991::bigint, 0.1::float8, date '2026-02-28', array[3, -5, 8], '{}'::integer[], true, (array[1, 2, 3])[2:]`,
      (fields) => {
        rows.push([fields.int4(), fields.int8(), fields.float8(), fields.date()]);
        rows.push([fields.int4Array(), fields.int4Array(), fields.boolean(), fields.int4Array()]);
      },
    );
    expect(rows).toEqual([
      [7, -9007199254740991, 0.1, dayFromIso('2026-02-28')],
      [[3, -5, 8], [], true, [2, 3]],
    ]);
  });

  it('come all, none where there is none, and the connection goes on', async () => {
    await database.transaction(async ({ raw }) => {
      let [count, sum] = [0, 0];
      await readBinary(raw, 'select i, i::float8 from generate_series(1, 100000) i', (fields) => {
        count++;
        sum += fields.int4() - fields.float8();
      });
      expect([count, sum]).toEqual([100_000, 0]);
      await readBinary(raw, 'select 1 where false', () => count++);
      expect(count).toBe(100_000);
      expect(await raw`select 1 as one`).toEqual([{ one: 1 }]);
    });
  });

  it('that the server cannot give, or that nobody can take, fail with the cause, and the connection goes on', async () => {
    await expect(
      readBinary(database.raw, 'select 1 / i from generate_series(0, 3) i', () => undefined),
    ).rejects.toMatchObject({
      code: '22012',
    });
    const refuse = (): never => {
      throw new Error('not wanted');
    };
    await expect(
      readBinary(database.raw, 'select i from generate_series(1, 50000) i', refuse),
    ).rejects.toThrow('not wanted');
    expect(await database.raw`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it.each([1, 2, 3, 7, 64])('may be cut anywhere: pieces of %d bytes', async (size) => {
    const statement =
      'copy (select i, i / 3::float8 from generate_series(0, 19) i) to stdout (format binary)';
    const blocks: Buffer[] = [];
    for await (const block of copyOut(database.raw, statement)) blocks.push(block);
    const bytes = Buffer.concat(blocks);
    const seen: number[] = [];
    const cut = new RowsOfCopy((fields) => seen.push(fields.int4(), fields.float8()));
    for (let at = 0; at < bytes.length; at += size) cut.add(bytes.subarray(at, at + size));
    expect(seen).toEqual(Array.from({ length: 20 }, (_, value) => [value, value / 3]).flat());
  });
});
