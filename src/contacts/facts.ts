import type { ContactFactsRow } from './queries.ts';
import type { ContactInput } from './schema.ts';

/** What is known about a contact, from its row, as the API writes it. */
export function factsOf(row: ContactFactsRow): ContactInput {
  return {
    firstName: row.first_name,
    lastName: row.last_name,
    companyName: row.company_name,
    language: row.language === 'en' ? 'en' : 'it',
    birthDate: row.birth_date,
    street: row.street,
    postcode: row.postcode,
    city: row.city,
    province: row.province,
    preferredChannel: row.preferred_channel as ContactInput['preferredChannel'],
    note: row.note,
    attributes: row.attributes,
  };
}
