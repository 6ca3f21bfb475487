import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Day } from '../../src/kernel/day.ts';
import { isoFromDay } from '../../src/kernel/day.ts';

/** What the invented till prints over its columns. */
export const TILL_HEADER =
  'Data;Ora;N. scontrino;Cassa;Tessera;Cod. articolo;Descrizione;Reparto;Q.tà;Importo';

/** The till's departments, which become categories; an article belongs to the one of its number modulo this. */
export const DEPARTMENTS = 60;

export const PRODUCTS = 5000;

const BLOCK_CHARACTERS = 1_000_000;

export interface TillReceipt {
  readonly number: number;
  readonly day: Day;
  readonly time: string;
  /** Empty where no customer showed a card. */
  readonly card: string;
  readonly isReturn: boolean;
  /** Articles by number, one line each. */
  readonly products: readonly number[];
}

/** Card of the contact with this index, from 0. */
export const cardOf = (contact: number): string => `29${String(contact).padStart(11, '0')}`;

/** A file of sales as a till writes it, streamed to disk. */
export class TillFile {
  readonly #out: WriteStream;
  #text = `${TILL_HEADER}\r\n`;

  constructor(path: string) {
    this.#out = createWriteStream(path);
  }

  async write(receipt: TillReceipt): Promise<void> {
    const iso = isoFromDay(receipt.day);
    const date = `${iso.slice(8)}/${iso.slice(5, 7)}/${iso.slice(0, 4)}`;
    const start = `${date};${receipt.time};${receipt.number};${1 + (receipt.number % 3)};${receipt.card}`;
    const sign = receipt.isReturn ? '-' : '';
    for (const product of receipt.products) {
      const amount = `${sign}${3 + (product % 97)},${10 + (product % 90)}`;
      this.#text += `${start};A${product};Prodotto numero ${product};Reparto ${product % DEPARTMENTS};${sign}1;${amount}\r\n`;
    }
    if (this.#text.length < BLOCK_CHARACTERS) return;
    if (!this.#out.write(this.#text)) await once(this.#out, 'drain');
    this.#text = '';
  }

  async close(): Promise<void> {
    this.#out.end(this.#text);
    await finished(this.#out);
  }
}
