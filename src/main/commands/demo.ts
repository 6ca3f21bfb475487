import { hash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { loadBusiness } from '../../business/actions.ts';
import { startTrialMailbox } from '../../channels/email/trial-mailbox.ts';
import { isReachableByServer } from '../../database/embedded-binaries.ts';
import { createDemonstration, playDays } from '../../demonstration/actions.ts';
import type { SectorName } from '../../demonstration/sectors.ts';
import { sentence } from '../../kernel/catalogue/index.ts';
import { dayOfInstant } from '../../kernel/day.ts';
import { Failure } from '../../kernel/failure.ts';
import { newToken } from '../../kernel/secret.ts';
import type { Application } from '../application.ts';
import { openApplication } from '../application.ts';
import type { CommonOptions } from '../command-line.ts';
import type { Environment } from '../environment.ts';
import { readEnvironment } from '../environment.ts';
import { commandLanguage, exitCodes, printResult } from '../output.ts';
import { serveUntilStopped } from './start.ts';

interface DemoOptions extends CommonOptions {
  readonly sector: SectorName;
  readonly contacts: number;
  readonly seed: string;
}

/** `bentornato demo start`: makes the demonstration shop on the first start, then serves it with the trial mailbox. */
export async function demoStartCommand(options: DemoOptions): Promise<number> {
  const { sector } = options;
  const { application, closeMailbox } = await openDemonstration(options);
  const { database, clock, log } = application;
  if (!(await loadBusiness(database))) {
    const now = clock.now();
    const owner = { name: 'Marta', email: 'marta@example.it', password: newToken() };
    const today = dayOfInstant(now, 'Europe/Rome');
    const onProgress = (percent: number, step: string): void =>
      log.info({ percent, step }, 'preparing the demonstration shop');
    await createDemonstration(
      application,
      { sector, contactCount: options.contacts, seed: options.seed, today, owner, onProgress },
      now,
    );
  }
  return serveUntilStopped(application, closeMailbox);
}

/** `bentornato demo play`: lets days go by: plan, approval, mails, people who react, sales. */
export async function demoPlayCommand(options: CommonOptions & { days: number }): Promise<number> {
  const { application, closeMailbox } = await openDemonstration(options);
  try {
    const business = await loadBusiness(application.database);
    if (!business?.isDemonstration) throw new Failure('not_demonstration');
    const summary = await playDays(application, options.days);
    printResult(summary, options.json === true, () =>
      sentence('command.played', commandLanguage(process.env), { ...summary }),
    );
    return exitCodes.done;
  } finally {
    await closeMailbox();
    await application.close();
  }
}

/** The demonstration has a folder of its own and sends to the built-in mailbox, unless the environment says otherwise. */
async function openDemonstration(
  options: CommonOptions,
): Promise<{ application: Application; closeMailbox: () => Promise<void> }> {
  const environment = demonstrationEnvironment(options);
  const application = await openApplication(environment);
  if (environment.smtpUrl) return { application, closeMailbox: () => Promise.resolve() };
  const mailbox = await startTrialMailbox(application.database, application.clock);
  return { application: { ...application, smtpUrl: mailbox.url, environment }, closeMailbox: mailbox.close };
}

function demonstrationEnvironment(options: CommonOptions): Environment {
  const environment = readEnvironment(process.env, options);
  const isChosen = options.data !== undefined || process.env.BENTORNATO_DATA !== undefined;
  const wished = isChosen ? environment.dataFolder : join(environment.dataFolder, 'demonstration');
  return {
    ...environment,
    dataFolder: environment.databaseUrl === null ? reachableFolder(wished) : wished,
    publicUrl: environment.publicUrl ?? `http://localhost:${environment.publicPort}`,
  };
}

/**
 * As root the database runs as nobody and cannot enter a private folder. A real shop is told so; a demonstration, which
 * nobody will look for in that folder, is kept beside the default one, always in the same place for the same wish.
 */
function reachableFolder(wished: string): string {
  if (isReachableByServer(dirname(wished))) return wished;
  const name = `demonstration-${hash('sha256', wished).slice(0, 12)}`;
  const folder = join(readEnvironment({}).dataFolder, name);
  process.stderr.write(
    `${sentence('command.demonstration_elsewhere', commandLanguage(process.env), { wished, folder })}\n`,
  );
  return folder;
}
