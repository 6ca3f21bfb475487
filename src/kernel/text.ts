/**
 * Folds a name for matching: lower case, without accents, apostrophes and dots, single spaces.
 * "D’ANGELO  Lucìa" and "d'angelo lucia" fold to the same "dangelo lucia".
 */
export function foldName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’`´.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
