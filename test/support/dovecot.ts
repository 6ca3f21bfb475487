import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { findFreePort, startPeer, waitForPort } from './peer-process.ts';

/** No account of this number is needed: it only owns the mailboxes. */
const MAIL_ACCOUNT = 5000;

/** One password for every mailbox and for handing in mail. */
export const MAIL_PASSWORD = 'una-parola-di-prova';

/** A private Dovecot on loopback: takes mail by LMTP, shows it by IMAP, and vouches for who may hand in mail. */
export interface Dovecot {
  readonly lmtpPort: number;
  readonly authenticationPort: number;
  /** Every mail of a mailbox as it lies there, oldest first. */
  readMails(address: string): Promise<Buffer[]>;
  stop(): Promise<void>;
}

export async function openDovecot(folder: string): Promise<Dovecot> {
  const mailboxes = join(folder, 'mail');
  mkdirSync(mailboxes, { recursive: true });
  chownSync(mailboxes, MAIL_ACCOUNT, MAIL_ACCOUNT);
  const imapPort = await findFreePort();
  const lmtpPort = await findFreePort();
  const authenticationPort = await findFreePort();
  const path = join(folder, 'dovecot.conf');
  writeFileSync(path, configurationOf(folder, { imapPort, lmtpPort, authenticationPort }));
  const peer = startPeer('/usr/sbin/dovecot', ['-F', '-c', path]);
  for (const port of [imapPort, lmtpPort, authenticationPort]) await waitForPort(port, peer.said);
  return {
    lmtpPort,
    authenticationPort,
    readMails: (address) => readMails(imapPort, address),
    stop: peer.stop,
  };
}

const configurationOf = (
  folder: string,
  ports: { readonly imapPort: number; readonly lmtpPort: number; readonly authenticationPort: number },
): string => `
protocols = imap lmtp
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
first_valid_uid = ${MAIL_ACCOUNT}
mail_location = maildir:${folder}/mail/%u
passdb {
  driver = static
  args = password=${MAIL_PASSWORD}
}
userdb {
  driver = static
  args = uid=${MAIL_ACCOUNT} gid=${MAIL_ACCOUNT} home=${folder}/mail/%u allow_all_users=yes
}
# Wrong passwords are part of the tests: nobody is made to wait for them.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  service_count = 0
  inet_listener imap {
    port = ${ports.imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${ports.lmtpPort}
  }
}
service auth {
  inet_listener {
    port = ${ports.authenticationPort}
  }
}
`;

async function readMails(port: number, address: string): Promise<Buffer[]> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    auth: { user: address, pass: MAIL_PASSWORD },
    logger: false,
  });
  await client.connect();
  try {
    const { exists } = await client.mailboxOpen('INBOX', { readOnly: true });
    if (exists === 0) return [];
    const mails: Buffer[] = [];
    for await (const { source } of client.fetch('1:*', { source: true })) if (source) mails.push(source);
    return mails;
  } finally {
    await client.logout();
  }
}
