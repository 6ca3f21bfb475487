import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addressHash } from './secret.ts';

describe('the hash of an address', () => {
  it.each([1, 32, 63, 64, 65, 200])(
    'is HMAC-SHA256 of its kind and value, with a key of %d bytes',
    (size) => {
      const key = Buffer.alloc(size, 0x5a).map((byte, index) => byte ^ index);
      for (const value of ['', 'ada@clienti.example.it', 'così@perché.example.it', 'x'.repeat(300)])
        expect(addressHash(Buffer.from(key), 'email', value)).toEqual(
          createHmac('sha256', key).update(`email:${value}`).digest(),
        );
    },
  );
});
