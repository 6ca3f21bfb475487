import { Readable } from 'node:stream';
import { isoFromDay } from '../kernel/day.ts';
import type { Random } from '../kernel/random.ts';
import type { Purchase } from './rules.ts';
import type { DemonstrationSector } from './sectors.ts';

const HEADER = 'Data;Ora;N. scontrino;Tessera;Cod. articolo;Descrizione;Reparto;Q.tà;Importo\r\n';

/** The mapping of the till's file: as a shopkeeper would save it. */
export const tillMapping = {
  source: 'demonstration',
  columns: {
    date: 'Data',
    time: 'Ora',
    number: 'N. scontrino',
    card: 'Tessera',
    code: 'Cod. articolo',
    description: 'Descrizione',
    category: 'Reparto',
    quantity: 'Q.tà',
    amount: 'Importo',
  },
  numberFormat: 'comma',
  dateFormat: 'day_first',
};

/** The till's export of some purchases: semicolons, decimal comma, Italian dates, a returned line now and then. */
export function writeTillFile(
  purchases: readonly Purchase[],
  sector: DemonstrationSector,
  random: Random,
): Readable {
  return Readable.from(bytesOf(rowsOf(purchases, sector, random)));
}

function* bytesOf(rows: Generator<string>): Generator<Buffer> {
  for (const row of rows) yield Buffer.from(row);
}

function* rowsOf(
  purchases: readonly Purchase[],
  sector: DemonstrationSector,
  random: Random,
): Generator<string> {
  yield HEADER;
  for (const purchase of purchases) {
    const [year, month, day] = isoFromDay(purchase.day).split('-');
    const time = `${String(9 + Math.floor(random.next() * 10)).padStart(2, '0')}.${String(random.integer(60)).padStart(2, '0')}`;
    for (const line of purchase.lines) {
      const category = sector.categories[line.category];
      const product = category?.products[line.product];
      if (!category || !product) continue;
      const euros = ((product.cents * line.quantity * (1 - line.discount)) / 100)
        .toFixed(2)
        .replace('.', ',');
      yield `${day}/${month}/${year};${time};${purchase.receipt};${purchase.person?.card ?? ''};${product.code};${product.name};${category.name};${line.quantity};${euros}\r\n`;
    }
  }
}
