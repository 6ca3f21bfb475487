import type { Connection } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { instantOfDay } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { numberInWords } from '../kernel/number.ts';
import { selectInHand } from './today-queries.ts';

/** A sentence with a count, in the singular or the plural. */
export function countSentence(
  key: string,
  count: number,
  language: Language,
  params: Record<string, string> = {},
): string {
  return sentence(count === 1 ? `${key}_one` : `${key}_many`, language, {
    ...params,
    count: numberInWords(count, language),
  });
}

/** What waits for a person: calls of the day, letters to print and to post; empty where nothing does. */
export async function describeInHand(
  connection: Connection,
  day: Day,
  language: Language,
  timeZone = 'Europe/Rome',
): Promise<string[]> {
  const found = await selectInHand(connection, instantOfDay(day + 1, '00:00', timeZone));
  const counts = { calls: found.calls, to_print: found.to_print, to_post: found.to_post };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => countSentence(`today.${what}`, count, language));
}
