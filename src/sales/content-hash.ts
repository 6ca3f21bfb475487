/**
 * A hash of a receipt's lines that does not depend on their order: each line is mixed into 96 bits and the lines are
 * added. It recognises a receipt that comes again; it is not a protection against forgery.
 */
export class ContentHash {
  #first = 0;
  #second = 0;
  #third = 0;
  #count = 0;

  reset(): void {
    this.#first = this.#second = this.#third = this.#count = 0;
  }

  add(productId: number, quantity: number, totalCents: number): void {
    floats[0] = quantity;
    const bits = words[0] ?? 0;
    this.#first = (this.#first + mixed(productId, bits, totalCents, 0x9e3779b9)) | 0;
    this.#second = (this.#second + mixed(productId, bits, totalCents, 0x7f4a7c15)) | 0;
    this.#third = (this.#third + mixed(productId, bits, totalCents, 0x2545f491)) | 0;
    this.#count++;
  }

  /** 16 bytes of a uuid: three sums and the number of lines. */
  writeTo(target: Buffer, offset: number): void {
    target.writeInt32BE(this.#first, offset);
    target.writeInt32BE(this.#second, offset + 4);
    target.writeInt32BE(this.#third, offset + 8);
    target.writeInt32BE(this.#count, offset + 12);
  }
}

const floats = new Float32Array(1);
const words = new Int32Array(floats.buffer);

/** Three words mixed by the finaliser of MurmurHash3 (Appleby, public domain), with a seed. */
function mixed(first: number, second: number, third: number, seed: number): number {
  let hash = seed | 0;
  for (const word of [first, second, third]) {
    hash = Math.imul(hash ^ word, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash;
}

/** The hash of whole lines as a uuid, for receipts changed one by one. */
export function contentHashOf(
  lines: readonly { productId: number; quantity: number; totalCents: number }[],
): string {
  const hash = new ContentHash();
  for (const line of lines) hash.add(line.productId, line.quantity, line.totalCents);
  const bytes = Buffer.alloc(16);
  hash.writeTo(bytes, 0);
  return uuidOf(bytes.toString('hex'));
}

/** 32 hexadecimal digits in the form of a uuid. */
export function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
