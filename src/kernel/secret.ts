import { createCipheriv, createDecipheriv, createHash, createHmac, hash, randomBytes } from 'node:crypto';
import { Failure } from './failure.ts';

/** Keyed hash of a normalised address: recognises it again without being able to show it (law.md CON-7, RGT-2). */
export function addressHash(key: Buffer, kind: string, value: string): Buffer {
  const { inner, outer } = padsOf(key);
  const text = Buffer.from(`${kind}:${value}`);
  return hash(
    'sha256',
    Buffer.concat([outer, hash('sha256', Buffer.concat([inner, text]), 'buffer')]),
    'buffer',
  );
}

/** Bytes of a block of SHA-256. */
const BLOCK_BYTES = 64;
const pads = new WeakMap<Buffer, { readonly inner: Buffer; readonly outer: Buffer }>();

/**
 * The two keyed blocks of HMAC (RFC 2104), kept by key: a plan hashes the address of everybody it looks at, and two plain
 * hashes cost a quarter of an HMAC object. A test holds the result against `createHmac`.
 */
function padsOf(key: Buffer): { readonly inner: Buffer; readonly outer: Buffer } {
  const known = pads.get(key);
  if (known) return known;
  const block = Buffer.alloc(BLOCK_BYTES);
  (key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key).copy(block);
  const made = {
    inner: Buffer.from(block.map((byte) => byte ^ 0x36)),
    outer: Buffer.from(block.map((byte) => byte ^ 0x5c)),
  };
  pads.set(key, made);
  return made;
}

/** Tells two keys apart without saying anything about either. */
export function keyFingerprint(key: Buffer): string {
  return createHmac('sha256', key).update('key fingerprint').digest('hex').slice(0, 16);
}

/** A token of 160 random bits for a public page, in URL-safe letters. */
export function newToken(): string {
  return randomBytes(20).toString('base64url');
}

/** What is stored of a token that opens the management interface: only its hash. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Encrypts a secret setting (AES-256-GCM) with the key file that lives outside the database. */
export function seal(key: Buffer, plain: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** Opens what `seal` closed. A wrong key or a damaged text is a Failure `secret_unreadable`. */
export function unseal(key: Buffer, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new Failure('secret_unreadable', { status: 500, cause });
  }
}
