import type { Synonyms } from '../importing/rules.ts';
import { columnReference, guessColumns } from '../importing/rules.ts';
import type { ContactField, ContactMapping } from './import-schema.ts';
import { contactMappingSchema } from './import-schema.ts';

/** Italian headers of contact lists, folded as `foldHeader` folds them. */
export const contactSynonyms: Synonyms<ContactField> = {
  fullName: ['cliente', 'nominativo', 'denominazione', 'nome e cognome', 'cognome e nome', 'name'],
  firstName: ['nome', 'first name', 'firstname'],
  lastName: ['cognome', 'last name', 'lastname', 'surname'],
  companyName: ['ragione sociale', 'azienda', 'ditta', 'company'],
  email: ['email', 'e mail', 'mail', 'posta elettronica', 'indirizzo email'],
  phone: ['cell', 'cellulare', 'mobile', 'telefono', 'tel', 'phone'],
  secondPhone: ['telefono 2', 'altro telefono', 'tel casa', 'fisso', 'telefono', 'tel'],
  card: ['tessera', 'fidelity', 'card', 'n tessera', 'numero tessera', 'customerid'],
  code: ['cod', 'codice', 'cod cliente', 'codice cliente'],
  street: ['indirizzo', 'via', 'address'],
  postcode: ['cap', 'postcode', 'zip'],
  city: ['citta', 'comune', 'localita', 'city'],
  province: ['prov', 'provincia'],
  birthDate: ['data nascita', 'data di nascita', 'nato il', 'nata il', 'compleanno', 'birth date'],
  language: ['lingua', 'language'],
  preferredChannel: ['canale preferito', 'canale', 'preferred channel'],
  marketing: ['consenso marketing', 'consenso', 'marketing', 'novita e offerte', 'accepts marketing'],
  profiling: ['consenso profilazione', 'profilazione', 'consigli', 'profiling'],
  consentDate: ['data consenso', 'data del consenso', 'consent date'],
  consentMethod: ['metodo consenso', 'raccolto con', 'consent method'],
  consentReference: ['prova', 'prova consenso', 'foglio', 'n foglio', 'evidence'],
  consentChannels: ['canali', 'canali consenso', 'consent channels'],
};

/** A mapping guessed from the header; what is not recognised becomes no attribute by itself. */
export function guessContactMapping(header: readonly string[]): ContactMapping {
  const columns = Object.entries(guessColumns(header, contactSynonyms)).map(([field, position]) => [
    field,
    columnReference(header, position),
  ]);
  return contactMappingSchema.parse({ columns: Object.fromEntries(columns) as object });
}

const YES = new Set(['si', 'sì', 's', 'yes', 'y', 'true', 'vero', '1', 'x', 'acconsento', 'granted']);
const NO = new Set(['no', 'n', 'false', 'falso', '0', 'non acconsento', 'withdrawn']);

/** A yes, a no, or nothing said. */
export function parseAnswer(cell: string): 'granted' | 'withdrawn' | null {
  const folded = cell.trim().toLowerCase();
  if (YES.has(folded)) return 'granted';
  return NO.has(folded) ? 'withdrawn' : null;
}

const CHANNEL_WORDS: Readonly<Record<string, string>> = {
  email: 'email', 'e-mail': 'email', mail: 'email', sms: 'sms', whatsapp: 'whatsapp', telegram: 'telegram', messenger: 'messenger', telefono: 'phone', phone: 'phone',
  telefonata: 'phone', posta: 'letter', lettera: 'letter', letter: 'letter',
}; // prettier-ignore

/** Channels named in a cell, in any order and separator. */
export function parseChannels(cell: string): string[] {
  return [
    ...new Set(
      cell
        .toLowerCase()
        .split(/[\s,;/+]+/)
        .flatMap((word) => CHANNEL_WORDS[word] ?? []),
    ),
  ].sort();
}

const METHODS: Readonly<Record<string, 'paper' | 'counter' | 'web' | 'phone'>> = {
  foglio: 'paper', carta: 'paper', modulo: 'paper', paper: 'paper', banco: 'counter', negozio: 'counter', counter: 'counter', sito: 'web', web: 'web', online: 'web',
  telefono: 'phone', phone: 'phone',
}; // prettier-ignore

/** How a consent was taken, or null when the cell does not say. */
export function parseMethod(cell: string): 'paper' | 'counter' | 'web' | 'phone' | null {
  return METHODS[cell.trim().toLowerCase()] ?? null;
}

/** A name in one field taken apart by the stated order; the particle of a surname stays with it. */
export function splitName(
  text: string,
  order: ContactMapping['nameOrder'],
): { firstName: string; lastName: string } {
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length < 2) return { firstName: '', lastName: words[0] ?? '' };
  if (order === 'first_last') return { firstName: words[0] ?? '', lastName: words.slice(1).join(' ') };
  const isParticle = /^(d[aei’']?|del|della|dell[’']|lo|la|li|di)$/i.test(words[0] ?? '');
  const surnameLength = isParticle && words.length > 2 ? 2 : 1;
  return {
    firstName: words.slice(surnameLength).join(' '),
    lastName: words.slice(0, surnameLength).join(' '),
  };
}
