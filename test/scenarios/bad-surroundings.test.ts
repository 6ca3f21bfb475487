import { once } from 'node:events';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataFolder, runCommand, startProgram, temporaryFolder } from '../support/commands.ts';
import { startPasswordServer } from '../support/password-server.ts';
import { findFreePort } from '../support/peer-process.ts';

const english = { LANG: 'en_GB.UTF-8' };

describe('a DATABASE_URL that is wrong', async () => {
  const right = await startPasswordServer();
  const data = temporaryFolder();
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(right.href);
    change(url);
    return url.href;
  };

  it.each([
    [
      'is no address',
      'negozio',
      'database_url_wrong',
      'Scrivilo così: postgresql://',
      'Write it like this: postgresql://',
    ],
    ['is of another kind', 'mysql://localhost/negozio', 'database_url_wrong', 'Scrivilo così: postgresql://', 'Write it like this: postgresql://'], // prettier-ignore
    ['leads to nobody', 'postgres://127.0.0.1:1/negozio', 'database_unreachable', 'indirizzo e porta siano giusti', 'address and port are right'], // prettier-ignore
    ['names no computer', 'postgres://nessuno.invalid/negozio', 'database_unreachable', 'indirizzo e porta siano giusti', 'address and port are right'], // prettier-ignore
    ['has another password', changed((url) => (url.password = 'sbagliata')), 'database_sign_in', 'Correggili e riparti', 'Correct them and start again'], // prettier-ignore
    ['has another user', changed((url) => (url.username = 'nessuno')), 'database_sign_in', 'Correggili e riparti', 'Correct them and start again'], // prettier-ignore
    ['names no database', changed((url) => (url.pathname = '/altro')), 'database_missing', 'Crealo (createdb) e riparti', 'Create it (createdb) and start again'], // prettier-ignore
  ])('because it %s is told with what to do', async (_why, url, code, italian, inEnglish) => {
    const [machine, start] = await Promise.all([
      runCommand(['doctor', '--json'], { data, environment: { DATABASE_URL: url } }),
      runCommand(['start'], { data, environment: { DATABASE_URL: url, ...english } }),
    ]);
    expect([machine.exitCode, machine.output]).toEqual([3, '']);
    expect(machine.failure()).toMatchObject({ code, message: expect.stringContaining(italian) as string });
    expect([start.exitCode, start.errors.includes(inEnglish)]).toEqual([3, true]);
    expect(machine.errors + start.errors).not.toMatch(/sbagliata|parola segreta/);
  });

  it('works once it is right', async () => {
    const doctor = await runCommand(['doctor', '--json'], {
      data,
      environment: { DATABASE_URL: right.href },
    });
    expect(doctor.json<{ checks: { id: string; state: string }[] }>().checks[0]).toMatchObject({ id: 'database', state: 'ok' }); // prettier-ignore
  });
});

describe('a port that is taken', async () => {
  const { folder } = await openDataFolder();
  const other = createServer((_request, response) => response.end('un altro programma')).listen(
    0,
    '127.0.0.1',
  );
  await once(other, 'listening');
  afterAll(() => other.close());
  const taken = String((other.address() as AddressInfo).port);
  const start = (environment: NodeJS.ProcessEnv) => runCommand(['start'], { data: folder, environment });

  it('by another program is told with another one to try, for both of our ports, and the start ends', async () => {
    const management = await start({ PORT: taken });
    expect([management.exitCode, management.errors]).toEqual([3, expect.stringContaining(`La porta ${taken} è già usata da un altro programma. Chiudilo, oppure scegli un’altra porta: PORT=${Number(taken) + 100} npm start`)]); // prettier-ignore
    const pages = await start({
      PORT: String(await findFreePort()),
      BENTORNATO_PUBLIC_PORT: taken,
      ...english,
    });
    expect([pages.exitCode, pages.errors]).toEqual([3, expect.stringContaining(`choose another port: BENTORNATO_PUBLIC_PORT=${Number(taken) + 100} npm start`)]); // prettier-ignore
  });

  it('by Bentornato itself is no fault: a second start on the same folder says where it is', async () => {
    const program = await startProgram({ data: folder });
    const { port } = new URL(program.url);
    const second = await start({ PORT: port });
    expect([second.exitCode, second.errors]).toEqual([3, expect.stringContaining(`Bentornato è già acceso. Aprilo nel browser: http://localhost:${port}`)]); // prettier-ignore
    expect(await (await fetch(`${program.url}/api/health`)).json()).toMatchObject({ status: 'ok' });
    await program.stop();
  });

  it('or an address that is not ours is told too', async () => {
    const ended = await start({ PORT: '0', BENTORNATO_HOST: '192.0.2.1' });
    expect([ended.exitCode, ended.errors]).toEqual([3, expect.stringContaining('L’indirizzo 192.0.2.1 non è di questo computer.')]); // prettier-ignore
  });
});

describe('a data folder that cannot be used', () => {
  it('because it is a file, or lies below one, is told', async () => {
    const file = join(temporaryFolder(), 'documento.txt');
    writeFileSync(file, 'non una cartella');
    for (const data of [file, join(file, 'dati')]) {
      const ended = await runCommand(['doctor', '--json'], { data });
      expect([ended.exitCode, ended.failure().code]).toEqual([3, 'data_folder_unusable']);
      expect(ended.failure().message).toContain('scegline un’altra con BENTORNATO_DATA');
    }
    expect(readFileSync(file, 'utf8')).toBe('non una cartella');
  });

  it('because its data is of a newer version is left as it is', async () => {
    const { folder, database } = await openDataFolder();
    await database.raw`insert into schema_migration (version, name, hash) values (9999, 'of_tomorrow', 'x')`;
    const italian = await runCommand(['doctor', '--json'], { data: folder });
    expect(italian.failure()).toEqual({
      code: 'database_newer',
      message: 'Questi dati sono di una versione più nuova di Bentornato. Aggiorna il programma, poi riparti: i dati non sono stati toccati.', // prettier-ignore
    });
    const start = await runCommand(['start'], { data: folder, environment: english });
    expect([start.exitCode, start.errors]).toEqual([
      3,
      expect.stringContaining('Update the program, then start again'),
    ]);
    const [migration] = await database.raw`select max(version) as version from schema_migration`;
    expect(migration).toEqual({ version: 9999 });
  });
});

describe('a backup that cannot be restored', async () => {
  const { folder, database } = await openDataFolder();
  const files = temporaryFolder();
  const whole = join(files, 'bottega.bentornato');
  await database.raw`insert into business (name, created_at) values ('Bottega Inventata', now())`;
  await runCommand(['backup', whole], { data: folder });
  const empty = await openDataFolder();
  const key = readFileSync(join(folder, 'secret.key'));
  const restore = (file: string, environment: NodeJS.ProcessEnv = {}, data = empty.folder) =>
    runCommand(['restore', file, '--json'], { data, environment });

  it('because of its key says which file is missing, and can be restored with it', async () => {
    const ended = await restore(whole);
    expect([ended.exitCode, ended.failure().code]).toEqual([3, 'backup_other_key']);
    expect(ended.failure().message).toContain('Copia nella cartella dei dati il file secret.key');
    writeFileSync(join(empty.folder, 'secret.key'), key, { mode: 0o600 });
  });

  it('because it was cut off or is something else changes nothing', async () => {
    const cut = join(files, 'tagliato');
    writeFileSync(cut, readFileSync(whole).subarray(0, 900));
    const foreign = join(files, 'foto.jpg');
    writeFileSync(foreign, Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    for (const file of [cut, foreign]) {
      expect((await restore(file)).failure()).toMatchObject({ code: 'backup_unreadable', message: expect.stringContaining('Non è cambiato niente: prova con un’altra copia.') as string }); // prettier-ignore
      expect((await restore(file, english)).failure().message).toContain(
        'Nothing has changed: try another copy.',
      );
    }
    expect(await empty.database.raw`select 1 from business`).toHaveLength(0);
    expect((await restore(whole)).exitCode).toBe(0);
    expect(await empty.database.raw`select name from business`).toEqual([{ name: 'Bottega Inventata' }]);
  });

  it('because a shop is there already does not overwrite it', async () => {
    const ended = await restore(whole, {}, folder);
    expect(ended.failure()).toMatchObject({ code: 'restore_not_empty', message: expect.stringContaining('con --data') as string }); // prettier-ignore
  });
});

describe.skipIf(process.getuid?.() !== 0)('a private folder of root', () => {
  it('is no place for the database: a shop is told so, a demonstration is kept elsewhere and says where', async () => {
    const own = temporaryFolder();
    chmodSync(own, 0o700);
    const data = join(own, 'dati');
    const refused = await runCommand(['start'], { data });
    expect(refused.errors).toContain('BENTORNATO_DATA=/var/lib/bentornato');
    const demonstration = await startProgram({ data }, ['demo', 'start', '--contacts', '20']);
    const elsewhere = /la dimostrazione sta in (\S+)\./.exec(demonstration.errors())?.[1] ?? '';
    expect((await fetch(`${demonstration.url}/api/health`)).ok).toBe(true);
    expect(await demonstration.stop()).toBe(0);
    expect(elsewhere).toMatch(/^\/var\/lib\/bentornato\/demonstration-[0-9a-f]{12}$/);
    rmSync(elsewhere, { recursive: true });
  });
});
