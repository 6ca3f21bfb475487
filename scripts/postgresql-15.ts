/** Runs the database tests on Debian's PostgreSQL 15, as a private cluster of an unprivileged account on a socket. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UNPRIVILEGED_ID, serverAccount } from '../src/database/embedded-binaries.ts';
import { MAX_CONNECTIONS } from '../test/support/global-setup.ts';
import { findFreePort } from '../test/support/peer-process.ts';
import { failure, finish, none, tests } from './run.ts';

const PROGRAMS = '/usr/lib/postgresql/15/bin';

if (!existsSync(PROGRAMS) && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
  console.log('Installing PostgreSQL 15');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Debian makes a cluster of its own at installation: not wanted here.
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql-common'], {
    stdio: 'ignore',
    env: environment,
  });
  spawnSync('sed', [
    '-i',
    's/^#\\?create_main_cluster.*/create_main_cluster = false/',
    '/etc/postgresql-common/createcluster.conf',
  ]);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql-15'], {
    stdio: 'ignore',
    env: environment,
  });
}
if (!existsSync(PROGRAMS)) {
  const what = "Debian's PostgreSQL 15 is not installed here.";
  console.log(`Skipped: ${what}`);
  finish(process.env.CI === 'true' ? failure(what) : none);
}

// Not a fixed one: a server left over from a run that was killed must not stand in the way.
const port = await findFreePort();
const folder = mkdtempSync(join(tmpdir(), 'bentornato-pg15-'));
chmodSync(folder, 0o711);
const own = join(folder, 'own');
mkdirSync(own);
if (serverAccount().uid !== undefined) chownSync(own, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
const account = {
  ...serverAccount(),
  cwd: '/',
  env: { HOME: own, PATH: process.env.PATH },
  encoding: 'utf8' as const,
};
const data = join(own, 'data');
const run = (program: string, parameters: readonly string[]): void => {
  const result = spawnSync(join(PROGRAMS, program), parameters, {
    ...account,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status !== 0) throw new Error(`${program} failed`);
};
run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8']);
run('pg_ctl', [
  '-D',
  data,
  '-w',
  '-l',
  join(own, 'log'),
  '-o',
  `-c listen_addresses=127.0.0.1 -p ${port} -k ${own} -c fsync=off -c max_connections=${MAX_CONNECTIONS} -c dynamic_shared_memory_type=mmap`,
  'start',
]);
let counts;
try {
  counts = await tests(['fast', 'scenarios'], {
    BENTORNATO_TEST_DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/postgres`,
  });
} finally {
  run('pg_ctl', ['-D', data, '-w', '-m', 'immediate', 'stop']);
  rmSync(folder, { recursive: true, force: true });
}
finish(counts);
