import { loadBusiness } from '../business/actions.ts';
import type { Connection } from '../database/connection.ts';
import type { Language } from '../kernel/language.ts';

/** The language in which clocks are explained to the shop. */
export async function loadLanguage(connection: Connection): Promise<Language> {
  return (await loadBusiness(connection))?.language ?? 'it';
}
