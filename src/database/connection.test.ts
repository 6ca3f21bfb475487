import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { openDatabase } from './connection.ts';
import { databaseFailure } from './failures.ts';
import { Failure } from '../kernel/failure.ts';

describe('a transaction', async () => {
  const database = await createTestDatabase();
  await database.raw`create table note (text text)`;

  it('keeps what it did when it returns, and nothing when it throws', async () => {
    await database.transaction(({ raw }) => raw`insert into note values ('kept')`);
    const failing = database.transaction(async ({ raw }) => {
      await raw`insert into note values ('lost')`;
      throw new Error('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    expect(await database.raw`select text from note`).toEqual([{ text: 'kept' }]);
  });

  it('whose connection is lost fails as the database, leaves nothing, and the next one works', async () => {
    for (let time = 0; time < 10; time += 1) {
      const broken = database.transaction(async ({ raw, query }) => {
        await raw`insert into note values ('lost')`;
        const [own] = await raw<{ pid: number }[]>`select pg_backend_pid() as pid`;
        await database.raw`select pg_terminate_backend(${own?.pid ?? 0}, 5000)`;
        await new Promise((resolve) => setTimeout(resolve, 20)); // the program reads its file meanwhile
        if (time % 2 === 0) await raw`insert into note values ('lost')`;
        else await query.selectFrom('business').selectAll().execute();
      });
      const error: unknown = await broken.catch((reason: unknown) => reason);
      expect(databaseFailure(error), String(error)).toMatchObject({ code: 'database_unreachable' });
      await database.transaction(({ raw }) => raw`select 1`);
    }
    expect(await database.raw`select text from note`).toEqual([{ text: 'kept' }]);
  });
});

describe('a transaction for which no connection is free', async () => {
  const { address } = await createTestDatabase();

  it('does not wait for ever, and the one that has it is not disturbed', async () => {
    const narrow = openDatabase(address, { maxConnections: 1, waitMs: 1_000 });
    await narrow.raw`select 1`; // connected, so that only waiting takes time
    const gate = Promise.withResolvers<boolean>();
    const isInside = Promise.withResolvers<boolean>();
    const first = narrow.transaction(async ({ raw }) => {
      isInside.resolve(true);
      await gate.promise;
      return raw`select 1 as one`;
    });
    await isInside.promise;
    await expect(narrow.transaction(({ raw }) => raw`select 2`)).rejects.toMatchObject({
      code: 'CONNECTION_CLOSED',
    });
    gate.resolve(true);
    expect(await first).toEqual([{ one: 1 }]);
    expect(await narrow.transaction(({ raw }) => raw`select 3 as three`)).toEqual([{ three: 3 }]);
    await narrow.close();
  });
});

describe('an error of the database in words', () => {
  const withCode = (code: string, more: object = {}): Error =>
    Object.assign(new Error('x'), { code, ...more });

  it.each([
    ['53100', 'disk_full'],
    ['ENOSPC', 'disk_full'],
    ['28P01', 'database_sign_in'],
    ['3D000', 'database_missing'],
    ['42501', 'database_forbidden'],
    ['ECONNREFUSED', 'database_unreachable'],
    ['57P01', 'database_unreachable'],
    ['53300', 'database_busy'],
  ])('with the code %s is %s', (code, failure) => {
    expect(databaseFailure(withCode(code))).toMatchObject({ code: failure });
  });

  it('is not seen in a file that is missing, nor in a fault of ours', () => {
    expect(databaseFailure(withCode('ENOENT', { syscall: 'connect' }))).toMatchObject({
      code: 'database_unreachable',
    });
    expect(databaseFailure(withCode('ENOENT', { syscall: 'open' }))).toBeNull();
    expect(databaseFailure(withCode('42P01'))).toBeNull();
    expect(databaseFailure(null)).toBeNull();
    const own = new Failure('not_found');
    expect(databaseFailure(own)).toBe(own);
  });
});
