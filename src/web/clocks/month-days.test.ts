import { describe, expect, it } from 'vitest';
import { datesInWords, parseDates } from './month-days.ts';

describe('days of the year', () => {
  it.each([
    ['15/11', ['11-15']],
    [' 15/11, 15.4;1-2 ', ['02-01', '04-15', '11-15']],
    ['29/2 29/2', ['02-29']],
    ['', null],
    ['31/4', null],
    ['0/5', null],
    ['15/13', null],
    ['15/11 domani', null],
  ])('%j are %j', (text, expected) => {
    expect(parseDates(text)).toEqual(expected);
  });

  it('are written as they are read', () => {
    expect(datesInWords(['02-01', '11-15'])).toBe('1/2 15/11');
  });
});
