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

/** How long a transaction waits for a connection: the driver forgets who waits when the server goes away meanwhile. */
const WAIT_MS = 60_000;

/** Opens a pool. Nothing is contacted until the first query. */
export function openDatabase(
  address: DatabaseAddress,
  options: { maxConnections?: number; waitMs?: number } = {},
): Database {
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
    transaction: (work) => inTransaction(raw, options.waitMs ?? WAIT_MS, work),
    close: () => raw.end({ timeout: 5 }),
  };
}

async function inTransaction<T>(
  pool: Sql,
  waitMs: number,
  work: (transaction: Connection) => Promise<T>,
): Promise<T> {
  const reserved = await reserve(pool, waitMs);
  const line = new Line(reserved);
  try {
    await line.begin();
    const result = await work({ query: kyselyOver(line.guarded), raw: line.guarded as unknown as Sql });
    await line.guarded`commit`;
    return result;
  } catch (error) {
    if (!line.isLost) await reserved`rollback`.catch(() => undefined);
    throw error;
  } finally {
    // A lost connection is the pool's again already; released, it would be handed out dead.
    if (!line.isLost) reserved.release();
  }
}

async function reserve(pool: Sql, waitMs: number): Promise<postgres.ReservedSql> {
  const reserving = pool.reserve() as unknown as Promise<postgres.ReservedSql>;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(connectionLost());
    reserving.then((reserved) => reserved.release()).catch(() => undefined); // nobody wants it any more
  }, waitMs);
  try {
    return await Promise.race([reserving, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * One reserved connection that may be lost half-way: the server was stopped, the disk is full, the cable pulled. The driver
 * (3.4.9) then writes the next statement into a socket that is gone, which ends the whole process; `guarded` refuses it.
 */
class Line {
  readonly guarded: postgres.ReservedSql;
  readonly #reserved: postgres.ReservedSql;
  isLost = false;

  constructor(reserved: postgres.ReservedSql) {
    this.#reserved = reserved;
    const guard = <Given extends unknown[], Answer>(method: (...given: Given) => Answer) =>
      ((...given: Given): Answer => (this.isLost ? refuse() : method(...given))) as typeof method;
    const unsafe = guard(reserved.unsafe.bind(reserved));
    const tagged = guard(reserved as unknown as (...given: unknown[]) => unknown);
    this.guarded = new Proxy(reserved, {
      apply: (_target, _this, given: unknown[]) => tagged(...given),
      get: (_target, name): unknown => (name === 'unsafe' ? unsafe : Reflect.get(reserved, name)),
    });
  }

  /** The driver tells who executes a query only to its own `begin`; we ask in the same way, to hear when it closes. */
  async begin(): Promise<void> {
    const onexecute = (connection: { onclose: unknown }): boolean => {
      connection.onclose = () => (this.isLost = true);
      return true;
    };
    await this.#reserved.unsafe('begin', [], { onexecute } as postgres.UnsafeQueryOptions);
  }
}

function refuse(): never {
  throw connectionLost();
}

function connectionLost(): Error {
  return Object.assign(new Error('the connection to the database was lost'), { code: 'CONNECTION_CLOSED' });
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
