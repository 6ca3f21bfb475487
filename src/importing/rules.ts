/** The pure part of file reading: headers, numbers, dates. Other features import from here. */
export { centsOf, detectNumberFormat, hasLostPrecision, isNumberColumn, parseNumber } from './numbers.ts';
export type { NumberFormat } from './numbers.ts';
export { detectDateFormat, LocalInstants, parseDate, parseTime } from './dates.ts';
export type { DateFormat, DateProblem, ReadDate } from './dates.ts';
export { columnPosition, columnReference, foldHeader, guessColumns, headerFingerprint } from './header.ts';
export type { Synonyms } from './header.ts';
export { isKnownHeaderName, salesSynonyms } from './synonyms.ts';
export type { SalesField } from './synonyms.ts';
