/** Least and most that a number may be. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** What the numbers of pressure rules may be, for the API and for the form that writes them. */
export const pressureBounds = {
  capMessages: { min: 0, max: 99 },
  days: { min: 1, max: 366 },
  /** Shares of each cap, in parts of a hundred. */
  carePercent: { min: 0, max: 50 },
  restDays: { min: 0, max: 60 },
} as const satisfies Record<string, Bounds>;

/** How many rules of each sort there may be. */
export const rulesMax = { caps: 12, exclusions: 6, quiet: 12 } as const;

/** A channel may rest on so many days of the week: on one at least it must be open. */
export const QUIET_WEEKDAYS_MAX = 6;
