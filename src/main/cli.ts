import { runCommandLine } from './command-line.ts';
import { commandLanguage } from './output.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), commandLanguage(process.env));
