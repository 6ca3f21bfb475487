import Papa from 'papaparse';

/**
 * Rows as a CSV that spreadsheets of here open by a double click: semicolons, and a byte order mark for the accents. What strangers wrote does
 * not run as a formula there.
 */
export function writeCsv(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? withoutFormula(cell) : cell)),
  );
  return `\ufeff${Papa.unparse(cells, { delimiter: ';', newline: '\r\n' })}\r\n`;
}

function withoutFormula(cell: string): string {
  const isSigned = /^[+-](?![\d\s.,()/€%-]*$)/.test(cell); // an amount or a phone number may have a sign
  return isSigned || /^[=@\t\r]/.test(cell) ? `'${cell}` : cell;
}
