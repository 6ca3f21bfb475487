import { databaseFailure } from '../database/failures.ts';
import { runCommandLine } from './command-line.ts';
import { commandLanguage } from './output.ts';

// The driver looks up array types on every new connection, and nobody can catch it when the server goes away just then
// (postgres 3.4.9, fetchArrayTypes). The query that waits for that connection is told by itself.
process.on('unhandledRejection', (error) => {
  if (databaseFailure(error)?.code !== 'database_unreachable') throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), commandLanguage(process.env));
