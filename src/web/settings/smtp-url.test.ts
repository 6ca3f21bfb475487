import { describe, expect, it } from 'vitest';
import { noServer, smtpUrlOf } from './smtp-url.ts';

describe('the address of a mail server', () => {
  it('is encrypted from the start on port 465 and keeps signs that mean something in addresses', () => {
    const server = { host: ' mail.example.it ', port: '465', user: 'marta@example.it', password: 'a/b@c:d' };
    const url = new URL(smtpUrlOf(server));
    expect(url.protocol).toBe('smtps:');
    expect(url.host).toBe('mail.example.it:465');
    expect(decodeURIComponent(url.username)).toBe('marta@example.it');
    expect(decodeURIComponent(url.password)).toBe('a/b@c:d');
  });

  it('needs no account, and is empty without a server', () => {
    expect(smtpUrlOf({ ...noServer, host: '127.0.0.1', port: '2525' })).toBe('smtp://127.0.0.1:2525');
    expect(smtpUrlOf(noServer)).toBe('');
  });
});
