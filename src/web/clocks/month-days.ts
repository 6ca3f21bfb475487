const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** "15/11 15/4" as days of the year (MM-DD) in order; null when something is no day, or there is none. */
export function parseDates(text: string): string[] | null {
  const dates = text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(parseDate);
  return dates.length === 0 || dates.includes(null) ? null : [...new Set(dates as string[])].sort();
}

function parseDate(text: string): string | null {
  const [, day = '', month = ''] = /^(\d{1,2})[/.-](\d{1,2})$/.exec(text) ?? [];
  const longest = DAYS_OF_MONTH[Number(month) - 1];
  if (longest === undefined || Number(day) < 1 || Number(day) > longest) return null;
  return `${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Days of the year (MM-DD) as they are written: 15/11. */
export const datesInWords = (dates: readonly string[]): string =>
  dates.map((date) => `${Number(date.slice(3))}/${Number(date.slice(0, 2))}`).join(' ');
