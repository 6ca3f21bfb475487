import { databaseFailure } from '../database/failures.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Language } from '../kernel/language.ts';
import { languageFrom } from '../kernel/language.ts';

/** What the exit code of every command means. */
export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  /** An expected failure; the sentence says what to do. */
  failed: 3,
  /** Done, but somebody should look: rejected rows, problems found, messages of unknown outcome. */
  needsAttention: 4,
} as const;

/** The language of the command line, from the usual variables. */
export function commandLanguage(variables: NodeJS.ProcessEnv): Language {
  const wish = variables.BENTORNATO_LANGUAGE ?? variables.LC_ALL ?? variables.LANG ?? '';
  return /^en/i.test(wish) ? 'en' : languageFrom(null);
}

/** Prints a result: one JSON document for machines, or lines for people. */
export function printResult(result: unknown, isJson: boolean, inWords: () => string): void {
  console.log(isJson ? JSON.stringify(result, null, 2) : inWords());
}

/** Prints why a command failed and returns its exit code. */
export function printFailure(error: unknown, isJson: boolean, language: Language): number {
  const failure = databaseFailure(error);
  const code = failure?.code ?? 'internal';
  const message = failure
    ? sentence(`failure.${failure.code}`, language, failure.params)
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  console.error(isJson ? JSON.stringify({ error: { code, message } }) : message);
  return failure ? exitCodes.failed : exitCodes.bug;
}
