import { cpus } from 'node:os';

/** Where the figures of a report were taken. */
export const describeMachine = () => ({ cores: cpus().length, model: cpus()[0]?.model ?? '' });

/** Times of repeated work, in milliseconds. */
export interface Times {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** A figure with the limit it must keep; the limits and our own are told apart. */
export interface Figure {
  readonly value: number;
  readonly unit: 's' | 'ms' | 'ns' | 'MB' | 'times';
  readonly limit: number;
  readonly limitFrom: 'issue' | 'own';
  readonly isKept: boolean;
}

export function summariseTimes(milliseconds: readonly number[]): Times {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return {
    count: sorted.length,
    min: round(sorted[0] ?? 0),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: round(sorted.at(-1) ?? 0),
  };
}

export function figure(
  value: number,
  unit: Figure['unit'],
  limit: number,
  limitFrom: Figure['limitFrom'],
): Figure {
  return { value: round(value), unit, limit, limitFrom, isKept: value <= limit };
}

export const round = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits;

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Seconds that work took, with what it returned. */
export async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { seconds: round((performance.now() - start) / 1000, 3), result };
}

/** Options of Node with which the launcher and the npm scripts run the product. */
export const productOptions = ['--max-semi-space-size=4'];

const SAMPLE_EVERY_MS = 20;

/** Watches the resident memory of this process; `stop` returns the peak and the rise over the start in MB. */
export function watchMemory(): { stop(): { peakMb: number; riseMb: number } } {
  const start = process.memoryUsage.rss();
  let peak = start;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, SAMPLE_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return { peakMb: Math.round(peak / 1e6), riseMb: Math.round((peak - start) / 1e6) };
    },
  };
}

/** Figures over a limit that the issue states, by their path in the report. */
export function missedIn(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('isKept' in value) {
    const { isKept, limitFrom } = value as Figure;
    return isKept || limitFrom === 'own' ? [] : [path];
  }
  return Object.entries(value).flatMap(([name, part]) =>
    missedIn(part, path === '' ? name : `${path}.${name}`),
  );
}
