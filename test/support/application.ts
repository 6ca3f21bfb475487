import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll } from 'vitest';
import type { Database, DatabaseAddress } from '../../src/database/connection.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import type { Application } from '../../src/main/application.ts';
import { readEnvironment } from '../../src/main/environment.ts';
import { createTestDatabase } from './database.ts';
import { testShop } from './shop.ts';

/** How the owner of every test shop signs in. */
export const OWNER = { email: testShop.owner.email, password: testShop.owner.password };

/** The product over a test database, with a clock that is moved by hand. */
export interface TestApplication extends Application {
  readonly clock: ManualClock;
}

/** A shop that is set up, ready for contacts and sales; its data folder goes with the test file. */
export async function createTestApplication(options: {
  readonly now: Date;
  readonly smtpUrl?: string;
  readonly publicUrl?: string;
}): Promise<TestApplication> {
  const database = await createTestDatabase('shop');
  return overDatabase(database, options);
}

/** The product over a database that is there. */
export function overDatabase(
  database: Database & { readonly address: DatabaseAddress },
  options: { readonly now: Date; readonly smtpUrl?: string; readonly publicUrl?: string },
): TestApplication {
  const dataFolder = mkdtempSync(join(tmpdir(), 'bentornato-app-'));
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));
  return {
    environment: readEnvironment({ BENTORNATO_DATA: dataFolder, PORT: '0' }),
    address: database.address,
    isServerOwner: false,
    database,
    clock: new ManualClock(options.now),
    secretKey: Buffer.alloc(32, 1),
    dataFolder,
    publicUrl: options.publicUrl ?? null,
    smtpUrl: options.smtpUrl ?? null,
    log: pino({ level: process.env.BENTORNATO_LOG ?? 'fatal' }),
    reviveDatabase: () => Promise.resolve(),
    explain: (error) => error,
    close: () => Promise.resolve(),
  };
}
