import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Counts of tests of one or several runs. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const bin = (name: string): string => new URL(`../node_modules/${name}`, import.meta.url).pathname;

/** Runs one tool of the project on the packaged Node; a step that fails counts as one failed test. */
export function step(title: string, script: string, parameters: readonly string[]): Counts {
  console.log(`\n== ${title}`);
  const started = performance.now();
  const result = spawnSync(process.execPath, [bin(script), ...parameters], { stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`== ${title}: ${result.status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  return result.status === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 };
}

/** Runs test projects of Vitest and counts their tests; a run that ends badly without a count is a failure. */
export function tests(projects: readonly string[], environment: NodeJS.ProcessEnv = {}): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-report-'));
  const report = join(folder, 'report.json');
  console.log(`\n== tests: ${projects.join(', ')}`);
  const result = spawnSync(
    process.execPath,
    [
      bin('vitest/vitest.mjs'),
      'run',
      '--passWithNoTests',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { stdio: 'inherit', env: { ...process.env, ...environment } },
  );
  const counts = existsSync(report) ? readCounts(report) : none;
  rmSync(folder, { recursive: true, force: true });
  return result.status !== 0 && counts.failed === 0 ? add(counts, { ...none, failed: 1 }) : counts;
}

function readCounts(report: string): Counts {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  ) as Record<string, number>;
  return { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0, skipped: numPendingTests ?? 0 };
}

/** The quick gate: form, lint, types and fast tests. */
export function quickGate(): Counts {
  const hasWeb = existsSync(new URL('../src/web/index.html', import.meta.url));
  return [
    step('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
    step('lint', 'eslint/bin/eslint.js', ['.']),
    step('types', 'typescript/bin/tsc', ['-p', '.']),
    ...(hasWeb ? [step('types of the web client', 'typescript/bin/tsc', ['-p', 'src/web'])] : []),
    tests(['fast']),
  ].reduce(add, none);
}

/** Prints the closing line and ends with its exit code. */
export function finish(counts: Counts): never {
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed === 0 ? 0 : 1);
}
