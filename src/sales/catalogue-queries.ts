import type { Connection } from '../database/connection.ts';

/** Products by code. */
export async function selectProducts(
  connection: Connection,
  codes: readonly string[],
): Promise<Map<string, { productId: number; categoryId: number }>> {
  const rows = await connection.raw<{ code: string; product_id: number; category_id: number }[]>`
    select code, product_id, category_id from product where code = any(${codes as string[]})`;
  return new Map(rows.map((row) => [row.code, { productId: row.product_id, categoryId: row.category_id }]));
}

/** Inserts products that are not there; another import may have made one meanwhile. Returns how many were new. */
export async function insertProducts(
  connection: Connection,
  products: readonly { code: string; ean: string | null; name: string; categoryId: number }[],
  now: Date,
): Promise<number> {
  const { raw } = connection;
  const result = await raw`
    insert into product (code, ean, name, category_id, created_at)
    select code, ean, name, category_id, ${now}
    from unnest(${products.map(({ code }) => code)}::text[], ${products.map(({ ean }) => ean)}::text[],
      ${products.map(({ name }) => name)}::text[], ${products.map(({ categoryId }) => categoryId)}::int[])
      as fresh (code, ean, name, category_id)
    on conflict (code) do nothing`;
  return result.count;
}

/** Categories by folded name. */
export async function selectCategories(
  connection: Connection,
  lookupNames: readonly string[],
): Promise<Map<string, number>> {
  const rows = await connection.raw<{ lookup_name: string; category_id: number }[]>`
    select lookup_name, category_id from category where lookup_name = any(${lookupNames as string[]})`;
  return new Map(rows.map((row) => [row.lookup_name, row.category_id]));
}

/** Inserts categories that are not there. */
export async function insertCategories(
  connection: Connection,
  categories: readonly { lookupName: string; name: string; parentId: number | null; hasClock: boolean }[],
  now: Date,
): Promise<void> {
  await connection.raw`
    insert into category (lookup_name, name, parent_id, is_clock_active, created_at)
    select lookup_name, name, parent_id, is_clock_active = 1, ${now}
    from unnest(${categories.map(({ lookupName }) => lookupName)}::text[],
      ${categories.map(({ name }) => name)}::text[], ${categories.map(({ parentId }) => parentId)}::int[],
      ${categories.map(({ hasClock }) => Number(hasClock))}::int[])
      as fresh (lookup_name, name, parent_id, is_clock_active)
    on conflict (lookup_name) do nothing`;
}

/** Stores by code. */
export async function selectStores(
  connection: Connection,
  codes: readonly string[],
): Promise<Map<string, number>> {
  const rows = await connection.raw<{ code: string; store_id: number }[]>`
    select code, store_id from store where code = any(${codes as string[]})
    union all select name, min(store_id) from store where name = any(${codes as string[]}) group by name`;
  return new Map(rows.map((row) => [row.code, row.store_id]));
}

/** Inserts stores that a file names and nobody has described yet. */
export async function insertStores(connection: Connection, codes: readonly string[]): Promise<void> {
  await connection.raw`
    insert into store (code, name) select code, code from unnest(${codes as string[]}::text[]) as fresh (code)
    on conflict (code) do nothing`;
}
