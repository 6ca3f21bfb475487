import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../database/connection.ts';
import type { Clock } from '../kernel/clock.ts';

/** What every route may use; `main` constructs it once. */
export interface RouteContext {
  readonly database: Database;
  readonly clock: Clock;
  /** Key of keyed hashes and sealed settings; it lives in a file outside the database. */
  readonly secretKey: Buffer;
  /** Folder for uploads waiting to be imported, keys and backups. */
  readonly dataFolder: string;
  /** Where the customers' pages answer, or null when they cannot be reached from outside. */
  readonly publicUrl: string | null;
  /** The mail server that the environment names (BENTORNATO_SMTP_URL), or null. */
  readonly smtpUrl: string | null;
  readonly log: FastifyBaseLogger;
}
