import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { loadBusiness } from '../../business/actions.ts';
import { importContacts } from '../../contacts/import.ts';
import { Failure } from '../../kernel/failure.ts';
import { importSales } from '../../sales/actions.ts';
import { withApplication } from '../application.ts';
import type { CommonOptions } from '../cli.ts';
import { exitCodes, printResult } from '../output.ts';
import { showProgress } from '../progress.ts';

/** `bentornato import`: reads one file of sales or contacts; rejected rows are kept and can be corrected in the interface. */
export function importCommand(
  file: string,
  options: CommonOptions & { kind: string; mapping?: string },
): Promise<number> {
  return withApplication(options, async ({ database, clock }) => {
    const timeZone = (await loadBusiness(database))?.timeZone ?? 'Europe/Rome';
    const progress = showProgress(options.json !== true && process.stderr.isTTY);
    const request = {
      source: { path: file },
      fileName: basename(file),
      mapping: options.mapping ? readMapping(options.mapping) : undefined,
      timeZone,
      onProgress: progress.update,
    };
    const summary =
      options.kind === 'contacts'
        ? await importContacts(database, request, clock.now())
        : await importSales(database, request, clock.now());
    progress.done();
    printResult(summary, options.json === true, () =>
      Object.entries(summary)
        .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
        .join('\n'),
    );
    return summary.rejected > 0 ? exitCodes.needsAttention : exitCodes.done;
  });
}

function readMapping(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new Failure('mapping_unreadable', { params: { file: path }, cause });
  }
}
