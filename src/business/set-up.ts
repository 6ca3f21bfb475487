import type { Connection, Database } from '../database/connection.ts';
import { ensureDefaultTemplates } from '../rendering/actions.ts';
import { createOwner } from './actions.ts';
import { insertBusiness, insertStore } from './queries.ts';
import type { Business, SetUp, Store } from './schema.ts';

const DEFAULTS: Business = {
  name: 'Il mio negozio',
  legalName: '',
  address: '',
  vatNumber: '',
  email: '',
  phone: '',
  sectors: [],
  language: 'it',
  timeZone: 'Europe/Rome',
  formOfAddress: 'tu',
  signature: '',
  brandColour: '#1e5245',
};

/** Sets up a shop of one's own: owner, business, first store and default templates, in one transaction. */
export async function setUpMyShop(database: Database, request: SetUp, now: Date): Promise<void> {
  await database.transaction(async (transaction) => {
    await createOwner(transaction, request.owner, now);
    const business = {
      ...DEFAULTS,
      signature: request.owner.name,
      email: request.owner.email,
      ...request.business,
    };
    const store = {
      city: '',
      province: '',
      region: '',
      patronDay: '',
      closures: [],
      name: business.name,
      ...request.store,
    };
    await createShop(transaction, business, store, now);
  });
}

/** The business with its first store and the default templates. */
export async function createShop(
  transaction: Connection,
  business: Business,
  store: Omit<Store, 'storeId'>,
  now: Date,
): Promise<void> {
  await insertBusiness(transaction, business, now);
  await insertStore(transaction, { code: 'main', ...store });
  await ensureDefaultTemplates(transaction, now);
}
