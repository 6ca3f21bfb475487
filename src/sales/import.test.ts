import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { sharedData } from '../../test/support/shared-data.ts';
import { downloadRejects, loadRejectGroups } from '../importing/listing.ts';
import { findMappings } from '../importing/actions.ts';
import { importSales, retryRejects } from './actions.ts';
import type { ImportSummary } from './schema.ts';
import { salesMappingSchema } from './schema.ts';

const now = new Date('2026-11-24T10:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'bentornato-sales-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const head = 'Data;Ora;N. scontrino;Cassa;Tessera;Cliente;Descrizione;Q.tà;Importo';

interface Shop {
  /** Imports lines under the usual header, or a whole file when it brings its own. */
  load(
    lines: string | readonly string[],
    options?: { mapping?: unknown; saveAs?: string },
  ): Promise<ImportSummary>;
  /** What a person would see of the receipts: number, day, customer's card, total, and the lines. */
  receipts(): Promise<string[]>;
  readonly database: Awaited<ReturnType<typeof createTestDatabase>>;
}

let files = 0;

const database = await createTestDatabase();

/** A shop without sales and customers. */
async function openShop(): Promise<Shop> {
  await database.raw`truncate contact, identity_key, receipt_key, sale_receipt, sale_line, anonymous_receipt, anonymous_line,
    receipt_change, import_run, import_mapping, product, category, store cascade`;
  return {
    database,
    load: (lines, options = {}) => {
      const path = join(folder, `${++files}.csv`);
      writeFileSync(path, typeof lines === 'string' ? lines : [head, ...lines].join('\n'));
      const request = { source: { path }, fileName: 'vendite.csv', timeZone: 'Europe/Rome', ...options };
      return importSales(database, request, now);
    },
    receipts: async () => {
      const rows = await database.raw<{ receipt: string }[]>`
        select concat_ws(' ', r.number, r.sold_on, coalesce(i.value, '-'), r.total_cents, '[' || string_agg(l.line, ', ' order by l.line) || ']') as receipt
        from (select contact_id, receipt_id, number, sold_on, total_cents from sale_receipt
          union all select null, receipt_id, number, sold_on, total_cents from anonymous_receipt) r
        left join contact_identity i on i.contact_id = r.contact_id and i.kind = 'card'
        left join (select receipt_id, p.name || ' ' || quantity || ' ' || total_cents as line from sale_line join product p using (product_id)
          union all select receipt_id, p.name || ' ' || quantity || ' ' || total_cents from anonymous_line join product p using (product_id)) l using (receipt_id)
        group by r.receipt_id, r.number, r.sold_on, i.value, r.total_cents order by r.sold_on, r.number, 1`;
      return rows.map(({ receipt }) => receipt);
    },
  };
}

/** A line of the usual file. */
const sale = (number: number, card: string, product: string, cents: number, day = '03/10/2026'): string =>
  `${day};10.44;${number};1;${card};;${product};1;${(cents / 100).toFixed(2).replace('.', ',')}`;

const balances = ({ read, accepted, rejected, duplicates, rejects }: ImportSummary): boolean =>
  read === accepted + rejected + duplicates &&
  rejected === Object.values(rejects).reduce((sum, count) => sum + count, 0);

describe('the files of real systems', () => {
  const generic = sharedData('samples/gestionale-generico-cp1252.csv');
  it.skipIf(generic === null)(
    'a CP1252 export of Italian management software comes in as it was meant',
    async () => {
      const shop = await openShop();
      const text = readFileSync(generic ?? '');
      const path = join(folder, 'gestionale.csv');
      writeFileSync(path, text);
      const request = { source: { path }, fileName: 'gestionale.csv', timeZone: 'Europe/Rome' };
      expect(await importSales(shop.database, request, now)).toMatchObject({
        read: 5,
        accepted: 5,
        rejected: 0,
        returns: 1,
        anonymous: 2,
        newContacts: 1,
      });
      expect(await shop.receipts()).toEqual([
        '1183 2026-10-03 2900000000421 7481 [Crema viso "Rosa" 50 ml 1 4491, Shampoo 250 ml 2 2990]',
        '1184 2026-10-03 - 990 [Deodorante 1 990]',
        '1232 2026-10-09 2900000000421 -1495 [Shampoo 250 ml -1 -1495]',
        '1260 2026-10-12 - 104900 [Profumo 100 ml 1 104900]',
      ]);
      const [contact] = await shop.database.raw`select last_name from contact`;
      expect(contact).toEqual({ last_name: "D'Angelo Lucìa" });
      const [receipt] = await shop.database.raw`select sold_at from sale_receipt where number = '1183'`;
      expect(receipt).toEqual({ sold_at: new Date('2026-10-03T08:44:00Z') });
    },
  );

  const sumUp = sharedData('samples/sumup-sales-report-de.csv');
  it.skipIf(sumUp === null)(
    'a report of SumUp is recognised, and its refund without description is a return',
    async () => {
      const shop = await openShop();
      expect(await shop.load(readFileSync(sumUp ?? '', 'utf8'))).toMatchObject({
        read: 3,
        accepted: 3,
        returns: 1,
        anonymous: 3,
      });
      expect(await shop.receipts()).toEqual([
        'TAAAZFC7HSH 2026-10-03 - 7481 [Crema viso 50 ml 1 4491, Shampoo 250 ml 2 2990]',
        'TAAAZFC7HSH 2026-10-09 - -1495 [Senza articolo -1 -1495]',
      ]);
    },
  );
});

describe('the same sales again', () => {
  it('change nothing when the file is the same, and add only what is new when exports overlap', async () => {
    const shop = await openShop();
    const first = [sale(1, 'A', 'Crema', 500), sale(1, 'A', 'Crema', 500), sale(2, '', 'Sapone', 300)];
    expect(await shop.load(first)).toMatchObject({ accepted: 3, duplicates: 0, anonymous: 1 });
    const before = await shop.receipts();
    expect(before).toEqual([
      '1 2026-10-03 A 1000 [Crema 1 500, Crema 1 500]',
      '2 2026-10-03 - 300 [Sapone 1 300]',
    ]);
    expect(await shop.load(first)).toMatchObject({
      accepted: 0,
      duplicates: 3,
      anonymous: 0,
      changedReceipts: 0,
    });
    expect(await shop.receipts()).toEqual(before);
    expect(await shop.load([...first.slice(1), sale(3, 'A', 'Crema', 500)])).toMatchObject({
      accepted: 1,
      duplicates: 2,
    });
    expect(await shop.receipts()).toEqual([...before, '3 2026-10-03 A 500 [Crema 1 500]']);
  });

  it('of a document that was changed take the place of its lines, and leave a trace', async () => {
    const shop = await openShop();
    await shop.load([
      sale(1, 'A', 'Crema', 500),
      sale(1, 'A', 'Sapone', 300),
      sale(2, 'B', 'Crema', 500),
      sale(3, 'B', 'Crema', 500),
    ]);
    const changed = [sale(1, 'A', 'Crema', 500), sale(2, 'B', 'Crema', 450), sale(3, 'B', 'Crema', 500)];
    expect(await shop.load(changed)).toMatchObject({ accepted: 1, duplicates: 2, changedReceipts: 1 });
    expect(await shop.receipts()).toEqual([
      '1 2026-10-03 A 800 [Crema 1 500, Sapone 1 300]', // the file may have been cut through its first receipt
      '2 2026-10-03 B 450 [Crema 1 450]',
      '3 2026-10-03 B 500 [Crema 1 500]',
    ]);
    const [trace] = await shop.database.raw<{ previous: { totalCents: number; lines: unknown[] } }[]>`
      select previous from receipt_change order by (previous ->> 'totalCents')::int`;
    expect(trace?.previous).toMatchObject({ totalCents: 500, lines: [{ quantity: 1, totalCents: 500 }] });
  });

  it('in two files that were cut through a receipt join it', async () => {
    const shop = await openShop();
    const all = [
      sale(1, 'A', 'Crema', 500),
      sale(2, 'B', 'Sapone', 300),
      sale(2, 'B', 'Miele', 700),
      sale(3, 'A', 'Crema', 500),
    ];
    await shop.load(all.slice(0, 2));
    await shop.load(all.slice(2));
    expect(await shop.receipts()).toContain('2 2026-10-03 B 1000 [Miele 1 700, Sapone 1 300]');
    expect(await shop.load(all)).toMatchObject({ accepted: 0, duplicates: 4, changedReceipts: 0 });
  });

  it('in two files that come in reverse order join it too, and each of them again changes nothing', async () => {
    const shop = await openShop();
    const newer = [sale(2, 'B', 'Miele', 700), sale(3, 'A', 'Crema', 500)];
    const older = [sale(1, 'A', 'Crema', 500), sale(2, 'B', 'Sapone', 300)];
    await shop.load(newer);
    await shop.load(older);
    const seen = await shop.receipts();
    expect(seen).toContain('2 2026-10-03 B 1000 [Miele 1 700, Sapone 1 300]');
    for (const again of [older, newer])
      expect(await shop.load(again)).toMatchObject({ accepted: 0, changedReceipts: 0 });
    expect(await shop.receipts()).toEqual(seen);
  });

  it('join a receipt whose first half was corrected in between', async () => {
    const shop = await openShop();
    const wrong = sale(2, 'B', 'Pane', 200, '31/02/2026');
    const { importRunId } = await shop.load([sale(1, 'A', 'Crema', 500), sale(2, 'B', 'Sapone', 300), wrong]);
    const corrections = [{ lineNumber: 4, cells: sale(2, 'B', 'Pane', 200).split(';') }];
    await retryRejects(shop.database, { importRunId, corrections }, now);
    await shop.load([sale(2, 'B', 'Miele', 700), sale(3, 'A', 'Crema', 500)]);
    expect(await shop.receipts()).toContain('2 2026-10-03 B 1200 [Miele 1 700, Pane 1 200, Sapone 1 300]');
  });

  it('twice is once, whatever the lines are', async () => {
    const shop = await openShop();
    const line = fc.record({
      number: fc.integer({ min: 1, max: 4 }),
      card: fc.constantFrom('A', 'B', ''),
      product: fc.constantFrom('Crema', 'Sapone'),
      cents: fc.constantFrom(500, 300, -300),
      day: fc.constantFrom('03/10/2026', '04/10/2026', '31/02/2026'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (given) => {
        const lines = given.map(({ number, card, product, cents, day }) =>
          sale(number, card, product, cents, day),
        );
        const once = await shop.load(lines);
        const seen = await shop.receipts();
        const twice = await shop.load(lines);
        expect(balances(once) && balances(twice)).toBe(true);
        expect(twice).toMatchObject({ accepted: 0, rejected: once.rejected, changedReceipts: 0 });
        expect(await shop.receipts()).toEqual(seen);
      }),
      { numRuns: 12 },
    );
  });
});

describe('rows that cannot be read', () => {
  it('are kept with their line and reason, and come in once they are corrected', async () => {
    const shop = await openShop();
    const lines = [
      sale(1, 'A', 'Crema', 500),
      sale(1, 'A', 'Sapone', 300, '31/02/2026'),
      `03/10/2026;10.44;2;1;B;;Miele;due;7,00`,
    ];
    const summary = await shop.load(lines);
    expect(summary).toMatchObject({
      read: 3,
      accepted: 1,
      rejected: 2,
      rejects: { date_unreadable: 1, quantity_unreadable: 1 },
    });
    const { importRunId } = summary;
    const { groups, header } = await loadRejectGroups(shop.database, importRunId, 'it');
    expect(header).toEqual(head.split(';'));
    expect(
      groups.map(({ sentence, examples }) => [sentence, examples[0]?.lineNumber, examples[0]?.column]),
    ).toEqual([
      ['la data non si legge', 3, 0],
      ['la quantità non si legge', 4, 7],
    ]);
    const corrections = [{ lineNumber: 3, cells: sale(1, 'A', 'Sapone', 300).split(';') }];
    const retried = await retryRejects(shop.database, { importRunId, corrections }, now);
    expect(retried).toMatchObject({ read: 2, accepted: 1, rejected: 1, rejects: { quantity_unreadable: 1 } });
    expect(await shop.receipts()).toEqual(['1 2026-10-03 A 800 [Crema 1 500, Sapone 1 300]']);
    // What was retried is not retried again; what is still wrong waits in the new run.
    expect(await retryRejects(shop.database, { importRunId, corrections: [] }, now)).toMatchObject({
      read: 0,
    });
    expect(
      await retryRejects(shop.database, { importRunId: retried.importRunId, corrections: [] }, now),
    ).toMatchObject({ read: 1, rejected: 1 });
  });

  it.each(['it', 'en'] as const)(
    'downloaded, corrected in a spreadsheet and loaded again only add to their receipts (%s)',
    async (language) => {
      const shop = await openShop();
      const lines = [
        sale(1, 'A', 'Crema', 500),
        sale(2, 'B', 'Miele', 700),
        sale(2, 'B', 'Sapone', 300, '31/02/2026'),
        sale(3, 'A', 'Crema', 500),
      ];
      const { importRunId } = await shop.load(lines, { saveAs: 'La mia cassa' });
      const download = await downloadRejects(shop.database, importRunId, language);
      expect(download.startsWith('\ufeff')).toBe(true);
      const corrected = download.replace('31/02/2026', '03/10/2026');
      expect(await shop.load(corrected)).toMatchObject({ read: 1, accepted: 1, changedReceipts: 0 });
      expect((await shop.receipts())[1]).toBe('2 2026-10-03 B 1000 [Miele 1 700, Sapone 1 300]');
      expect(await shop.load(corrected)).toMatchObject({ accepted: 0, duplicates: 1 });
    },
  );

  it('are written so that a spreadsheet runs nothing of them', async () => {
    const shop = await openShop();
    const { importRunId } = await shop.load([
      `ieri;10.44;1;1;+39 333 1234567;;=HYPERLINK("x");-1;-5,00`,
      `ieri;;-2+3+cmd;1;@A;;b;1;5`,
    ]);
    const download = await downloadRejects(shop.database, importRunId, 'it');
    expect(download).toContain(`;+39 333 1234567;;"'=HYPERLINK(""x"")";-1;-5,00`);
    expect(download).toContain(`;'-2+3+cmd;1;'@A;`);
  });
});

describe('a column of dates in two formats', () => {
  const dayFirst = (day: number): string =>
    sale(day, 'A', 'Crema', 500, `${String(day).padStart(2, '0')}/10/2026`);
  const monthFirst = (day: number): string =>
    sale(100 + day, 'A', 'Crema', 500, `10/${String(day).padStart(2, '0')}/2026`);

  it('accepts only what has one reading, and the rest once the person has said which', async () => {
    const shop = await openShop();
    const summary = await shop.load([dayFirst(3), dayFirst(25), monthFirst(26)]);
    expect(summary).toMatchObject({ accepted: 2, rejects: { date_ambiguous: 1 } });
    const mapping = salesMappingSchema.parse({
      columns: { date: 'Data', number: 3, card: 'Tessera', description: 'Descrizione', amount: 'Importo' },
      dateFormat: 'day_first',
    });
    const retried = await retryRejects(
      shop.database,
      { importRunId: summary.importRunId, corrections: [], mapping },
      now,
    );
    expect(retried).toMatchObject({ accepted: 1, rejected: 0 });
  });

  it('is noticed even where the second format begins far below the first rows', async () => {
    const shop = await openShop();
    const many = Array.from({ length: 600 }, (_, line) => sale(1000 + line, 'A', 'Crema', 500, '25/10/2026'));
    const summary = await shop.load([...many, dayFirst(3), monthFirst(4), monthFirst(26)]);
    expect(summary).toMatchObject({ read: 603, accepted: 601, rejected: 2, rejects: { date_ambiguous: 2 } });
    // Retried without an answer they stay where they are.
    const again = await retryRejects(
      shop.database,
      { importRunId: summary.importRunId, corrections: [] },
      now,
    );
    expect(again).toMatchObject({ accepted: 0, rejects: { date_ambiguous: 2 } });
  });
});

describe('what a file says of customers and articles', () => {
  it('long codes that a spreadsheet shortened do not make one article of many', async () => {
    const shop = await openShop();
    await shop.load(
      'Data;EAN;Descrizione;Importo\n03/10/2026;8,00123E+12;Crema;5\n03/10/2026;8,00123E+12;Sapone;3\n',
    );
    expect(await shop.database.raw`select name, ean from product order by name`).toEqual([
      { name: 'Crema', ean: null },
      { name: 'Sapone', ean: null },
    ]);
  });

  it('counts cards that were swiped for everybody', async () => {
    const shop = await openShop();
    const cashier = Array.from({ length: 12 }, (_, index) => sale(index + 1, 'CASSA', 'Crema', 500));
    expect(await shop.load([...cashier, sale(50, 'A', 'Crema', 500)])).toMatchObject({ suspectCards: 1 });
  });

  it('is not stopped by texts and amounts that no shop has', async () => {
    const shop = await openShop();
    const noise = Array.from({ length: 4000 }, (_, index) =>
      String.fromCodePoint(0x3041 + ((index * 7919) % 80)),
    ).join('');
    const summary = await shop.load([
      sale(1, 'A', noise, 500),
      sale(2, 'A', 'Crema', 1_900_000_000),
      sale(2, 'A', 'Crema', 1_900_000_000),
      sale(3, noise, 'Crema', 500),
      `03/10/2026;10.44;4;1;B;${'🙂'.repeat(200)};Crema;1;5,00`,
    ]);
    expect(summary).toMatchObject({ accepted: 4, rejects: { cell_too_long: 1 } });
    expect(balances(summary)).toBe(true);
    expect(await shop.load([sale(2, 'A', 'Crema', 1_900_000_000), sale(9, 'A', 'Crema', 5)])).toMatchObject({
      read: 2,
    });
  });
});

describe('how a layout is read', () => {
  it('is remembered under its name and used again for files of that layout', async () => {
    const shop = await openShop();
    const text = 'Giorno,Che cosa,Quanto\n03/10/2026,Crema,44.91\n';
    await expect(shop.load(text)).rejects.toMatchObject({ code: 'import_amount_unknown' });
    const mapping = { columns: { date: 'Giorno', description: 'Che cosa', amount: 'Quanto' } };
    expect(await shop.load(text, { mapping, saveAs: 'La mia cassa' })).toMatchObject({ accepted: 1 });
    expect(await shop.load(text.replace('Che cosa', 'CHE COSA'))).toMatchObject({ duplicates: 1 });
    expect(await findMappings(shop.database, 'sales', salesMappingSchema)).toMatchObject([
      { name: 'La mia cassa' },
    ]);
  });

  it('without a day or an amount says which is missing', async () => {
    const shop = await openShop();
    await expect(shop.load('Nome;Colore\nA;B\n')).rejects.toMatchObject({ code: 'import_columns_unknown' });
    await expect(shop.load('Nome;Importo\nA;5\n')).rejects.toMatchObject({ code: 'import_date_unknown' });
    await expect(shop.load(head, { mapping: { columns: { date: 0 } } })).rejects.toMatchObject({
      code: 'import_mapping_invalid',
    });
  });
});

describe('an import that ends half-way', () => {
  it('leaves nothing behind, not even what was on its way', async () => {
    const shop = await openShop();
    const lines = Array.from({ length: 45_000 }, (_, index) =>
      sale(index, `C${index % 50}`, `Articolo ${index % 40}`, 500),
    );
    await expect(shop.load([...lines, '04/10/2026;10.44;"Vaso;1;A;;Crema;1;5'])).rejects.toMatchObject({
      code: 'import_unclosed_quote',
    });
    const [left] = await shop.database.raw`
      select (select count(*) from product)::int as products, (select count(*) from contact)::int as contacts,
        (select count(*) from sale_line)::int as lines, (select status from import_run) as status`;
    expect(left).toEqual({ products: 0, contacts: 0, lines: 0, status: 'failed' });
  });
});

describe('any file', () => {
  it('is read so that read = accepted + rejected + duplicates, or refused with a reason', async () => {
    const shop = await openShop();
    const cell = fc.oneof(
      fc.constantFrom(
        '03/10/2026',
        '2026-10-03',
        '46298',
        '1',
        '-1',
        '12,50',
        '1.234',
        '9'.repeat(18),
        'A',
        '',
        '"',
        '🙂',
        '\u0000',
        '1e9',
        'Totale',
      ),
      fc.string({ maxLength: 8 }),
    );
    const row = fc.array(cell, { minLength: 1, maxLength: 11 }).map((cells) => cells.join(';'));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 8 }), async (rows) => {
        const outcome = await shop.load(rows).catch((error: unknown) => error);
        if (outcome instanceof Error)
          expect(outcome).toMatchObject({
            name: 'Failure',
            code: expect.stringMatching(/^import_/) as string,
          });
        else expect(balances(outcome as ImportSummary)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
