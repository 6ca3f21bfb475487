import { columnPosition, hasLostPrecision, parseDate } from '../importing/rules.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import { cutText } from '../kernel/text.ts';
import type { ContactField, ContactMapping } from './import-schema.ts';
import { parseAnswer, parseChannels, parseMethod, splitName } from './import-rules.ts';
import {
  normaliseCode,
  normaliseEmail,
  parsePhones,
  properName,
  repairPostcode,
  suggestPhone,
} from './rules.ts';
import type { ContactInput } from './schema.ts';
import { preferredChannels } from './schema.ts';

const CODE_MAX = 200;
const NAME_MAX = 120;
const LINE_MAX = 200;
const ATTRIBUTE_MAX = 500;
const CENTURY = 100;

export interface RowIdentity {
  readonly kind: 'email' | 'phone' | 'card' | 'code';
  readonly value: string;
  readonly original: string;
}

export interface RowConsent {
  readonly purpose: 'marketing' | 'profiling';
  readonly action: 'granted' | 'withdrawn';
  readonly channels: readonly string[];
}

/** A row of a contact list understood, or why not. */
export type ContactReading =
  | {
      readonly ok: true;
      readonly facts: Partial<ContactInput>;
      readonly identities: readonly RowIdentity[];
      readonly consents: readonly RowConsent[];
      readonly evidence: {
        readonly date: string;
        readonly method: 'paper' | 'counter' | 'web' | 'phone';
        readonly reference: string;
      } | null;
    }
  | { readonly ok: false; readonly reason: string; readonly field: string };

/** Reads rows by a mapping; columns are found once. Failure `import_column_missing`. */
export class ContactReader {
  readonly #mapping: ContactMapping;
  readonly #position: ReadonlyMap<ContactField, number>;
  readonly #attributes: readonly (readonly [string, number])[];
  readonly #today: Day;

  constructor(mapping: ContactMapping, header: readonly string[], today: Day) {
    this.#mapping = mapping;
    this.#today = today;
    const find = (column: string | number): number => {
      const position = columnPosition(header, column);
      if (position < 0) throw new Failure('import_column_missing', { params: { column: String(column) } });
      return position;
    };
    this.#position = new Map(
      Object.entries(mapping.columns).map(([field, column]) => [field as ContactField, find(column)]),
    );
    this.#attributes = Object.entries(mapping.attributes).map(
      ([name, column]) => [name, find(column)] as const,
    );
  }

  /** Whether any column identifies a person. */
  get hasKey(): boolean {
    return (['email', 'phone', 'card', 'code'] as const).some((field) => this.#position.has(field));
  }

  read(cells: readonly string[]): ContactReading {
    const cell = (field: ContactField): string => (cells[this.#position.get(field) ?? -1] ?? '').trim();
    const identities = this.#identitiesOf(cell);
    if (!Array.isArray(identities)) return identities;
    if (identities.length === 0) return { ok: false, reason: 'contact_without_address', field: 'email' };
    const birthDay = this.#birthDayOf(cell('birthDate'));
    if (typeof birthDay === 'string') return { ok: false, reason: birthDay, field: 'birthDate' };
    const consents = this.#consentsOf(cell);
    const evidence = consents.length === 0 ? null : this.#evidenceOf(cell);
    if (typeof evidence === 'string') return { ok: false, reason: evidence, field: 'consentDate' };
    return { ok: true, facts: this.#factsOf(cell, cells, birthDay), identities, consents, evidence };
  }

  #identitiesOf(
    cell: (field: ContactField) => string,
  ): RowIdentity[] | Extract<ContactReading, { ok: false }> {
    const identities: RowIdentity[] = [];
    if (cell('email') !== '') {
      const email = normaliseEmail(cell('email'));
      if (!email) return { ok: false, reason: 'email_unreadable', field: 'email' };
      identities.push({ kind: 'email', value: email, original: cell('email') });
    }
    for (const field of ['phone', 'secondPhone'] as const) {
      if (cell(field) === '') continue;
      const phones = parsePhones(cell(field));
      if (phones.length === 0) {
        const hasZero = suggestPhone(cell(field)) !== null;
        return { ok: false, reason: hasZero ? 'phone_leading_zero' : 'phone_unreadable', field };
      }
      identities.push(
        ...phones.map(({ e164 }): RowIdentity => ({ kind: 'phone', value: e164, original: cell(field) })),
      );
    }
    for (const kind of ['card', 'code'] as const) {
      if (cell(kind) === '') continue;
      // Codes that a spreadsheet shortened are equal for people who are not.
      if (hasLostPrecision(cell(kind))) return { ok: false, reason: 'customer_code_cut', field: kind };
      if (cell(kind).length > CODE_MAX) return { ok: false, reason: 'cell_too_long', field: kind };
      identities.push({ kind, value: normaliseCode(cell(kind)), original: cell(kind) });
    }
    return identities;
  }

  #factsOf(
    cell: (field: ContactField) => string,
    cells: readonly string[],
    birthDay: Day | null,
  ): Partial<ContactInput> {
    const whole = splitName(cell('fullName'), this.#mapping.nameOrder);
    const channel = parseChannels(cell('preferredChannel'))[0];
    const attributes = Object.fromEntries(
      this.#attributes
        .map(([name, position]): [string, string] => [
          name,
          cutText((cells[position] ?? '').trim(), ATTRIBUTE_MAX),
        ])
        .filter(([, value]) => value !== ''),
    );
    const facts: Partial<ContactInput> = {
      firstName: cutText(properName(cell('firstName') || whole.firstName), NAME_MAX),
      lastName: cutText(properName(cell('lastName') || whole.lastName), NAME_MAX),
      companyName: cutText(cell('companyName'), LINE_MAX),
      street: cutText(cell('street'), LINE_MAX),
      postcode: cutText(repairPostcode(cell('postcode')), 10),
      city: cutText(properName(cell('city')), NAME_MAX),
      province: cutText(cell('province').toUpperCase(), 4),
    };
    const said = Object.fromEntries(
      Object.entries(facts).filter(([, value]) => value !== ''),
    ) as Partial<ContactInput>;
    return {
      ...said,
      ...(birthDay === null ? {} : { birthDate: isoFromDay(birthDay) }),
      ...(cell('language') === ''
        ? {}
        : { language: /^en/i.test(cell('language')) ? ('en' as const) : ('it' as const) }),
      ...(channel === undefined
        ? {}
        : { preferredChannel: preferredChannels.find((name) => name === channel) ?? null }),
      ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    };
  }

  #consentsOf(cell: (field: ContactField) => string): RowConsent[] {
    return (['marketing', 'profiling'] as const).flatMap((purpose): RowConsent[] => {
      const action = parseAnswer(cell(purpose));
      return action
        ? [
            {
              purpose,
              action,
              channels: purpose === 'marketing' ? parseChannels(cell('consentChannels')) : [],
            },
          ]
        : [];
    });
  }

  /** Evidence of the row, else of the file; null when there is none, a reason when its date cannot be. */
  #evidenceOf(
    cell: (field: ContactField) => string,
  ):
    | { date: string; method: 'paper' | 'counter' | 'web' | 'phone'; reference: string }
    | null
    | 'date_unreadable'
    | 'date_in_future' {
    const day = this.#dayOf(cell('consentDate'));
    if (day === 'date_unreadable') return day;
    // A yes dated tomorrow would outrank a no said today.
    if (day !== null && day > this.#today) return 'date_in_future';
    const method = parseMethod(cell('consentMethod'));
    const reference = cell('consentReference');
    if (day !== null && (method !== null || reference !== ''))
      return { date: isoFromDay(day), method: method ?? 'paper', reference };
    return this.#mapping.evidence ?? null;
  }

  #dayOf(text: string): Day | null | 'date_unreadable' {
    if (text === '') return null;
    const read = parseDate(text, this.#mapping.dateFormat);
    return typeof read === 'string' ? 'date_unreadable' : read.day;
  }

  /** "03/10/55" is 1955 for a birth, although it is 2055 for a sale. */
  #birthDayOf(text: string): Day | null | 'date_unreadable' | 'date_in_future' {
    const day = this.#dayOf(text);
    if (typeof day !== 'number' || day <= this.#today) return day;
    const [year = '', ...rest] = isoFromDay(day).split('-');
    if (/\d{4}/.test(text)) return 'date_in_future';
    return dayFromIso([String(Number(year) - CENTURY), ...rest].join('-'));
  }
}
