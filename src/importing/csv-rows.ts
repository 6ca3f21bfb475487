import Papa from 'papaparse';
import { Failure } from '../kernel/failure.ts';
import type { ByteSource } from './byte-source.ts';
import type { Encoding } from './text-decoding.ts';
import { LineDecoder } from './text-decoding.ts';

/** How a delimited text is laid out. */
export interface CsvLayout {
  readonly delimiter: string;
  /** `\r\n` is made `\n` before parsing: files put together from several have both, in any order. */
  readonly newline: '\n' | '\r';
  /** Records before the table itself: 1 when the first line is `sep=;`. */
  readonly skippedRecords: number;
  readonly encoding: Encoding;
  readonly isDoubleEncoded: boolean;
}

const DELIMITERS = [';', ',', '\t', '|'] as const;
const UNFINISHED_MAX_CHARACTERS = 4_000_000;

/** Finds delimiter, line ends and encoding in the first bytes of a file. */
export function detectCsvLayout(head: Buffer, isWhole: boolean): CsvLayout {
  const decoder = new LineDecoder();
  let text = decoder.decode(head);
  if (isWhole || text === '') text += decoder.finish();
  const announced = /^sep=(.)\r?\n/i.exec(text);
  const body = announced ? text.slice(announced[0].length) : text;
  const newline = !body.includes('\n') && body.includes('\r') ? '\r' : '\n';
  return {
    delimiter: announced?.[1] ?? guessDelimiter(withOneLineEnd(body), newline),
    newline,
    skippedRecords: announced ? 1 : 0,
    encoding: decoder.encoding,
    isDoubleEncoded: decoder.isDoubleEncoded,
  };
}

function withOneLineEnd(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
}

/** The delimiter that cuts the first lines into the most columns of the same number. */
function guessDelimiter(text: string, newline: string): string {
  let best = ';';
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const rows = parse(text.slice(0, 65_536), delimiter, newline, false)
      .rows.slice(0, 200)
      .filter((row) => row.length > 1 || row[0] !== '');
    const counts = new Map<number, number>();
    for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
    for (const [width, count] of counts) {
      const score = width > 1 ? (count / rows.length) * Math.log(width + 1) + count / rows.length : 0;
      if (score > bestScore) {
        best = delimiter;
        bestScore = score;
      }
    }
  }
  return best;
}

interface Parsed {
  rows: string[][];
  /** Characters consumed; what follows is an unfinished row. */
  cursor: number;
  /** The first row (from 0) that a quotation mark out of place has glued to the rows below it, or -1. */
  gluedRow: number;
}

/**
 * papaparse's own synchronous parser, fed block by block: 1.8 million rows/s where csv-parse reached 0.4 (10 columns,
 * one core). Its streaming front end is not used because it hands over rows one event at a time.
 */
function parse(text: string, delimiter: string, newline: string, mayContinue: boolean): Parsed {
  const parser = new Papa.Parser({ delimiter, newline: newline as '\n' });
  const result = parser.parse(text, 0, mayContinue) as ParserResult;
  const glued = result.errors.find(
    ({ code, row }) =>
      code === 'MissingQuotes' ||
      (code === 'InvalidQuotes' && result.data[row]?.some((cell) => cell.includes(newline))),
  );
  return {
    rows: result.data,
    cursor: mayContinue ? result.meta.cursor : text.length,
    gluedRow: glued?.row ?? -1,
  };
}

interface ParserResult {
  data: string[][];
  errors: { code: string; row: number }[];
  meta: { cursor: number };
}

/**
 * Records of a delimited text in batches, from its first line on. A quotation mark that opens a cell and is not closed
 * would swallow the rows below it: Failure `import_unclosed_quote`, unless `mayEndInside` says that the text was cut.
 */
export async function* csvRecords(
  bytes: ByteSource,
  layout: CsvLayout,
  fileName: string,
  notice: { isDoubleEncoded: boolean; encoding: Encoding; mayEndInside?: boolean },
): AsyncIterable<string[][]> {
  const decoder = new LineDecoder();
  const { delimiter, newline } = layout;
  const unclosed = (line: number): Failure =>
    new Failure('import_unclosed_quote', { params: { file: fileName, line } });
  let rest = '';
  let records = 0;
  for await (const block of bytes.blocks()) {
    const text = rest + withOneLineEnd(decoder.decode(block));
    const { rows, cursor, gluedRow } = parse(text, delimiter, newline, true);
    rest = text.slice(cursor);
    if (gluedRow >= 0) throw unclosed(records + gluedRow + 1);
    records += rows.length;
    if (rest.length > UNFINISHED_MAX_CHARACTERS) throw unclosed(records + 1);
    if (rows.length > 0) yield rows;
  }
  const text = rest + withOneLineEnd(decoder.finish());
  notice.isDoubleEncoded = decoder.isDoubleEncoded;
  notice.encoding = decoder.encoding;
  const last = parse(text, delimiter, newline, false);
  if (last.gluedRow >= 0 && notice.mayEndInside !== true) throw unclosed(records + last.gluedRow + 1);
  if (last.rows.length > 0) yield last.rows;
}
