import { isAscii, isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const windows1252 = new TextDecoder('windows-1252');
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 whose bytes were once read as CP1252 and written again: "Ã¨" for "è", "â‚¬" for "€". */
const DOUBLE_ENCODED =
  /Ã[\u0080-\u00bf\u2018-\u203a\u0152-\u017e\u0192\u02c6\u02dc\u20ac\u2122]|â‚¬|â€[™œ˜“”]/;

/**
 * Bytes to text, block by block of whole lines. A block that is valid UTF-8 is UTF-8, any other is CP1252, the
 * encoding of Italian management software (sales-formats 6.3). Deciding by block lets a file of any size stream,
 * although its first accent may come after a million lines.
 */
export class LineDecoder {
  #kept: Buffer = Buffer.alloc(0);
  #isFirst = true;
  #wide: InstanceType<typeof TextDecoder> | null = null;
  encoding: Encoding = 'utf-8';
  isDoubleEncoded = false;

  /** Text of the whole lines known so far; an unfinished line is kept for the next call. */
  decode(chunk: Buffer): string {
    let bytes = this.#kept.length > 0 ? Buffer.concat([this.#kept, chunk]) : chunk;
    if (this.#isFirst) {
      if (bytes.length < 3 && chunk.length > 0) {
        this.#kept = bytes;
        return '';
      }
      bytes = this.#takeByteOrderMark(bytes);
      this.#isFirst = false;
    }
    if (this.#wide) {
      this.#kept = Buffer.alloc(0);
      return this.#wide.decode(bytes, { stream: true });
    }
    const cut = Math.max(bytes.lastIndexOf(LINE_FEED), bytes.lastIndexOf(CARRIAGE_RETURN)) + 1;
    // A carriage return at the very end may be half of a line end: it waits for its other half.
    const end = cut === bytes.length && bytes[cut - 1] === CARRIAGE_RETURN ? cut - 1 : cut;
    this.#kept = Buffer.from(bytes.subarray(end));
    return this.#text(bytes.subarray(0, end));
  }

  /** What is left when the file ends without a line end. */
  finish(): string {
    const rest = this.#isFirst ? this.#takeByteOrderMark(this.#kept) : this.#kept;
    this.#kept = Buffer.alloc(0);
    return this.#wide ? this.#wide.decode(rest) : this.#text(rest);
  }

  #takeByteOrderMark(bytes: Buffer): Buffer {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) this.encoding = 'utf-16le';
    else if (bytes[0] === 0xfe && bytes[1] === 0xff) this.encoding = 'utf-16be';
    else return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
    this.#wide = new TextDecoder(this.encoding);
    return bytes.subarray(2);
  }

  #text(bytes: Buffer): string {
    if (isAscii(bytes)) return withoutNul(bytes.toString('latin1'));
    const isValid = isUtf8(bytes);
    if (!isValid) this.encoding = 'windows-1252';
    const text = withoutNul(isValid ? bytes.toString('utf8') : windows1252.decode(bytes));
    // In a CP1252 block these are lines of UTF-8 from another file that somebody put together with it.
    if (!DOUBLE_ENCODED.test(text)) return text;
    this.isDoubleEncoded = true;
    return text
      .split('\n')
      .map((line) => repairDoubleEncoding(line))
      .join('\n');
  }
}

/**
 * The same text in memory of its own. What is cut out of a block of a file keeps the whole block alive, so a text that is
 * remembered beyond its batch (a card number, an article code) would keep most of the file.
 */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** A database text holds no NUL; one in a file is damage or padding. */
function withoutNul(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
}

/** Undoes one reading of UTF-8 as CP1252; a text that was not damaged so comes back unchanged. */
export function repairDoubleEncoding(text: string): string {
  if (!DOUBLE_ENCODED.test(text)) return text;
  const bytes = Buffer.alloc(text.length);
  for (let index = 0; index < text.length; index++) {
    const byte = windows1252Byte(text.charCodeAt(index));
    if (byte === undefined) return text;
    bytes[index] = byte;
  }
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return text;
  }
}

let byteOfCharacter: Map<number, number> | undefined;

function windows1252Byte(code: number): number | undefined {
  if (code < 0x80) return code;
  byteOfCharacter ??= new Map(
    Array.from({ length: 128 }, (_, offset) => {
      const byte = 0x80 + offset;
      return [windows1252.decode(Uint8Array.of(byte)).charCodeAt(0), byte] as const;
    }),
  );
  return byteOfCharacter.get(code);
}
