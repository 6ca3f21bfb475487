import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { MAIL_PASSWORD, openDovecot } from './dovecot.ts';
import type { Postfix } from './postfix.ts';
import { openPostfix } from './postfix.ts';

const PROGRAMS = [
  '/usr/sbin/postfix',
  '/usr/lib/dovecot/imap',
  '/usr/lib/dovecot/lmtp',
  '/usr/sbin/dnsmasq',
  '/usr/bin/dkimverify',
  '/usr/bin/openssl',
];

/** The domain of the customers: every mailbox of it exists, but for those whose name begins so. */
const CUSTOMERS = 'clienti.example.it';
const GONE = 'sparita';

/**
 * A group of tests with real mail. Postfix needs root; without it, or without the programs, the group is skipped and says
 * why. A continuous integration run as root must have them all.
 */
export function describeMail(name: string, tests: (peers: MailPeers) => void | Promise<void>): void {
  const obstacle = findObstacle();
  if (obstacle === null) {
    describe(name, async () => tests(await startMailPeers()));
    return;
  }
  console.warn(`skipped: ${name}: ${obstacle}`);
  describe.skip(name, () => it(obstacle, () => undefined));
}

function findObstacle(): string | null {
  if (process.getuid?.() !== 0) return 'Postfix runs only as root';
  const missing = PROGRAMS.filter((program) => !existsSync(program));
  if (missing.length === 0) return null;
  const obstacle = `not installed: ${missing.join(', ')}`;
  if (process.env.CI === 'true') throw new Error(obstacle);
  return obstacle;
}

/** A mail server and mailboxes of our own, reachable only from this machine; both are ended after the file. */
export interface MailPeers {
  /** What the owner would write in the settings. */
  readonly smtpUrl: string;
  readonly postfix: Postfix;
  /** Everything that lies in a mailbox once the mail server has nothing left to deliver. */
  readMails(address: string): Promise<Buffer[]>;
}

async function startMailPeers(): Promise<MailPeers> {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-mail-'));
  chmodSync(folder, 0o755); // the accounts of Postfix and Dovecot look inside
  const dovecot = await openDovecot(join(folder, 'dovecot'));
  const postfix = await openPostfix({
    folder: join(folder, 'postfix'),
    domain: CUSTOMERS,
    gone: GONE,
    lmtpPort: dovecot.lmtpPort,
    authenticationPort: dovecot.authenticationPort,
  });
  afterAll(async () => {
    postfix.stop();
    await dovecot.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await postfix.start();
  return {
    smtpUrl: `smtp://negozio:${MAIL_PASSWORD}@127.0.0.1:${postfix.port}`,
    postfix,
    readMails: async (address) => {
      await postfix.delivered();
      return dovecot.readMails(address);
    },
  };
}
