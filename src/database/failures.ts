import { Failure } from '../kernel/failure.ts';

const SIGN_IN_CODES = new Set(['28P01', '28000']);
const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'EPIPE',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  '57P01',
  '57P02',
  '57P03',
]);
/** A number beyond its column, a day beyond the calendar, the character that PostgreSQL's texts cannot hold. */
const UNSTORABLE_CODES = new Set(['22003', '22008', '22021', '22P05']);
const DISK_FULL_CODES = new Set(['53100', 'ENOSPC']);

/**
 * What a database error means for a person, or null when it is a bug. Codes are PostgreSQL's SQLSTATE, the system's, or
 * those of postgres.js.
 */
export function databaseFailure(error: unknown): Failure | null {
  if (error instanceof Failure) return error;
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string') return null;
  const because = (name: string): Failure => new Failure(name, { status: 503, cause: error });
  if (DISK_FULL_CODES.has(code)) return because('disk_full');
  if (SIGN_IN_CODES.has(code)) return because('database_sign_in');
  if (code === '3D000') return because('database_missing');
  if (code === '42501') return because('database_forbidden');
  if (code === '53300') return because('database_busy');
  if (UNSTORABLE_CODES.has(code)) return new Failure('value_not_storable', { cause: error });
  // A missing file is a missing database only where it is the server's socket.
  const isSocketMissing = code === 'ENOENT' && syscall === 'connect';
  if (isSocketMissing || UNREACHABLE_CODES.has(code)) return because('database_unreachable');
  return null;
}

/** Checks the form of DATABASE_URL before anything is tried with it. Failure `database_url_wrong`. */
export function checkDatabaseUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new Failure('database_url_wrong', { status: 500, cause });
  }
  if (!['postgres:', 'postgresql:'].includes(url.protocol))
    throw new Failure('database_url_wrong', { status: 500 });
  return text;
}
