import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** Runs one tool of the project on the packaged Node and prints what it said at its end; a step that fails counts as one failed test. */
export async function step(title: string, script: string, parameters: readonly string[]): Promise<Counts> {
  const started = performance.now();
  const child = spawn(process.execPath, [bin(script), ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part));
  const [status] = (await once(child, 'close')) as [number | null];
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(Buffer.concat(said));
  console.log(`== ${title}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  return status === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 };
}

/** Runs test projects of Vitest and counts their tests; a run that ends badly without a count is a failure. */
export async function tests(
  projects: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-report-'));
  const report = join(folder, 'report.json');
  console.log(`\n== tests: ${projects.join(', ')}`);
  const child = spawn(
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
  const [status] = (await once(child, 'close')) as [number | null];
  const counts = existsSync(report) ? readCounts(report) : none;
  rmSync(folder, { recursive: true, force: true });
  return status !== 0 && counts.failed === 0 ? add(counts, { ...none, failed: 1 }) : counts;
}

function readCounts(report: string): Counts {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  ) as Record<string, number>;
  return { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0, skipped: numPendingTests ?? 0 };
}

/** The quick gate: form, lint and types, one after another, while the fast tests run. */
export async function quickGate(): Promise<Counts> {
  const [read, run] = await Promise.all([staticSteps(), tests(['fast'])]);
  return add(read, run);
}

async function staticSteps(): Promise<Counts> {
  const types = (title: string, project: string): Promise<Counts> =>
    step(title, 'typescript/bin/tsc', [
      '-p',
      project,
      '--incremental',
      '--tsBuildInfoFile',
      `node_modules/.cache/tsc/${title.replaceAll(' ', '-')}.json`,
    ]);
  const form = ['--check', '--log-level', 'warn', '--cache', '--cache-strategy', 'content', '.'];
  let counts = await step('format', 'prettier/bin/prettier.cjs', form);
  counts = add(counts, await step('lint', 'eslint/bin/eslint.js', ['.']));
  counts = add(counts, await types('types', '.'));
  return add(counts, await types('types of the web client', 'src/web'));
}

/** Prints the closing line and ends with its exit code. */
export function finish(counts: Counts): never {
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed === 0 ? 0 : 1);
}
