import type { Day } from './day.ts';
import { dayFromIso, isoFromDay } from './day.ts';

/** Fixed national holidays of Italy as MM-DD (law 260 of 1949 and its changes; 4 October from 2026, law 151 of 2025). */
const FIXED = ['01-01', '01-06', '04-25', '05-01', '06-02', '08-15', '11-01', '12-08', '12-25', '12-26'];
const SAINT_FRANCIS = '10-04';
const SAINT_FRANCIS_SINCE = 2026;

/** Easter Sunday of a year in the Gregorian calendar (anonymous algorithm, Nature 1876; Meeus, Astronomical Algorithms, ch. 8). */
export function easterOf(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const date = ((h + l - 7 * m + 114) % 31) + 1;
  return dayFromIso(`${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`);
}

/** Whether a day is a national holiday in Italy, or the feast of the local patron (MM-DD, empty where there is none). */
export function isHoliday(day: Day, patronDay = ''): boolean {
  const iso = isoFromDay(day);
  const monthDay = iso.slice(5);
  const year = Number(iso.slice(0, 4));
  if (FIXED.includes(monthDay) || monthDay === patronDay) return true;
  if (monthDay === SAINT_FRANCIS && year >= SAINT_FRANCIS_SINCE) return true;
  return day === easterOf(year) || day === easterOf(year) + 1;
}
