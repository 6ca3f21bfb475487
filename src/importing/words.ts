import { sentence } from '../kernel/catalogue/index.ts';
import type { Language } from '../kernel/language.ts';
import type { Doubt } from './schema.ts';

const languages: readonly Language[] = ['it', 'en'];

/** A reason for rejecting a row, in words. Reasons of a mapping's own rules are shown as they are named there. */
export function rejectInWords(reason: string, language: Language): string {
  const key = `import.reject.${reason}`;
  const found = sentence(key, language);
  return found === key ? reason.replaceAll('_', ' ') : found;
}

/** What stands before the cells of a rejected row when it is downloaded: its line and why it was rejected. */
export function rejectColumns(language: Language): readonly [string, string] {
  return [sentence('import.rejects.line', language), sentence('import.rejects.reason', language)];
}

export const rejectColumnCount = 2;

/** Whether a header is that of downloaded rejects, in any language. */
export function areRejectColumns(header: readonly string[]): boolean {
  return languages.some((language) =>
    rejectColumns(language).every((name, column) => header[column] === name),
  );
}

/** Something to look at before importing; `column` is the name of the column it is about, or empty. */
export function doubtOf(code: string, field: string, column: string, language: Language): Doubt {
  return { code, field, sentence: sentence(`import.doubt.${code}`, language, { column }) };
}

/** Why an import failed, from what was kept of it. */
export function failureInWords(kept: string | null, language: Language): string | null {
  if (kept === null) return null;
  try {
    const { code, params } = JSON.parse(kept) as { code: string; params: Record<string, string | number> };
    return sentence(`failure.${code}`, language, params);
  } catch {
    return sentence('failure.import_failed', language);
  }
}
