import type { CommanderError } from 'commander';
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
  const wish =
    variables.BENTORNATO_LANGUAGE || variables.LC_ALL || variables.LC_MESSAGES || variables.LANG || '';
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

const usageSentences: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'usage.unknown_command',
  'commander.unknownOption': 'usage.unknown_option',
  'commander.missingArgument': 'usage.missing_word',
  'commander.optionMissingArgument': 'usage.missing_value',
  'commander.excessArguments': 'usage.too_many_words',
};

/** Prints what is off in the words of a command and returns the exit code. Help that was asked for by nobody is help enough. */
export function printUsage(error: CommanderError, isJson: boolean, language: Language): number {
  const isHelp = error.code === 'commander.help';
  if (isHelp && !isJson) return exitCodes.usage;
  const [, word = ''] = /'([^']*)'/.exec(error.message) ?? [];
  const [, ours] = /is invalid\. (.*)$/s.exec(error.message) ?? [];
  const key = usageSentences[error.code] ?? 'usage.wrong';
  const message = ours ?? sentence(key, language, { word });
  const line = isJson ? JSON.stringify({ error: { code: 'usage', message } }) : message;
  console.error(isJson ? line : `${line}\n${sentence('usage.help', language)}`);
  return exitCodes.usage;
}
