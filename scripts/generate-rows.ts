/** Writes src/database/rows.ts from the migrated schema: `npm run generate:rows`. A test holds the file against the schema. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../src/database/connection.ts';
import { startEmbeddedServer } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { generateRows } from '../test/support/generate-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'bentornato-rows-'));
const server = await startEmbeddedServer(folder);
const database = openDatabase(server.address);
try {
  await migrate(database);
  writeFileSync(new URL('../src/database/rows.ts', import.meta.url), await generateRows(database.query));
} finally {
  await database.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
