/** Folds a header for comparison: lower case, without accents, dots and signs, single spaces ("Q.tà" -> "qta"). */
export function foldHeader(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[.'’`´°]/g, '')
    .replace(/[^\p{L}\p{N}%]+/gu, ' ')
    .trim();
}

/** Names under which a field occurs in headers, already folded; earlier names are surer. */
export type Synonyms<Field extends string> = Readonly<Record<Field, readonly string[]>>;

/** How a mapping names a column of this header: by its name, or by its number from 1 when the name is not its own. */
export function columnReference(header: readonly string[], position: number): string | number {
  const name = header[position] ?? '';
  return name !== '' && header.indexOf(name) === header.lastIndexOf(name) ? name : position + 1;
}

/**
 * Which column (from 0) holds which field: exact names first, in the order of the synonyms, then names that begin with one
 * ("data doc emissione"). A column serves one field; a field without a column is absent.
 */
export function guessColumns<Field extends string>(
  header: readonly string[],
  synonyms: Synonyms<Field>,
): Partial<Record<Field, number>> {
  const folded = header.map(foldHeader);
  const found: Partial<Record<Field, number>> = {};
  const used = new Set<number>();
  const fields = Object.keys(synonyms) as Field[];
  const rank = Math.max(0, ...fields.map((field) => synonyms[field].length));
  const take = (field: Field, matches: (name: string) => boolean): void => {
    if (found[field] !== undefined) return;
    const column = folded.findIndex((name, index) => !used.has(index) && name !== '' && matches(name));
    if (column < 0) return;
    found[field] = column;
    used.add(column);
  };
  for (let position = 0; position < rank; position++) {
    for (const field of fields) take(field, (name) => name === synonyms[field][position]);
  }
  for (const field of fields) {
    take(field, (name) => synonyms[field].some((word) => word.length >= 4 && name.startsWith(`${word} `)));
  }
  return found;
}

/** A layout recognised again: its folded header names in order. */
export function headerFingerprint(header: readonly string[]): string {
  return header.map(foldHeader).join('|');
}

/**
 * Where the column of a mapping stands in a header, from 0: by its number from 1, by its exact name, else by its folded
 * name, because a layout is recognised by folded names too. -1 when it is not there.
 */
export function columnPosition(header: readonly string[], reference: string | number): number {
  if (typeof reference === 'number') return reference <= header.length ? reference - 1 : -1;
  const exact = header.indexOf(reference);
  return exact >= 0 ? exact : header.map(foldHeader).indexOf(foldHeader(reference));
}

const TOTAL_ROW = /^(sub)?(tot|totale|totali|total|totals|gesamt|summe|somma|riporto|a riportare)\b/;

/** A row that sums others: it begins with "Totale" and leaves about half of its cells empty. */
export function isTotalRow(cells: readonly string[]): boolean {
  const first = cells.find((cell) => cell.trim() !== '');
  if (first === undefined || !TOTAL_ROW.test(foldHeader(first))) return false;
  // A merged "Totale" repeats its words in every cell it covers.
  const filled = cells.filter((cell) => cell.trim() !== '' && cell !== first).length + 1;
  return filled < cells.length && filled * 2 <= cells.length + 1;
}

/** A header printed again at the top of each page. */
export function isRepeatedHeader(cells: readonly string[], header: readonly string[]): boolean {
  const first = cells[0] ?? '';
  // The first cell decides nearly always, and without work: this is asked of every row.
  if (first !== header[0] && first.trim() !== header[0]) return false;
  return header.every((name, column) => (cells[column] ?? '').trim() === name);
}

/** A number, a day, a phone number or an e-mail address; a bare "%" or "€" may name a column. */
const LOOKS_LIKE_VALUE = /^[-+(]?(?=.*\d)[\d.,/:\s€%-]+\)?$|^\S+@\S+\.\S+$/;

/**
 * The row that names the columns, among the first rows of a file: titles and dates of an export may stand above it.
 * -1 when the first rows are data already.
 */
export function findHeaderRow(
  rows: readonly (readonly string[])[],
  isKnownName: (folded: string) => boolean,
): number {
  const width = Math.max(0, ...rows.map((row) => filledCells(row).length));
  let best = -1;
  let bestScore = 0;
  rows.slice(0, 30).forEach((row, index) => {
    const filled = filledCells(row);
    const names = new Set(filled.map(foldHeader));
    if (filled.length === 0 || filled.some((cell) => LOOKS_LIKE_VALUE.test(cell))) return;
    if (names.size * 2 < width || names.size < filled.length * 0.6) return;
    const known = [...names].filter(isKnownName).length;
    const score = known * 3 + names.size / 2 - index * 0.1;
    if (score > bestScore) {
      best = index;
      bestScore = score;
    }
  });
  return best;
}

function filledCells(row: readonly string[]): string[] {
  return row.map((cell) => cell.trim()).filter((cell) => cell !== '');
}
