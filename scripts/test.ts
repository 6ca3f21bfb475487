/** `npm test` and `npm run test:long`: everything, with what it needs installed where that is possible. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { add, finish, none, quickGate, step, tests } from './run.ts';

const isLong = process.argv.includes('--long');
const environment: NodeJS.ProcessEnv = isLong ? { BENTORNATO_LONG: '1' } : {};

const needs = [
  { what: 'a browser', program: '/usr/bin/chromium', packages: ['chromium', 'fonts-liberation'] },
  { what: 'Postfix', program: '/usr/sbin/postfix', packages: ['postfix'] },
  { what: 'Dovecot', program: '/usr/lib/dovecot/imap', packages: ['dovecot-imapd'] },
  { what: 'the delivery of Dovecot', program: '/usr/lib/dovecot/lmtp', packages: ['dovecot-lmtpd'] },
  { what: 'dnsmasq', program: '/usr/sbin/dnsmasq', packages: ['dnsmasq-base'] },
  {
    what: 'an independent verifier of DKIM',
    program: '/usr/bin/dkimverify',
    packages: ['python3-dkim', 'python3-dnspython'],
  },
  { what: 'a reader of PDFs', program: '/usr/bin/pdftotext', packages: ['poppler-utils'] },
  { what: 'a reader of codes', program: '/usr/bin/zbarimg', packages: ['zbar-tools'] },
  { what: 'a certificate maker', program: '/usr/bin/openssl', packages: ['openssl'] },
];

/** On Debian as root the missing programs are installed; their services are not started. Elsewhere the tests that need them say so. */
function installNeeds(): void {
  const missing = needs.filter(({ program }) => !existsSync(program));
  if (missing.length === 0) return;
  const names = missing.map(({ what }) => what).join(', ');
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`Not installed here, so the tests that need it are skipped: ${names}`);
    return;
  }
  console.log(`Installing ${names}`);
  const apt = (parameters: readonly string[]): number =>
    spawnSync('apt-get', parameters, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    }).status ?? 1;
  apt(['update', '-qq']);
  const packages = missing.flatMap((need) => need.packages);
  if (apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]) !== 0)
    console.log(
      `Could not install ${packages.join(' ')}: the tests that need them are skipped, in CI they fail`,
    );
}

installNeeds();
let counts = isLong ? none : await quickGate();
counts = add(
  counts,
  await step('build of the web client', 'vite/bin/vite.js', [
    'build',
    'src/web',
    '--outDir',
    '../../dist/web',
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ]),
);
counts = add(
  counts,
  await tests(isLong ? ['faults'] : ['scenarios', 'faults', 'mail', 'browser'], environment),
);
finish(counts);
