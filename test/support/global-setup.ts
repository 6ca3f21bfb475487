import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { setUpMyShop } from '../../src/business/set-up.ts';
import type { DatabaseAddress } from '../../src/database/connection.ts';
import { openDatabase } from '../../src/database/connection.ts';
import { startEmbeddedServer } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { testShop } from './shop.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    templateAddress: DatabaseAddress;
    shopAddress: DatabaseAddress;
  }
}

/** Each group of tests has a database with connections of its own, and those of a file are open together. */
export const MAX_CONNECTIONS = 200;
const TEMPLATE = 'bentornato_test_template';
const SHOP = 'bentornato_test_shop';

/**
 * One real server for the whole run, one migrated template database, and one with a shop set up in it. The server is the embedded one, or the one
 * that BENTORNATO_TEST_DATABASE_URL names (the lane on Debian's PostgreSQL 15).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.BENTORNATO_TEST_DATABASE_URL;
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-test-'));
  const server = url ? null : await startEmbeddedServer(folder, { maxConnections: MAX_CONNECTIONS });
  const maintenance = openDatabase(url ? { url } : (server?.address ?? { url: '' }), { maxConnections: 1 });
  const templateAddress = atDatabase(url ? { url } : (server?.address ?? { url: '' }), TEMPLATE);
  for (const name of [SHOP, TEMPLATE]) await maintenance.raw.unsafe(`drop database if exists ${name}`);
  await maintenance.raw.unsafe(`create database ${TEMPLATE}`);
  const template = openDatabase(templateAddress, { maxConnections: 1 });
  await migrate(template);
  await template.close();
  await maintenance.raw.unsafe(`create database ${SHOP} template ${TEMPLATE}`);
  await maintenance.close();
  const shopAddress = atDatabase(templateAddress, SHOP);
  const shop = openDatabase(shopAddress, { maxConnections: 1 });
  await setUpMyShop(shop, testShop, new Date('2026-01-01T09:00:00Z'));
  await shop.close();
  project.provide('templateAddress', templateAddress);
  project.provide('shopAddress', shopAddress);
  return async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** The same server, another database. */
export function atDatabase(address: DatabaseAddress, database: string): DatabaseAddress {
  if (!('url' in address)) return { ...address, database };
  const url = new URL(address.url);
  url.pathname = `/${database}`;
  return { url: url.href };
}
