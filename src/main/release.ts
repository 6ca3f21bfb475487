import type { SendSummary } from '../sending/actions.ts';
import { sendDue } from '../sending/actions.ts';
import type { Application } from './application.ts';

const BATCH = 50;
const outcomes = ['sent', 'withheld', 'cancelled', 'failed', 'unknown', 'retried', 'handed'] as const;

/** Sends what is due now, in batches, until nothing is left to claim. Returns the counts by outcome. */
export async function releaseMessages(application: Application): Promise<SendSummary> {
  const total: Record<keyof SendSummary, number> = {
    sent: 0,
    withheld: 0,
    cancelled: 0,
    failed: 0,
    unknown: 0,
    retried: 0,
    handed: 0,
  };
  for (;;) {
    const summary = await sendDue(application, application.clock.now(), { limit: BATCH });
    for (const outcome of outcomes) total[outcome] += summary[outcome];
    if (outcomes.every((outcome) => summary[outcome] === 0)) return total;
  }
}
