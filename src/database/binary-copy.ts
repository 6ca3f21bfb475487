import type { Sql } from './connection.ts';
import { copyIn } from './copy.ts';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const EPOCH_2000_MS = 946_684_800_000;
const DAYS_TO_2000 = 10_957;
const TWO_TO_32 = 4_294_967_296;
const START_BYTES = 2048;
const PIECE_BYTES = 1_048_576;
const JSONB_VERSION = 1;

/**
 * Rows in PostgreSQL's binary COPY format. The server then parses no text, which is most of the work of a COPY of
 * numbers, and we build no strings. Fields are written in the order of the columns after `row`.
 */
export class BinaryRows {
  #bytes = Buffer.allocUnsafe(START_BYTES);
  #length = SIGNATURE.copy(this.#bytes);
  count = 0;

  row(fieldCount: number): void {
    this.#reserve(2);
    this.#length = this.#bytes.writeInt16BE(fieldCount, this.#length);
    this.count++;
  }

  null(): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32BE(-1, this.#length);
  }

  int4(value: number): void {
    this.#reserve(8);
    this.#bytes.writeInt32BE(4, this.#length);
    this.#length = this.#bytes.writeInt32BE(value, this.#length + 4);
  }

  /** A whole number up to 2^53. */
  int8(value: number): void {
    this.#reserve(12);
    this.#bytes.writeInt32BE(8, this.#length);
    const high = Math.floor(value / TWO_TO_32);
    this.#bytes.writeInt32BE(high, this.#length + 4);
    this.#length = this.#bytes.writeUInt32BE(value - high * TWO_TO_32, this.#length + 8);
  }

  float4(value: number): void {
    this.#reserve(8);
    this.#bytes.writeInt32BE(4, this.#length);
    this.#length = this.#bytes.writeFloatBE(value, this.#length + 4);
  }

  float8(value: number): void {
    this.#reserve(12);
    this.#bytes.writeInt32BE(8, this.#length);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length + 4);
  }

  boolean(value: boolean): void {
    this.#reserve(5);
    this.#bytes.writeInt32BE(1, this.#length);
    this.#length = this.#bytes.writeInt8(value ? 1 : 0, this.#length + 4);
  }

  /** A day as its number since 1970. */
  date(day: number): void {
    this.int4(day - DAYS_TO_2000);
  }

  /** An instant in milliseconds since 1970. */
  timestamp(milliseconds: number): void {
    this.int8((milliseconds - EPOCH_2000_MS) * 1000);
  }

  /** 16 bytes. */
  uuid(bytes: Buffer): void {
    this.#reserve(20);
    this.#bytes.writeInt32BE(16, this.#length);
    bytes.copy(this.#bytes, this.#length + 4);
    this.#length += 20;
  }

  text(value: string): void {
    this.#reserve(4 + value.length * 3);
    const size = this.#bytes.write(value, this.#length + 4, 'utf8');
    this.#bytes.writeInt32BE(size, this.#length);
    this.#length += 4 + size;
  }

  /** A value as jsonb: a version byte and the text of its JSON. */
  json(value: object): void {
    const text = JSON.stringify(value);
    this.#reserve(5 + text.length * 3);
    this.#bytes[this.#length + 4] = JSONB_VERSION;
    const size = 1 + this.#bytes.write(text, this.#length + 5, 'utf8');
    this.#bytes.writeInt32BE(size, this.#length);
    this.#length += 4 + size;
  }

  int4OrNull(value: number | null): void {
    if (value === null) this.null();
    else this.int4(value);
  }

  float8OrNull(value: number | null): void {
    if (value === null) this.null();
    else this.float8(value);
  }

  /** Sends the rows into a table and begins anew. Nothing is sent when there are none. */
  async copyTo(raw: Sql, target: string): Promise<void> {
    if (this.count === 0) return;
    this.#reserve(2);
    this.#length = this.#bytes.writeInt16BE(-1, this.#length);
    await copyIn(raw, `copy ${target} from stdin with (format binary)`, this.#pieces());
    this.#length = SIGNATURE.length; // the driver has copied the bytes: their place is written again
    this.count = 0;
  }

  /** The driver copies what it is given before it sends it: a piece at a time, so that it never holds all of it twice. */
  *#pieces(): Iterable<Buffer> {
    for (let start = 0; start < this.#length; start += PIECE_BYTES)
      yield this.#bytes.subarray(start, Math.min(start + PIECE_BYTES, this.#length));
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
