import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What one or several runs of tests came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One text for each failure: where, which, why. Repeated at the very end, for who sees only that of a long log. */
  readonly failures: readonly string[];
  /** The same of tests that passed only at their second try. */
  readonly secondTries: readonly string[];
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0, failures: [], secondTries: [] };

/** One failure more, with its text. */
export const failure = (text: string): Counts => ({ ...none, failed: 1, failures: [text] });

export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  failures: [...a.failures, ...b.failures],
  secondTries: [...a.secondTries, ...b.secondTries],
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
  const output = Buffer.concat(said);
  process.stdout.write(output);
  console.log(`== ${title}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  return status === 0 ? { ...none, passed: 1 } : failure(`${title}: ${shortened(output.toString())}`);
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
    { stdio: ['inherit', 'inherit', 'pipe'], env: { ...process.env, ...environment } },
  );
  const errors: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => {
    process.stderr.write(part);
    errors.push(part);
  });
  const [status] = (await once(child, 'close')) as [number | null];
  const counts = existsSync(report) ? readCounts(report) : none;
  rmSync(folder, { recursive: true, force: true });
  return status !== 0 && counts.failed === 0
    ? add(counts, failure(`${projects.join(', ')}: ${shortened(Buffer.concat(errors).toString())}`))
    : counts;
}

/** The part of the report of Vitest that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function readCounts(path: string): Counts {
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
  /** What was said of tests that ended so and said anything. */
  const said = (wanted: string): string[] =>
    report.testResults.flatMap((file) =>
      file.assertionResults
        .filter(({ status, failureMessages }) => status === wanted && failureMessages.length > 0)
        .map(
          ({ fullName, failureMessages }) =>
            `${relative(process.cwd(), file.name)}: ${fullName}: ${shortened(failureMessages.join('\n'))}`,
        ),
    );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
    failures: said('failed'),
    secondTries: said('passed'),
  };
}

/** A text of at most a screen, without the colours of a terminal: an error stands at its begin or at its end. */
function shortened(text: string): string {
  const lines = stripVTControlCharacters(text).trim().split('\n');
  return (lines.length > 30 ? [...lines.slice(0, 20), '…', ...lines.slice(-10)] : lines).join('\n  ');
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

/**
 * Prints what failed, or passed only at its second try, and the closing line, and ends with its exit code. With `BENTORNATO_FAILURES` the same
 * is added to that file, for who runs several commands and names it all at the end.
 */
export function finish(counts: Counts): never {
  const told = [
    ...counts.secondTries.map((text) => `SECOND TRY ${text}\n`),
    ...counts.failures.map((text) => `FAILED ${text}\n`),
  ].join('');
  process.stdout.write(told);
  if (process.env.BENTORNATO_FAILURES) appendFileSync(process.env.BENTORNATO_FAILURES, told);
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed === 0 ? 0 : 1);
}
