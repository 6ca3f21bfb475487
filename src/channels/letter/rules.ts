import type { LetterSettings } from '../../business/schema.ts';

/** Points of a PDF in a millimetre. */
export const POINTS_PER_MM = 72 / 25.4;

/** Where the address stands on an A4 page, in millimetres from its upper left corner. */
export interface AddressField {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  /** Top of the small line that names the sender above the address; null where the envelope needs none. */
  readonly senderTop: number | null;
}

/**
 * The field of the address by envelope. Window on the right: a DL envelope as sold in Italy, whose window is 88 × 38 mm and begins 108 mm
 * from the left and 46 mm from the top of the folded page. Window on the left: DIN 5008 form B, an address zone 85 × 27.3 mm that
 * begins 20 mm from the left and 62.7 mm from the top, under the zone of the sender (channels.md 8). With labels the address is for
 * whoever puts the letter into its envelope.
 */
export const addressFields: Readonly<Record<LetterSettings['envelope'], AddressField>> = {
  window_right: { left: 114, top: 55, width: 78, senderTop: 49.5 },
  window_left: { left: 25, top: 62.7, width: 75, senderTop: 58 },
  labels: { left: 114, top: 55, width: 78, senderTop: null },
};

/** Labels of 70 × 37 mm, three by eight on a sheet of A4, which leaves half a millimetre above and below. */
export const labelSheet = { width: 70, height: 37, columns: 3, rows: 8, top: 0.5 } as const;

export const LABELS_PER_SHEET = labelSheet.columns * labelSheet.rows;

/** The sheet of a label and its upper left corner in millimetres, by its number from 0; the first sheet may have been begun. */
export function labelPlace(
  number: number,
  used: number,
): { readonly sheet: number; readonly left: number; readonly top: number } {
  const place = number + used;
  const onSheet = place % LABELS_PER_SHEET;
  const { columns, width, height, top } = labelSheet;
  return {
    sheet: Math.floor(place / LABELS_PER_SHEET),
    left: (onSheet % columns) * width,
    top: top + Math.floor(onSheet / columns) * height,
  };
}

/** Dark modules of a code as horizontal runs: a tenth of the rectangles, and no hairlines between them. */
export function runsOf(
  size: number,
  isDark: (row: number, column: number) => boolean,
): { readonly row: number; readonly column: number; readonly length: number }[] {
  const runs: { row: number; column: number; length: number }[] = [];
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      if (!isDark(row, column)) continue;
      const start = column;
      while (column < size && isDark(row, column)) column++;
      runs.push({ row, column: start, length: column - start });
    }
  return runs;
}
