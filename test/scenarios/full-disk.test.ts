import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand, temporaryFolder } from '../support/commands.ts';
import { mountSmallDisk } from '../support/full-disk.ts';

const english = { LANG: 'en_GB.UTF-8' };

const sale = (number: number, card: string, day = '03/10/2026'): string =>
  `${day};${number};${card};Miele;1;9,50`;
const salesOf = (...lines: string[]): string =>
  ['Data;N. scontrino;Tessera;Descrizione;Q.tà;Importo', ...lines].join('\n');

/** Stands in where the tests below are skipped. */
const noDisk = {
  folder: '',
  fill: () => undefined,
  makeRoom: () => undefined,
  forbidWriting: () => undefined,
};
const disk = mountSmallDisk(150);

describe.skipIf(disk === null)('a disk that is full', () => {
  const small = disk ?? noDisk;
  const { folder } = small;
  const data = join(folder, 'dati');
  const files = temporaryFolder();
  const many = join(files, 'molte.csv');
  writeFileSync(
    many,
    salesOf(...Array.from({ length: 60_000 }, (_, index) => sale(1000 + index, `T${(index * 7919) % 9000}`, `0${1 + (index % 9)}/10/2026`))), // prettier-ignore
  );
  const first = join(files, 'prima.csv');
  writeFileSync(first, salesOf(sale(1, 'A'), sale(2, '')));
  const isThere = { read: 2, accepted: 0, duplicates: 2 };

  it('in the middle of an import stops it, keeps what was there, and lets it be repeated', async () => {
    mkdirSync(data);
    expect((await runCommand(['import', first, '--json'], { data })).json()).toMatchObject({ accepted: 2 });
    // So little room that now the tables, now the log of the server has none.
    for (const [left, environment, words] of [
      [9, {}, 'libera spazio e ripetila.'],
      [3, english, 'make room and repeat it.'],
    ] as const) {
      small.fill(left);
      const ended = await runCommand(['import', many, '--json'], { data, environment });
      expect([ended.exitCode, ended.output]).toEqual([3, '']);
      expect(ended.failure()).toMatchObject({
        code: 'disk_full',
        message: expect.stringContaining(words) as string,
      });
    }
    small.makeRoom();
    expect((await runCommand(['import', first, '--json'], { data })).json()).toMatchObject(isThere);
    expect((await runCommand(['import', many, '--json'], { data })).json()).toMatchObject({ accepted: 60_000, duplicates: 0 }); // prettier-ignore
  });

  it('does not let a backup stay half written', async () => {
    small.fill(0.02);
    const backup = join(folder, 'bottega.bentornato');
    const ended = await runCommand(['backup', backup, '--json'], { data });
    expect(ended.exitCode).toBe(3);
    expect(['backup_not_written', 'disk_full']).toContain(ended.failure().code);
    small.makeRoom();
    expect((await runCommand(['backup', backup, '--json'], { data })).json()).toMatchObject({ file: backup });
  });

  it('and one that may not be written to is told', async () => {
    small.forbidWriting();
    for (const words of [
      ['doctor', '--json'],
      ['start', '--json'],
    ]) {
      // prettier-ignore
      const ended = await runCommand(words, { data });
      expect([ended.exitCode, ended.failure().code]).toEqual([3, 'data_folder_unusable']);
    }
  });
});
