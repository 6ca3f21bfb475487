import type { SetUp } from '../../src/business/schema.ts';

/** The shop of the tests, as its owner set it up. */
export const testShop: SetUp = {
  kind: 'my_shop',
  demonstrationSector: 'coffee',
  owner: { name: 'Marta', email: 'marta@bottega.example.it', password: 'una frase molto lunga' },
  business: { name: 'Bottega Inventata', sectors: ['other'], address: 'Via dell’Esempio 1, 00000 Borgo' },
};
