import { Kysely } from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import postgres from 'postgres';
import type { DB } from './rows.ts';

/** postgres.js with our types: bigint and numeric as numbers, `date` as `YYYY-MM-DD`, timestamps as Date. */
export type Sql = postgres.Sql<{ bigint: number }>;

/**
 * What queries run on: the pool or one transaction, seen through Kysely (`query`) and through postgres.js
 * (`raw`, for COPY, cursors and set-based statements that read better as plain SQL).
 */
export interface Connection {
  readonly query: Kysely<DB>;
  readonly raw: Sql;
}

export interface Database extends Connection {
  /** Runs `work` in one transaction: commits what it returns, rolls back when it throws. */
  transaction<T>(work: (transaction: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Where a server is: a URL, or a socket folder of the embedded server. */
export type DatabaseAddress =
  | { readonly url: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password?: string;
      readonly database: string;
    };

const types = {
  bigint: {
    to: 20,
    from: [20],
    serialize: (value: number) => String(value),
    parse: (text: string) => Number(text),
  },
  numeric: {
    to: 1700,
    from: [1700],
    serialize: (value: number) => String(value),
    parse: (text: string) => Number(text),
  },
  date: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (text: string) => text },
};

/** Opens a pool. Nothing is contacted until the first query. */
export function openDatabase(address: DatabaseAddress, options: { maxConnections?: number } = {}): Database {
  const settings = {
    max: options.maxConnections ?? 8,
    types,
    onnotice: () => undefined,
    connection: { application_name: 'bentornato', TimeZone: 'UTC' },
  };
  const raw = ('url' in address
    ? postgres(address.url, settings)
    : postgres({ ...address, ...settings })) as unknown as Sql;
  const query = new Kysely<DB>({ dialect: new PostgresJSDialect({ postgres: raw }) });
  return {
    query,
    raw,
    transaction: (work) => inTransaction(raw, work),
    close: () => raw.end({ timeout: 5 }),
  };
}

async function inTransaction<T>(pool: Sql, work: (transaction: Connection) => Promise<T>): Promise<T> {
  const reserved = await pool.reserve();
  try {
    await reserved`begin`;
    const connection = { query: kyselyOver(reserved), raw: reserved as unknown as Sql };
    const result = await work(connection);
    await reserved`commit`;
    return result;
  } catch (error) {
    await reserved`rollback`.catch(() => undefined);
    throw error;
  } finally {
    reserved.release();
  }
}

/** Kysely bound to one reserved connection; its own release must not hand that connection back to the pool. */
function kyselyOver(reserved: postgres.ReservedSql): Kysely<DB> {
  const bound = { unsafe: reserved.unsafe.bind(reserved), release: () => undefined };
  const pool = Object.assign(() => undefined, {
    reserve: () => Promise.resolve(bound),
    end: () => Promise.resolve(),
    options: reserved.options,
  });
  return new Kysely<DB>({ dialect: new PostgresJSDialect({ postgres: pool }) });
}
