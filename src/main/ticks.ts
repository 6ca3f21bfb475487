import type { Database, Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { dayOfInstant, instantOfDay, weekdayOf } from '../kernel/day.ts';

/** Periodic work. A slot is the moment at which it was due; the latest one that has passed is run, once. */
export interface Tick {
  readonly name: string;
  /** The latest slot at or before now, in the business's time zone. */
  latestSlot(now: Date, timeZone: string): Date;
  run(slot: Date, now: Date): Promise<unknown>;
}

/** A run that began this long ago and did not finish was cut off by a crash: its slot is taken again. */
const ABANDONED_AFTER_MS = 15 * 60_000;

/** The latest slot of work that is due every day at a time. */
export function dailyAt(timeOfDay: string): Tick['latestSlot'] {
  return (now, timeZone) => {
    const today = dayOfInstant(now, timeZone);
    const slot = instantOfDay(today, timeOfDay, timeZone);
    return slot <= now ? slot : instantOfDay(today - 1, timeOfDay, timeZone);
  };
}

/** The latest slot of work that is due on one weekday (1 is Monday) at a time. */
export function weeklyOn(weekday: number, timeOfDay: string): Tick['latestSlot'] {
  return (now, timeZone) => {
    let day: Day = dayOfInstant(now, timeZone);
    while (weekdayOf(day) !== weekday || instantOfDay(day, timeOfDay, timeZone) > now) day -= 1;
    return instantOfDay(day, timeOfDay, timeZone);
  };
}

/** The latest slot of work that is due every so many minutes. */
export function everyMinutes(minutes: number): Tick['latestSlot'] {
  const milliseconds = minutes * 60_000;
  return (now) => new Date(Math.floor(now.getTime() / milliseconds) * milliseconds);
}

/**
 * Runs what is due, each tick's latest slot only: after days without electricity a missed tick runs once. The slot is
 * claimed by its primary key, so that two processes never run the same one. Returns the names of what ran.
 */
export async function runDueTicks(
  database: Database,
  ticks: readonly Tick[],
  now: Date,
  timeZone: string,
): Promise<string[]> {
  const ran: string[] = [];
  for (const tick of ticks) {
    const slot = tick.latestSlot(now, timeZone);
    if (!(await claimSlot(database, tick.name, slot, now))) continue;
    const outcome = await tick.run(slot, now);
    await finishSlot(database, tick.name, slot, now, outcome);
    ran.push(tick.name);
  }
  return ran;
}

async function claimSlot({ raw }: Connection, name: string, slot: Date, now: Date): Promise<boolean> {
  const abandoned = new Date(now.getTime() - ABANDONED_AFTER_MS);
  const rows = await raw`
    insert into tick_run (tick, slot, started_at) values (${name}, ${slot}, ${now})
    on conflict (tick, slot) do update set started_at = excluded.started_at
      where tick_run.finished_at is null and tick_run.started_at < ${abandoned}
    returning tick`;
  return rows.length > 0;
}

async function finishSlot(
  { raw }: Connection,
  name: string,
  slot: Date,
  now: Date,
  outcome: unknown,
): Promise<void> {
  await raw`update tick_run set finished_at = ${now}, outcome = ${raw.json((outcome ?? {}) as never)} where tick = ${name} and slot = ${slot}`;
}

/** The latest finished run, and the earliest that began long ago and did not finish. */
export async function loadTickHealth(
  { raw }: Connection,
  now: Date,
): Promise<{ lastFinishedAt: Date | null; stuck: { name: string; startedAt: Date } | null }> {
  const abandoned = new Date(now.getTime() - ABANDONED_AFTER_MS);
  const [last] = await raw<{ at: Date | null }[]>`select max(finished_at) as at from tick_run`;
  // A run whose slot was taken over by a later slot of the same work is history, not trouble.
  const [stuck] = await raw<{ name: string; startedAt: Date }[]>`
    select tick as name, started_at as "startedAt" from tick_run t
    where finished_at is null and started_at < ${abandoned}
      and not exists (select 1 from tick_run later where later.tick = t.tick and later.slot > t.slot and later.finished_at is not null)
    order by started_at limit 1`;
  return { lastFinishedAt: last?.at ?? null, stuck: stuck ?? null };
}
