import { Command, InvalidArgumentError } from 'commander';
import { sentence } from '../kernel/catalogue/index.ts';
import { isIsoDay } from '../kernel/day.ts';
import { backupCommand, restoreCommand } from './commands/backup.ts';
import { demoPlayCommand, demoStartCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { importCommand } from './commands/import.ts';
import { approveCommand, planCommand, resultsCommand, sendCommand } from './commands/plan.ts';
import { startCommand } from './commands/start.ts';
import { commandLanguage, exitCodes, printFailure } from './output.ts';
import { VERSION } from './version.ts';

/** Options of every command. */
export interface CommonOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const language = commandLanguage(process.env);

function day(text: string): string {
  if (!isIsoDay(text))
    throw new InvalidArgumentError(sentence('failure.invalid_day', language, { day: text }));
  return text;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError(sentence('failure.invalid_request', language, { detail: text }));
  return value;
}

/** Adds a command whose handler returns its exit code; expected failures are printed as sentences. */
function command(parent: Command, usage: string, description: string): Command {
  return parent
    .command(usage)
    .description(description)
    .option('--data <folder>', 'data folder (default: BENTORNATO_DATA)')
    .option('--json', 'one JSON document for machines');
}

function run<Arguments extends unknown[]>(
  handler: (...given: Arguments) => Promise<number>,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    const options = given.find(
      (part): part is Arguments[number] & CommonOptions =>
        typeof part === 'object' && part !== null && !(part instanceof Command),
    );
    try {
      process.exitCode = await handler(...given);
    } catch (error) {
      process.exitCode = printFailure(error, options?.json === true, language);
    }
  };
}

const program = new Command('bentornato')
  .description('Brings customers back to local shops.')
  .version(VERSION)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage));

command(program, 'start', 'start the program for real use').action(run(startCommand));
const demo = program.command('demo').description('the demonstration shop');
command(demo, 'start', 'start with a demonstration shop')
  .option('--sector <sector>', 'coffee, cosmetics or clothing', 'coffee')
  .option('--contacts <number>', 'how many customers', count, 2000)
  .option('--seed <seed>', 'the same seed gives the same shop', 'bentornato')
  .action(run(demoStartCommand));
command(demo, 'play', 'let days go by in the demonstration shop')
  .option('--days <number>', 'how many', count, 30)
  .action(run(demoPlayCommand));
command(program, 'import <file>', 'read sales or contacts from a CSV or XLSX file (gz too)')
  .option('--kind <kind>', 'sales or contacts', 'sales')
  .option('--mapping <file>', 'how to read the columns (JSON); guessed when absent')
  .action(run(importCommand));
command(program, 'plan', 'plan a day')
  .option('--date <day>', 'YYYY-MM-DD, today when absent', day)
  .action(run(planCommand));
command(program, 'approve', 'approve the proposals of a day')
  .option('--date <day>', 'YYYY-MM-DD, today when absent', day)
  .action(run(approveCommand));
command(program, 'send', 'send what is approved and due').action(run(sendCommand));
command(program, 'results', 'what the messages brought')
  .option('--from <day>', 'YYYY-MM-DD', day)
  .option('--to <day>', 'YYYY-MM-DD', day)
  .action(run(resultsCommand));
command(program, 'backup <file>', 'write everything into one file').action(run(backupCommand));
command(program, 'restore <file>', 'read a backup into a new data folder').action(run(restoreCommand));
command(program, 'doctor', 'look whether everything is in order').action(run(doctorCommand));
await program.parseAsync(process.argv);
