import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';

/** Structured lines without personal data: ids and counts only, and what a careless caller adds is cut out. */
export function createLog(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  return pino(
    {
      level,
      base: null,
      serializers: { err: describeError },
      redact: {
        paths: ['*.email', '*.phone', '*.name', '*.address', '*.value', 'req.headers'],
        remove: true,
      },
    },
    destination,
  );
}

interface ErrorFields extends Error {
  readonly code?: unknown;
  readonly severity?: unknown;
  readonly table_name?: unknown;
  readonly column_name?: unknown;
  readonly constraint_name?: unknown;
  /** The statement with placeholders where its values were. */
  readonly query?: unknown;
}

/**
 * What a log may keep of an error. The words of a database error quote the values at fault, so only its code, the names
 * of the schema and the beginning of the statement stay, which has no values in it; elsewhere addresses, numbers and
 * quotations are blotted out.
 */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const fields: ErrorFields = error;
  const isOfDatabase = fields.severity !== undefined;
  return {
    type: error.name,
    ...(isOfDatabase ? {} : { message: withoutPersonalData(error.message) }),
    code: fields.code,
    table: fields.table_name,
    column: fields.column_name,
    constraint: fields.constraint_name,
    ...(typeof fields.query === 'string' ? { statement: beginningOf(fields.query) } : {}),
    stack: framesOf(error),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

function beginningOf(statement: string): string {
  return withoutPersonalData(statement.replace(/\s+/g, ' ').trim()).slice(0, 120);
}

function withoutPersonalData(text: string): string {
  return text
    .replace(/"[^"]*"/g, '"…"')
    .replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, '…@…')
    .replace(/\+?\d(?:[ ./-]?\d){6,}/g, '…');
}

/** Where it happened; the first lines of a stack repeat the message. */
function framesOf(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}
