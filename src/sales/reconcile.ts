/** A sale line as two files can be compared by it: the article, the quantity and the money. */
export interface ComparableLine {
  readonly productId: number;
  readonly quantity: number;
  readonly totalCents: number;
}

/** Where in its file a receipt stood: at an edge the file may have been cut through it. */
export type FileEdge = 'first' | 'last' | null;

/** What a receipt becomes when a file brings it again. */
export interface Reconciliation<Line extends ComparableLine> {
  /** `same`: nothing changes; `extended`: lines are added; `replaced`: the document was changed. */
  readonly outcome: 'same' | 'extended' | 'replaced';
  /** Lines of the file that were not there before. */
  readonly added: readonly Line[];
  /** How many lines of the file were there already. */
  readonly duplicateCount: number;
}

const RECEIPT_CENTS_MAX = 2_000_000_000;

/** A receipt's total as its column can hold it: beyond 20 million it is nonsense, and nonsense must not stop an import. */
export function storableCents(totalCents: number): number {
  return Math.max(-RECEIPT_CENTS_MAX, Math.min(RECEIPT_CENTS_MAX, totalCents));
}

/** Equal lines get ordinals, so that two equal lines of one receipt stay two (sales-formats 6.16). */
export function lineKey(line: ComparableLine): string {
  // A quantity is kept in 32 bits; what comes back from the database must compare equal to what was read.
  return `${line.productId}:${Math.fround(line.quantity)}:${line.totalCents}`;
}

/**
 * The lines of one receipt that stood in several places of a file: a line counts as often as in the place that has it
 * most often, so that an export pasted twice into one file is one.
 */
export function mergeFragments<Line extends ComparableLine>(fragments: readonly (readonly Line[])[]): Line[] {
  const merged: Line[] = [];
  const counts = new Map<string, number>();
  for (const fragment of fragments) {
    const seen = new Map<string, number>();
    for (const line of fragment) {
      const key = lineKey(line);
      const ordinal = (seen.get(key) ?? 0) + 1;
      seen.set(key, ordinal);
      if (ordinal <= (counts.get(key) ?? 0)) continue;
      counts.set(key, ordinal);
      merged.push(line);
    }
  }
  return merged;
}

/**
 * Compares a receipt that is known with the same receipt in a new file. `isFragment`: the file is known not to hold the
 * whole receipt (rows of it were rejected, corrected rows are retried, or the file was cut through it); then lines are
 * only ever added. A whole receipt that differs replaces the known one.
 */
export function reconcileReceipt<Line extends ComparableLine>(
  known: readonly ComparableLine[],
  incoming: readonly Line[],
  isFragment: boolean,
): Reconciliation<Line> {
  const left = new Map<string, number>();
  for (const line of known) left.set(lineKey(line), (left.get(lineKey(line)) ?? 0) + 1);
  const added = incoming.filter((line) => {
    const key = lineKey(line);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
  const duplicateCount = incoming.length - added.length;
  const isMissingLines = duplicateCount < known.length;
  if (added.length === 0 && (isFragment || !isMissingLines))
    return { outcome: 'same', added, duplicateCount };
  return { outcome: isMissingLines && !isFragment ? 'replaced' : 'extended', added, duplicateCount };
}

/**
 * Whether a receipt at the edge of a file is only a part of the receipt, because the file was cut through it: what is
 * known lay at the other side of such a cut, or holds all the incoming lines. In what order it holds them does not
 * matter: halves that came in reverse order and corrected rows stand behind the others.
 */
export function isCutThrough(
  known: { readonly lines: readonly ComparableLine[]; readonly edge: FileEdge },
  incoming: { readonly lines: readonly ComparableLine[]; readonly edge: FileEdge },
): boolean {
  if (incoming.edge === null) return false;
  return (
    areTwoHalves(known.edge, incoming.edge) ||
    reconcileReceipt(known.lines, incoming.lines, true).added.length === 0
  );
}

/** One file ended with the receipt and another began with it. */
export function areTwoHalves(one: FileEdge, other: FileEdge): boolean {
  return one !== null && other !== null && one !== other;
}
