import { Temporal } from 'temporal-polyfill';

/** A local calendar day as the number of days since 1970-01-01. Gaps between days are plain subtraction. */
export type Day = number;

/** A local calendar day as `YYYY-MM-DD`, the form of the database, the API and the command line. */
export type IsoDay = string;

const MS_PER_DAY = 86_400_000;
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Day number of `YYYY-MM-DD`. Throws a RangeError when it is not a real date. A plan reads hundreds of thousands of days. */
export function dayFromIso(iso: IsoDay): Day {
  const milliseconds = ISO_DAY.test(iso) ? Date.parse(`${iso}T00:00:00Z`) : NaN;
  // Date.parse takes 30 February for 2 March: a real date has the day of the month that was written.
  if (new Date(milliseconds).getUTCDate() !== Number(iso.slice(8))) throw new RangeError(`not a day: ${iso}`);
  return milliseconds / MS_PER_DAY;
}

/** `YYYY-MM-DD` of a day number. */
export function isoFromDay(day: Day): IsoDay {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** Whether the text is a real calendar day as `YYYY-MM-DD`. */
export function isIsoDay(text: string): boolean {
  try {
    dayFromIso(text);
    return true;
  } catch {
    return false;
  }
}

/** The local calendar day of an instant in a time zone. */
export function dayOfInstant(instant: Date, timeZone: string): Day {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
  return dayFromIso(zoned.toPlainDate().toString());
}

/** The instant of a local day and time of day; a time skipped by the clock change moves forward, a doubled one is the first. */
export function instantOfDay(day: Day, timeOfDay: string, timeZone: string): Date {
  const zoned = Temporal.PlainDate.from(isoFromDay(day)).toZonedDateTime({
    timeZone,
    plainTime: Temporal.PlainTime.from(timeOfDay),
  });
  return new Date(zoned.epochMilliseconds);
}

/** The time of day of an instant in a zone, as "HH:MM". */
export function timeOfDay(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(instant);
}

/** The same day of the month some months earlier, or the last one of that month when it is shorter. */
export function monthsBefore(day: Day, months: number): Day {
  return dayFromIso(Temporal.PlainDate.from(isoFromDay(day)).subtract({ months }).toString());
}

/** ISO weekday: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: Day): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** A day in words, such as "6 novembre" or "6 novembre 2026" when the year differs from `relativeTo`. */
export function dayInWords(day: Day, language: string, relativeTo?: Day): string {
  const date = new Date(day * MS_PER_DAY);
  const sameYear =
    relativeTo !== undefined && isoFromDay(day).slice(0, 4) === isoFromDay(relativeTo).slice(0, 4);
  return formatter(language, sameYear ? 'day_month' : 'day_month_year').format(date);
}

/** A day in few letters, such as "6 nov": for tables and pictures. */
export function dayInShort(day: Day, language: string): string {
  return formatter(language, 'day_short_month').format(new Date(day * MS_PER_DAY));
}

/** A day with its weekday, such as "giovedì 29 ottobre". */
export function weekdayInWords(day: Day, language: string): string {
  return formatter(language, 'weekday_day_month').format(new Date(day * MS_PER_DAY));
}

const A_SUNDAY = 3; // 4 January 1970

/** The name of an ISO weekday, such as "giovedì" for 4. */
export function weekdayNameInWords(weekday: number, language: string): string {
  return formatter(language, 'weekday').format(new Date((A_SUNDAY + weekday) * MS_PER_DAY));
}

const forms = {
  day_month: { day: 'numeric', month: 'long' },
  day_month_year: { day: 'numeric', month: 'long', year: 'numeric' },
  day_short_month: { day: 'numeric', month: 'short' },
  weekday: { weekday: 'long' },
  weekday_day_month: { weekday: 'long', day: 'numeric', month: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes a hundred times as long as using it, and a screen shows hundreds of days: each is kept. */
function formatter(language: string, form: keyof typeof forms): Intl.DateTimeFormat {
  const name = `${language} ${form}`;
  const known = formatters.get(name);
  if (known) return known;
  const locale = language === 'it' ? 'it-IT' : 'en-GB';
  const made = new Intl.DateTimeFormat(locale, { ...forms[form], timeZone: 'UTC' });
  formatters.set(name, made);
  return made;
}
