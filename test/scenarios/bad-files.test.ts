import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/connection.ts';
import { openDataFolder, runCommand, startProgram, temporaryFolder } from '../support/commands.ts';
import { setUpAndSignIn } from '../support/signed-in-shop.ts';

const english = { LANG: 'en_GB.UTF-8' };

/** How many rows every table has that a person would miss. */
async function rowCounts({ raw }: Database): Promise<Record<string, number>> {
  const [row] = await raw<Record<string, number>[]>`
    select (select count(*) from contact) as contacts, (select count(*) from sale_line) as lines,
      (select count(*) from sale_receipt) as receipts, (select count(*) from anonymous_line) as anonymous,
      (select count(*) from product) as products, (select count(*) from consent_event) as consents`;
  return row ?? {};
}

const sale = (number: number, card: string, day = '03/10/2026'): string =>
  `${day};${number};${card};Miele;1;9,50`;
const salesOf = (...lines: string[]): string =>
  ['Data;N. scontrino;Tessera;Descrizione;Q.tà;Importo', ...lines].join('\n');

describe('a file that is not what it should be', async () => {
  const { folder, database } = await openDataFolder();
  const files = temporaryFolder();
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(files, name), content);
    return join(files, name);
  };
  await runCommand(['import', write('prima.csv', salesOf(sale(1, 'A'), sale(2, ''))), '--json'], {
    data: folder,
  });
  const before = await rowCounts(database);
  const program = await startProgram({ data: folder });
  const shop = await setUpAndSignIn(program.url);

  it('has something to lose', () => {
    expect(before).toMatchObject({ contacts: 1, lines: 1, anonymous: 1 });
  });

  it.each([
    ['un pdf.csv', Buffer.from('%PDF-1.7\n1 0 obj\n'), 'import_file_is_pdf', 'Dalla cassa esporta in CSV o Excel, non in stampa.', 'Export CSV or Excel from the till, not a printout.'], // prettier-ignore
    ['foto.csv', Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'), 'import_file_is_image', 'dalla cassa esporta in CSV o Excel.', 'export CSV or Excel from the till.'], // prettier-ignore
    ['vuoto.csv', Buffer.alloc(0), 'import_file_empty', 'Esportalo di nuovo dalla cassa e riprova.', 'Export it from the till again and retry.'], // prettier-ignore
    ['tagliato.csv', Buffer.from(salesOf(sale(9, 'A'), '04/10/2026;9;A;"Mie')), 'import_unclosed_quote', 'dalla riga 3, manca una virgoletta di chiusura.', 'from row 3 on, a closing quote is missing.'], // prettier-ignore
    ['rovinato.xlsx', Buffer.from('PK\u0003\u0004 [Content_Types].xml'), 'import_file_damaged', 'Scaricalo di nuovo', 'Download it again'], // prettier-ignore
  ])(
    '%s is refused with what to do, in both languages, and nothing changes',
    async (name, content, code, italian, inEnglish) => {
      // prettier-ignore
      const path = write(name, content);
      const machine = await runCommand(['import', path, '--json'], { data: folder });
      expect([machine.exitCode, machine.output]).toEqual([3, '']);
      expect(machine.failure()).toMatchObject({ code, message: expect.stringContaining(italian) as string });
      const person = await runCommand(['import', path], { data: folder, environment: english });
      expect([person.exitCode, person.errors.includes(inEnglish)]).toEqual([3, true]);
      for (const [language, words] of [
        ['it', italian],
        ['en', inEnglish],
      ] as const) {
        // prettier-ignore
        const answer = await shop.upload('sales', name, content, language);
        expect(answer).toMatchObject({ code, message: expect.stringContaining(words) as string });
        expect(answer.status).toBeLessThan(500);
      }
      expect(await rowCounts(database)).toEqual(before);
    },
  );

  it('an XLSX with merged cells and a row of totals is explained before it is read, and counts nothing twice', async () => {
    const workbook = new ExcelJS.Workbook();
    const sheet = workbook.addWorksheet('Vendite');
    sheet.addRow(['Data', 'N. scontrino', 'Tessera', 'Descrizione', 'Q.tà', 'Importo']);
    sheet.addRow([new Date('2026-10-05T00:00:00Z'), 70, 'B', 'Miele', 1, 9.5]);
    sheet.addRow([null, null, null, 'Pane', 2, 4.25]);
    for (const column of ['A', 'B', 'C']) sheet.mergeCells(`${column}2:${column}3`);
    sheet.addRow(['Totale', null, null, null, null, 13.75]);
    sheet.mergeCells('A4:E4');
    const path = join(files, 'unite.xlsx');
    await workbook.xlsx.writeFile(path);
    for (const [language, words] of [
      ['it', 'celle unite: i testi valgono per tutte le righe che coprono'],
      ['en', 'merged cells: texts hold for all the rows they cover'],
    ] as const) {
      // prettier-ignore
      const preview = await shop.upload('sales', 'unite.xlsx', readFileSync(path), language);
      expect(preview).toMatchObject({ status: 201, isComplete: true });
      expect(JSON.stringify(preview.doubts)).toContain(words);
    }
    const imported = await runCommand(['import', path, '--json'], { data: folder });
    expect(imported.json()).toMatchObject({ read: 2, accepted: 2, rejected: 0 });
    const [receipt] =
      await database.raw`select total_cents, line_count from sale_receipt where number = '70'`;
    expect(receipt).toEqual({ total_cents: 1375, line_count: 2 });
  });

  it('a column of dates in two formats is told, what is doubtful waits, and comes in when the person says which', async () => {
    const text = salesOf(
      sale(81, 'A', '25/10/2026'),
      sale(82, 'A', '10/26/2026'),
      sale(83, 'A', '04/10/2026'),
    );
    const known = await rowCounts(database);
    const preview = await shop.upload('sales', 'due.csv', Buffer.from(text), 'it');
    expect(JSON.stringify(preview.doubts)).toContain('Nella colonna «Data» le date sono scritte in due modi. Scegli il modo giusto'); // prettier-ignore
    const machine = await runCommand(['import', write('due.csv', text), '--json'], { data: folder });
    expect([machine.exitCode, machine.json()]).toEqual([
      4,
      expect.objectContaining({ read: 3, accepted: 2, rejected: 1, rejects: { date_ambiguous: 1 } }),
    ]);
    const person = await runCommand(['import', join(files, 'due.csv')], { data: folder });
    expect(person.output).toContain('1  non si capisce quale sia il giorno e quale il mese');
    const { importRunId } = machine.json<{ importRunId: number }>();
    const mapping = { ...(preview.mapping as object), dateFormat: 'day_first' };
    const retried = await shop.post(`/api/sales/imports/${importRunId}/retry`, { corrections: [], mapping });
    expect(retried).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await rowCounts(database)).toMatchObject({ lines: (known.lines ?? 0) + 3 });
  });
});
