import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { UNPRIVILEGED_ID, prepareBinaries, serverAccount } from '../../src/database/embedded-binaries.ts';
import { temporaryFolder } from './commands.ts';
import { findFreePort } from './peer-process.ts';

const PASSWORD = 'una parola segreta';

/** A PostgreSQL on loopback that asks for a password, as a shop's own server would; its URL with the right one. */
export async function startPasswordServer(): Promise<URL> {
  const folder = temporaryFolder();
  const { initdb, postgres } = prepareBinaries(join(folder, 'runtime'));
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  const account = serverAccount();
  if (account.uid !== undefined)
    for (const path of [folder, passwordFile]) chownSync(path, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
  const cluster = join(folder, 'data');
  const port = await findFreePort();
  const made = spawnSync(initdb, ['-D', cluster, '-U', 'negozio', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'], { ...account, cwd: '/', encoding: 'utf8' }); // prettier-ignore
  if (made.status !== 0) throw new Error(made.stderr);
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    fsync: 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(postgres, ['-D', cluster, ...flags], { ...account, cwd: '/', stdio: 'ignore' });
  const ended = once(server, 'exit');
  afterAll(async () => {
    server.kill('SIGINT');
    await ended;
  });
  const url = new URL(`postgresql://negozio:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`);
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const database = openDatabase({ url: url.href }, { maxConnections: 1 });
    const isReady = await database.raw`select 1`.then(
      () => true,
      () => false,
    );
    await database.close();
    if (isReady) return url;
    await sleep(50);
  }
  throw new Error('the server did not start');
}
