import { openApplication } from '../application.ts';
import type { Application } from '../application.ts';
import type { CommonOptions } from '../command-line.ts';
import { readEnvironment } from '../environment.ts';
import { exitCodes } from '../output.ts';
import type { Running } from '../serve.ts';
import { serve } from '../serve.ts';

/** `bentornato start`: runs until it is told to stop. */
export async function startCommand(options: CommonOptions): Promise<number> {
  const application = await openApplication(readEnvironment(process.env, options));
  return serveUntilStopped(application);
}

/** Serves until SIGINT or SIGTERM, then stops in order: worker, listeners, database. */
export async function serveUntilStopped(
  application: Application,
  closeMore: () => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  let running: Running;
  try {
    running = await serve(application);
  } catch (error) {
    await closeMore();
    await application.close();
    throw error;
  }
  application.log.info(
    {
      managementUrl: running.managementUrl,
      publicUrl: running.publicUrl,
      dataFolder: application.dataFolder,
    },
    'ready',
  );
  console.log(`Bentornato: ${running.managementUrl}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await running.stop();
  await closeMore();
  await application.close();
  return exitCodes.done;
}
