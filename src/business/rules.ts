/** Months after which a longer keeping of what each person bought must be justified (law.md RET-1). */
export const ITEM_MONTHS_WITHOUT_REASON = 12;

/**
 * The desk that looks after the customers of a store: that store's; of those without one, and of people who work in none, the only
 * store's where there is one, else a desk of its own (null).
 */
export function deskOf(storeId: number | null, stores: readonly number[]): number | null {
  if (storeId !== null) return storeId;
  return stores.length === 1 ? (stores[0] ?? null) : null;
}

/** How an envelope shows the address: through a window on the right or left (DIN 5008), or by a label. */
export const envelopes = ['window_right', 'window_left', 'labels'] as const;

/** What one letter costs, in cents. */
export const letterCostCents = ({
  paperCents,
  postageCents,
}: {
  readonly paperCents: number;
  readonly postageCents: number;
}): number => paperCents + postageCents;
