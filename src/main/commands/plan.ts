import { loadBusiness, todayOf } from '../../business/actions.ts';
import { sentence } from '../../kernel/catalogue/index.ts';
import { reasonInWords } from '../../kernel/catalogue/reason.ts';
import { dayFromIso, isoFromDay } from '../../kernel/day.ts';
import { loadEffectResults, loadResults } from '../../measurement/actions.ts';
import { planAndReport } from '../../planner/actions.ts';
import { approveDay } from '../../planner/approval.ts';
import type { Application } from '../application.ts';
import { withApplication } from '../application.ts';
import type { CommonOptions } from '../command-line.ts';
import { commandLanguage, exitCodes, printResult } from '../output.ts';

const RESULT_DAYS = 90;
const MONTH_MS = 30 * 86_400_000;

/** `bentornato plan`: plans a day and prints candidates, verdicts, reasons and messages. */
export function planCommand(options: CommonOptions & { date?: string }): Promise<number> {
  return withApplication(options, async (application) => {
    const { database, secretKey, smtpUrl, clock } = application;
    const language = commandLanguage(process.env);
    const report = await planAndReport(
      { database, secretKey, smtpUrl },
      await dayOf(application, options.date),
      clock.now(),
    );
    printResult(report, options.json === true, () =>
      [
        sentence('command.planned', language, {
          date: report.date,
          candidates: report.candidates,
          messages: report.messages.length,
        }),
        ...Object.entries(report.reasons).map(
          ([reason, count]) => `${count}  ${reasonInWords(reason, language)}`,
        ),
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
    printResult(result, options.json === true, () =>
      sentence('command.approved', commandLanguage(process.env), result),
    );
    return exitCodes.done;
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
    const effects = await loadEffectResults(application.database, {
      today,
      startOfMonth: new Date(application.clock.now().getTime() - MONTH_MS),
    });
    printResult({ ...results, effects }, options.json === true, () =>
      [
        effects.all.sentence,
        effects.programme.sentence,
        results.headline,
        results.marginSentence,
        results.comparison,
      ]
        .filter((line) => line !== '')
        .join('\n'),
    );
    return exitCodes.done;
  });
}

async function dayOf({ database, clock }: Application, iso: string | undefined): Promise<number> {
  if (iso !== undefined) return dayFromIso(iso);
  return todayOf(database, clock.now());
}
