import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import type { Database, DatabaseAddress } from '../../src/database/connection.ts';
import { openDatabase } from '../../src/database/connection.ts';
import { atDatabase } from './global-setup.ts';

/**
 * A fresh database for this test file, copied from the migrated template or from the one with a shop set up in it; it is
 * dropped after the file.
 */
export async function createTestDatabase(
  content: 'template' | 'shop' = 'template',
): Promise<Database & { readonly address: DatabaseAddress }> {
  const template = inject(`${content}Address`);
  const templateName = 'url' in template ? new URL(template.url).pathname.slice(1) : template.database;
  const name = `bentornato_test_${randomBytes(6).toString('hex')}`;
  const maintenance = openDatabase(atDatabase(template, 'postgres'), { maxConnections: 1 });
  await maintenance.raw.unsafe(`create database ${name} template ${templateName}`);
  const address = atDatabase(template, name);
  const database = openDatabase(address, { maxConnections: 6 });
  afterAll(async () => {
    await database.close();
    await maintenance.raw.unsafe(`drop database if exists ${name} with (force)`);
    await maintenance.close();
  });
  return Object.assign(database, { address });
}
