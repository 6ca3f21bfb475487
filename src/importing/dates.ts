import type { Day } from '../kernel/day.ts';
import { dayFromIso, instantOfDay } from '../kernel/day.ts';

/**
 * How a column writes its days. `mixed`: day-first and month-first both occur, so only cells with one reading are
 * accepted. ISO days are understood in every format.
 */
export type DateFormat = 'day_first' | 'month_first' | 'iso' | 'serial' | 'mixed';

/** Why a day or time could not be read. */
export type DateProblem = 'date_missing' | 'date_unreadable' | 'date_other_format' | 'date_ambiguous';

/** A day and, where the cell has one, a time of day in milliseconds and an offset from UTC in minutes. */
export interface ReadDate {
  readonly day: Day;
  readonly milliseconds: number | null;
  readonly offsetMinutes: number | null;
}

const MS_PER_DAY = 86_400_000;
const SERIAL_ORIGIN = -25_569; // 1899-12-30, day 0 of spreadsheets, counted from 1970-01-01
const SERIAL = /^(\d{5})(?:[.,](\d+))?$/;
const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+(.*))?$/;
const NUMERIC = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T, ]+(.*))?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const TIME =
  /^(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,6}))?)?\s*([ap]\.?m\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** How a column writes its days, from the cells that leave no choice. Null when the cells are not days. */
export function detectDateFormat(cells: readonly string[]): DateFormat | null {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  if (filled.length === 0) return null;
  let dayFirst = 0;
  let monthFirst = 0;
  let numeric = 0;
  let iso = 0;
  let serial = 0;
  for (const cell of filled) {
    const parts = NUMERIC.exec(cell);
    if (ISO.test(cell) || COMPACT.test(cell)) iso++;
    else if (parts) {
      numeric++;
      const isFirstLarge = Number(parts[1]) > 12;
      const isSecondLarge = Number(parts[2]) > 12;
      if (isFirstLarge && !isSecondLarge) dayFirst++;
      else if (isSecondLarge && !isFirstLarge) monthFirst++;
    } else if (isSerial(cell)) serial++;
  }
  if ((iso + numeric + serial) * 10 < filled.length * 9) return null;
  if (dayFirst > 0 && monthFirst > 0) return 'mixed';
  if (numeric > 0) return monthFirst > 0 ? 'month_first' : 'day_first';
  return iso >= serial ? 'iso' : 'serial';
}

function isSerial(cell: string): boolean {
  const serial = SERIAL.exec(cell);
  return serial !== null && Number(serial[1]) >= 20_000 && Number(serial[1]) <= 80_000;
}

/** Reads a cell with a day and perhaps a time. Two-digit years are 1970 to 2069. */
export function parseDate(cell: string, format: DateFormat): ReadDate | DateProblem {
  const text = cell.trim();
  if (text === '') return 'date_missing';
  const iso = ISO.exec(text);
  if (iso) return dateOf(iso[1], iso[2], iso[3], iso[4]);
  const compact = COMPACT.exec(text);
  if (compact) return dateOf(compact[1], compact[2], compact[3], undefined);
  const numeric = NUMERIC.exec(text);
  if (numeric) return numericDateOf(numeric, format);
  const serial = isSerial(text) ? SERIAL.exec(text) : null;
  if (!serial) return 'date_unreadable';
  const fraction = serial[2] === undefined ? null : Number(`0.${serial[2]}`);
  return {
    day: Number(serial[1]) + SERIAL_ORIGIN,
    milliseconds: fraction === null ? null : Math.round(fraction * 86_400) * 1000,
    offsetMinutes: null,
  };
}

function numericDateOf(parts: RegExpExecArray, format: DateFormat): ReadDate | DateProblem {
  const [, first = '', second = '', year = '', time] = parts;
  const isDayFirstOnly = Number(first) > 12;
  const isMonthFirstOnly = Number(second) > 12;
  if (format === 'mixed' && !isDayFirstOnly && !isMonthFirstOnly && first !== second) return 'date_ambiguous';
  const isMonthFirst = format === 'month_first' || (format === 'mixed' && isMonthFirstOnly);
  if (isMonthFirst ? isDayFirstOnly : isMonthFirstOnly) {
    const hasMonth = !isDayFirstOnly || !isMonthFirstOnly;
    return hasMonth && Math.max(Number(first), Number(second)) <= 31
      ? 'date_other_format'
      : 'date_unreadable';
  }
  const fullYear = year.length === 4 ? year : `${Number(year) < 70 ? '20' : '19'}${year}`;
  return isMonthFirst ? dateOf(fullYear, first, second, time) : dateOf(fullYear, second, first, time);
}

function dateOf(
  year = '',
  month = '',
  dayOfMonth = '',
  time: string | undefined = undefined,
): ReadDate | DateProblem {
  try {
    const day = dayFromIso(`${year}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`);
    const read = time === undefined || time.trim() === '' ? null : parseTimeWithOffset(time);
    if (read === undefined) return 'date_unreadable';
    return { day, milliseconds: read?.milliseconds ?? null, offsetMinutes: read?.offsetMinutes ?? null };
  } catch {
    return 'date_unreadable';
  }
}

/** A time of day in milliseconds: "10.44", "10:44:05", "6:30 pm", or a fraction of a day of a spreadsheet; else null. */
export function parseTime(cell: string): number | null {
  const text = cell.trim();
  const fraction = /^0?[.,]\d{3,}$/.test(text) ? Number(text.replace(',', '.')) : NaN;
  if (fraction < 1) return Math.round(fraction * 86_400) * 1000;
  // A spreadsheet hands over a bare time as a moment of its day 0.
  return parseTimeWithOffset(text.replace(/^18(99-12-30|99-12-31)[T ]/, ''))?.milliseconds ?? null;
}

function parseTimeWithOffset(
  text: string,
): { milliseconds: number; offsetMinutes: number | null } | undefined {
  const parts = TIME.exec(text.trim());
  if (!parts) return undefined;
  const [, hour = '', minute = '', second = '0', fraction = '', half, zone] = parts;
  let hours = Number(hour);
  if (half) hours = (hours % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
  if (hours > 24 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const milliseconds =
    ((hours * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(`0.${fraction || '0'}`) * 1000;
  return { milliseconds: Math.round(milliseconds), offsetMinutes: zone ? minutesOfZone(zone) : null };
}

function minutesOfZone(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!parts) return 0;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3]));
}

/**
 * Local days and times to instants, quickly: the offset of a day is looked up once, and only the two days of the clock
 * change are computed one by one. A doubled hour is the first, a missing one moves forward (kernel/day.ts).
 */
export class LocalInstants {
  readonly #timeZone: string;
  readonly #midnights = new Map<Day, { start: number; isPlain: boolean }>();

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** Milliseconds since 1970 of a local day and time of day. */
  instantOf(day: Day, milliseconds: number): number {
    let known = this.#midnights.get(day);
    if (!known) {
      const start = instantOfDay(day, '00:00', this.#timeZone).getTime();
      const isPlain = instantOfDay(day + 1, '00:00', this.#timeZone).getTime() - start === MS_PER_DAY;
      known = { start, isPlain };
      this.#midnights.set(day, known);
    }
    if (known.isPlain) return known.start + milliseconds;
    const time = new Date(Math.min(milliseconds, MS_PER_DAY - 1)).toISOString().slice(11, 23);
    return instantOfDay(day, time, this.#timeZone).getTime();
  }

  /** Instant and local day of a date as read; without a time of day, noon, so that the day is right in every zone. */
  resolve(
    date: ReadDate,
    timeOfDay: number | null,
    localDay: (instant: Date, timeZone: string) => Day,
  ): { instant: number; day: Day } {
    const milliseconds = date.milliseconds ?? timeOfDay;
    if (date.offsetMinutes !== null && milliseconds !== null) {
      const instant = date.day * MS_PER_DAY + milliseconds - date.offsetMinutes * 60_000;
      return { instant, day: localDay(new Date(instant), this.#timeZone) };
    }
    return { instant: this.instantOf(date.day, milliseconds ?? MS_PER_DAY / 2), day: date.day };
  }
}
