import type { Kysely } from 'kysely';
import { PostgresDialect, generate } from 'kysely-codegen';
import type { DB } from '../../src/database/rows.ts';

/** TypeScript row types of every table of a migrated database, as the text of `src/database/rows.ts`. */
export function generateRows(query: Kysely<DB>): Promise<string> {
  return generate({
    db: query,
    dialect: new PostgresDialect({ dateParser: 'string', numericParser: 'number' }),
    typeMapping: { int8: 'number', json: 'unknown', jsonb: 'unknown' },
    excludePattern: '{pg_*,information_schema,schema_migration,person,progress}',
    outFile: null,
    print: false,
  });
}
