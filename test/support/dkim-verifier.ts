import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findFreePort, startPeer, waitForPort } from './peer-process.ts';

const PROGRAM = fileURLToPath(new URL('verify-dkim.py', import.meta.url));

/** What a stranger says of signed mail: dkimpy, which finds the key in a private dnsmasq. */
export interface DkimVerifier {
  verifies(mail: Buffer): boolean;
  readonly end: () => Promise<void>;
}

/** `record` is the DNS entry as the product shows it to the owner: `name TXT "value"`. */
export async function openDkimVerifier(record: string): Promise<DkimVerifier> {
  const [, name = '', value = ''] = /^(\S+) TXT "(.*)"$/.exec(record) ?? [];
  const port = await findFreePort();
  // One string of a TXT record holds at most 255 bytes.
  const strings = value.match(/.{1,250}/g) ?? [];
  const peer = startPeer('/usr/sbin/dnsmasq', [
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--user=nobody',
    '--pid-file',
    `--port=${port}`,
    '--listen-address=127.0.0.1',
    '--bind-interfaces',
    '--no-resolv',
    '--no-hosts',
    `--txt-record=${[name, ...strings].join(',')}`,
  ]);
  await waitForPort(port, peer.said);
  return {
    verifies: (mail) => {
      // The distribution's own Python: its packages are not known to another one.
      const result = spawnSync('/usr/bin/python3', [PROGRAM, String(port)], {
        input: mail,
        encoding: 'utf8',
      });
      if (result.stderr !== '') throw new Error(result.stderr);
      return result.status === 0;
    },
    end: peer.stop,
  };
}
