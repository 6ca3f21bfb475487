/** How the numbers of a column are written. `mixed`: both ways occur, so only unmistakable cells are read. */
export type NumberFormat = 'comma' | 'dot' | 'mixed';

const SYMBOLS = /[\s\u00a0\u202f'’]|€|EUR|Eur|eur|£|\$/g;
const ZERO = 48;
const NINE = 57;

type Shape = 'plain' | 'comma' | 'dot' | 'unclear_dot' | 'unclear_comma' | 'not_a_number';

/**
 * How a column writes its numbers (sales-formats 6.1): any decimal comma means that dots are thousands; a dot before
 * anything but three digits is a decimal dot. Where nothing decides, Italian habits do: "1.234" is a thousand.
 */
export function detectNumberFormat(cells: readonly string[]): NumberFormat {
  let commas = 0;
  let dots = 0;
  for (const cell of cells) {
    const shape = shapeOf(cell);
    if (shape === 'comma') commas++;
    else if (shape === 'dot') dots++;
  }
  if (commas > 0 && dots > 0) return 'mixed';
  return dots > 0 ? 'dot' : 'comma';
}

/** Whether a column holds numbers: every filled cell is one. */
export function isNumberColumn(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  return filled.length > 0 && filled.every((cell) => shapeOf(cell) !== 'not_a_number');
}

function shapeOf(cell: string): Shape {
  return shapeOfUnsigned(unsigned(cell.replace(SYMBOLS, '')).text);
}

function shapeOfUnsigned(text: string): Shape {
  if (/^\d+$/.test(text)) return 'plain';
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(text) || /^\d{1,3}(\.\d{3}){2,}$/.test(text)) return 'comma';
  if (/^\d{1,3}(,\d{3})+\.\d+$/.test(text) || /^\d{1,3}(,\d{3}){2,}$/.test(text)) return 'dot';
  if (/^[1-9]\d{0,2}\.\d{3}$/.test(text)) return 'unclear_dot';
  if (/^[1-9]\d{0,2},\d{3}$/.test(text)) return 'unclear_comma';
  if (/^\d*,\d+$/.test(text)) return 'comma';
  if (/^\d*\.\d+$/.test(text)) return 'dot';
  return 'not_a_number';
}

function unsigned(text: string): { text: string; sign: 1 | -1 } {
  if (text.startsWith('(') && text.endsWith(')')) return { text: text.slice(1, -1), sign: -1 };
  if (text.startsWith('-') || text.startsWith('−')) return { text: text.slice(1), sign: -1 };
  if (text.endsWith('-') || text.endsWith('−')) return { text: text.slice(0, -1), sign: -1 };
  return { text: text.startsWith('+') ? text.slice(1) : text, sign: 1 };
}

/**
 * The number of a cell, or NaN when it is none or contradicts the format. Understands currency signs, thousands,
 * a trailing minus ("14,95-") and accounting brackets ("(14,95)"). An empty cell is NaN.
 */
export function parseNumber(cell: string, format: NumberFormat): number {
  const quick = parsePlain(cell, format === 'dot' ? 46 : format === 'comma' ? 44 : 0);
  return Number.isNaN(quick) ? parseWritten(cell, format) : quick;
}

/** The usual cell, read character by character: an optional minus, digits, one separator, digits. */
function parsePlain(cell: string, separator: number): number {
  const length = cell.length;
  if (length === 0 || length > 14) return NaN;
  let index = cell.charCodeAt(0) === 45 ? 1 : 0;
  let digits = 0;
  let decimals = -1;
  let count = 0;
  for (const start = index; index < length; index++) {
    const code = cell.charCodeAt(index);
    if (code >= ZERO && code <= NINE) {
      digits = digits * 10 + (code - ZERO);
      count++;
      if (decimals >= 0) decimals++;
    } else if (code === separator && decimals < 0 && index > start) decimals = 0;
    else return NaN;
  }
  if (count === 0 || decimals === 0) return NaN;
  const value = decimals > 0 ? digits / 10 ** decimals : digits;
  return cell.charCodeAt(0) === 45 ? -value : value;
}

function parseWritten(cell: string, format: NumberFormat): number {
  const { text, sign } = unsigned(cell.replace(SYMBOLS, ''));
  const shape = shapeOfUnsigned(text);
  if (shape === 'not_a_number') return NaN;
  if (shape === 'plain') return sign * Number(text);
  const separator = format === 'comma' ? ',' : format === 'dot' ? '.' : shape === 'comma' ? ',' : '.';
  if (format === 'mixed' && (shape === 'unclear_comma' || shape === 'unclear_dot')) return NaN;
  const other = separator === ',' ? '.' : ',';
  const [whole = '', fraction = '', ...more] = text.split(separator);
  if (more.length > 0 || fraction.includes(other)) return NaN;
  if (
    whole.includes(other) &&
    !(separator === ',' ? /^\d{1,3}(\.\d{3})+$/ : /^\d{1,3}(,\d{3})+$/).test(whole)
  )
    return NaN;
  return sign * Number(`${whole.replaceAll(other, '') || '0'}.${fraction || '0'}`);
}

/** Whole cents of an amount in units, halves away from zero; the small term undoes binary fractions such as 1.005. */
export function centsOf(amount: number): number {
  const cents = Math.abs(amount) * 100;
  const rounded = Math.round(cents + cents * 1e-12 + 1e-7);
  return amount < 0 ? -rounded : rounded;
}

/** A long code that a spreadsheet showed as `8,00123E+12`: its last digits are gone and must not be guessed. */
export function hasLostPrecision(cell: string): boolean {
  return /^\d([.,]\d+)?E\+\d{1,2}$/i.test(cell.trim());
}
