import type { Connection } from '../database/connection.ts';
import { Failure } from '../kernel/failure.ts';
import type { z } from 'zod';
import { headerFingerprint } from './header.ts';
import { selectMappings, upsertMapping } from './mapping-queries.ts';
import type { ImportKind } from './schema.ts';

/** A saved way to read files of one layout. */
export interface SavedMapping<Mapping> {
  readonly importMappingId: number;
  readonly name: string;
  readonly specification: Mapping;
  readonly updatedAt: string;
}

/** Checks a mapping. Failure `import_mapping_invalid` names what is wrong. */
export function checkMapping<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues
    .map((issue) => `${issue.path.join('.')} ${issue.message}`.trim())
    .slice(0, 3)
    .join('; ');
  throw new Failure('import_mapping_invalid', { params: { detail } });
}

/** Saved ways to read files of a kind, the latest first; only those of one layout when its header is given. */
export async function findMappings<Schema extends z.ZodType>(
  connection: Connection,
  kind: ImportKind,
  schema: Schema,
  header: readonly string[] | null = null,
): Promise<SavedMapping<z.output<Schema>>[]> {
  const rows = await selectMappings(connection, kind, header === null ? null : headerFingerprint(header));
  return rows.flatMap((row) => {
    const specification = schema.safeParse(row.specification);
    if (!specification.success) return [];
    return [
      {
        importMappingId: row.import_mapping_id,
        name: row.name,
        specification: specification.data,
        updatedAt: row.updated_at.toISOString(),
      },
    ];
  });
}

/** Saves how to read a layout, in place of an earlier one of that name, so that it is recognised next time. */
export function keepMapping(
  connection: Connection,
  mapping: { kind: ImportKind; name: string; header: readonly string[]; specification: object },
  now: Date,
): Promise<number> {
  const { kind, name, header, specification } = mapping;
  return upsertMapping(
    connection,
    { kind, name, fingerprint: headerFingerprint(header), specification },
    now,
  );
}
