/**
 * What a shop's day costs with 100,000 contacts and 5 million sale lines: the plan, Oggi, a profile and the other screens
 * through the real listener, and the mails. Prints one JSON document with each figure beside its limit; exit code 1 when one
 * that the issue states is missed. `--against 1000000` plans the same number of open needs over a shorter history too.
 *
 * node bench/daily.ts [--folder DIR] [--lines 5000000] [--contacts 100000] [--messages 200000] [--against 1000000]
 *   [--requests 200] [--mails 2000]
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isoFromDay } from '../src/kernel/day.ts';
import { describeMachine, figure, median, missedIn, round, timed } from './support/measure.ts';
import type { Figure } from './support/measure.ts';
import { startMailSink } from './support/mail-sink.ts';
import type { PlanAnswer } from './support/product.ts';
import { startProduct } from './support/product.ts';
import type { ScreenTimes } from './support/screens.ts';
import { Browser, listScreens, measureScreen } from './support/screens.ts';
import { measureSending } from './support/sending.ts';
import type { ShopFacts } from './support/shop.ts';
import { days, forgetDays, momentOf, openShop, prepareShop, trimDue } from './support/shop.ts';

const PLAN_LIMIT_SECONDS = 10;
const PLAN_MEMORY_LIMIT_MB = 1000;
const TODAY_LIMIT_MS = 300;
const PROFILE_LIMIT_MS = 100;
/** How much longer the plan may take over five times the history with as many needs open: noise of the machine. */
const GROWTH_LIMIT = 1.25;
const SENDING_LIMIT = 4;
const PLAN_TIMES = 3;

interface Options {
  readonly lines: number;
  readonly contacts: number;
  readonly messages: number;
  readonly against: number;
  readonly requests: number;
  readonly mails: number;
}

type DayName = keyof typeof days;

/** What is known so far, for whoever waits; the result is the document at the end. */
const say = (line: string): void => console.error(line);

async function planOn(folder: string, name: DayName): Promise<PlanAnswer> {
  const product = await startProduct({ kind: 'plan', folder, day: days[name], times: PLAN_TIMES });
  await product.stop();
  say(`plan of ${name}: ${product.answer.seconds.join(', ')} s`);
  return product.answer;
}

/** The mission's limit is meant for any ordinary day; the heaviest one, with a promotion to everybody, is our own. */
function describePlan(plan: PlanAnswer, due: number, limitFrom: Figure['limitFrom']) {
  const [cold = 0, ...again] = plan.seconds;
  return {
    due,
    candidates: plan.candidates,
    verdicts: plan.verdicts,
    reasons: plan.reasons,
    coldSeconds: figure(cold, 's', PLAN_LIMIT_SECONDS, limitFrom),
    seconds: plan.seconds,
    ourCpuSecondsEach: round(plan.cpuSeconds / plan.seconds.length),
    againSeconds: figure(median(again), 's', PLAN_LIMIT_SECONDS, limitFrom),
    peakMemoryMb: figure(plan.peakMb, 'MB', PLAN_MEMORY_LIMIT_MB, 'own'),
    memoryRiseMb: plan.riseMb,
  };
}

/** Every screen with proposals waiting, then Oggi again when all are approved, and the mails. */
async function measureDay(folder: string, name: DayName, options: Options) {
  const day = days[name];
  const product = await startProduct({ kind: 'serve', folder, day });
  const application = await openShop(folder, momentOf(day, '11:00'));
  try {
    const browser = new Browser(product.answer.url);
    await browser.signIn();
    const screens: Record<string, ScreenTimes & { limit: Figure }> = {};
    const measure = async (screen: { name: string; paths: readonly string[] }): Promise<void> => {
      const times = await measureScreen(browser, screen);
      const isProfile = screen.name.startsWith('profile');
      const limit = isProfile ? PROFILE_LIMIT_MS : TODAY_LIMIT_MS;
      const isStated = isProfile || screen.name.startsWith('today, ') || screen.name === 'today';
      say(`${name}, ${screen.name}: p50 ${times.p50} ms, p95 ${times.p95} ms`);
      screens[screen.name] = { ...times, limit: figure(times.p95, 'ms', limit, isStated ? 'issue' : 'own') };
    };
    const list = await listScreens(application.database, { day, ...options });
    for (const screen of list) await measure(screen);
    const approval = await timed(() => browser.post('/api/messages/approve', { day: isoFromDay(day) }));
    const today = list.filter((screen) => screen.name === 'today');
    for (const screen of today) await measure({ ...screen, name: 'today, all approved' });
    return {
      screens,
      approveAll: { ...(approval.result as { changed: number }), seconds: approval.seconds },
    };
  } finally {
    await application.close();
    await product.stop();
  }
}

async function measureMails(folder: string, name: DayName, count: number) {
  const sink = await startMailSink();
  const application = await openShop(folder, momentOf(days[name], '11:00'), sink.url);
  try {
    const figures = await measureSending(application, count);
    return { ...figures, ratio: figure(figures.ratio, 'times', SENDING_LIMIT, 'own') };
  } finally {
    await application.close();
    await sink.stop();
  }
}

/** The plan of a day with the same needs open, over a long history and a short one. */
async function measureGrowth(
  folders: { long: string; short: string },
  facts: { long: ShopFacts; short: ShopFacts },
) {
  const due = Math.min(facts.long.due.needsOnly, facts.short.due.needsOnly);
  const planTrimmed = async (folder: string): Promise<PlanAnswer> => {
    const application = await openShop(folder, momentOf(days.needsOnly, '05:00'));
    try {
      await forgetDays(application.database);
      await trimDue(application.database, due);
      return await planOn(folder, 'needsOnly');
    } finally {
      await application.close();
    }
  };
  const long = await planTrimmed(folders.long);
  const short = await planTrimmed(folders.short);
  const ratio = Math.min(...long.seconds) / Math.min(...short.seconds);
  return {
    due,
    long: { lines: facts.long.lines, candidates: long.candidates, seconds: long.seconds },
    short: { lines: facts.short.lines, candidates: short.candidates, seconds: short.seconds },
    ratio: figure(ratio, 'times', GROWTH_LIMIT, 'own'),
  };
}

async function measureAll(root: string, options: Options) {
  const long = join(root, `shop-${options.lines}`);
  const facts = await prepareShop(long, options);
  const application = await openShop(long, momentOf(days.ordinary, '05:00'));
  await forgetDays(application.database);
  await application.close();
  const ordinary = await planOn(long, 'ordinary');
  const ordinaryDay = await measureDay(long, 'ordinary', options);
  const mails = await measureMails(long, 'ordinary', options.mails);
  const heaviest = await planOn(long, 'heaviest');
  const heaviestDay = await measureDay(long, 'heaviest', options);
  const report = {
    machine: describeMachine(),
    shop: facts,
    plan: {
      ordinary: describePlan(ordinary, facts.due.ordinary, 'issue'),
      heaviest: describePlan(heaviest, facts.due.heaviest, 'own'),
    },
    ordinaryDay,
    heaviestDay,
    mails,
  };
  if (options.against === 0) return report;
  const short = join(root, `shop-${options.against}`);
  const shortFacts = await prepareShop(short, { ...options, lines: options.against });
  return { ...report, growth: await measureGrowth({ long, short }, { long: facts, short: shortFacts }) };
}

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    lines: { type: 'string', default: '5000000' },
    contacts: { type: 'string', default: '100000' },
    messages: { type: 'string', default: '200000' },
    against: { type: 'string', default: '0' },
    requests: { type: 'string', default: '200' },
    mails: { type: 'string', default: '2000' },
  },
});
const root = values.folder ?? mkdtempSync(join(tmpdir(), 'bentornato-daily-'));
if (!values.folder) chmodSync(root, 0o711); // as root the server's own account must pass through
try {
  const options = {
    lines: Number(values.lines),
    contacts: Number(values.contacts),
    messages: Number(values.messages),
    against: Number(values.against),
    requests: Number(values.requests),
    mails: Number(values.mails),
  };
  const { seconds, result } = await timed(() => measureAll(root, options));
  const missed = missedIn(result);
  console.log(JSON.stringify({ ...result, missed, seconds: round(seconds) }, null, 1));
  if (missed.length > 0) process.exitCode = 1;
} finally {
  if (!values.folder) rmSync(root, { recursive: true, force: true });
}
