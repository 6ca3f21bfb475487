import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../kernel/random.ts';
import type { Table } from './table.ts';
import { openTable } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'bentornato-workbook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** A workbook as a person would have it, opened. */
async function open(fill: (workbook: ExcelJS.Workbook) => void): Promise<Table> {
  const workbook = new ExcelJS.Workbook();
  fill(workbook);
  const path = join(folder, `${++files}.xlsx`);
  await workbook.xlsx.writeFile(path);
  return openTable({ path, fileName: 'vendite.xlsx' });
}

async function rowsOf(table: Table): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = [];
  for await (const { lineNumber, cells } of table.rows()) rows.push([lineNumber, ...cells]);
  return rows;
}

describe('a workbook', () => {
  it('with merged cells, a title and a row of totals gives its rows, and says what was merged', async () => {
    const table = await open((workbook) => {
      const sheet = workbook.addWorksheet('Vendite');
      sheet.addRow(['Vendite di ottobre']);
      sheet.mergeCells('A1:D1');
      sheet.addRow(['Data', 'N. scontrino', 'Descrizione', 'Importo']);
      sheet.addRow([new Date('2026-10-03T00:00:00Z'), 1183, 'Crema viso', 50]).getCell(4).numFmt =
        '#,##0.00 €';
      sheet.addRow([null, null, 'Shampoo', null]);
      sheet.mergeCells('A3:A4');
      sheet.mergeCells('B3:B4');
      sheet.mergeCells('D3:D4');
      sheet.addRow(['Totale', null, null, 50]);
      sheet.mergeCells('A5:C5');
    });
    expect(table).toMatchObject({ format: 'xlsx', headerLine: 2, warnings: ['merged_cells'] });
    // Day and number hold for both rows; the money is counted once.
    expect(await rowsOf(table)).toEqual([
      [3, '2026-10-03', '1183', 'Crema viso', '50'],
      [4, '2026-10-03', '1183', 'Shampoo', ''],
    ]);
  });

  it('reads days, times, formulas, links, rich text and yes or no as what they show', async () => {
    const table = await open((workbook) => {
      const sheet = workbook.addWorksheet('Vendite');
      sheet.addRow(['Data', 'Ora', 'Importo', 'Descrizione', 'Cliente', 'Nota', 'EAN']);
      const row = sheet.addRow([
        new Date('2026-10-03T10:44:00Z'),
        new Date('1899-12-30T10:44:00Z'),
        { formula: 'A1*2', result: 44.91 },
        { richText: [{ text: 'Crema ' }, { text: 'viso', font: { bold: true } }] },
        { text: 'Lucia', hyperlink: 'mailto:lucia@example.it' },
        true,
        8_001_230_000_012,
      ]);
      row.getCell(2).numFmt = 'hh:mm';
      sheet.addRow([new Date('2026-10-04T00:00:00Z'), null, { error: '#N/A' }, 'A', 'B', false, 1.234]);
    });
    expect(await rowsOf(table)).toEqual([
      [2, '2026-10-03 10:44:00', '1899-12-30 10:44:00', '44.91', 'Crema viso', 'Lucia', '1', '8001230000012'],
      [3, '2026-10-04', '', '', 'A', 'B', '0', '1.2340'],
    ]);
  });

  it('with several sheets is read from the first that holds something, and says so', async () => {
    const table = await open((workbook) => {
      workbook.addWorksheet('Vuoto');
      workbook.addWorksheet('Ottobre').addRows([['Data', 'Importo'], ['2026-10-03', 5]]); // prettier-ignore
      workbook.addWorksheet('Novembre').addRows([['Data', 'Importo'], ['2026-11-03', 7]]); // prettier-ignore
    });
    expect(table.warnings).toEqual(['several_sheets']);
    expect(await rowsOf(table)).toEqual([[2, '2026-10-03', '5']]);
  });

  it('may be very wide', async () => {
    const width = 3000;
    const table = await open((workbook) => {
      const sheet = workbook.addWorksheet('Vendite');
      sheet.addRow(Array.from({ length: width }, (_, column) => `Colonna ${column + 1}`));
      sheet.addRow(Array.from({ length: width }, (_, column) => column));
    });
    expect(table.header).toHaveLength(width);
    expect((await rowsOf(table))[0]).toHaveLength(width + 1);
  });

  it('without any row is an empty file', async () => {
    await expect(open((workbook) => workbook.addWorksheet('Vuoto'))).rejects.toMatchObject({
      code: 'import_file_empty',
    });
  });

  it('too large to be read whole streams and gives the same rows; cut off, it says so', async () => {
    const random = seededRandom('large workbook');
    const noise = (): string =>
      Array.from({ length: 900 }, () => String.fromCharCode(97 + random.integer(26))).join('');
    const count = 4_000;
    const path = join(folder, 'large.xlsx');
    const writer = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useStyles: true });
    const sheet = writer.addWorksheet('Vendite');
    sheet.addRow(['Data', 'Descrizione', 'Importo']).commit();
    for (let line = 0; line < count; line += 1)
      sheet.addRow([new Date('2026-10-03T10:44:00Z'), noise(), line / 4]).commit();
    await writer.commit();
    expect(readFileSync(path).length).toBeGreaterThan(2_100_000);

    const rows = await rowsOf(await openTable({ path, fileName: 'large.xlsx' }));
    expect(rows).toHaveLength(count);
    expect(rows[0]?.slice(0, 2)).toEqual([2, '2026-10-03 10:44:00']);
    expect(rows.at(-1)?.[0]).toBe(count + 1);
    expect(rows.at(-1)?.[3]).toBe(String((count - 1) / 4));

    const cut = join(folder, 'cut.xlsx');
    writeFileSync(cut, readFileSync(path).subarray(0, 2_100_000));
    const reading = async () => rowsOf(await openTable({ path: cut, fileName: 'cut.xlsx' }));
    await expect(reading()).rejects.toMatchObject({ code: 'import_file_damaged' });
    writeFileSync(cut, readFileSync(path).subarray(0, 4_000));
    await expect(reading()).rejects.toMatchObject({ code: 'import_file_damaged' });
  });
});
