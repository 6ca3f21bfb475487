import { afterAll } from 'vitest';
import { startTrialMailbox } from '../../src/channels/email/trial-mailbox.ts';
import { createDemonstration } from '../../src/demonstration/actions.ts';
import { dayOfInstant } from '../../src/kernel/day.ts';
import type { Running } from '../../src/main/serve.ts';
import { serve } from '../../src/main/serve.ts';
import type { TestApplication } from '../support/application.ts';
import { overDatabase } from '../support/application.ts';
import { createTestDatabase } from '../support/database.ts';
import { findFreePort } from '../support/peer-process.ts';

export const owner = { name: 'Marta', email: 'marta@example.it', password: 'una frase molto lunga' };

/** The running product: both listeners, the worker, the built web client and the trial mailbox, over a test database. */
export interface RunningShop extends Running {
  readonly application: TestApplication;
}

/** A program that nobody has set up. Close of the file stops it. */
export async function startEmptyShop(now: Date): Promise<RunningShop> {
  const publicPort = await findFreePort(); // the mails must name it before the listener opens
  const bare = overDatabase(await createTestDatabase(), {
    now,
    publicUrl: `http://localhost:${publicPort}`,
  });
  const mailbox = await startTrialMailbox(bare.database, bare.clock);
  const application: TestApplication = {
    ...bare,
    environment: { ...bare.environment, publicPort },
    smtpUrl: mailbox.url,
  };
  const running = await serve(application);
  afterAll(async () => {
    await running.stop();
    await mailbox.close();
  });
  return { ...running, application };
}

/** A demonstration in small: some hundred people, and some days in which the programme ran. */
export async function startDemonstration(
  now: Date,
  size: { readonly contactCount: number; readonly playedDays: number },
): Promise<RunningShop> {
  const shop = await startEmptyShop(now);
  const { application } = shop;
  await createDemonstration(
    application,
    { ...size, sector: 'coffee', seed: 'browser', today: dayOfInstant(now, 'Europe/Rome'), owner },
    now,
  );
  return shop;
}
