import { loadPlanSettings, loadTimeZone, todayOf } from '../business/actions.ts';
import { fitClocksFirst, fitClocksWeekly, forgetOldLines } from '../clocks/actions.ts';
import { dayOfInstant, instantOfDay } from '../kernel/day.ts';
import { learnFromDecisions, measureReturns } from '../measurement/actions.ts';
import { forgetVerdicts, planDayFor, replanChanged } from '../planner/actions.ts';
import { approveByMode, modesDue } from '../planner/approval.ts';
import { expireMessages, recheckErrands } from '../sending/actions.ts';
import type { Application } from './application.ts';
import type { Tick } from './ticks.ts';
import { dailyAt, everyMinutes, weeklyOn } from './ticks.ts';

/** The periodic work of the product, in the order in which it runs when several are due at once. */
export function productTicks(application: Application): Tick[] {
  const { database, secretKey, smtpUrl } = application;
  return [
    {
      name: 'expire messages',
      latestSlot: everyMinutes(5),
      run: (_slot, now) => expireMessages(database, now),
    },
    {
      name: 'look again at what is in hand',
      latestSlot: everyMinutes(5),
      run: (_slot, now) => recheckErrands(application, now),
    },
    {
      name: 'forget old purchases',
      latestSlot: weeklyOn(7, '02:30'),
      run: (_slot, now) => forgetOldLines(database, now),
    },
    {
      name: 'fit clocks',
      latestSlot: weeklyOn(7, '03:00'),
      run: (slot, now) => fitClocksWeekly(database, slot, now),
    },
    {
      name: 'fit clocks for the first time',
      latestSlot: everyMinutes(5),
      run: (_slot, now) => fitClocksFirst(database, now),
    },
    {
      name: 'plan the day',
      latestSlot: dailyAt('05:30'),
      run: async (slot, now) => {
        const day = await todayOf(application.database, slot);
        const plan = await planDayFor({ database, secretKey, smtpUrl }, day, { slot, now });
        return plan && { date: plan.date, candidates: plan.candidates, verdicts: plan.verdicts };
      },
    },
    {
      name: 'plan anew for who has changed',
      latestSlot: everyMinutes(1),
      run: (_slot, now) => replanChanged({ database, secretKey, smtpUrl }, now),
    },
    ...learningTicks(application),
    {
      name: 'forget old verdicts',
      latestSlot: dailyAt('04:00'),
      run: async (slot, now) => forgetVerdicts(database, await todayOf(application.database, slot), now),
    },
    {
      name: 'approve what is automatic',
      latestSlot: everyMinutes(5),
      run: (_slot, now) => approveWhatIsAutomatic(application, now),
    },
  ];
}

/** What the product learns from its own messages. */
function learningTicks(application: Application): Tick[] {
  const { database } = application;
  return [
    {
      name: 'measure what came back',
      latestSlot: dailyAt('04:15'),
      run: async (slot) => {
        const timeZone = await loadTimeZone(application.database);
        return measureReturns(database, { today: dayOfInstant(slot, timeZone), timeZone });
      },
    },
    {
      name: 'learn from what was not sent',
      latestSlot: weeklyOn(7, '03:30'),
      run: async (slot, now) => {
        const timeZone = await loadTimeZone(application.database);
        return learnFromDecisions(database, { today: dayOfInstant(slot, timeZone), timeZone }, now);
      },
    },
  ];
}

/** Automatic messages at once; those "unless refused" once the hour the owner stated has come. */
async function approveWhatIsAutomatic(application: Application, now: Date): Promise<{ approved: number }> {
  const { database } = application;
  const settings = await loadPlanSettings(database);
  const timeZone = await loadTimeZone(application.database);
  const today = dayOfInstant(now, timeZone);
  const hour = `${String(settings.refuseUntilHour).padStart(2, '0')}:00`;
  const refusableUntil = instantOfDay(today, hour, timeZone);
  const modes = modesDue(now >= refusableUntil);
  return approveByMode(database, { day: today, modes, shopMode: settings.mode, refusableUntil }, now);
}
