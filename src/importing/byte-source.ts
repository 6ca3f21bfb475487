import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '../kernel/failure.ts';
import type { FileKind } from './file-kind.ts';
import { recogniseFileKind } from './file-kind.ts';

const BLOCK_BYTES = 262_144;
const HEAD_BYTES = 131_072;

/** A file by its path (may be read again) or as a stream (once). `fileName` is what the person called it. */
export type TableSource =
  | { readonly path: string; readonly fileName: string }
  | { readonly stream: Readable; readonly fileName: string };

/** The bytes of a source, decompressed where they are gzip, with what its first bytes say it is. */
export interface ByteSource {
  readonly kind: Exclude<FileKind, 'gzip'>;
  readonly head: Buffer;
  readonly isWhole: boolean;
  /** Everything from the first byte. A stream can be read once only. */
  blocks(): AsyncIterable<Buffer>;
  /** Bytes of the file itself consumed so far, for a progress bar. */
  readonly consumedBytes: number;
  /** SHA-256 of the file's own bytes, known once every block was read. */
  digest(): Buffer;
}

/** Opens a source and recognises it. Failures: `import_file_missing`, and those of `recogniseFileKind`. */
export async function openBytes(source: TableSource): Promise<ByteSource> {
  const first = new Reading(source);
  const head = await first.head();
  const outer = recogniseFileKind(head, source.fileName);
  if (outer === 'gzip') {
    first.decompress();
    const inner = recogniseFileKind(await first.head(), source.fileName);
    if (inner === 'gzip') throw new Failure('import_file_is_archive', { params: { file: source.fileName } });
    return new Opened(source, first, inner, await first.head());
  }
  return new Opened(source, first, outer, head);
}

class Opened implements ByteSource {
  readonly kind: 'text' | 'xlsx';
  readonly head: Buffer;
  readonly isWhole: boolean;
  readonly #source: TableSource;
  readonly #isGzip: boolean;
  #current: Reading;
  #isFresh = true;

  constructor(source: TableSource, reading: Reading, kind: 'text' | 'xlsx', head: Buffer) {
    this.#source = source;
    this.#current = reading;
    this.#isGzip = reading.isGzip;
    this.kind = kind;
    this.head = head;
    this.isWhole = reading.hasEnded;
  }

  async *blocks(): AsyncIterable<Buffer> {
    if (!this.#isFresh) {
      if (!('path' in this.#source)) throw new Error('a stream can be read only once');
      this.#current = new Reading(this.#source);
      if (this.#isGzip) this.#current.decompress();
    }
    this.#isFresh = false;
    yield* this.#current.blocks();
  }

  get consumedBytes(): number {
    return this.#current.consumedBytes;
  }

  digest(): Buffer {
    return this.#current.digest();
  }
}

/** One pass over a source. The head is kept, so that looking at it does not lose it. */
class Reading {
  readonly #source: TableSource;
  readonly #hash = createHash('sha256');
  #iterator: AsyncIterator<Buffer>;
  #kept: Buffer[] = [];
  #digest: Buffer | null = null;
  consumedBytes = 0;
  isGzip = false;
  hasEnded = false;

  constructor(source: TableSource) {
    this.#source = source;
    const stream =
      'path' in source ? createReadStream(source.path, { highWaterMark: BLOCK_BYTES }) : source.stream;
    this.#iterator = this.#counted(stream)[Symbol.asyncIterator]();
  }

  async *#counted(stream: Readable): AsyncIterable<Buffer> {
    try {
      for await (const block of stream as AsyncIterable<Buffer>) {
        this.consumedBytes += block.length;
        this.#hash.update(block);
        yield block;
      }
    } catch (cause) {
      const isMissing = (cause as { code?: string }).code === 'ENOENT';
      const code = isMissing ? 'import_file_missing' : 'import_file_unreadable';
      throw new Failure(code, { params: { file: this.#source.fileName }, cause });
    }
    this.#digest = this.#hash.digest();
  }

  async head(): Promise<Buffer> {
    let size = this.#kept.reduce((sum, block) => sum + block.length, 0);
    while (size < HEAD_BYTES && !this.hasEnded) {
      const next = await this.#iterator.next();
      if (next.done) this.hasEnded = true;
      else {
        this.#kept.push(next.value);
        size += next.value.length;
      }
    }
    return Buffer.concat(this.#kept);
  }

  /** Puts a decompressor between the source and whoever reads on. */
  decompress(): void {
    const compressed = Readable.from(this.blocks(), { objectMode: false });
    const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
    compressed.on('error', (error) => gunzip.destroy(error));
    compressed.pipe(gunzip);
    this.isGzip = true;
    this.#iterator = this.#decompressed(gunzip)[Symbol.asyncIterator]();
    this.#kept = [];
    this.hasEnded = false;
  }

  async *#decompressed(gunzip: Readable): AsyncIterable<Buffer> {
    try {
      yield* gunzip as AsyncIterable<Buffer>;
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw new Failure('import_file_damaged', { params: { file: this.#source.fileName }, cause });
    }
  }

  /** What was kept for the head, then the rest. Bound at once: a decompressor takes the place of the iterator. */
  blocks(): AsyncIterable<Buffer> {
    const kept = this.#kept;
    this.#kept = [];
    return chain(kept, this.#iterator);
  }

  digest(): Buffer {
    if (!this.#digest) throw new Error('the file was not read to its end');
    return this.#digest;
  }
}

async function* chain(kept: readonly Buffer[], iterator: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  yield* kept;
  for (;;) {
    const next = await iterator.next();
    if (next.done) return;
    yield next.value;
  }
}
