import { loadTimeZone } from '../business/actions.ts';
import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { instantOfDay, isoFromDay } from '../kernel/day.ts';
import * as queries from './pressure-map-queries.ts';
import type { PressureMap } from './schema.ts';

const PAST_DAYS = 28;
const COMING_DAYS = 28;
const COUNTED_DAYS = 90;
const ROWS_MAX = 8;
/** People with so many messages or more are counted together. */
const MOST_MESSAGES = 5;

/**
 * How much is written to people: messages by day and by what they are about, those of the last four weeks and those foreseen for the
 * next four, and how many people had how many in three months.
 */
export async function loadPressureMap(connection: Connection, today: Day): Promise<PressureMap> {
  const timeZone = await loadTimeZone(connection);
  const cells = await queries.selectMessagesByDay(connection, {
    from: instantOfDay(today - PAST_DAYS, '00:00', timeZone),
    today: isoFromDay(today),
    until: isoFromDay(today + COMING_DAYS),
    timeZone,
  });
  const rows = [...Map.groupBy(cells, (cell) => cell.source)].map(([source, own]) => ({
    source,
    name: own[0]?.name ?? source,
    total: own.reduce((sum, { messages }) => sum + messages, 0),
    days: own.map(({ day, messages }) => ({ day, messages })),
  }));
  const people = await queries.selectPeopleByMessages(
    connection,
    instantOfDay(today - COUNTED_DAYS + 1, '00:00', timeZone),
    MOST_MESSAGES,
  );
  return {
    from: isoFromDay(today - PAST_DAYS),
    today: isoFromDay(today),
    until: isoFromDay(today + COMING_DAYS),
    rows: rows.sort((one, other) => other.total - one.total).slice(0, ROWS_MAX),
    countedDays: COUNTED_DAYS,
    people: Array.from({ length: MOST_MESSAGES }, (_, place) => ({
      messages: place + 1,
      people: people.find((row) => row.messages === place + 1)?.people ?? 0,
    })),
  };
}
