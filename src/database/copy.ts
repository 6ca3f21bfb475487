import type { Readable } from 'node:stream';
import { Readable as Stream } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Sql } from './connection.ts';

/** What one query of the driver does when the server refuses it. */
interface Refusable {
  reject: (error: unknown) => void;
}

/**
 * Sends bytes into `copy … from stdin` and returns when the server has taken them all; throws what the server says when it
 * does not. The driver forgets the stream once everything is sent: a refusal after that (a constraint, a full disk) reaches
 * only the query, which has long been resolved, so the query's own refusal is listened to.
 */
export async function copyIn(
  raw: Sql,
  statement: string,
  source: Readable | AsyncIterable<string | Buffer> | Iterable<Buffer>,
): Promise<void> {
  const query = raw.unsafe(statement);
  const refusable = query as unknown as Refusable;
  const refused = new Promise<never>((_resolve, reject) => {
    const tell = refusable.reject.bind(query);
    refusable.reject = (error) => {
      tell(error);
      reject(error instanceof Error ? error : new Error(String(error)));
    };
  });
  refused.catch(() => undefined); // raced below; a refusal with nobody waiting must not end the process
  const writable = await query.writable();
  await Promise.race([pipeline(Stream.from(source), writable), refused]);
}

/**
 * Bytes of `copy … to stdout`, as they come. The driver pauses its socket while we are behind, and wakes it when its stream is
 * read; a stream that has ended is read no more, so the socket is woken once at the end, or the next query would wait
 * forever for an answer that stands in the paused socket.
 */
export async function* copyOut(raw: Sql, statement: string): AsyncGenerator<Buffer> {
  const readable = await openCopyOut(raw, statement);
  try {
    yield* readable as AsyncIterable<Buffer>;
  } finally {
    wake(readable);
  }
}

/** Wakes the socket behind a stream that is read no more, and would stay paused. */
export const wake = (readable: Readable): void => {
  readable._read(0);
};

/** What one query of the driver does when the server begins to send. */
interface Answerable {
  resolve: (stream: Readable) => void;
}

/**
 * The stream of a `copy … to stdout`. What the server says may be over before anybody waits for it: an error must then find a
 * listener, or it would end the process. It is thrown to whoever reads on.
 */
export async function openCopyOut(raw: Sql, statement: string): Promise<Readable> {
  const query = raw.unsafe(statement);
  const answerable = query as unknown as Answerable;
  const answer = answerable.resolve.bind(query);
  answerable.resolve = (stream) => {
    answerable.resolve = answer; // called once more when everything is sent
    stream.on('error', () => undefined);
    answer(stream);
  };
  return query.readable();
}
