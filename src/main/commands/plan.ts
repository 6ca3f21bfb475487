import { loadBusiness } from '../../business/actions.ts';
import { dayFromIso, dayOfInstant, isoFromDay } from '../../kernel/day.ts';
import { loadResults } from '../../measurement/actions.ts';
import { planAndReport } from '../../planner/actions.ts';
import { approveDay } from '../../planner/approval.ts';
import { expireMessages } from '../../sending/actions.ts';
import type { Application } from '../application.ts';
import { withApplication } from '../application.ts';
import type { CommonOptions } from '../cli.ts';
import { exitCodes, printResult } from '../output.ts';
import { releaseMessages } from '../release.ts';

const RESULT_DAYS = 90;

/** `bentornato plan`: plans a day and prints candidates, verdicts, reasons and messages. */
export function planCommand(options: CommonOptions & { date?: string }): Promise<number> {
  return withApplication(options, async (application) => {
    const { database, secretKey, smtpUrl, clock } = application;
    const report = await planAndReport(
      { database, secretKey, smtpUrl },
      await dayOf(application, options.date),
      clock.now(),
    );
    printResult(report, options.json === true, () =>
      [
        `${report.date}: ${report.messages.length} / ${report.candidates}`,
        ...Object.entries(report.reasons).map(([reason, count]) => `  ${count}  ${reason}`),
      ].join('\n'),
    );
    return exitCodes.done;
  });
}

/** `bentornato approve`: approves every undecided message of a day, as the button on Oggi does. */
export function approveCommand(options: CommonOptions & { date?: string }): Promise<number> {
  return withApplication(options, async (application) => {
    const result = await approveDay(
      application.database,
      await dayOf(application, options.date),
      application.clock.now(),
    );
    printResult(result, options.json === true, () => `${result.approved}`);
    return exitCodes.done;
  });
}

/** `bentornato send`: expires what is stale, then sends what is approved and due. */
export function sendCommand(options: CommonOptions): Promise<number> {
  return withApplication(options, async (application) => {
    await expireMessages(application.database, application.clock.now());
    const summary = await releaseMessages(application);
    printResult(summary, options.json === true, () =>
      Object.entries(summary)
        .map(([outcome, count]) => `${outcome}: ${count}`)
        .join('\n'),
    );
    return summary.unknown + summary.failed > 0 ? exitCodes.needsAttention : exitCodes.done;
  });
}

/** `bentornato results`: treated against control in a period, the last 90 days when nothing is said. */
export function resultsCommand(options: CommonOptions & { from?: string; to?: string }): Promise<number> {
  return withApplication(options, async (application) => {
    const today = await dayOf(application, undefined);
    const business = await loadBusiness(application.database);
    const period = {
      from: options.from ?? isoFromDay(today - RESULT_DAYS),
      to: options.to ?? isoFromDay(today),
      today: isoFromDay(today),
    };
    const results = await loadResults(application.database, period, business?.timeZone ?? 'Europe/Rome');
    printResult(results, options.json === true, () => JSON.stringify(results, null, 2));
    return exitCodes.done;
  });
}

async function dayOf({ database, clock }: Application, iso: string | undefined): Promise<number> {
  if (iso !== undefined) return dayFromIso(iso);
  return dayOfInstant(clock.now(), (await loadBusiness(database))?.timeZone ?? 'Europe/Rome');
}
