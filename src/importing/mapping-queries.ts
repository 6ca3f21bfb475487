import type { Connection } from '../database/connection.ts';
import type { ImportKind } from './schema.ts';

export interface MappingRow {
  import_mapping_id: number;
  name: string;
  specification: unknown;
  updated_at: Date;
}

/** Saved mappings of a kind; only those of one layout when its fingerprint is given. */
export async function selectMappings(
  { raw }: Connection,
  kind: ImportKind,
  fingerprint: string | null,
): Promise<MappingRow[]> {
  const rows = await raw<MappingRow[]>`
    select import_mapping_id, name, specification, updated_at from import_mapping
    where kind = ${kind} and (${fingerprint}::text is null or header_fingerprint = ${fingerprint})
    order by updated_at desc`;
  return [...rows];
}

/** Saves a mapping under its name, in place of an earlier one. */
export async function upsertMapping(
  { raw }: Connection,
  mapping: { name: string; kind: ImportKind; fingerprint: string; specification: object },
  now: Date,
): Promise<number> {
  const [row] = await raw<{ import_mapping_id: number }[]>`
    insert into import_mapping (name, kind, header_fingerprint, specification, created_at, updated_at)
    values (${mapping.name}, ${mapping.kind}, ${mapping.fingerprint}, ${raw.json(mapping.specification as never)}, ${now}, ${now})
    on conflict (kind, name) do update set header_fingerprint = excluded.header_fingerprint,
      specification = excluded.specification, updated_at = excluded.updated_at
    returning import_mapping_id`;
  return row?.import_mapping_id ?? 0;
}
