import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort, waitForPort } from './peer-process.ts';

const DELIVERED_WITHIN_MS = 30_000;

/** A private Postfix on loopback, with its own queue; nothing it accepts can leave this machine. */
export interface Postfix {
  readonly port: number;
  /** What the server answers to a recipient from now on, as in access(5), for example "450 4.2.1 busy"; null: nothing special. */
  answer(recipient: string, reply: string | null): void;
  /** Waits until everything accepted has been delivered or given back. */
  delivered(): Promise<void>;
  start(): Promise<void>;
  stop(): void;
  log(): string;
}

export interface PostfixOptions {
  readonly folder: string;
  /** Domain whose mailboxes are here. */
  readonly domain: string;
  /** Mailboxes whose name begins so do not exist. */
  readonly gone: string;
  readonly lmtpPort: number;
  readonly authenticationPort: number;
}

export async function openPostfix(options: PostfixOptions): Promise<Postfix> {
  const { folder } = options;
  const port = await findFreePort();
  const configuration = join(folder, 'configuration');
  for (const name of ['configuration', 'queue', 'data']) mkdirSync(join(folder, name), { recursive: true });
  spawnSync('chown', ['postfix', join(folder, 'data')]);
  const answers = new Map<string, string>();
  const writeAnswers = (): void =>
    writeFileSync(
      join(configuration, 'answers'),
      [...answers].map(([recipient, reply]) => `${recipient} ${reply}\n`).join(''),
    );
  writeAnswers();
  writeFileSync(join(configuration, 'mailboxes'), `!/^(${options.gone}|@)/ here\n`);
  writeFileSync(join(configuration, 'headers'), '/^Subject:.*REFUSED BY CONTENT/ REJECT 5.7.1 spam\n');
  writeFileSync(join(configuration, 'main.cf'), mainConfiguration(options, configuration));
  writeFileSync(join(configuration, 'master.cf'), masterConfiguration(port));
  const log = (): string => readIfThere(join(folder, 'mail.log'));
  const control = (verb: 'start' | 'stop'): void => {
    // The configuration's path must be absolute: with a relative one Postfix fails quietly.
    const result = spawnSync('/usr/sbin/postfix', ['-c', configuration, verb], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`postfix ${verb}: ${result.stderr}${log()}`);
  };
  return {
    port,
    log,
    answer: (recipient, reply) => {
      if (reply === null) answers.delete(recipient);
      else answers.set(recipient, reply);
      writeAnswers();
    },
    delivered: () => waitUntilEmpty(join(folder, 'queue'), log),
    start: async () => {
      control('start');
      await waitForPort(port, log);
    },
    stop: () => {
      if (existsSync(join(folder, 'queue', 'pid', 'master.pid'))) control('stop');
    },
  };
}

function mainConfiguration(options: PostfixOptions, configuration: string): string {
  const { folder, domain, lmtpPort, authenticationPort } = options;
  const nowhere = 'error:nothing leaves this machine';
  const settings = {
    compatibility_level: '3.6',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    maillog_file: join(folder, 'mail.log'),
    maillog_file_prefixes: folder,
    myhostname: 'mail.bottega.example.it',
    mydestination: '',
    mynetworks: '',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    disable_dns_lookups: 'yes',
    smtpd_peername_lookup: 'no',
    alias_maps: '',
    default_transport: nowhere,
    relay_transport: nowhere,
    local_transport: nowhere,
    virtual_transport: `lmtp:inet:127.0.0.1:${lmtpPort}`,
    virtual_mailbox_domains: domain,
    virtual_mailbox_maps: `regexp:${join(configuration, 'mailboxes')}`,
    recipient_delimiter: '+',
    header_checks: `regexp:${join(configuration, 'headers')}`,
    smtpd_client_connection_count_limit: '0',
    smtpd_client_connection_rate_limit: '0',
    smtpd_error_sleep_time: '0',
    smtpd_tls_security_level: 'none',
    smtpd_sasl_auth_enable: 'yes',
    smtpd_sasl_type: 'dovecot',
    smtpd_sasl_path: `inet:127.0.0.1:${authenticationPort}`,
    smtpd_client_restrictions: 'permit_sasl_authenticated, reject',
    smtpd_relay_restrictions: 'reject_unauth_destination',
    smtpd_recipient_restrictions: `check_recipient_access texthash:${join(configuration, 'answers')}`,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

/** Services without chroot. The listener serves one connection per process, so that changed answers count at once. */
const masterConfiguration = (port: number): string => `
127.0.0.1:${port} inet n - n - - smtpd -o max_use=1
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

async function waitUntilEmpty(queue: string, log: () => string): Promise<void> {
  const end = performance.now() + DELIVERED_WITHIN_MS;
  while (performance.now() < end) {
    const waiting = ['maildrop', 'incoming', 'active', 'deferred'].flatMap((name) =>
      filesIn(join(queue, name)),
    );
    if (waiting.length === 0) return;
    await sleep(50);
  }
  throw new Error(`Postfix still holds mail: ${log()}`);
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
