import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { loadTimeZone } from '../../business/actions.ts';
import { importContacts } from '../../contacts/import.ts';
import type { ContactImportSummary } from '../../contacts/import-schema.ts';
import { rejectInWords } from '../../importing/actions.ts';
import { sentence } from '../../kernel/catalogue/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Language } from '../../kernel/language.ts';
import { importSales } from '../../sales/actions.ts';
import type { ImportSummary } from '../../sales/schema.ts';
import { withApplication } from '../application.ts';
import type { CommonOptions } from '../command-line.ts';
import { commandLanguage, exitCodes, printResult } from '../output.ts';
import { showProgress } from '../progress.ts';

/** `bentornato import`: reads one file of sales or contacts; rejected rows are kept and can be corrected in the interface. */
export function importCommand(
  file: string,
  options: CommonOptions & { kind: string; mapping?: string },
): Promise<number> {
  return withApplication(options, async ({ database, clock }) => {
    const timeZone = await loadTimeZone(database);
    const progress = showProgress(options.json !== true && process.stderr.isTTY);
    const request = {
      source: { path: file },
      fileName: basename(file),
      mapping: options.mapping ? readMapping(options.mapping) : undefined,
      timeZone,
      onProgress: progress.update,
      fileBytes: existsSync(file) ? statSync(file).size : 0,
    };
    try {
      const summary =
        options.kind === 'contacts'
          ? await importContacts(database, request, clock.now())
          : await importSales(database, request, clock.now());
      progress.done();
      printResult(summary, options.json === true, () => inWords(summary, commandLanguage(process.env)));
      return summary.rejected > 0 ? exitCodes.needsAttention : exitCodes.done;
    } catch (error) {
      progress.done();
      throw error;
    }
  });
}

function inWords(summary: ImportSummary | ContactImportSummary, language: Language): string {
  const say = (key: string): string => {
    const { rejects: _rejects, ...counts } = summary;
    return sentence(`command.${key}`, language, counts);
  };
  return [
    ...('duplicates' in summary
      ? [say('imported_sales'), say('imported_parts')]
      : [say('imported_contacts'), say('imported_consents')]),
    ...Object.entries(summary.rejects).map(
      ([reason, count]) => `${count}  ${rejectInWords(reason, language)}`,
    ),
    ...(summary.rejected > 0 ? [say('rejected')] : []),
  ].join('\n');
}

export function readMapping(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new Failure('mapping_unreadable', { params: { file: path }, cause });
  }
}
