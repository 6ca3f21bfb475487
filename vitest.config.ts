import { defineConfig } from 'vitest/config';

const database = { globalSetup: ['test/support/global-setup.ts'], testTimeout: 30_000, hookTimeout: 60_000 };

/**
 * The driver asks a server for its array types when it connects, and nobody can catch that question when the server is killed at that very
 * moment, as the fault tests kill it (the program itself logs it and goes on). Every other rejection that nobody caught fails the run.
 */
const isDriversOwnQuery = (error: object): boolean =>
  'query' in error &&
  typeof error.query === 'string' &&
  error.query.includes('pg_catalog.pg_type b on b.oid = a.typelem');

/**
 * Tests with real programs around them (a browser, a mail server, our own processes) may meet a machine that is busy at the wrong moment: each has a
 * second try, and whatever needed one is named at the end of the run. It is to be mended all the same.
 */
const withPeers = { retry: 1 };

/** `fast` is the quick gate; `scenarios`, `faults`, `mail` and `browser` need peers or minutes and run in `npm test`. */
export default defineConfig({
  test: {
    maxWorkers: '100%', // the default leaves one processor idle
    onUnhandledError: (error) => !isDriversOwnQuery(error),
    projects: [
      {
        test: {
          ...database,
          name: 'fast',
          isolate: false, // modules are loaded once per worker, a third of the time otherwise
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/rules/**/*.test.ts'],
        },
      },
      {
        test: {
          ...database,
          ...withPeers,
          name: 'scenarios',
          include: ['test/scenarios/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          ...database,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...database,
          ...withPeers,
          name: 'mail',
          include: ['test/mail/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...database,
          ...withPeers,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
