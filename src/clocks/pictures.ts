import type { GapDistribution } from './rules.ts';
import type { CategoryClock, CategoryClockDetail } from './schema.ts';

const BARS = 16;
const POINTS = 60;
/** Pictures end a little beyond the band, where little happens. */
const BEYOND_BAND = 1.3;

/** Observed gaps as bars of equal width, the last one open. */
export function histogramOf(gaps: readonly number[], bandEndDays: number): CategoryClockDetail['histogram'] {
  const width = Math.max(1, Math.ceil((bandEndDays * BEYOND_BAND) / BARS));
  const counts = new Array<number>(BARS).fill(0);
  for (const gap of gaps) {
    const bar = Math.min(Math.floor(gap / width), BARS - 1);
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return counts.map((count, bar) => ({ fromDays: bar * width, toDays: (bar + 1) * width, count }));
}

/** Density of a log-normal gap per day, at points up to beyond the band. */
export function drawCurve({ m, sd }: GapDistribution, bandEndDays: number): CategoryClockDetail['used'] {
  const end = bandEndDays * BEYOND_BAND;
  return Array.from({ length: POINTS }, (_, index) => {
    const days = ((index + 1) * end) / POINTS;
    const z = (Math.log(days) - m) / sd;
    return { days, density: Math.exp((-z * z) / 2) / (days * sd * Math.sqrt(2 * Math.PI)) };
  });
}

/** Where a category's distribution comes from, in three steps. */
export function originOf(ownShare: number, hasOverride: boolean): CategoryClock['origin'] {
  if (hasOverride) return 'owner';
  if (ownShare >= 0.7) return 'shop';
  return ownShare >= 0.3 ? 'both' : 'sector';
}
