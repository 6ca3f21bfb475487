import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { domainToASCII } from 'node:url';
import validator from 'validator';
import { foldName } from '../kernel/text.ts';

/** Domains of Italian certified mail (PEC): legal post, never marketing (sales-formats.md 6.9). */
const CERTIFIED_MAIL =
  /(^|\.)(pec\.it|pec\.[a-z0-9-]+\.[a-z]{2,}|legalmail\.it|postacert\.[a-z.]+|arubapec\.it|pecimprese\.it|cert\.[a-z0-9-]+\.[a-z]{2,})$/;

/** Common slips in Italian addresses: suggested, never changed silently. */
const DOMAIN_SLIPS: Readonly<Record<string, string>> = {
  'gmial.com': 'gmail.com', 'gmai.com': 'gmail.com', 'gmail.con': 'gmail.com', 'gmail.it': 'gmail.com', 'gamil.com': 'gmail.com', 'gmal.com': 'gmail.com',
  'hotmal.it': 'hotmail.it', 'hotmail.con': 'hotmail.com', 'hotmial.it': 'hotmail.it', 'libero.i': 'libero.it', 'liber.it': 'libero.it', 'libero.con': 'libero.it',
  'alice.com': 'alice.it', 'tiscali.i': 'tiscali.it', 'virgilio.i': 'virgilio.it', 'yaho.it': 'yahoo.it', 'yahooo.it': 'yahoo.it', 'outlok.it': 'outlook.it', 'icloud.con': 'icloud.com',
}; // prettier-ignore

/** An e-mail address in its one form (lower case, domain in ASCII), or null when it is none. */
export function normaliseEmail(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  const at = trimmed.lastIndexOf('@');
  if (at < 1) return null;
  const address = `${trimmed.slice(0, at)}@${domainToASCII(trimmed.slice(at + 1))}`;
  return validator.isEmail(address, { allow_utf8_local_part: false }) ? address : null;
}

/** The address a slip of the pen was probably meant to be, or null. */
export function suggestEmail(address: string): string | null {
  const [local = '', domain = ''] = address.trim().toLowerCase().split('@');
  const meant = DOMAIN_SLIPS[domain] ?? (domain.endsWith('.con') ? `${domain.slice(0, -1)}m` : null);
  return meant ? `${local}@${meant}` : null;
}

/** Whether an address is certified mail. */
export function isCertifiedMail(address: string): boolean {
  return CERTIFIED_MAIL.test(address.slice(address.lastIndexOf('@') + 1));
}

/** A phone number understood. */
export interface Phone {
  readonly e164: string;
  readonly isMobile: boolean;
}

/** Phones of one cell: the whole cell first (06/1234567 is one number), else its parts; invalid ones are left out. */
export function parsePhones(cell: string, country: 'IT' = 'IT'): Phone[] {
  const whole = parsePhone(cell, country);
  if (whole) return [whole];
  return cell.split(/[/;,]|\s-\s/).flatMap((part) => parsePhone(part, country) ?? []);
}

/** A number as people read it: an Italian one without the prefix of the country. */
export function phoneInWords(e164: string): string {
  const number = parsePhoneNumberFromString(e164);
  if (!number) return e164;
  return number.country === 'IT' ? number.formatNational() : number.formatInternational();
}

function parsePhone(text: string, country: 'IT'): Phone | null {
  const number = parsePhoneNumberFromString(text.replace(/\(.*?[a-z].*?\)/gi, ''), country);
  if (!number?.isValid()) return null;
  const type = number.getType();
  return { e164: number.number, isMobile: type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' };
}

/** A mobile number written with a leading 0 by habit ("0333 1234567"): the number to propose, or null. */
export function suggestPhone(text: string): string | null {
  const digits = text.replace(/\D/g, '');
  if (!/^03\d{8,9}$/.test(digits)) return null;
  const meant = parsePhone(digits.slice(1), 'IT');
  return meant?.isMobile ? meant.e164 : null;
}

/** A card or till code as it is compared: without spaces, upper case, and without the ".0" of a program that took it for a number. */
export function normaliseCode(text: string): string {
  return text
    .replace(/\s+/g, '')
    .replace(/^(\d+)\.0$/, '$1')
    .toUpperCase();
}

/** An Italian postcode with the zeros a spreadsheet dropped; other texts unchanged. */
export function repairPostcode(text: string): string {
  const trimmed = text.trim().replace(/^'/, '');
  return /^\d{3,4}$/.test(trimmed) ? trimmed.padStart(5, '0') : trimmed;
}

/** A name typed in capitals, as a person would write it: "D'ANGELO LUCIA" becomes "D'Angelo Lucia". Mixed case stays. */
export function properName(text: string): string {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  if (trimmed !== trimmed.toLocaleUpperCase('it') || !/\p{L}{2}/u.test(trimmed)) return trimmed;
  return trimmed
    .toLocaleLowerCase('it')
    .replace(/(^|[\s'’-])\p{L}/gu, (start) => start.toLocaleUpperCase('it'));
}

/** Words by which a contact is found: names, city, and every identity. */
export function searchTextOf(parts: readonly string[]): string {
  return foldName(parts.filter((part) => part !== '').join(' '));
}

/** An Italian number as people say it, without the prefix of the country, beside its international form. */
export function spokenNumbers(identity: string): string[] {
  return identity.startsWith('+39') ? [identity.slice(3)] : [];
}

/** Words of a search. A number is one word however it is spaced, with or without the zeros before a country's prefix. */
export function searchWords(search: string): string[] {
  if (/^[\d\s+()./-]*$/.test(search) && search.replace(/\D/g, '').length >= 5)
    return [search.replace(/\D/g, '').replace(/^00/, '')];
  return foldName(search)
    .split(' ')
    .filter((word) => word !== '');
}

/** The key under which an identity is unique across contacts. */
export function identityKey(kind: string, value: string): string {
  return `${kind}:${value}`;
}

/** A contact's name as the shop would say it. */
export function nameOf(row: { first_name: string; last_name: string; company_name: string }): string {
  return row.company_name || `${row.first_name} ${row.last_name}`.trim();
}

/** Initials for the round badge. */
export function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');
}

/** A postal address of a contact, from its row. */
export interface PostalRow {
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly province: string;
  readonly country: string;
}

/**
 * The lines of an envelope, three to five: names, street and number, postcode, town and province, and for abroad the country (channels.md
 * 8). Null where something is missing without which it does not arrive.
 */
export function postalLinesOf(row: PostalRow): string[] | null {
  const person = `${row.first_name} ${row.last_name}`.trim();
  const names = [row.company_name, person].filter((name) => name !== '');
  const isItalian = row.country === 'IT' || row.country === '';
  if (names.length === 0 || row.street === '' || row.city === '') return null;
  if (isItalian ? !/^\d{5}$/.test(row.postcode) : row.postcode === '') return null;
  const place = [row.postcode, row.city, isItalian ? row.province : ''].filter((part) => part !== '');
  return [...names, row.street, place.join(' '), ...(isItalian ? [] : [row.country])];
}
