import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.ts';

interface Table {
  readonly table: string;
  readonly comment: string | null;
  readonly keys: readonly (readonly string[])[];
  readonly primary: readonly string[] | null;
}

interface Reference {
  readonly child: string;
  readonly parent: string;
  readonly columns: readonly string[];
  readonly targets: readonly string[];
}

const classes = ['contact', 'reference', 'hash', 'local'] as const;

/** The rules of docs/decisions/0003: what a distributed PostgreSQL demands of the schema. */
describe('the schema stays distributable', async () => {
  const { raw } = await createTestDatabase();
  const tables = await raw<Table[]>`
    select c.relname::text as table, obj_description(c.oid) as comment,
      coalesce((select jsonb_agg((select jsonb_agg(a.attname order by k.position) from unnest(i.indkey) with ordinality k (number, position)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number)) from pg_index i where i.indrelid = c.oid and i.indisunique), '[]') as keys,
      (select jsonb_agg(a.attname order by k.position) from pg_index i, unnest(i.indkey) with ordinality k (number, position)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number where i.indrelid = c.oid and i.indisprimary) as primary
    from pg_class c where c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, 'demonstration'::regnamespace) order by 1`;
  const references = await raw<Reference[]>`
    select conrelid::regclass::text as child, confrelid::regclass::text as parent,
      (select jsonb_agg(a.attname order by k.position) from unnest(conkey) with ordinality k (number, position)
        join pg_attribute a on a.attrelid = conrelid and a.attnum = k.number) as columns,
      (select jsonb_agg(a.attname order by k.position) from unnest(confkey) with ordinality k (number, position)
        join pg_attribute a on a.attrelid = confrelid and a.attnum = k.number) as targets
    from pg_constraint where contype = 'f'`;
  const classOf = new Map(
    tables.map(({ table, comment }) => [table, /^distribution: (\w+)\. \S/.exec(comment ?? '')?.[1] ?? '']),
  );
  const ofClass = (wanted: string): Table[] => tables.filter(({ table }) => classOf.get(table) === wanted);

  it('states a class and a meaning for every table', () => {
    expect(tables.length).toBeGreaterThan(35);
    expect(tables.filter(({ table }) => !classes.some((name) => name === classOf.get(table)))).toEqual([]);
  });

  it('has contact_id in every unique key of a contact table', () => {
    const wrong = ofClass('contact').filter(
      ({ keys }) => keys.length === 0 || keys.some((columns) => !columns.includes('contact_id')),
    );
    expect(wrong.map(({ table }) => table)).toEqual([]);
  });

  it('refers from contact tables only to reference tables, or to contact tables along contact_id', () => {
    const wrong = references.filter(({ child, parent, columns, targets }) => {
      if (classOf.get(child) !== 'contact') return false;
      if (classOf.get(parent) === 'reference') return false;
      const at = columns.indexOf('contact_id');
      return classOf.get(parent) !== 'contact' || at < 0 || targets[at] !== 'contact_id';
    });
    expect(wrong).toEqual([]);
  });

  it('refers from reference tables only to reference tables', () => {
    expect(
      references.filter(
        ({ child, parent }) => classOf.get(child) === 'reference' && classOf.get(parent) !== 'reference',
      ),
    ).toEqual([]);
  });

  it('keys a hash table by its first column and refers to nothing distributed from it', () => {
    const wrong = ofClass('hash').filter(
      ({ primary, keys }) => !primary || keys.some((columns) => !columns.includes(primary[0] ?? '')),
    );
    expect(wrong.map(({ table }) => table)).toEqual([]);
    expect(
      references.filter(
        ({ child, parent }) =>
          classOf.get(parent) === 'hash' ||
          (classOf.get(child) === 'hash' && classOf.get(parent) !== 'reference'),
      ),
    ).toEqual([]);
  });

  it('has no triggers, which a distributed table cannot have', async () => {
    expect(await raw`select tgname from pg_trigger where not tgisinternal`).toHaveLength(0);
  });
});
