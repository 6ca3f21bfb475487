import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll } from 'vitest';

/**
 * HTTPS before the customers' pages, as a proxy or tunnel gives it, under a certificate of its own that this process
 * trusts. `behind` says where the pages listen, once they do.
 */
export async function openSecureFront(): Promise<{ url: string; behind(port: number): void }> {
  const certificate = makeCertificate();
  setDefaultCACertificates([...getCACertificates('default'), certificate.cert]);
  let port = 0;
  const server = createServer(certificate, (visitor) => {
    const pages = connect(port, '127.0.0.1');
    visitor.on('error', () => pages.destroy());
    pages.on('error', () => visitor.destroy());
    visitor.pipe(pages).pipe(visitor);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.close();
  });
  const address = server.address();
  return {
    url: `https://localhost:${typeof address === 'object' && address ? address.port : 0}`,
    behind: (listening) => (port = listening),
  };
}

function makeCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-certificate-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'certificate.pem');
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-days', '2', '-subj', '/CN=localhost'].concat([
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      key,
      '-out',
      cert,
    ]),
    { stdio: 'ignore' },
  );
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}
