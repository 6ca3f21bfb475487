import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from './connection.ts';
import { startEmbeddedServer } from './embedded.ts';

describe('the embedded server', async () => {
  const base = mkdtempSync(join(tmpdir(), 'bentornato-embedded-'));
  chmodSync(base, 0o755); // as root the server runs under another account, which must pass
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  const folder = join(base, `una cartella con spazi, è lunga ${'x'.repeat(60)}`);
  const server = await startEmbeddedServer(folder);
  afterAll(() => server.stop());
  const { address } = server;

  it('starts in a folder whose name has spaces, accents and more letters than a socket may have', async () => {
    expect(server.isOwner).toBe(true);
    const database = openDatabase(address, { maxConnections: 1 });
    const [row] =
      await database.raw`select current_database() as name, current_setting('listen_addresses') as listens,
      current_setting('data_checksums') as checksums, current_setting('server_encoding') as encoding, current_setting('synchronous_commit') as commits, current_setting('fsync') as fsync`;
    expect(row).toEqual({
      name: 'bentornato',
      listens: '',
      checksums: 'on',
      encoding: 'UTF8',
      commits: 'on',
      fsync: 'on',
    });
    await database.close();
  });

  it('lets nobody else of the computer in: folder and socket are its own', () => {
    if (process.platform === 'win32') return;
    const socket = 'host' in address ? address.host : '';
    for (const path of [join(folder, 'postgres'), join(folder, 'postgres', 'data'), socket])
      expect((statSync(path).mode & 0o077).toString(8), path).toBe('0');
  });

  it('is joined by a second start of the same process or another, and left running by it', async () => {
    const second = await startEmbeddedServer(folder);
    expect(second.address).toEqual(address);
    expect(second.isOwner).toBe(false);
    await second.stop();
    const database = openDatabase(address, { maxConnections: 1 });
    expect(await database.raw`select 1 as one`).toEqual([{ one: 1 }]);
    await database.close();
  });

  it('keeps nothing of a person in its log when a statement fails', async () => {
    const database = openDatabase(address, { maxConnections: 1 });
    await database.raw`create table person (email text primary key)`;
    const email = 'lucia.bianchi@clienti.example.it';
    await database.raw`insert into person values (${email})`;
    for (const statement of [
      () => database.raw`insert into person values (${email})`,
      () => database.raw.unsafe(`select '${email}'::integer`),
      () =>
        database.raw`select * from jsonb_to_recordset(${database.raw.json([{ email: `${email}\u0000` }])}) as r (email text)`,
    ])
      await expect(statement()).rejects.toThrow();
    await database.close();
    const log = readFileSync(join(folder, 'postgres', 'server.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toMatch(/lucia|bianchi|clienti/);
  });

  it('stops with its owner and starts again with what it had', async () => {
    await server.stop();
    expect(existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
    const again = await startEmbeddedServer(folder);
    expect(again.isOwner).toBe(true);
    const database = openDatabase(again.address, { maxConnections: 1 });
    expect(await database.raw`select count(*) as people from person`).toEqual([{ people: 1 }]);
    await database.close();
    await again.stop();
  });

  it('says which folder it cannot use', async () => {
    writeFileSync(join(base, 'file'), '');
    await expect(startEmbeddedServer(join(base, 'file', 'data'))).rejects.toMatchObject({
      code: 'data_folder_unusable',
    });
  });
});
