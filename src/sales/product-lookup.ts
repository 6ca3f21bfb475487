import type { Connection } from '../database/connection.ts';
import { ownText } from '../importing/actions.ts';
import { foldName } from '../kernel/text.ts';
import type { CategoryChoice } from './category-rules.ts';
import { categoryLookupName } from './category-rules.ts';
import { insertCategories, insertProducts, selectCategories, selectProducts } from './catalogue-queries.ts';

/** What a file says about an article, as far as a new product needs it. */
export interface ProductFacts {
  readonly code: string;
  readonly ean: string;
  readonly description: string;
  readonly category: string;
}

const UNNAMED = 'Senza articolo';

interface Pending {
  readonly index: number;
  readonly key: string;
  readonly facts: ProductFacts;
}

/**
 * The products of an import by a small index, so that lines carry a number. Unknown ones are looked up, and created
 * with their categories, in one go by `resolve`; an existing product keeps its category.
 */
export class ProductLookup {
  readonly #indexes = new Map<string, number>();
  readonly #productIds: number[] = [];
  readonly #categoryIds: number[] = [];
  readonly #choose: (facts: ProductFacts) => CategoryChoice;
  readonly #categories = new Map<string, number>();
  readonly #now: Date;
  #pending: Pending[] = [];
  createdCount = 0;

  constructor(choose: (facts: ProductFacts) => CategoryChoice, now: Date) {
    this.#choose = choose;
    this.#now = now;
  }

  /** Index of the article of a line; a line that names none, such as a refund of money, has an article of its own. */
  indexOf(facts: ProductFacts): number {
    const written = facts.code || facts.ean || facts.description || facts.category || UNNAMED;
    const known = this.#indexes.get(written);
    if (known !== undefined) return known;
    const index = this.#productIds.push(0) - 1;
    this.#categoryIds.push(0);
    this.#indexes.set(ownText(written), index);
    const key = facts.code || facts.ean || foldName(written) || written;
    const { code, ean, description, category } = facts;
    this.#pending.push({ index, key, facts: { code, ean, description, category } });
    return index;
  }

  productId(index: number): number {
    return this.#productIds[index] ?? 0;
  }

  categoryId(index: number): number {
    return this.#categoryIds[index] ?? 0;
  }

  /** Gives every index met so far its product. */
  async resolve(connection: Connection): Promise<void> {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    await this.#lookUp(connection, pending);
    const missing = pending.filter(({ index }) => this.#productIds[index] === 0);
    if (missing.length === 0) return;
    await this.#create(connection, missing);
    await this.#lookUp(connection, missing);
  }

  async #lookUp(connection: Connection, pending: readonly Pending[]): Promise<void> {
    const found = await selectProducts(
      connection,
      pending.map(({ key }) => key),
    );
    for (const { index, key } of pending) {
      const product = found.get(key);
      if (!product) continue;
      this.#productIds[index] = product.productId;
      this.#categoryIds[index] = product.categoryId;
    }
  }

  async #create(connection: Connection, missing: readonly Pending[]): Promise<void> {
    const rows = missing.map((entry) => ({ ...entry, choice: this.#choose(entry.facts) }));
    await this.#ensureCategories(
      connection,
      rows.map(({ choice }) => choice),
    );
    this.createdCount += await insertProducts(
      connection,
      rows.map(({ key, facts, choice }) => ({
        code: key,
        ean: facts.ean || null,
        name: facts.description || facts.category || (key === foldName(UNNAMED) ? UNNAMED : key),
        categoryId: this.#categories.get(categoryLookupName(choice.path)) ?? 0,
      })),
      this.#now,
    );
  }

  async #ensureCategories(connection: Connection, choices: readonly CategoryChoice[]): Promise<void> {
    const depth = Math.max(...choices.map(({ path }) => path.length));
    for (let level = 1; level <= depth; level++) {
      const wanted = new Map<string, CategoryChoice>();
      for (const choice of choices) {
        if (choice.path.length < level) continue;
        const path = choice.path.slice(0, level);
        const name = categoryLookupName(path);
        if (!this.#categories.has(name)) wanted.set(name, { path, hasClock: choice.hasClock });
      }
      if (wanted.size === 0) continue;
      await insertCategories(
        connection,
        [...wanted].map(([lookupName, { path, hasClock }]) => ({
          lookupName,
          name: path[path.length - 1] ?? '',
          parentId: this.#categories.get(categoryLookupName(path.slice(0, -1))) ?? null,
          hasClock,
        })),
        this.#now,
      );
      for (const [name, id] of await selectCategories(connection, [...wanted.keys()]))
        this.#categories.set(name, id);
    }
  }
}
