import { setTimeout as sleep } from 'node:timers/promises';
import { isBeingSetUp, loadBusiness } from '../business/actions.ts';
import { databaseFailure } from '../database/failures.ts';
import type { Application } from './application.ts';
import { productTicks } from './product-ticks.ts';
import { runDueTicks } from './ticks.ts';
import { releaseMessages } from './release.ts';

const PAUSE_MS = 2_000;
const PAUSE_AFTER_ERROR_MS = 15_000;

export interface Worker {
  stop(): Promise<void>;
}

/**
 * The background loop: runs due ticks, then sends what is due, then rests. An error is logged and the loop goes on:
 * the work is in rows and is found again.
 */
export function startWorker(application: Application): Worker {
  const stopping = new AbortController();
  const loop = (async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const pause = await runOnce(application);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}

async function runOnce(application: Application): Promise<number> {
  try {
    const business = await loadBusiness(application.database);
    if (!business || (await isBeingSetUp(application.database))) return PAUSE_MS;
    const now = application.clock.now();
    const ran = await runDueTicks(application.database, productTicks(application), now, business.timeZone);
    if (ran.length > 0) application.log.info({ ticks: ran }, 'ticks done');
    await releaseMessages(application);
    return PAUSE_MS;
  } catch (error) {
    application.log.error({ err: error }, 'background work failed, it will be tried again');
    const isGone = databaseFailure(error)?.code === 'database_unreachable';
    return isGone && (await revive(application)) ? PAUSE_MS : PAUSE_AFTER_ERROR_MS;
  }
}

async function revive(application: Application): Promise<boolean> {
  try {
    await application.reviveDatabase();
    return true;
  } catch (error) {
    application.log.error({ err: error }, 'the database could not be started again');
    return false;
  }
}
