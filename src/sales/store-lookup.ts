import type { Connection } from '../database/connection.ts';
import { insertStores, selectStores } from './catalogue-queries.ts';

/** The stores that a file names; a new one is created with its code as its name. */
export class StoreLookup {
  readonly #ids = new Map<string, number>();

  /** The store of a cell; null where the file names none. */
  storeId(code: string): number | null {
    return code === '' ? null : (this.#ids.get(code) ?? null);
  }

  async resolve(connection: Connection, runs: readonly { store: string }[]): Promise<void> {
    const unknown = new Set<string>();
    for (const { store } of runs) if (store !== '' && !this.#ids.has(store)) unknown.add(store);
    if (unknown.size === 0) return;
    await this.#lookUp(connection, unknown);
    const missing = [...unknown].filter((code) => !this.#ids.has(code));
    if (missing.length === 0) return;
    await insertStores(connection, missing);
    await this.#lookUp(connection, unknown);
  }

  async #lookUp(connection: Connection, codes: ReadonlySet<string>): Promise<void> {
    for (const [code, id] of await selectStores(connection, [...codes])) this.#ids.set(code, id);
  }
}
