import { join, resolve } from 'node:path';
import { exportBackup, restoreBackup } from '../../database/backup.ts';
import { sentence } from '../../kernel/catalogue/index.ts';
import { withApplication } from '../application.ts';
import type { CommonOptions } from '../command-line.ts';
import { commandLanguage, exitCodes, printResult } from '../output.ts';

/** `bentornato backup`: everything in the database as one file; the key file is not in it. */
export function backupCommand(file: string, options: CommonOptions): Promise<number> {
  return withApplication(options, async ({ database, secretKey, dataFolder, clock }) => {
    const path = resolve(file);
    const result = await exportBackup(database, { path, secretKey }, clock.now());
    printResult({ file: path, ...result }, options.json === true, () =>
      sentence('command.backed_up', commandLanguage(process.env), {
        ...result,
        file: path,
        key: join(dataFolder, 'secret.key'),
      }),
    );
    return exitCodes.done;
  });
}

/** `bentornato restore`: reads a backup into a data folder without a shop. */
export function restoreCommand(file: string, options: CommonOptions): Promise<number> {
  return withApplication(options, async ({ database, secretKey }) => {
    const path = resolve(file);
    const result = await restoreBackup(database, { path, secretKey });
    printResult({ file: path, ...result }, options.json === true, () =>
      sentence('command.restored', commandLanguage(process.env), { ...result, file: path }),
    );
    return exitCodes.done;
  });
}
