import { describe, expect, it } from 'vitest';
import type { SalesMappingInput } from './schema.ts';
import { salesMappingSchema } from './schema.ts';
import { LineReader } from './line-reader.ts';

const header = ['Data', 'N', 'Tessera', 'Codice', 'Cliente', 'Email', 'Articolo', 'Q', 'Prezzo', 'Sconto', 'Importo', 'IVA', 'Tipo']; // prettier-ignore
const columns = {
  date: 'Data',
  number: 'N',
  card: 'Tessera',
  customerCode: 'Codice',
  customerName: 'Cliente',
  email: 'Email',
  description: 'Articolo',
  quantity: 'Q',
  unitPrice: 'Prezzo',
  discount: 'Sconto',
  amount: 'Importo',
  vat: 'IVA',
  type: 'Tipo',
};
const context = { timeZone: 'Europe/Rome', now: new Date('2026-11-24T10:00:00Z') };

type Cells = Partial<Record<(typeof header)[number], string>>;

const usual: Cells = { Data: '03/10/2026', N: '1183', Articolo: 'Crema', Q: '1', Importo: '44,91' };
const rowOf = (cells: Cells): string[] => header.map((name) => ({ ...usual, ...cells })[name] ?? '');

/** Reads rows one after another by a mapping; of each what was asked for, or the reason why it is rejected. */
function readAll<Field extends keyof LineReader>(
  rows: readonly Cells[],
  fields: readonly Field[],
  mapping: Partial<SalesMappingInput> = {},
): (string | Pick<LineReader, Field>)[] {
  const cells = rows.map(rowOf);
  const reader = new LineReader(salesMappingSchema.parse({ columns, ...mapping }), header, cells, context);
  return cells.map((row) => {
    const reason = reader.read(row);
    return (
      reason ?? (Object.fromEntries(fields.map((field) => [field, reader[field]])) as Pick<LineReader, Field>)
    );
  });
}

describe('the amount of a line', () => {
  const centsOf = (cells: Cells, mapping: Partial<SalesMappingInput> = {}) =>
    readAll([cells], ['totalCents'], mapping)[0];

  it.each<[string, Cells, Partial<SalesMappingInput>, number]>([
    ['is the amount of the file', { Importo: '44,91', Prezzo: '49,90' }, {}, 4491],
    ['is price by quantity where the file has no amount', { Importo: '', Prezzo: '14,95', Q: '2' }, {}, 2990],
    ['is less a discount in percent', { Importo: '', Prezzo: '49,90', Sconto: '10%' }, {}, 4491],
    ['is less a discount in money', { Importo: '', Prezzo: '49,90', Sconto: '4,99' }, { discountIs: 'amount' }, 4491], // prettier-ignore
    ['has the VAT of its row added', { Importo: '36,81', IVA: '22%' }, { isVatIncluded: false }, 4491],
    ['has the VAT of the mapping added', { Importo: '36,81' }, { isVatIncluded: false, vatRate: 22 }, 4491],
    ['is for one piece where the quantity is empty', { Importo: '', Prezzo: '5', Q: '' }, {}, 500],
  ])('%s', (_what, cells, mapping, totalCents) => {
    expect(centsOf(cells, mapping)).toEqual({ totalCents });
  });

  it.each<[string, Cells, Partial<SalesMappingInput>]>([
    ['amount_missing', { Importo: '', Prezzo: '' }, {}],
    ['amount_unreadable', { Importo: 'gratis' }, {}],
    ['amount_unreadable', { Importo: '', Prezzo: '5', Sconto: 'dieci' }, {}],
    ['amount_too_large', { Importo: '30.000.000,00' }, {}],
    ['quantity_unreadable', { Q: 'due' }, {}],
    ['quantity_too_large', { Q: '8001230000012' }, {}],
    ['vat_missing', {}, { isVatIncluded: false }],
    ['date_missing', { Data: '' }, {}],
    ['date_in_future', { Data: '26/11/2026' }, {}],
    ['date_too_old', { Data: '31/12/1989' }, {}],
    ['customer_code_cut', { Tessera: '2,9E+12' }, {}],
    ['cell_too_long', { Tessera: '9'.repeat(300) }, {}],
    ['cell_too_long', { N: '9'.repeat(300) }, {}],
    ['promo', { Tipo: 'OMAGGIO' }, { ignore: [{ field: 'type', equals: ['OMAGGIO'], reason: 'promo' }] }],
    ['test_till', { N: 'T9' }, { ignore: [{ field: 'number', startsWith: 'T', reason: 'test_till' }] }],
    ['free', { Importo: '0' }, { ignore: [{ field: 'amount', atMost: 0, reason: 'free' }] }],
  ])('is refused as %s for %j', (reason, cells, mapping) => {
    expect(centsOf(cells, mapping)).toBe(reason);
  });

  it('is refused where a row has more cells than the header', () => {
    const reader = new LineReader(salesMappingSchema.parse({ columns }), header, [], context);
    expect(reader.read([...rowOf({}), '', ' '])).toBeNull();
    expect(reader.read([...rowOf({}), '', 'x'])).toBe('too_many_cells');
  });
});

describe('what was brought back', () => {
  it.each<[string, Cells, Partial<SalesMappingInput>]>([
    ['has a negative quantity and amount', { Q: '-1', Importo: '-14,95' }, {}],
    ['has a negative quantity and a price', { Q: '-1', Importo: '', Prezzo: '14,95' }, {}],
    ['has a trailing minus', { Importo: '14,95-' }, {}],
    ['stands in brackets', { Importo: '(14,95)' }, {}],
    ['is told by a type, in any writing', { Tipo: 'Nota di Credito', Importo: '14,95' }, { returns: { typeValues: ['NOTA DI CREDITO'] } }], // prettier-ignore
    ['is told by its number', { N: 'NC12', Importo: '14,95' }, { returns: { numberPrefixes: ['NC'] } }],
  ])('%s', (_what, cells, mapping) => {
    expect(readAll([cells], ['quantity', 'totalCents', 'isReturn'], mapping)).toEqual([
      { quantity: -1, totalCents: -1495, isReturn: true },
    ]);
  });
});

describe('the customer of a line', () => {
  it.each<[Cells, string | null, string]>([
    [{ Tessera: '2900000000421', Codice: 'C7' }, 'card', '2900000000421'],
    [{ Tessera: '0', Codice: 'C7' }, 'code', 'C7'],
    [{ Codice: '9999', Email: 'lucia@example.it' }, 'email', 'lucia@example.it'],
    [{ Codice: '17850.0' }, 'code', '17850'],
    [{ Tessera: '0', Codice: '9999' }, null, ''],
    [{ Tessera: '2900000000421', Cliente: 'Cliente generico' }, null, ''],
    [{ Codice: 'C7', Cliente: 'BANCO' }, null, ''],
    [{ Codice: 'C7', Cliente: 'VARIE' }, null, ''],
    [{ Cliente: 'Rossi Mario' }, null, ''],
    [{}, null, ''],
  ])('of %j is %s %s', (cells, customerKind, customerKey) => {
    expect(readAll([cells], ['customerKind', 'customerKey'])).toEqual([{ customerKind, customerKey }]);
  });
});

describe('a file whose receipts name day and customer once', () => {
  const mapping = {
    hasGroupedLines: true,
    ignore: [{ field: 'type' as const, equals: ['voided'], reason: 'voided' }],
  };
  const next: Cells = { Data: '', Tessera: '' };
  const first: Cells = { N: '1', Tessera: 'A', Data: '03/10/2026' };

  it('gives them to the other rows of the receipt', () => {
    const rows = [first, { ...next, N: '1' }, { N: '2', Tessera: 'B' }, { ...next, N: '2' }];
    const keys = readAll(rows, ['customerKey'], mapping);
    expect(keys).toEqual(['A', 'A', 'B', 'B'].map((customerKey) => ({ customerKey })));
  });

  it('never gives them to rows of a receipt whose first row was rejected', () => {
    const rows = [
      first,
      { N: '2', Tessera: 'B', Tipo: 'voided' },
      { ...next, N: '2' },
      { N: '3', Tessera: 'C', Q: 'due' },
      { ...next, N: '3' },
      { N: '4', Tessera: 'D' },
      { ...next, N: '4' },
    ];
    expect(readAll(rows, ['customerKey'], mapping)).toEqual([
      { customerKey: 'A' },
      'voided',
      'voided',
      'quantity_unreadable',
      'receipt_head_rejected',
      { customerKey: 'D' },
      { customerKey: 'D' },
    ]);
  });
});

describe('a mapping', () => {
  it('names columns that must be there, by name in any writing or by number', () => {
    const names = ['DATA', 'q.tà', 'Importo €'];
    const readerFor = (given: SalesMappingInput['columns']) =>
      new LineReader(salesMappingSchema.parse({ columns: given }), names, [], context);
    expect(readerFor({ date: 'Data', quantity: 'Qtà', amount: 3 }).has('quantity')).toBe(true);
    expect(() => readerFor({ date: 'Giorno', amount: 3 })).toThrow(
      expect.objectContaining({ code: 'import_column_missing', params: { column: 'Giorno' } }),
    );
    expect(() => readerFor({ date: 1, amount: 4 })).toThrow(
      expect.objectContaining({ code: 'import_column_missing', params: { column: '4' } }),
    );
  });
});
