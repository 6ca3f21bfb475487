import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { atDatabase } from '../../test/support/global-setup.ts';
import { Failure } from '../kernel/failure.ts';
import { openDatabase } from './connection.ts';
import { checkDatabaseUrl, databaseFailure } from './failures.ts';

/** What is thrown, as the product understands it. */
async function failureOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return 'nothing was thrown';
  } catch (error) {
    return databaseFailure(error)?.code ?? null;
  }
}

describe('a database in trouble', async () => {
  const database = await createTestDatabase();
  const { raw } = database;
  const connect = (address: Parameters<typeof openDatabase>[0]): Promise<string | null> =>
    failureOf(async () => {
      const other = openDatabase(address, { maxConnections: 1 });
      try {
        await other.raw`select 1`;
      } finally {
        await other.close();
      }
    });

  it('that nobody answers for is told from one that is missing', async () => {
    expect(await connect({ url: 'postgres://nobody@127.0.0.1:1/none' })).toBe('database_unreachable');
    expect(await connect({ url: 'postgres://nobody@no-such-host.invalid/none' })).toBe(
      'database_unreachable',
    );
    expect(await connect(atDatabase(database.address, 'no_such_database'))).toBe('database_missing');
  });

  it('that lets nobody in by this name, or not to this table, says so', async () => {
    const stranger =
      'url' in database.address ? { ...database.address } : { ...database.address, user: 'no_such_user' };
    if (!('url' in stranger)) expect(await connect(stranger)).toBe('database_sign_in');
    await raw`create role shopless`;
    const refused = await failureOf(() =>
      database.transaction(async (transaction) => {
        await transaction.raw`set local role shopless`;
        await transaction.raw`select * from contact`;
      }),
    );
    await raw`drop role shopless`;
    expect(refused).toBe('database_forbidden');
  });

  it('that is asked to keep what it cannot, blames the value', async () => {
    expect(await failureOf(() => raw`select ${3_000_000_000}::bigint::integer`)).toBe('value_not_storable');
    expect(await failureOf(() => raw`select ${'a\u0000b'}::text`)).toBe('value_not_storable');
    expect(
      await failureOf(
        () => raw`select to_jsonb(r) from jsonb_to_recordset(${raw.json([{ a: 'a\u0000' }])}) as r (a text)`,
      ),
    ).toBe('value_not_storable');
  });

  it('is a bug of ours when the statement is wrong', async () => {
    expect(await failureOf(() => raw`select no_such_column`)).toBeNull();
    expect(await failureOf(() => raw`select 1 / 0`)).toBeNull();
    expect(databaseFailure(new Error('anything'))).toBeNull();
    expect(databaseFailure(null)).toBeNull();
  });

  it('keeps what is a failure already, and knows a full disk by either name', () => {
    const failure = new Failure('not_found');
    expect(databaseFailure(failure)).toBe(failure);
    for (const code of ['53100', 'ENOSPC'])
      expect(databaseFailure(Object.assign(new Error(), { code }))).toMatchObject({
        code: 'disk_full',
        status: 503,
      });
  });

  it.each(['localhost:5432/shop', 'mysql://localhost/shop', 'not an address'])('cannot be at %j', (text) => {
    expect(() => checkDatabaseUrl(text)).toThrow(
      expect.objectContaining({ code: 'database_url_wrong' }) as Error,
    );
  });

  it.each(['postgres://shop@localhost/shop', 'postgresql://localhost:5433/shop'])('may be at %s', (text) => {
    expect(checkDatabaseUrl(text)).toBe(text);
  });
});

describe('a transaction', async () => {
  const database = await createTestDatabase();
  const { raw } = database;
  await raw`create table note (word text)`;

  it('keeps all or nothing, on both sides of the connection', async () => {
    await expect(
      database.transaction(async (transaction) => {
        await transaction.raw`insert into note values ('raw')`;
        await transaction.query
          .insertInto('suppression')
          .values({ address_hash: Buffer.alloc(4), reason: 'erased', suppressed_at: new Date(0) })
          .execute();
        expect(await transaction.query.selectFrom('suppression').selectAll().execute()).toHaveLength(1);
        throw new Error('the power went');
      }),
    ).rejects.toThrow('the power went');
    expect(await raw`select from note`).toHaveLength(0);
    expect(await raw`select from suppression`).toHaveLength(0);
    expect(
      await database.transaction(
        async (transaction) =>
          (await transaction.raw`insert into note values ('kept') returning word`).length,
      ),
    ).toBe(1);
    expect(await raw`select word from note`).toEqual([{ word: 'kept' }]);
  });

  it('gives its connection back after a failure: more of them than there are connections', async () => {
    const work = Array.from({ length: 20 }, (_, number) =>
      database.transaction(async (transaction) => {
        await transaction.raw`select pg_sleep(0.001)`;
        if (number % 2 === 0) await transaction.raw`select no_such_column`;
      }),
    );
    const ends = await Promise.allSettled(work);
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    expect(await raw`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it('reads days as text, whole numbers as numbers and moments as they are', async () => {
    const [row] =
      await raw`select date '2026-11-24' as day, 9007199254740991::bigint as large, 12.5::numeric as part, timestamptz '2026-11-24 10:00+01' as moment`;
    expect(row).toEqual({
      day: '2026-11-24',
      large: Number.MAX_SAFE_INTEGER,
      part: 12.5,
      moment: new Date('2026-11-24T09:00:00Z'),
    });
  });
});
