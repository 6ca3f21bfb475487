import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../kernel/failure.ts';
import type { Table } from './table.ts';
import { openTable } from './table.ts';
import { repairDoubleEncoding } from './text-decoding.ts';

const open = (content: string | Uint8Array, blockBytes = 65_536): Promise<Table> =>
  openTable({ stream: Readable.from(blocks(Buffer.from(content), blockBytes)), fileName: 'vendite.csv' });

function* blocks(bytes: Buffer, size: number): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The data rows of a file, each as its line number and its cells. */
async function rowsOf(content: string | Uint8Array, blockBytes?: number): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = [];
  for await (const { lineNumber, cells } of (await open(content, blockBytes)).rows())
    rows.push([lineNumber, ...cells]);
  return rows;
}

const cp1252 = (text: string): Buffer => Buffer.from(text.replaceAll('€', '\u0080'), 'latin1');
const head = 'Data;Descrizione;Importo\n';

describe('a delimited file', () => {
  it.each([
    [';', 'Data;Descrizione;Importo\n03/10/2026;Crema viso;44,91\n'],
    [',', 'Data,Descrizione,Importo\n03/10/2026,Crema viso,"44,91"\n'],
    ['\t', 'Data\tDescrizione\tImporto\n03/10/2026\tCrema viso\t44,91\n'],
    ['|', 'Data|Descrizione|Importo\n03/10/2026|Crema viso|44,91\n'],
  ])('divided by %j is read', async (delimiter, text) => {
    expect((await open(text)).delimiter).toBe(delimiter);
    expect(await rowsOf(text)).toEqual([[2, '03/10/2026', 'Crema viso', '44,91']]);
  });

  it('may announce its delimiter in a first line, with or without names of columns below', async () => {
    expect(await rowsOf(`sep=;\r\n${head}03/10/2026;Crema;44,91`)).toEqual([
      [3, '03/10/2026', 'Crema', '44,91'],
    ]);
    const bare = await open('SEP=|\n03/10/2026|Crema|44,91\n');
    expect(bare).toMatchObject({ delimiter: '|', headerLine: 0, warnings: ['no_header'] });
    expect(await rowsOf('SEP=|\n03/10/2026|Crema|44,91\n')).toEqual([[2, '03/10/2026', 'Crema', '44,91']]);
  });

  it('keeps doubled quotes, delimiters and line ends inside a quoted cell', async () => {
    expect(await rowsOf(`${head}03/10/2026;"Crema ""Rosa""; 50 ml\r\nnotte";44,91\r\n`)).toEqual([
      [2, '03/10/2026', 'Crema "Rosa"; 50 ml\nnotte', '44,91'],
    ]);
    expect(await rowsOf(`${head}03/10/2026;Tubo 3/4";44,91\n`)).toEqual([
      [2, '03/10/2026', 'Tubo 3/4"', '44,91'],
    ]);
    expect(await rowsOf(`${head}03/10/2026;"Crema "Rosa" 50 ml";44,91\n`)).toEqual([
      [2, '03/10/2026', 'Crema "Rosa" 50 ml', '44,91'],
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('may end its lines with %j', async (end) => {
    expect(await rowsOf(`${head}03/10/2026;Crema;1\n\n04/10/2026;Balsamo;2\n`.replaceAll('\n', end))).toEqual(
      [
        [2, '03/10/2026', 'Crema', '1'],
        [4, '04/10/2026', 'Balsamo', '2'],
      ],
    );
  });

  it('may change its line ends half-way, as files put together do', async () => {
    const first = `${head}${'03/10/2026;Crema;1\n'.repeat(9000)}`.replaceAll('\n', '\r\n');
    const rows = await rowsOf(`${first}${'04/10/2026;Balsamo;2\n'.repeat(3)}`);
    expect(rows).toHaveLength(9003);
    expect(rows.at(-1)).toEqual([9004, '04/10/2026', 'Balsamo', '2']);
  });

  it('leaves out empty rows, totals and headers repeated on each page, and keeps the line numbers', async () => {
    const text = `Vendite di ottobre;;\n${head}03/10/2026;Crema;1\n;;\n${head}04/10/2026;Balsamo;2\nTotale generale;;3\n`;
    expect(await rowsOf(text)).toEqual([
      [3, '03/10/2026', 'Crema', '1'],
      [6, '04/10/2026', 'Balsamo', '2'],
    ]);
  });

  it('without names of columns gets numbers for names', async () => {
    expect(await open('03/10/2026;Crema;44,91\n')).toMatchObject({
      header: ['Colonna 1', 'Colonna 2', 'Colonna 3'],
      warnings: ['no_header'],
    });
  });

  it('in gzip is the same file', async () => {
    const text = `${head}03/10/2026;Perché;44,91\n`;
    expect(await rowsOf(gzipSync(text), 7)).toEqual(await rowsOf(text));
  });

  it('comes out the same however it arrives in pieces', async () => {
    const text = `${head}03/10/2026;"Più ""bio"";\nsì";1\r\n04/10/2026;Perché;2\n`;
    const whole = await rowsOf(text);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.boolean(), async (size, isLatin) => {
        expect(await rowsOf(isLatin ? cp1252(text) : text, size)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a quotation mark that is not closed', () => {
  const lines = (count: number, text: string): string => `${text}\n`.repeat(count);

  it.each([
    ['at the end of a small file', `${head}03/10/2026;"Vaso 12;9,90\n${lines(5, '04/10/2026;Coppa;2')}`, 2],
    ['before a cell that is quoted rightly', `${head}03/10/2026;"Vaso 12;9,90\n${lines(5, '04/10/2026;Coppa;2')}05/10/2026;"Piatto";3\n${lines(5, '06/10/2026;Coppa;2')}`, 2], // prettier-ignore
    ['far down in a large file', `${head}${lines(20_000, '03/10/2026;Coppa;2')}04/10/2026;"Vaso;9,90\n${lines(9, '05/10/2026;Coppa;2')}`, 20_002], // prettier-ignore
  ])('%s is told with its row, and swallows nothing in silence', async (_where, text, line) => {
    await expect(rowsOf(text)).rejects.toMatchObject({
      code: 'import_unclosed_quote',
      params: { file: 'vendite.csv', line },
    });
  });
});

describe('the letters of a file', () => {
  const text = `${head}03/10/2026;Perché più — €;44,91\n`;
  const rows = [[2, '03/10/2026', 'Perché più — €', '44,91']];

  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 little endian', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['CP1252', Buffer.from(text.replaceAll('€', '\u0080').replaceAll('—', '\u0097'), 'latin1')],
    ['UTF-8 that was read as CP1252', Buffer.from(doubleEncoded(text))],
  ])('in %s are read', async (_name, bytes) => {
    expect(await rowsOf(bytes)).toEqual(rows);
  });

  it('of two encodings in one file are both read', async () => {
    const both = Buffer.concat([Buffer.from(text), cp1252('04/10/2026;Così;2\n')]);
    expect(await rowsOf(both)).toEqual([...rows, [3, '04/10/2026', 'Così', '2']]);
  });

  it('are told to have been repaired', async () => {
    expect((await open(doubleEncoded(text))).warnings).toEqual(['double_encoded']);
    expect((await open(text)).warnings).toEqual([]);
  });

  it('are repaired where they were damaged and left alone where they were not', () => {
    // "Ã€" and "Ã’" are the damaged forms of À and Ò: nobody can tell them from letters that were meant.
    const word = fc
      .string({ unit: fc.constantFrom('è', 'À', 'ò', 'Ã', '’', '€', 'a', ' ') })
      .filter((text) => !/Ã[€’]/.test(text));
    fc.assert(
      fc.property(word, (given) => {
        expect(repairDoubleEncoding(given)).toBe(given);
        expect(repairDoubleEncoding(doubleEncoded(`è ${given}`))).toBe(`è ${given}`);
      }),
    );
    expect(repairDoubleEncoding('São Paulo, Ãgua')).toBe('São Paulo, Ãgua');
  });
});

function doubleEncoded(text: string): string {
  return new TextDecoder('windows-1252').decode(Buffer.from(text));
}

describe('a file that is no table', () => {
  const zip = (name: string): Buffer => Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(26), Buffer.from(name)]); // prettier-ignore
  it.each<[string, Uint8Array]>([
    ['import_file_empty', Buffer.alloc(0)],
    ['import_file_empty', Buffer.from(' \r\n \r\n')],
    ['import_file_is_pdf', Buffer.from('%PDF-1.7\n%âãÏÓ\n')],
    ['import_file_is_image', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['import_file_is_image', Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)])],
    ['import_file_is_archive', zip('vendite.csv')],
    ['import_file_is_open_document', zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet')],
    ['import_file_is_not_text', zip('[Content_Types].xml word/document.xml')],
    ['import_file_is_old_excel', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1])],
    ['import_file_is_web_page', Buffer.from('\ufeff<!DOCTYPE html><table>')],
    ['import_file_is_xml', Buffer.from('<?xml version="1.0"?><vendite/>')],
    ['import_file_is_not_text', Buffer.from('abc\0def')],
    ['import_file_damaged', gzipSync(head.repeat(999)).subarray(0, 40)],
    ['import_file_is_archive', gzipSync(gzipSync(head))],
  ])('is refused as %s', async (code, bytes) => {
    await expect(rowsOf(bytes)).rejects.toMatchObject({ code });
  });

  it('is not seen in words that begin like one', async () => {
    expect(await rowsOf('BMW;Data;Importo\nX1;03/10/2026;1\n')).toEqual([[2, 'X1', '03/10/2026', '1']]);
  });

  it('is told apart from one that is not there and one that is a folder', async () => {
    const missing = openTable({ path: '/nowhere/vendite.csv', fileName: 'vendite.csv' });
    await expect(missing).rejects.toMatchObject({ code: 'import_file_missing' });
    const folder = openTable({ path: import.meta.dirname, fileName: 'vendite' });
    await expect(folder).rejects.toMatchObject({ code: 'import_file_unreadable' });
  });

  it('whatever it holds gives rows or an expected failure', async () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({ unit: fc.constantFrom(';', ',', '"', '\n', '\r', '\t', 'a', '1', 'è', 'Data', '=', ' ') }),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (content) => {
        const outcome = await rowsOf(content).catch((error: unknown) => error);
        expect(Array.isArray(outcome) || outcome instanceof Failure).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
