/** Months after which a longer keeping of what each person bought must be justified (law.md RET-1). */
export const ITEM_MONTHS_WITHOUT_REASON = 12;
