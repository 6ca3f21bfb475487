import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { sentence } from '../kernel/catalogue/index.ts';
import { isIsoDay } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { exitCodes, printFailure, printUsage } from './output.ts';
import { VERSION } from './version.ts';

/** Options of every command. */
export interface CommonOptions {
  readonly data?: string;
  readonly json?: boolean;
}

/** Adds a command; expected failures of its handler are printed as sentences, and what it returns is the exit code. */
type AddCommand = <Arguments extends unknown[]>(
  parent: Command,
  usage: string,
  description: string,
  handler: (...given: Arguments) => Promise<number>,
  describe?: (command: Command) => Command,
) => void;

/** A handler whose code is loaded when its command is called: the help and a slip of the pen need none of the product. */
function lazily<Arguments extends unknown[]>(
  load: () => Promise<(...given: Arguments) => Promise<number>>,
): (...given: Arguments) => Promise<number> {
  return async (...given) => (await load())(...given);
}

/** Runs one command line, given without the names of the programs, and returns its exit code. */
export async function runCommandLine(words: readonly string[], language: Language): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = buildCommandLine(language, (code) => (exitCode = code));
  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    return printUsage(error, words.includes('--json'), language);
  }
}

/** Every command with its options; `onDone` is told the exit code. */
export function buildCommandLine(language: Language, onDone: (exitCode: number) => void): Command {
  const program = new Command('bentornato')
    .description('Brings customers back to local shops.')
    .version(VERSION)
    .configureOutput({ outputError: () => undefined }) // said in the person's language by `printUsage`
    .exitOverride();
  const add: AddCommand = (parent, usage, description, handler, describe = (command) => command) => {
    describe(parent.command(usage).description(description))
      .option('--data <folder>', 'data folder (default: BENTORNATO_DATA)')
      .option('--json', 'one JSON document for machines')
      .action(async (...given: unknown[]) => {
        const options = given.find((part) => isOptions(part));
        onDone(await guarded(() => handler(...(given as Parameters<typeof handler>)), options, language));
      });
  };
  addServing(program, add, language);
  addDailyWork(program, add, language);
  addBacktest(program, add, language);
  add(
    program,
    'backup <file>',
    'write everything into one file',
    lazily(async () => (await import('./commands/backup.ts')).backupCommand),
  );
  add(
    program,
    'restore <file>',
    'read a backup into a new data folder',
    lazily(async () => (await import('./commands/backup.ts')).restoreCommand),
  );
  add(
    program,
    'doctor',
    'look whether everything is in order',
    lazily(async () => (await import('./commands/doctor.ts')).doctorCommand),
  );
  return program;
}

function addServing(program: Command, add: AddCommand, language: Language): void {
  const { count, choice } = readers(language);
  add(
    program,
    'start',
    'start the program for real use',
    lazily(async () => (await import('./commands/start.ts')).startCommand),
  );
  const demo = program.command('demo').description('the demonstration shop');
  add(
    demo,
    'start',
    'start with a demonstration shop',
    lazily(async () => (await import('./commands/demo.ts')).demoStartCommand),
    (command) =>
      command
        .option(
          '--sector <sector>',
          'coffee, cosmetics or clothing',
          choice(['coffee', 'cosmetics', 'clothing']),
          'coffee',
        )
        .option('--contacts <number>', 'how many customers', count, 2000)
        .option('--seed <seed>', 'the same seed gives the same shop', 'bentornato'),
  );
  add(
    demo,
    'play',
    'let days go by in the demonstration shop',
    lazily(async () => (await import('./commands/demo.ts')).demoPlayCommand),
    (command) => command.option('--days <number>', 'how many', count, 30),
  );
}

function addDailyWork(program: Command, add: AddCommand, language: Language): void {
  const { day, choice } = readers(language);
  add(
    program,
    'import <file>',
    'read sales or contacts from a CSV or XLSX file (gz too)',
    lazily(async () => (await import('./commands/import.ts')).importCommand),
    (command) =>
      command
        .option('--kind <kind>', 'sales or contacts', choice(['sales', 'contacts']), 'sales')
        .option('--mapping <file>', 'how to read the columns (JSON); guessed when absent'),
  );
  const withDate = (command: Command): Command =>
    command.option('--date <day>', 'YYYY-MM-DD, today when absent', day);
  add(
    program,
    'plan',
    'plan a day',
    lazily(async () => (await import('./commands/plan.ts')).planCommand),
    withDate,
  );
  add(
    program,
    'approve',
    'approve the proposals of a day',
    lazily(async () => (await import('./commands/plan.ts')).approveCommand),
    withDate,
  );
  add(
    program,
    'send',
    'send what is approved and due',
    lazily(async () => (await import('./commands/send.ts')).sendCommand),
  );
  add(
    program,
    'results',
    'what the messages brought',
    lazily(async () => (await import('./commands/plan.ts')).resultsCommand),
    (command) => command.option('--from <day>', 'YYYY-MM-DD', day).option('--to <day>', 'YYYY-MM-DD', day),
  );
}

function addBacktest(program: Command, add: AddCommand, language: Language): void {
  const { count, choice } = readers(language);
  const clocks = program.command('clocks').description('when customers need something again');
  add(
    clocks,
    'backtest',
    'how good the clocks are on the past of a file of sales, without a database',
    lazily(async () => (await import('./commands/clocks.ts')).backtestCommand),
    (command) =>
      command
        .requiredOption('--sales <file>', 'CSV or XLSX, gzipped or not')
        .requiredOption('--cutoffs <days>', 'YYYY-MM-DD or days since the first purchase, with commas')
        .option('--mapping <file>', 'how to read the columns (JSON)')
        .option('--customer <column>', 'the column of the customer')
        .option('--category <column>', 'the column of the category, none, or rule:head_noun')
        .option('--date <column>', 'the column of the day')
        .option('--quantity <column>', 'the column of the quantity')
        .option(
          '--date-format <format>',
          'day_first, month_first, iso or auto',
          choice(['day_first', 'month_first', 'iso', 'auto']),
          'auto',
        )
        .option('--fit-until <day>', 'fit the clocks on what precedes this day, instead of each cut-off')
        .option('--horizon <days>', 'days in which a purchase counts', count, 14)
        .option('--out <file>', 'writes cutoff,customer,category,n,p,q10,q50,q90'),
  );
}

/** Readers of option values; what is refused is said in the person's language. */
function readers(language: Language) {
  const refuse = (key: string, params: Record<string, string>): never => {
    throw new InvalidArgumentError(sentence(key, language, params));
  };
  return {
    day: (text: string): string => (isIsoDay(text) ? text : refuse('failure.invalid_day', { day: text })),
    count: (text: string): number =>
      /^[1-9]\d{0,8}$/.test(text) ? Number(text) : refuse('usage.not_a_count', { word: text }),
    choice:
      (choices: readonly string[]) =>
      (text: string): string =>
        choices.includes(text)
          ? text
          : refuse('usage.no_such_choice', { word: text, choices: choices.join(', ') }),
  };
}

const isOptions = (part: unknown): part is CommonOptions =>
  typeof part === 'object' && part !== null && !(part instanceof Command);

async function guarded(
  work: () => Promise<number>,
  options: CommonOptions | undefined,
  language: Language,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    return printFailure(error, options?.json === true, language);
  }
}
