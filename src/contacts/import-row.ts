import { isoOfDate, parseDate } from '../importing/rules.ts';
import type { ContactField, ContactMapping } from './import-schema.ts';
import { parseAnswer, parseChannels, parseMethod, splitName } from './import-rules.ts';
import { normaliseCode, normaliseEmail, parsePhones, properName, repairPostcode } from './rules.ts';
import type { ContactInput } from './schema.ts';
import { preferredChannels } from './schema.ts';

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

/** Reads rows by a mapping; columns are found once. */
export class ContactReader {
  readonly #mapping: ContactMapping;
  readonly #position: ReadonlyMap<ContactField, number>;
  readonly #attributes: readonly (readonly [string, number])[];

  constructor(mapping: ContactMapping, header: readonly string[]) {
    this.#mapping = mapping;
    const find = (column: string | number): number =>
      typeof column === 'number' ? column - 1 : header.indexOf(column);
    const entries = Object.entries(mapping.columns).map(
      ([field, column]) => [field as ContactField, find(column)] as const,
    );
    this.#position = new Map(entries.filter(([, position]) => position >= 0));
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
    const birthDate = this.#dateOf(cell('birthDate'));
    if (birthDate === undefined) return { ok: false, reason: 'date_unreadable', field: 'birthDate' };
    const consents = this.#consentsOf(cell);
    const evidence = consents.length === 0 ? null : this.#evidenceOf(cell);
    if (evidence === undefined) return { ok: false, reason: 'date_unreadable', field: 'consentDate' };
    return { ok: true, facts: this.#factsOf(cell, cells, birthDate), identities, consents, evidence };
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
      if (phones.length === 0) return { ok: false, reason: 'phone_unreadable', field };
      identities.push(
        ...phones.map(({ e164 }): RowIdentity => ({ kind: 'phone', value: e164, original: cell(field) })),
      );
    }
    for (const kind of ['card', 'code'] as const) {
      if (cell(kind) !== '')
        identities.push({ kind, value: normaliseCode(cell(kind)), original: cell(kind) });
    }
    return identities;
  }

  #factsOf(
    cell: (field: ContactField) => string,
    cells: readonly string[],
    birthDate: string | null,
  ): Partial<ContactInput> {
    const whole = splitName(cell('fullName'), this.#mapping.nameOrder);
    const channel = parseChannels(cell('preferredChannel'))[0];
    const attributes = Object.fromEntries(
      this.#attributes
        .map(([name, position]): [string, string] => [name, (cells[position] ?? '').trim()])
        .filter(([, value]) => value !== ''),
    );
    const facts: Partial<ContactInput> = {
      firstName: properName(cell('firstName') || whole.firstName),
      lastName: properName(cell('lastName') || whole.lastName),
      companyName: cell('companyName'),
      street: cell('street'),
      postcode: repairPostcode(cell('postcode')),
      city: properName(cell('city')),
      province: cell('province').toUpperCase().slice(0, 4),
    };
    const said = Object.fromEntries(
      Object.entries(facts).filter(([, value]) => value !== ''),
    ) as Partial<ContactInput>;
    return {
      ...said,
      ...(birthDate === null ? {} : { birthDate }),
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

  /** Evidence of the row, else of the file; null when there is none, undefined when its date cannot be read. */
  #evidenceOf(
    cell: (field: ContactField) => string,
  ): { date: string; method: 'paper' | 'counter' | 'web' | 'phone'; reference: string } | null | undefined {
    const date = this.#dateOf(cell('consentDate'));
    if (date === undefined) return undefined;
    const method = parseMethod(cell('consentMethod'));
    const reference = cell('consentReference');
    if (date !== null && (method !== null || reference !== ''))
      return { date, method: method ?? 'paper', reference };
    return this.#mapping.evidence ?? null;
  }

  #dateOf(text: string): string | null | undefined {
    if (text === '') return null;
    const read = parseDate(text, /^\d{4}-/.test(text) ? 'iso' : this.#mapping.dateFormat);
    return typeof read === 'string' ? undefined : isoOfDate(read);
  }
}
